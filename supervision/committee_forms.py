"""What the office fills in about committees: units and categories that each answers for (对口)."""

from django import forms
from django.db import transaction
from django.db.models import Q

from institutions.models import Unit
from proposals.forms.base import RowsField, UnitsField
from proposals.models import Category

from .models import CommitteeField


class FieldForm(forms.Form):
    """对口 of one committee: its units and categories, all at once."""

    units = UnitsField(
        label="对口单位",
        queryset=Unit.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "单位有变动，请刷新后重新选。"},
    )
    categories = RowsField(
        label="对口类别",
        queryset=Category.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": "类别有变动，请刷新后重新选。",
            "invalid_pk_value": "类别有变动，请刷新后重新选。",
        },
    )

    def __init__(self, data=None, *, committee):
        self.committee = committee
        kept = list(committee.fields.all())
        units = {part.unit_id for part in kept if part.unit_id}
        super().__init__(
            data,
            auto_id=f"id_{committee.pk}_%s",
            initial={"units": units, "categories": {part.category_id for part in kept if part.category_id}},
        )
        offered = Unit.objects.filter(congress_id=committee.congress_id, is_hub=False)
        offered = offered.filter(Q(pk__in=Unit.objects.in_use().values("pk")) | Q(pk__in=units))
        self.fields["units"].queryset = offered.order_by("pk")
        self.fields["categories"].queryset = Category.objects.filter(congress_id=committee.congress_id)
        self.total = len(kept)

    def save(self):
        """Make the field what was ticked."""
        units, categories = self.cleaned_data["units"], self.cleaned_data["categories"]
        with transaction.atomic():
            self.committee.fields.all().delete()
            CommitteeField.objects.bulk_create(
                [CommitteeField(committee=self.committee, unit=unit) for unit in units]
                + [CommitteeField(committee=self.committee, category=category) for category in categories]
            )
