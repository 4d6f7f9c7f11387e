"""What the office fills in about committees: units and categories that each answers for (对口)."""

from django import forms
from django.db import transaction
from django.db.models import Q

from institutions.models import Committee, Unit
from proposals.forms.base import RowsField, UnitsField
from proposals.models import Category

from .models import CommitteeField, FieldChange

# How many changes stand below the form.
CHANGES = 5


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
        self.changes = list(committee.field_changes.all())[:CHANGES]

    def save(self, actor):
        """Make the field what was ticked, and say in its history who added and took away what."""
        units, categories = self.cleaned_data["units"], self.cleaned_data["categories"]
        with transaction.atomic():
            Committee.objects.select_for_update().get(pk=self.committee.pk)
            before = {str(part): part for part in self.committee.fields.select_related("unit", "category")}
            now = [str(part) for part in (*categories, *units)]
            came = "、".join(name for name in now if name not in before)
            went = "、".join(name for name in before if name not in now)
            if not came and not went:
                return
            words = "；".join(filter(None, [came and f"加上{came}", went and f"去掉{went}"]))
            FieldChange.objects.create(committee=self.committee, user=actor, who=actor.name, words=words)
            self.committee.fields.all().delete()
            CommitteeField.objects.bulk_create(
                [CommitteeField(committee=self.committee, unit=unit) for unit in units]
                + [CommitteeField(committee=self.committee, category=category) for category in categories]
            )
