"""What one reader sees of one case, gathered for its page: rounds, files, contacts, history, clocks.

Everything passes through Sight; nothing here decides what may be done.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.shortcuts import get_object_or_404

from accounts.models import Role

from .access import Sight, of_recalled_reply, visible_attachments
from .clocks import answer_clock
from .masking import hidden_names, hide, masked, neutral_names
from .models import (
    Attachment,
    Clock,
    Commitment,
    Contact,
    Opinion,
    Oversight,
    Proposal,
    ProposalEvent,
    ReplyDelivery,
    ReplyVersion,
    Request,
)
from .panels import signs_for
from .quiet import quiet_by
from .status import HANDLING, ClockKind, ProposalStatus
from .workflow import Case
from .workflow.case import RELATED


def load(user, pk):
    """The Case of a proposal that `user` may see; 404 for any other. Three queries, the rest on demand."""
    related = {"contacts": Contact.objects.filter(assignment__proposal=OuterRef("pk"))}
    related["files"] = Attachment.objects.filter(proposal=OuterRef("pk"))
    related["versions"] = ReplyVersion.objects.filter(reply__assignment__proposal=OuterRef("pk"))
    related["opinions"] = Opinion.objects.filter(assignment__proposal=OuterRef("pk"))
    related["oversights"] = Oversight.objects.filter(proposal=OuterRef("pk"), ended_on=None)
    related["requests"] = Request.objects.filter(proposal=OuterRef("pk"))
    mine = [grant.deputy_id for grant in user.active_grants() if grant.role == Role.DEPUTY]
    unread = ReplyDelivery.objects.filter(
        reply__assignment__proposal=OuterRef("pk"), deputy_id__in=mine, read_at=None
    )
    flags = {f"has_{name}": Exists(rows) for name, rows in related.items()}
    visible = Proposal.objects.visible_to(user).select_related(*RELATED)
    promised = Commitment.objects.filter(proposal=OuterRef("pk")).order_by().values("proposal")
    flags |= signs_for(user)
    flags["promised"] = Subquery(promised.annotate(n=Count("pk")).values("n"))
    proposal = get_object_or_404(visible.annotate(has_unread=Exists(unread), **flags), pk=pk)
    loaded = Case(proposal)
    _read_clocks(loaded)
    if not proposal.has_contacts:
        loaded.contacts = []
    if not proposal.has_opinions:
        loaded.opinions = []
    if not proposal.has_oversights:
        loaded.oversights = []
    if not proposal.has_requests:
        loaded.requests = []
    if proposal.hides_proposer:
        hide(loaded, Sight.of(loaded, user))
    return loaded


def _read_clocks(case):
    """The clocks with what each promises, so that the promises cost a query of their own only where one has none."""
    clocks = Clock.objects.filter(proposal=case.proposal)
    case.clocks = list(clocks.select_related("commitment__unit", "commitment__reply").order_by("pk"))
    found = {clock.commitment_id: clock.commitment for clock in case.clocks if clock.commitment_id}
    if len(found) == (case.proposal.promised or 0):
        case.commitments = sorted(found.values(), key=lambda c: (c.promised_on, c.pk))


def mark_read(case, user):
    """The read receipt (已读) of a deputy who opens the page of an issued reply; writes once."""
    if not case.proposal.has_unread:
        return
    mine = [grant.deputy_id for grant in user.active_grants() if grant.role == Role.DEPUTY]
    ReplyDelivery.objects.filter(
        reply__assignment__proposal=case.proposal, deputy_id__in=mine, read_at=None
    ).update(read_at=case.now)


@dataclass
class Round:
    """One round of handling as this reader sees it."""

    number: int
    places: list
    replies: list
    opinions: list
    is_current: bool


def rounds_of(case, sight, files):
    """The rounds of handling, the newest first (a list of Round), the reader's own places on top in each; `files`
    as of files_of."""
    by_number = defaultdict(list)
    for place in case.places:
        if sight.sees_place(place):
            by_number[place.round].append(_prepare(case, place, sight, files))
    opinions = defaultdict(list)
    # Deputies never read the units' opinions to each other, so they are not even loaded for them.
    for opinion in case.opinions if sight.is_congress or sight.unit_ids else ():
        if sight.sees_opinion(case, opinion):
            opinion.files = files[(None, opinion.pk, None)]
            place = case.place(opinion.assignment_id)
            opinions[place.round].append((place, opinion))
    return [
        Round(
            number=number,
            places=sorted(by_number[number], key=lambda p: (not sight.is_of_unit(p), not p.replies, p.pk)),
            replies=[place for place in by_number[number] if place.shown_reply],
            opinions=opinions[number],
            is_current=number == case.proposal.round,
        )
        for number in sorted(by_number, reverse=True)
    ]


def _prepare(case, place, sight, files):
    """The place with what of it is shown: issued reply with its files, rating, the clock of its answer."""
    reply = case.reply(place)
    is_out = place.replies and reply is not None and reply.is_issued and sight.sees_reply(place)
    place.shown_reply = reply if is_out else None
    if is_out:
        reply.files = files[(reply.pk, None, None)]
        if sight.is_public_reader:
            reply.contact_person = reply.contact_phone = ""
    place.is_rating_seen = is_out and sight.sees_rating(case.proposal, place)
    place.shown_rating = case.rating(place) if place.is_rating_seen else None
    place.answer_clock = answer_clock(case, place)
    place.is_date_explained = place.answer_clock is not None and sight.sees_clock(case, place.answer_clock)
    return place


def files_of(case, user):
    """The attachments that `user` may open: {(reply, opinion, contact): list}, the proposal's own under Nones.

    Where the proposer is hidden, files that may bear names are called 附件1 and so on.
    """
    files = defaultdict(list)
    if case.proposal.has_files:
        found = visible_attachments(user).select_related("assignment__unit")
        # Those that only a recalled reply went out with stand beside its text (case_requests.versions_of).
        found = found.exclude(Q(reply__isnull=True) & of_recalled_reply())
        for file in found.filter(proposal=case.proposal, commitment=None).order_by("pk"):
            files[(file.reply_id, file.opinion_id, file.contact_id)].append(file)
        if Sight.of(case, user).names_hidden(case.proposal):
            for (reply_id, opinion_id, _), group in files.items():
                if reply_id is None and opinion_id is None:
                    neutral_names(group)
    return files


def contacts_of(case, sight, files):
    """The contacts that this reader sees, each with its unit's name and files."""
    shown = []
    for contact in case.contacts:
        place = case.place(contact.assignment_id)
        if sight.sees_contacts(place):
            contact.unit_name = str(place.unit)
            contact.files = files[(None, None, contact.pk)]
            shown.append(contact)
    return shown


def commitments_of(case, sight):
    """What was promised in issued replies, those still standing first; `clock_id` where the date may be asked."""
    for commitment in case.commitments:
        clocks = [clock for clock in case.clocks if clock.commitment_id == commitment.pk]
        seen = [clock.pk for clock in clocks if sight.sees_clock(case, clock)]
        commitment.clock_id = seen[-1] if seen else None
    return sorted(case.commitments, key=lambda c: (c.replaced_by_id is not None, c.promised_on, c.pk))


def history_of(case, sight):
    """The history that this reader sees, newest first, each event with `shown_words`."""
    hidden = hidden_names(case) if sight.names_hidden(case.proposal) else []
    shown = []
    for event in ProposalEvent.objects.filter(proposal=case.proposal).order_by("-seq"):
        if event.assignment_id:
            event.assignment = case.place(event.assignment_id)
        if sight.sees_event(case.proposal, event):
            event.shown_words = masked(event.words, hidden)
            # 代班: the one who acted, and whose place was taken.
            # Where the proposer is hidden, only at a unit: a delegation's people lead to the deputy.
            is_told = "（代" in event.actor_role and (event.assignment_id or not hidden)
            event.stand_in = masked(f"{event.actor_name}，{event.actor_role}", hidden) if is_told else ""
            shown.append(event)
    return shown


def clocks_of(case, sight):
    """The clocks to show, {"open": list, "ended": list} by date; {} for none."""
    shown = []
    for clock in case.clocks:
        place = case.place(clock.assignment_id) if clock.assignment_id else None
        if clock.commitment_id or _is_past_window(case, clock, place, sight):
            continue
        if not sight.sees_clock(case, clock):
            continue
        clock.of_place = place
        shown.append(clock)
    shown.sort(key=lambda clock: (clock.due_on, clock.pk))
    parts = {"open": [c for c in shown if c.is_open], "ended": [c for c in shown if not c.is_open]}
    return parts if shown else {}


def _is_past_window(case, clock, place, sight):
    """申退窗口 closes by itself: nobody is late with it, and only the unit and the congress need it till then."""
    if clock.kind != ClockKind.RETURN_WINDOW:
        return False
    concerns = sight.is_congress or sight.is_of_unit(place)
    return not (concerns and clock.is_open and case.today <= clock.due_on)


def quiet_in(case, sight):
    """没有动静: {place pk: working days} of the silent places, for the congress, the unit itself and the hub above
    it: what another unit has or has not done stands between it and them."""
    found = quiet_by(case.rules, case.today, case.calendar).of_case(case) if not sight.is_deputy else {}
    return {
        pk: days
        for pk, days in found.items()
        if sight.is_congress or sight.is_of_unit(case.place(pk)) or sight.is_over(case.place(pk))
    }


def latest_progress(case, events):
    """The newest 进展 of this round out of the shown history while units are at work, so that the deputy reads it
    first; or None."""
    if case.proposal.status not in HANDLING:
        return None
    notes = (event for event in events if event.action == "note_progress")
    return next((note for note in notes if note.assignment.round == case.proposal.round), None)


def sent_back(case, events):
    """The office's latest reason for a returned or declined proposal, out of its shown history; or None."""
    action = {ProposalStatus.RETURNED: "return", ProposalStatus.DECLINED: "decline"}.get(case.proposal.status)
    return next((event for event in events if event.action == action), None)
