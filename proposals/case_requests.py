"""What hangs beside the state on a case's page: requests, urges, windows, merged siblings, recalled replies."""

from .models import Proposal, ReplyVersion
from .status import AssignmentStatus, ClockKind, RequestKind
from .workflow.merging import siblings
from .workflow.returning import window_is_open

WINDOW_STATES = frozenset({AssignmentStatus.PENDING, AssignmentStatus.ACCEPTED, AssignmentStatus.DISPATCHING})


def shown(case, sight):
    """The pending requests that this reader sees, urges first, each with the unit it is about."""
    found = [r for r in case.requests if r.is_open and sight.sees_request(case, r)]
    # 批示 have a panel of their own (supervision).
    found = [r for r in found if r.kind not in (RequestKind.INSTRUCTION, RequestKind.INSTRUCTED)]
    if sight.is_congress:  # the card of the plan (拟办) tells who was asked
        found = [r for r in found if r.kind != RequestKind.PLAN_VIEW]
    for request in found:
        place = case.place(request.assignment_id) if request.assignment_id else None
        request.of_unit = place.unit if place else request.unit
        request.is_own = place is not None and sight.is_of_unit(place)
    return sorted(found, key=lambda r: (r.kind != RequestKind.URGE, r.pk))


def windows(case, sight, offers):
    """For each own open place: (place, the clock of 申请退回 while it is open, the sentence once it is closed)."""
    rows = []
    for place in case.round_places:
        if not sight.is_of_unit(place) or place.status not in WINDOW_STATES:
            continue
        words = window_is_open(case, place)
        may_ask = any(o.code == "ask_return" and o.subject is place for o in offers)
        clock = case.clock(ClockKind.RETURN_WINDOW, assignment=place)
        if may_ask or words:
            rows.append((place, clock if may_ask else None, words or ""))
    return rows


def siblings_of(case, user):
    """并案: the other proposals of the group that this reader may see; none queried where there is no group."""
    if case.proposal.merge_group_id is None:
        return []
    visible = Proposal.objects.visible_to(user).values("pk")
    return list(siblings(case.proposal).filter(pk__in=visible).only("number", "title", "status"))


def versions_of(case, sight):
    """Replies as they were before they were recalled, newest first, for those who saw them: (place, version)."""
    if not case.proposal.has_versions or sight.is_public_reader:
        return []
    versions = ReplyVersion.objects.filter(reply__assignment__proposal=case.proposal)
    versions = versions.select_related("reply").prefetch_related("files")
    versions = case.shown(versions.order_by("-pk"))
    rows = [(case.place(version.reply.assignment_id), version) for version in versions]
    return [(place, version) for place, version in rows if sight.sees_place(place)]


def version_before(case, place):
    """The version of a place's reply that was recalled last, while it is being written anew; None otherwise."""
    reply = case.reply(place)
    if reply is None or reply.is_issued or not case.proposal.has_versions:
        return None
    return next(iter(case.shown(reply.versions.order_by("-pk")[:1])), None)
