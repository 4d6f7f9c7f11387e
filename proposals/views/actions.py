"""The one view behind every action: find the row, bind its form, perform, show what came of it."""

import uuid

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.template.loader import select_template
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts import set_aside
from accounts.grants import log_refusal
from accounts.views import safe_next

from ..access import Sight
from ..clocks import ANSWER_KINDS
from ..forms import FORM_FOR
from ..masking import hide
from ..models import Assignment, Commitment, Proposal
from ..status import ClockKind
from ..urges import mark_seen_in
from ..workflow import Case, Denied, Stale, available, merging, perform
from ..workflow.engine import check
from ..workflow.table import ASSIGNMENT, COMMITMENT, PROPOSAL, TABLE

MODELS = {PROPOSAL: Proposal, ASSIGNMENT: Assignment, COMMITMENT: Commitment}
# A page always says what it showed; a form that does not is as stale as one that is behind.
NO_VERSION = 0


@require_http_methods(["GET", "POST"])
def proposal_action(request, pk, action):
    """An action on a proposal."""
    return run(request, PROPOSAL, pk, action)


@require_http_methods(["GET", "POST"])
def place_action(request, pk, action):
    """An action on a unit's place."""
    return run(request, ASSIGNMENT, pk, action)


@require_http_methods(["GET", "POST"])
def promise_action(request, pk, action):
    """An action on a promise (承诺事项)."""
    return run(request, COMMITMENT, pk, action)


def run(request, kind, pk, action):
    """Show the action's form, or carry it out. 404 for what one may not see, 403 for what one may not do."""
    row = TABLE.get(action)
    if row is None or row.subject != kind or action not in FORM_FOR:
        raise Http404
    case = _visible_case(request.user, kind, pk)
    subject = case.subject(kind, pk)
    if request.method == "POST":
        return _post(request, row, case, subject)
    try:
        check(row, case, subject, request.user)
    except Denied as denied:
        return refused(request, row, case, denied)
    initial = {}
    # Nothing is filled in from the address: a link sent to a deputy must not preselect a rating (§5).
    if typed := set_aside.restore(request):
        initial = {
            name: typed.getlist(name) if len(typed.getlist(name)) > 1 else typed[name]
            for name in typed
            if name not in ("version", "request_id")
        }
    form = FORM_FOR[action](case=case, subject=subject, user=request.user, initial=initial)
    return form_page(request, row, case, subject, form)


def _visible_case(user, kind, pk):
    """The case of a proposal, or of a place, that this person may see; 404 for any other."""
    found = MODELS[kind].objects.visible_to(user).filter(pk=pk)
    try:
        return _shown(Case.to_show(found.values("pk" if kind == PROPOSAL else "proposal_id")[:1]), user)
    except Proposal.DoesNotExist:
        raise Http404 from None


def _shown(case, user):
    if case.proposal.hides_proposer:
        hide(case, Sight.of(case, user))
    return case


def _post(request, row, case, subject):
    form = FORM_FOR[row.code](request.POST, request.FILES, case=case, subject=subject, user=request.user)
    if not form.is_valid():
        # Somebody who may not act at all is told so before being asked to fill in more.
        try:
            check(row, case, subject, request.user)
        except Denied as denied:
            return refused(request, row, case, denied, form=form)
        return form_page(request, row, case, subject, form, status=422)
    try:
        proposal = _carry_out(row, subject, form, request.user)
    except Stale as stale:
        return _stale(request, row, case.proposal.pk, subject, form, stale)
    except Denied as denied:
        # Read again: what objects may have happened since the form was read.
        return refused(request, row, _shown(Case.load(case.proposal.pk), request.user), denied, form=form)
    messages.success(request, f"{row.label}：{_named(proposal)}，已记入办理经过。")
    if row.subject == COMMITMENT:
        return redirect(safe_next(request, default=reverse("proposals:commitment", args=[subject.pk])))
    return redirect(next_page(request, proposal.pk))


def _carry_out(row, subject, form, user):
    """Perform the action that the form asks for; returns the proposal as it stands afterwards."""
    data = form.action_data()
    once = {
        "version": form.cleaned_data["version"] or NO_VERSION,
        "request_id": form.cleaned_data["request_id"],
    }
    if row.code == "merge":
        # Two cases at once, each with its own event.
        merging.merge(subject, data["other"], actor=user, **once)
        return subject
    if row.code == "unmerge":
        return merging.unmerge(subject, actor=user, data=data, **once).event.proposal
    return perform(row.code, subject, actor=user, data=data, **once).event.proposal


def _named(proposal):
    """The proposal as it stands after the action: by its number, which filing has just given, else its title."""
    return proposal.number or f"《{proposal}》"


def next_page(request, proposal_pk):
    """Where to go after an action: the local page the form names, else the case."""
    return safe_next(request, default=reverse("proposals:case", args=[proposal_pk]))


def _stale(request, row, proposal_pk, subject, form, stale):
    """Somebody else acted meanwhile: the same form on the fresh case, with what was typed."""
    case = _shown(Case.load(proposal_pk), request.user)
    subject = case.subject(row.subject, subject.pk)
    try:
        check(row, case, subject, request.user)
    except Denied as denied:
        if denied.is_forged:  # who may not do it at all is told that, not who was faster
            return refused(request, row, case, denied, form=form)
        return refused(request, row, case, denied, form=form, stale=stale.words, status=409)
    fresh = form.data.copy()
    fresh["version"], fresh["request_id"] = subject.version, uuid.uuid4()
    form.data = fresh
    return form_page(request, row, case, subject, form, problem=stale.words, status=409)


def refused(request, row, case, denied, *, form=None, stale="", status=None):
    """The refusal: what happened, what is kept (all that was typed), where to go.

    A refusal by the form's own content goes back to the form; by person or state, to a page of its own.
    """
    if denied.is_forged:
        log_refusal(request.user, row.code, f"{case.proposal.pk} {denied.words}", case.proposal.congress)
        status = status or 403
    elif form is not None and not stale:
        subject = case.subject(row.subject, form.subject.pk)
        try:
            check(row, case, subject, request.user)
        except Denied:
            pass
        else:
            return form_page(request, row, case, subject, form, problem=denied.words, status=422)
    sight = Sight.of(case, request.user)
    offers = available(case, request.user)
    context = {
        "row": row,
        "case": case,
        "sight": sight,
        "places": [place for place in case.round_places if sight.sees_place(place)],
        "offers": offers,
        # Whose it is, only where one may act on several units' places.
        "names_units": len({o.subject.pk for o in offers if o.row.subject == ASSIGNMENT}) > 1,
        "clock": _limit_of(row, case, sight),
        "words": denied.words,
        "stale": stale,
        "typed": _typed(form) if form is not None else [],
    }
    return render(request, "proposals/refused.html", context, status=status or 409)


# By which clocks an action is refused once its date is over.
LIMITS = {"ask_return": (ClockKind.RETURN_WINDOW,), "ask_extension": ANSWER_KINDS}


def _limit_of(row, case, sight):
    """The clock of the reader's own place behind a refusal by date, so that the page can explain it; or None."""
    clocks = [c for c in case.clocks if c.kind in LIMITS[row.code]] if row.code in LIMITS else ()
    own = {p.pk for p in case.round_places if sight.is_of_unit(p)}
    return next((c for c in reversed(clocks) if c.assignment_id in own), None)


def _typed(form):
    """(label, text) of what the user wrote in words, to be copied from the refusal page."""
    fields = ((field.label, form.data.get(form.add_prefix(name))) for name, field in form.fields.items())
    return [(label, text) for label, text in fields if label and isinstance(text, str) and text.strip()]


def form_page(request, row, case, subject, form, *, problem="", status=200):
    """The action's form: facts and clock, fields, effect, verb. A template of its own may stand in."""
    context = {
        "row": row,
        "case": case,
        "proposal": case.proposal,
        "subject": subject,
        "place": case.place_of(subject),
        "sight": Sight.of(case, request.user),
        "form": form,
        "problem": problem,
        "next": safe_next(request, default=""),
    }
    own = f"proposals/actions/{row.code}.html", f"proposals/actions/{row.subject}.html"
    if row.code == "answer_urge":
        mark_seen_in(case, context["sight"], request.user)
    template = select_template([*own, "proposals/actions/form.html"])
    return render(request, template.template.name, context, status=status)
