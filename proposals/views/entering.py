"""代录建议: staff open a draft for a deputy's signed paper, or in the delegation's name, and then write it in."""

from django import forms
from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts import set_aside
from accounts.grants import grants_of
from accounts.models import Role
from deputies.models import Deputy

from .. import drafts
from ..deputy_lookup import deputy_named
from ..forms import PlainText
from ..models import Proposal
from ..workflow.table import WRITING

DEPUTY, DELEGATION = "deputy", "delegation"
UNFINISHED_SHOWN = 20


class EnterForm(forms.Form):
    """Whose paper it is. Only delegation staff hand in for their delegation; they enter its own deputies' alone."""

    kind = forms.ChoiceField(
        label="以谁的名义",
        choices=[(DEPUTY, "代表本人（代录纸质建议）"), (DELEGATION, "代表团名义（团长签名）")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选以谁的名义。"},
    )
    deputy = PlainText(
        label="代表姓名",
        max_length=60,
        help_text="代录的写领衔代表，代表团名义的写团长。写全名；重名时写“姓名 代表证号”。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, data=None, *, grants, initial=None):
        super().__init__(data, initial={"kind": DEPUTY} | (initial or {}))
        self.grants = grants
        self.staffs = any(grant.role == Role.DELEGATION_STAFF for grant in grants)
        if not self.staffs:
            self.fields["kind"].choices = self.fields["kind"].choices[:1]

    def clean(self):
        cleaned = super().clean()
        if "kind" not in cleaned or "deputy" not in cleaned:
            return cleaned
        within = Q(pk__in=[])
        for grant in self.grants:
            if grant.role == Role.DELEGATION_STAFF:
                within |= Q(delegation_id=grant.delegation_id)
            elif cleaned["kind"] == DEPUTY:
                within |= Q(congress_id=grant.congress_id)
        try:
            deputy = deputy_named(cleaned["deputy"], Deputy.objects.filter(within, in_office=True))
        except forms.ValidationError as error:
            self.add_error("deputy", error)
        else:
            cleaned["deputy"] = deputy
        return cleaned


@require_http_methods(["GET", "POST"])
def enter(request):
    """Choose whose paper it is; then the same writing form as the deputy's. Lists what was not finished."""
    grants = grants_of(request.user, Role.LIAISON, Role.DELEGATION_STAFF)
    if not grants:
        raise Http404
    form = EnterForm(
        request.POST if request.method == "POST" else None, grants=grants, initial=_typed_before(request)
    )
    if request.method == "POST" and form.is_valid():
        return redirect("proposals:write", _draft(request.user, **form.cleaned_data).pk)
    context = {
        "form": form,
        "unfinished": _unfinished(request.user, grants),
        "today": timezone.localdate(),
    }
    return render(request, "proposals/enter.html", context, status=422 if form.errors else 200)


def _typed_before(request):
    typed = set_aside.restore(request) if request.method == "GET" else None
    return {name: typed[name] for name in ("kind", "deputy") if typed and name in typed}


@transaction.atomic
def _draft(user, *, kind, deputy):
    """An empty draft left over, else a new one: the same form sent twice makes no second one."""
    # Two clicks wait for each other: by this row on PostgreSQL, by the write lock on SQLite.
    Deputy.objects.select_for_update().get(pk=deputy.pk)
    owner = {"is_delegations": True} if kind == DELEGATION else {"entered_by": user}
    blank = {"title": "", "situation": "", "analysis": "", "points": [], "event_count": 0}
    left = Proposal.objects.filter(lead=deputy, status=Proposal.Status.DRAFT, **owner, **blank)
    return left.first() or drafts.create_draft(deputy, **owner)


def _unfinished(user, grants):
    """Drafts and returned papers that this person still has to finish, the last edited first."""
    delegations = [grant.delegation_id for grant in grants if grant.role == Role.DELEGATION_STAFF]
    mine = Q(entered_by=user) | Q(is_delegations=True, delegation__in=delegations)
    found = Proposal.objects.filter(mine, status__in=WRITING).visible_to(user)
    return list(found.select_related("lead", "delegation").order_by("-edited_at", "-pk")[:UNFINISHED_SHOWN])
