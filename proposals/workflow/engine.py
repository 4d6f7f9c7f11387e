"""`perform`: the only way a case changes. `check` and `available` answer from the same rows.

One transaction takes the case, checks, writes the status, runs the effects, lets the proposal follow its
places, rewrites who it waits on, appends the event and inserts the notices; or nothing happens at all.
"""

import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from core.dates import cn_datetime

from .. import history
from ..access import Sight
from ..attachments import discard_on_failure
from ..models import Commitment, Proposal, ProposalEvent
from ..status import HIDDEN_FROM_UNITS
from . import hooks, stirring, waiting, wording
from .actors import SYSTEM, once_held, system
from .case import Case
from .errors import Denied, Stale
from .following import follow
from .requests import void_undecidable
from .table import ASSIGNMENT, COMMITMENT, PROPOSAL, TABLE
from .telling import SYSTEM_NAME, tell


@dataclass(frozen=True)
class Result:
    """What `perform` did: the event, and whether this very request had been carried out before."""

    event: ProposalEvent
    repeated: bool = False


def perform(action, subject, *, actor, data=None, version=None, now=None, request_id=None):
    """Carry out one action on a proposal or a place; return its Result.

    `subject` is a Proposal, an Assignment or a Commitment; `actor` a User, or None for the system; `version` the
    one the user's page showed (checked unless the action changes no state); `now` an aware time, default now;
    `request_id` a UUID that makes the same form sent twice happen once. Raises Denied or Stale with the
    Chinese sentence to show; then nothing has changed.
    """
    row = TABLE[action]
    now = now or timezone.now()
    request_id = uuid.UUID(str(request_id)) if request_id else uuid.uuid4()
    proposal_pk = subject.pk if isinstance(subject, Proposal) else subject.proposal_id
    with discard_on_failure(), transaction.atomic():
        case = Case.take(proposal_pk, now=now)
        done = ProposalEvent.objects.filter(proposal_id=proposal_pk, request_id=request_id).first()
        if done is not None:
            return _already_done(done, row, subject, actor)
        case.actor = actor
        subject = case.subject(row.subject, subject.pk)
        # Whoever may not act at all is told so, and logged, before anything is said of the case's state.
        case.grant = _grant(row, case, subject, actor)
        if row.checks_version or not row.keeps_version:
            _check_version(case, subject, version, actor)
        if objection := state_objection(row, case, subject, actor):
            raise Denied(objection)
        event = _carry_out(row, case, subject, data or {}, request_id)
    return Result(event)


def _already_done(event, row, subject, actor):
    """The same request again: the first result, if it is the same person's same action on the same place."""
    place_id = subject.pk if row.subject == ASSIGNMENT else None
    promise_id = subject.pk if row.subject == COMMITMENT else None
    asked = (row.code, promise_id or place_id, actor.pk if actor else None)
    acted_on = event.payload.get("commitment_id") if promise_id else event.assignment_id
    if (event.action, acted_on, event.actor_id_then) != asked:
        raise Denied("这个表单的编号已被使用，请刷新页面后重新填写。", is_forged=True)
    return Result(event, repeated=True)


def _check_version(case, subject, version, actor):
    if version is None or int(version) == subject.version:
        return
    last = _last_seen(case, subject, actor)
    who = f"由{last.actor_name}于 {cn_datetime(last.at, case.today)} " if last else ""
    raise Stale(f"该件已{who}处理，请刷新。您写的内容还在。")


def _last_seen(case, subject, actor):
    """The newest line on this subject that `actor` may read: who acted must not tell a unit of a rating, nor
    the name of a hidden proposer (隐名). None for the system and where there is none."""
    if actor is SYSTEM:
        return None
    sight = Sight.of(case, actor)
    if sight.names_hidden(case.proposal):
        return None
    events = ProposalEvent.objects.filter(proposal=case.proposal)
    if isinstance(subject, Commitment):
        events = events.filter(payload__commitment_id=subject.pk)
    elif subject is not case.proposal:
        events = events.filter(assignment=subject)
    for event in events.order_by("-seq"):
        if event.assignment_id:
            event.assignment = case.place(event.assignment_id)
        if sight.sees_event(case.proposal, event):
            return event
    return None


def check(row, case, subject, actor):
    """Return the grant that allows this row to this actor now (None for the system).

    Raises Denied with the reason: wrong person, wrong state, or a condition that does not hold.
    """
    grant = _grant(row, case, subject, actor)
    if objection := state_objection(row, case, subject, actor):
        raise Denied(objection)
    return grant


def _grant(row, case, subject, actor):
    """The grant that allows the row to this person at all; None for the system. Raises Denied."""
    if actor is SYSTEM:
        if system not in row.who:
            raise Denied("这一步要由办理人员本人操作。", is_forged=True)
        return None
    grant = holder(row, case, subject, actor)
    if grant is None:
        if words := once_held(row, case, actor):
            raise Denied(words)
        raise Denied(f"您没有“{row.label}”的权限。", is_forged=True)
    return grant


def holder(row, case, subject, actor):
    """The first grant of `actor` that the row's `who` accepts, or None."""
    grants = actor.active_grants()
    for who in row.who:
        if (grant := who(case, subject, grants)) is not None:
            return grant
    return None


def state_objection(row, case, subject, actor):
    """Why the states or a condition stand against this row, or None; in words that `actor` may read."""
    if subject.status not in row.sources:
        return f"该件现在是“{_status_words(case, subject, actor)}”，不能{row.named}。"
    if row.proposal_states and case.proposal.status not in row.proposal_states:
        return f"该件现在是“{_status_words(case, case.proposal, actor)}”，不能{row.named}。"
    for condition in row.conditions:
        if objection := condition(case, subject):
            return objection
    return None


def _status_words(case, subject, actor):
    """The state of a proposal or place: a refusal tells a unit no more than its pages do (防止“被满意”)."""
    if subject is not case.proposal:
        return subject.status_text
    if actor is SYSTEM or subject.status not in HIDDEN_FROM_UNITS:
        return subject.get_status_display()
    return Sight.of(case, actor).proposal_status(subject)


def _carry_out(row, case, subject, data, request_id):
    for objection in (guard(case, subject, data) for guard in row.checks):
        if objection:
            raise Denied(objection)
    before, case.asked = subject.status, data
    earlier = stirring.before(case)
    target = row.target_status(case, subject)
    if target is not None and target != subject.status:
        case.move(subject, target)
    elif not row.keeps_version:
        subject.version += 1
        case.touch(subject, "version")
    for effect in row.effects:
        effect(case, subject, data)
    follow(case)
    void_undecidable(case)
    stirring.note(row, case, subject, earlier)
    turns = waiting.rewrite(case)
    event = _append_event(row, case, subject, data, before, request_id)
    case.save_touched()
    tell(row, case, subject, data, event, turns)
    hooks.run(row.code, case, subject, data, event)
    return event


def _append_event(row, case, subject, data, before, request_id):
    grant = case.grant
    case.touch(case.proposal, "event_count", "head_hash")
    return history.append(
        case.proposal,
        assignment=case.place_of(subject),
        action=row.code,
        at=case.now,
        actor_id_then=case.actor.pk if case.actor else None,
        actor_name=case.actor.name if case.actor else SYSTEM_NAME,
        actor_role=_role_then(grant),
        actor_place=grant.place if grant else "",
        grant_id_then=grant.pk if grant else None,
        from_status=before,
        to_status=subject.status,
        words=row.words(case, subject, data)
        + wording.on_behalf(case, row, subject)
        + wording.taken_down(case),
        payload=plain(data) | ({"commitment_id": subject.pk} if row.subject == COMMITMENT else {}),
        visibility=row.seen_by(case, subject),
        request_id=request_id,
    )


def _role_then(grant):
    """The role in which somebody acted, 代班 with whose place was taken: 承办单位经办（代陈晓岚）."""
    if grant is None:
        return SYSTEM_NAME
    stood_for = f"（代{grant.stands_in_for.name}）" if grant.stands_in_for_id else ""
    return f"{grant.get_role_display()}{stood_for}"[:20]


def plain(value):
    """`value` as JSON can hold it: rows become {"id", "name"}, dates ISO text, files their names."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    if hasattr(value, "sha256"):
        return value.name
    if hasattr(value, "pk"):
        return {"id": value.pk, "name": str(value)}
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return str(value)


@dataclass(frozen=True)
class Offer:
    """An action that a user may take now, and on what."""

    row: object
    subject: object

    @property
    def code(self):
        return self.row.code

    @property
    def label(self):
        return self.row.label

    @property
    def url(self):
        """The address of its form."""
        return f"/{self.row.subject}s/{self.subject.pk}/{self.row.code}/"


def _subjects(case, kind):
    if kind == PROPOSAL:
        return [case.proposal]
    return case.places if kind == ASSIGNMENT else case.commitments


def available(case, actor, codes=TABLE):
    """The actions this user may take on the case now (of `codes` alone), in their order: a list of Offer."""
    offers = []
    for row in (TABLE[code] for code in codes):
        subjects = _subjects(case, row.subject)
        for subject in subjects:
            # The person first: conditions of others' actions (a calendar, say) need not be worked out.
            if holder(row, case, subject, actor) is None:
                continue
            if state_objection(row, case, subject, actor) is None:
                offers.append(Offer(row, subject))
    return offers
