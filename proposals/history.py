"""The hash chain of a case's history, and its verification.

Each line's hash is SHA-256 over the sorted-key JSON of its fields and of the hash before it; times as UTC
with microseconds. The proposal keeps the count and the last hash, so that a removed tail is found too.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC
from itertools import groupby
from operator import attrgetter

from django.db.models import Exists, OuterRef

from .models import Proposal, ProposalEvent

FIELDS = (
    "congress_id",
    "proposal_id",
    "assignment_id",
    "seq",
    "action",
    "actor_id_then",
    "actor_name",
    "actor_role",
    "actor_place",
    "grant_id_then",
    "from_status",
    "to_status",
    "words",
    "payload",
    "visibility",
    "previous_hash",
)
# What verifying reads of a line and of its proposal.
LINE_FIELDS = tuple(name.removesuffix("_id") for name in FIELDS)
HEAD_FIELDS = ("number", "event_count", "head_hash")


def event_hash(event):
    """SHA-256 (hex) of one line of history in its fixed serialisation."""
    body = {name: getattr(event, name) for name in FIELDS}
    body["at"] = event.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    body["request_id"] = str(event.request_id)
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def append(proposal, **fields):
    """Append one line to the proposal's history and return it. The caller holds the case and saves its tail."""
    event = ProposalEvent(
        congress_id=proposal.congress_id,
        proposal=proposal,
        seq=proposal.event_count + 1,
        previous_hash=proposal.head_hash,
        **fields,
    )
    event.hash = event_hash(event)
    event.save(force_insert=True)
    proposal.event_count = event.seq
    proposal.head_hash = event.hash
    return event


@dataclass(frozen=True)
class Flaw:
    """A place where a history was tampered with: whose, at which line, and a Chinese sentence."""

    proposal_id: int
    number: str
    seq: int
    words: str


def verify(proposals=None):
    """Yield a Flaw for every changed, removed or inserted line.

    Reads all histories, or those of the `proposals` queryset. All lines come in one streaming query together
    with their proposals' count and last hash, one snapshot: memory does not grow with their number, and an
    action carried out meanwhile raises no false alarm.
    """
    chosen = {} if proposals is None else {"proposal__in": proposals.values("pk")}
    lines = (
        ProposalEvent.objects.filter(**chosen)
        .select_related("proposal")
        .only(*LINE_FIELDS, "at", "request_id", "hash", *(f"proposal__{name}" for name in HEAD_FIELDS))
        .order_by("proposal_id", "seq")
    )
    for _, events in groupby(lines.iterator(chunk_size=2000), key=attrgetter("proposal_id")):
        yield from _verify_chain(events)
    yield from _verify_empty(Proposal.objects.all() if proposals is None else proposals)
    if proposals is None:
        yield from _orphans()


def _verify_chain(events):
    seen, expected_seq, previous = None, 1, ""
    for event in events:
        seen = event.proposal
        if event.seq != expected_seq:
            gap = f"第 {expected_seq} 条"
            if event.seq - 1 > expected_seq:
                gap += f"到第 {event.seq - 1} 条"
            yield _flaw(seen, expected_seq, f"{gap}缺失")
        elif event.previous_hash != previous:
            yield _flaw(seen, event.seq, f"第 {event.seq} 条与前一条接不上（前一条被改动、删除或插入）")
        if event.hash != event_hash(event):
            yield _flaw(seen, event.seq, f"第 {event.seq} 条内容与校验值不符，被改动过")
        expected_seq, previous = event.seq + 1, event.hash
    last = expected_seq - 1
    if last < seen.event_count:
        missing = f"应有 {seen.event_count} 条，到第 {last} 条为止，末尾 {seen.event_count - last} 条被删除"
        yield _flaw(seen, expected_seq, missing)
    elif last > seen.event_count:
        added = f"应有 {seen.event_count} 条，末尾多出 {last - seen.event_count} 条，是后来插入的"
        yield _flaw(seen, seen.event_count + 1, added)
    elif seen.head_hash != previous:
        yield _flaw(seen, last, f"第 {last} 条（最后一条）的校验值与建议登记的不符")


def _verify_empty(proposals):
    """Histories of which no line is left."""
    lines = ProposalEvent.objects.filter(proposal=OuterRef("pk"))
    for proposal in proposals.filter(~Exists(lines), event_count__gt=0).only(*HEAD_FIELDS).order_by("pk"):
        yield _flaw(proposal, 1, f"应有 {proposal.event_count} 条，全部被删除")


def _orphans():
    """Lines whose proposal is gone. The database forbids it; somebody who went round it is found."""
    home = Proposal.objects.filter(pk=OuterRef("proposal_id"))
    orphans = ProposalEvent.objects.filter(~Exists(home)).order_by("proposal_id", "seq")
    for proposal_id, seq in orphans.values_list("proposal_id", "seq").iterator():
        yield Flaw(proposal_id, "", seq, f"第 {seq} 条所属的建议已不存在")


def _flaw(proposal, seq, words):
    return Flaw(proposal.pk, proposal.number_text, seq, words)
