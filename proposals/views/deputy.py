"""我的建议: what waits for the deputy, and every proposal they proposed or co-signed."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.core.paginator import Paginator
from django.db.models import Case as CaseWhen
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Value, When
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import Role

from ..access import Sight, signed_by
from ..models import Assignment, Commitment, Cosignature, Proposal, Waiting
from ..rules import rules_for_pages
from ..status import ENDED, PROMISE_OPEN, CosignState, HolderKind, ProposalStatus, Queue
from ..turns import turns_in_list

PER_PAGE = 10
LONG_TEXTS = ("situation", "analysis", "points")
# More of one kind than this are shown once the first are done.
DUTIES_SHOWN = 10
ENDS = tuple(sorted(ENDED))
TABS = {
    "all": ("全部", None),
    "open": ("办理中", frozenset(ProposalStatus) - ENDED - {ProposalStatus.DRAFT, ProposalStatus.REPLIED}),
    "replied": ("已答复", frozenset({ProposalStatus.REPLIED})),
    "ended": ("办结", ENDED),
    "draft": ("草稿", frozenset({ProposalStatus.DRAFT})),
}
# In this order on the page: what has a date first.
DUTY_LABELS = {
    Queue.RATE: "待我测评",
    Queue.CONFIRM: "承诺待我确认",
    Queue.REVISE: "退回修改",
    Queue.CONSENT: "撤回待我同意",
    Queue.TAKE_LEAD: "请我领衔",
    Queue.COSIGN: "待我附议",
}


@dataclass
class Duties:
    """What waits for the deputy: (queue, its label, the rows shown, how many more there are)."""

    groups: list = field(default_factory=list)
    drafts: list = field(default_factory=list)
    total: int = 0


def deputy_ids(user):
    """The deputies (one per term or congress) that this user is; 404 for whoever is none."""
    ids = [grant.deputy_id for grant in user.active_grants() if grant.role == Role.DEPUTY]
    if not ids:
        raise Http404
    return ids


@require_safe
def my(request):
    """The deputy's home."""
    ids = deputy_ids(request.user)
    today = timezone.localdate()
    mine = _mine(request.user, ids)
    counts = _counts(mine)
    tab = request.GET.get("tab", "all")
    if tab not in TABS:
        tab = "all"
    page = _page(request, mine, tab, counts)
    context = {
        "today": today,
        "page": page,
        "rows": _rows(page.object_list, request.user, ids),
        "duties": duties_of(ids),
        "tab": tab,
        "tabs": [(code, label, counts[code]) for code, (label, _) in TABS.items()],
        "counts": counts,
    }
    return render(request, "proposals/deputy/home.html", context)


def _mine(user, ids):
    """Proposals led or co-signed by these deputies. An open invitation is a duty, not yet one's own."""
    return Proposal.objects.visible_to(user).filter(signed_by(ids, [CosignState.CONFIRMED]))


def _counts(mine):
    by_status = dict(mine.order_by().values_list("status").annotate(n=Count("pk")))
    return {
        code: sum(n for status, n in by_status.items() if states is None or status in states)
        for code, (_, states) in TABS.items()
    }


def _page(request, mine, tab, counts):
    """The asked page of the tab: what waits for the deputy first, then open, drafts, ended; newest first."""
    states = TABS[tab][1]
    found = mine if states is None else mine.filter(status__in=states)
    rank = CaseWhen(
        When(status__in=[ProposalStatus.REPLIED, ProposalStatus.RETURNED], then=Value(0)),
        When(status=ProposalStatus.DRAFT, then=Value(2)),
        When(status__in=ENDS, then=Value(3)),
        default=Value(1),
        output_field=IntegerField(),
    )
    related = ("congress", "lead", "delegation", "session", "category")
    found = found.select_related(*related).defer(*LONG_TEXTS)
    paginator = Paginator(found.annotate(rank=rank).order_by("rank", "-pk"), PER_PAGE)
    paginator.count = counts[tab]  # counted with the tabs already
    return paginator.get_page(request.GET.get("page"))


def _rows(proposals, user, ids):
    """The cards of a page: a list of dicts; four queries whatever their number."""
    proposals = list(proposals)
    own = {p.pk for p in proposals if p.lead_id in ids and not p.is_delegations}
    sights = {p.pk: Sight(is_proposer=p.pk in own, is_cosigner=p.pk not in own) for p in proposals}
    turns = turns_in_list(proposals, user, lambda p: sights[p.pk])
    answers, promises = _answers(proposals), _promises(proposals)
    return [
        {
            "proposal": p,
            "sight": sights[p.pk],
            "turns": turns[p.pk],
            "rules": rules_for_pages(p.congress_id),
            "answers": answers[p.pk],
            "promises": promises[p.pk],
            "is_own": p.pk in own,
        }
        for p in proposals
    ]


def _answers(proposals):
    """{pk: places of the current round that replied}, with unit, reply and rating."""
    replied = [p.pk for p in proposals if p.replied_on or p.round > 1]
    found = defaultdict(list)
    if replied:
        places = Assignment.objects.filter(
            proposal__in=replied, round=F("proposal__round"), reply__issued_at__isnull=False
        )
        for place in places.select_related("unit", "reply", "reply__rating").order_by("pk"):
            found[place.proposal_id].append(place)
    return found


def _promises(proposals):
    """{pk: open commitments of an ended proposal}, the next one first."""
    ended = [p.pk for p in proposals if p.status == ProposalStatus.CLOSED]
    found = defaultdict(list)
    if ended:
        open_ones = Commitment.objects.filter(proposal__in=ended, replaced_by=None, status__in=PROMISE_OPEN)
        for commitment in open_ones:
            found[commitment.proposal_id].append(commitment)
    return found


def duties_of(ids):
    """What waits for these deputies (Duties), by what is due first; one query."""
    asked_again = Cosignature.objects.filter(
        proposal=OuterRef("proposal"), deputy_id__in=ids, state=CosignState.INVITED
    ).exclude(text_hash="")
    waiting = (
        Waiting.objects.filter(holder_kind=HolderKind.DEPUTY, holder_id__in=ids)
        .select_related("proposal__lead", "assignment__unit", "commitment")
        .annotate(asked_again=Exists(asked_again))
        .order_by(F("due_on").asc(nulls_last=True), "-proposal")
    )
    by_queue = defaultdict(list)
    for row in waiting:
        row.rules = rules_for_pages(row.congress_id)
        by_queue[row.queue].append(row)
    duties = Duties(drafts=by_queue.pop(Queue.DRAFT, []))
    for queue, label in DUTY_LABELS.items():
        if rows := by_queue[queue]:
            hidden = max(len(rows) - DUTIES_SHOWN, 0)
            duties.groups.append((queue, label, rows[:DUTIES_SHOWN], hidden))
            duties.total += len(rows)
    return duties
