"""Whom cases wait on, derived anew outside an action: for the command, after a reform of units (机构改革), and after
a change of the rule set (办法)."""

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from ..models import Assignment, Commitment, Proposal, Request, Waiting
from ..rules import forget_rules
from ..status import ENDED, ProposalStatus, RequestKind, RequestState
from . import waiting
from .case import Case

FIELDS = ("queue", "holder_kind", "holder_id", "assignment_id", "commitment_id", "due_on")


@transaction.atomic
def rebuild(pk, *, only_check=False):
    """Write the `Waiting` of one case as its states and requests give it. Returns whether it was different."""
    case = Case.take(pk)
    turns = waiting.derive(case)
    derived = {tuple(getattr(turn, name) for name in FIELDS) for turn in turns}
    written = list(Waiting.objects.filter(proposal_id=pk).values_list(*FIELDS))
    same = (
        len(written) == len(turns)
        and set(written) == derived
        and case.proposal.due_on == waiting.case_due_on(case, turns)
    )
    if not same and not only_check:
        waiting.rewrite(case)
        case.save_touched()
    return not same


def follow_rules(congress_id):
    """The rule set of a congress was changed: what waits by its switches (初核, 延期) waits on whom they name now.

    Call it once the change is committed.
    """
    forget_rules(congress_id)
    asked = Request.objects.filter(
        proposal=OuterRef("pk"), kind=RequestKind.EXTENSION, state=RequestState.OPEN
    )
    cases = Proposal.objects.filter(congress_id=congress_id)
    for pk in _keys(cases.filter(Q(status=ProposalStatus.SUBMITTED) | Q(Exists(asked)))):
        rebuild(pk)


def hand_over(unit_ids):
    """A unit got another successor: what waited on it, or on those it had replaced, waits on who acts for it now.

    Its places stay its own until they are adjusted (调整承办).
    """
    places = Assignment.objects.filter(proposal=OuterRef("pk"), unit__in=unit_ids)
    asked = Request.objects.filter(proposal=OuterRef("pk"), unit__in=unit_ids, state=RequestState.OPEN)
    promised = Commitment.objects.filter(proposal=OuterRef("pk"), unit__in=unit_ids)
    going_on = ~Q(status__in=ENDED) | Q(Exists(promised))
    cases = Proposal.objects.filter(Q(Exists(places)) | Q(Exists(asked))).filter(going_on)
    for pk in _keys(cases):
        rebuild(pk)


def _keys(cases):
    return list(cases.order_by("pk").values_list("pk", flat=True))
