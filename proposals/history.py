"""The hash chain of a case's history, and its verification.

Each line's hash is SHA-256 over the sorted-key JSON of its fields and of the hash before it; times as UTC
with microseconds. The proposal keeps the count and the last hash, so that a removed tail is found too.
"""

import hashlib
import json
from datetime import UTC

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


def verify(proposals=None):
    """Yield (proposal, seq, Chinese sentence) for every changed, removed or inserted line.

    Reads all histories, or those of `proposals`; memory does not grow with their number.
    """
    proposals = Proposal.objects.all() if proposals is None else proposals
    for proposal in proposals.order_by("pk").iterator(chunk_size=500):
        yield from _verify_one(proposal)


def _verify_one(proposal):
    expected_seq, previous = 1, ""
    for event in ProposalEvent.objects.filter(proposal=proposal).order_by("seq"):
        if event.seq != expected_seq:
            yield proposal, expected_seq, f"第 {expected_seq} 条到第 {event.seq - 1} 条缺失"
        elif event.previous_hash != previous:
            yield proposal, event.seq, f"第 {event.seq} 条与前一条接不上（前一条被改动、删除或插入）"
        if event.hash != event_hash(event):
            yield proposal, event.seq, f"第 {event.seq} 条内容与校验值不符，被改动过"
        expected_seq, previous = event.seq + 1, event.hash
    if proposal.event_count != expected_seq - 1:
        yield (
            proposal,
            expected_seq,
            f"记录应有 {proposal.event_count} 条，实有 {expected_seq - 1} 条，末尾的记录缺失或被添加",
        )
    elif proposal.head_hash != previous:
        yield proposal, proposal.event_count, "最后一条的校验值与登记的不符"
