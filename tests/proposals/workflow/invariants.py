"""What must hold of a case at any moment, told from the design and not from the code that brings it about."""

from django.db import models

from proposals.models import ReplyVersion, Waiting
from proposals.status import PROMISE_FAILED, PROMISE_QUEUES, PROMISE_VERIFIED
from proposals.status import AssignmentRole as Role
from proposals.status import AssignmentStatus as A
from proposals.status import ClockKind as K
from proposals.status import CommitmentStatus as C
from proposals.status import ProposalStatus as P
from proposals.status import Queue as Q
from proposals.status import RequestKind as R
from proposals.workflow import waiting
from proposals.workflow.row import ASSIGNMENT, COMMITMENT, PROPOSAL

# Which state may follow which, in one action (workflow §1 and §2).
PROPOSAL_STEPS = {
    None: {P.DRAFT},
    P.DRAFT: {P.SUBMITTED},
    P.SUBMITTED: {P.RETURNED, P.DECLINED, P.FILED, P.WITHDRAWN},
    P.RETURNED: {P.SUBMITTED, P.DECLINED, P.WITHDRAWN},
    P.DECLINED: {P.SUBMITTED},
    P.FILED: {P.HANDLING, P.SUBMITTED, P.WITHDRAWN},
    # The last unit still at work may be taken away when the others' replies are rated already.
    P.HANDLING: {P.REPLIED, P.WITHDRAWN, P.CLOSED, P.DISPUTED},
    P.REDO: {P.REPLIED, P.CLOSED, P.COORDINATION},
    P.REPLIED: {P.HANDLING, P.REDO, P.CLOSED, P.DISPUTED, P.COORDINATION},
    P.DISPUTED: {P.REDO, P.CLOSED},
    P.COORDINATION: {P.REDO, P.CLOSED},
    P.CLOSED: {P.REDO, P.DISPUTED, P.COORDINATION},
    P.WITHDRAWN: set(),
}
PLACE_STEPS = {
    None: {A.PENDING, A.DISPATCHING},
    A.PENDING: {A.ACCEPTED, A.RETURN_ASKED, A.RELEASED},
    A.DISPATCHING: {A.DISPATCHED, A.RETURN_ASKED, A.RELEASED},
    A.DISPATCHED: {A.RETURN_ASKED, A.RELEASED},
    A.ACCEPTED: {A.SIGNING, A.ANSWERED, A.RETURN_ASKED, A.RELEASED},
    A.RETURN_ASKED: {A.ACCEPTED, A.DISPATCHING, A.RELEASED},
    A.SIGNING: {A.ACCEPTED, A.ANSWERED, A.RELEASED},
    A.ANSWERED: {A.ACCEPTED},
    A.RELEASED: set(),
}

# What runs while the proposal itself is in a state, and on a place in its state.
PROPOSAL_CLOCKS = {
    P.SUBMITTED: {K.REVIEW},
    P.RETURNED: {K.REVISE},
    P.FILED: {K.ASSIGN},
    P.DISPUTED: {K.JUDGE},
    P.COORDINATION: {K.COORDINATION},
}
ANSWER = {K.REPLY, K.REDO, K.OPINION, K.OPINION_REDO, K.CORRECTION}
STEP_CLOCKS = {A.DISPATCHING: K.DISPATCH, A.PENDING: K.ACCEPT, A.RETURN_ASKED: K.RETURN_DECISION}
AT_WORK = {K.RETURN_WINDOW, K.FIRST_CONTACT, K.EXTENSION_DECISION} | ANSWER
PLACE_CLOCKS = {
    A.DISPATCHING: {K.DISPATCH, K.RETURN_WINDOW} | ANSWER,
    A.DISPATCHED: {K.RETURN_WINDOW},
    A.PENDING: {K.ACCEPT, K.RETURN_WINDOW} | ANSWER,
    A.ACCEPTED: AT_WORK,
    A.SIGNING: AT_WORK,
    A.RETURN_ASKED: {K.RETURN_DECISION} | AT_WORK,
    A.ANSWERED: {K.RATING},
    A.RELEASED: set(),
}
OPEN = {A.DISPATCHING, A.PENDING, A.ACCEPTED, A.RETURN_ASKED, A.SIGNING}
GONE = {A.RELEASED, A.DISPATCHED}
ENDS = {P.DECLINED, P.CLOSED, P.WITHDRAWN}
ROUND = {P.HANDLING, P.REDO, P.REPLIED}

# What may be open on a closed case, and several times at once; who still holds a place or held it to its end.
OUTLASTING = {R.OBJECTION, R.INSTRUCTION, R.INSTRUCTED, R.REPORT}
AT_ALL = set(A) - {A.RELEASED}

# What the holder of a turn may do about it; one of these must be open to somebody.
ANSWERS = {
    Q.DRAFT: {"submit"},
    Q.COSIGN: {"cosign"},
    Q.REVISE: {"submit"},
    Q.REVIEW: {"file"},
    Q.ASSIGN: {"assign"},
    Q.ACCEPT: {"accept"},
    Q.HANDLE: {"draft_reply"},
    Q.OPINION: {"give_opinion"},
    Q.SIGN: {"issue"},
    Q.RATE: {"rate"},
    Q.JUDGE: {"close_disputed"},
    Q.COORDINATE: {"settle"},
    Q.CHECK: {"check"},
    Q.PLAN_VIEW: {"give_view"},
    Q.DISPATCH: {"dispatch"},
    Q.RETURN: {"approve_return"},
    Q.EXTENSION: {"decide_extension", "endorse_extension"},
    Q.OBJECTION: {"answer_objection"},
    Q.CONSENT: {"consent_withdraw"},
    Q.TAKE_LEAD: {"take_lead"},
    Q.ANSWER_URGE: {"answer_urge"},
    Q.ANSWER_INSTRUCTION: {"answer_instruct"},
    Q.PROMISE: {"report_progress"},
    Q.EXPLAIN: {"explain_promise"},
    Q.VERIFY: {"verify"},
    Q.CONFIRM: {"confirm"},
}


def faults(case):
    """Everything that is wrong with a freshly loaded case, as sentences; none is what is wanted."""
    return [
        *_follow_faults(case),
        *_placement_faults(case),
        *_clock_faults(case),
        *_request_faults(case),
        *_waiting_faults(case),
        *_reply_faults(case),
        *_promise_faults(case),
    ]


# --- States -------------------------------------------------------------------------------------------


def _round(case):
    return [p for p in case.places if p.round == case.proposal.round and p.status not in GONE]


def _is_issued(place):
    return getattr(place, "reply", None) is not None and place.reply.issued_at is not None


def _follow_faults(case):
    """Workflow §1: the proposal follows its places."""
    proposal, places = case.proposal, _round(case)
    if proposal.status not in P.values:
        yield f"没有这种状态：{proposal.status}"
    yield from (f"{p} 没有这种状态：{p.status}" for p in case.places if p.status not in A.values)
    replying = [p for p in places if p.role != Role.CO]
    at_work = any(p.status in OPEN for p in replying)
    answered = [p for p in replying if p.status == A.ANSWERED]
    unrated = [p for p in answered if not p.reply.silent_on and case.rating(p) is None]
    bad = [p for p in answered if (rating := case.rating(p)) and rating.is_dissatisfied]
    status = proposal.status
    if status in (P.HANDLING, P.REDO) and not at_work and answered:
        yield f"已没有单位在办，却仍是{status}"
    if status == P.REPLIED and (at_work or not unrated):
        yield f"待测评，但在办 {at_work}、未评 {len(unrated)}"
    if status in (P.CLOSED, P.DISPUTED, P.COORDINATION) and (at_work or unrated or not answered):
        yield f"{status}，但在办 {at_work}、未评 {len(unrated)}、已答复 {len(answered)}"
    if status in (P.DISPUTED, P.COORDINATION) and not bad:
        yield f"{status}，但没有不满意"
    if status in (P.HANDLING, P.DISPUTED) and proposal.round != 1:
        yield f"第 {proposal.round} 轮不会是{status}"
    if status in (P.REDO, P.COORDINATION) and proposal.round == 1:
        yield f"第 1 轮不会是{status}"
    if status not in ROUND and any(p.status in OPEN for p in case.places):
        yield f"{status}，却还有在办的单位"
    if any(p.round != proposal.round and p.status in OPEN for p in case.places):
        yield "前一轮还有在办的单位"
    if bool(proposal.closed_on) != (status == P.CLOSED):
        yield f"{status}，办结日期 {proposal.closed_on}"
    if proposal.published_on and status != P.CLOSED:
        yield f"{status}，却仍在公开"
    replied = [p.answered_on for p in answered]
    if status in ROUND and proposal.replied_on != max(replied, default=None):
        yield f"答复日期 {proposal.replied_on}，各单位 {replied}"


def _placement_faults(case):
    """One lead with any co, or at least two separate; no unit twice; the same on every level."""
    if case.proposal.status not in ROUND:
        return
    places = _round(case)
    units = [p.unit_id for p in places]
    if len(set(units)) != len(units):
        yield f"同一单位有两个位置：{places}"
    yield from _roles_faults(case, [p.role for p in places], "全轮")
    standing = [p for p in case.places if p.round == case.proposal.round and p.status != A.RELEASED]
    yield from _roles_faults(case, [p.role for p in standing if p.parent_id is None], "人大交办的")
    for hub in standing:
        below = [p.role for p in standing if p.parent_id == hub.pk]
        if hub.status == A.DISPATCHED and hub.role == Role.LEAD:
            yield from _roles_faults(case, below, f"{hub}分办的")
        elif hub.status == A.DISPATCHED and set(below) != {hub.role}:
            yield f"{hub}分办成 {below}"
        elif hub.status != A.DISPATCHED and below:
            yield f"{hub.unit}{hub.status}，却有下属单位 {below}"
        if hub.parent_id and case.place(hub.parent_id).status != A.DISPATCHED:
            yield f"{hub}的上级不是已分办"


def _roles_faults(case, roles, where):
    lead, separate, co = roles.count(Role.LEAD), roles.count(Role.SEPARATE), roles.count(Role.CO)
    if not ((lead == 1 and not separate) or (separate >= 2 and not lead and not co)):
        yield f"{where}承办不成立：主办 {lead}、会办 {co}、分办 {separate}"


# --- Clocks and requests ------------------------------------------------------------------------------


def _clock_faults(case):
    proposal = case.proposal
    running = [clock for clock in case.clocks if clock.met_on is None and clock.voided_on is None]
    for clock in case.clocks:
        if clock.met_on and clock.voided_on:
            yield f"{clock} 既完成又作废"
        if clock.kind not in K.values or clock.due_on < clock.started_on:
            yield f"{clock} 起于 {clock.started_on}"
    keys = [(c.kind, c.assignment_id, c.commitment_id) for c in running]
    if len(set(keys)) != len(keys):
        yield f"同一种期限开了两个：{running}"
    own = {c.kind for c in running if c.assignment_id is None and c.commitment_id is None}
    wanted = {kind for kind in PROPOSAL_CLOCKS.get(proposal.status, ()) if case.rules.clock(kind)}
    if own != wanted:
        yield f"{proposal.status}时建议的期限是 {sorted(own)}，应是 {sorted(wanted)}"
    for place in case.places:
        yield from _place_clock_faults(
            case, place, {c.kind: c for c in running if c.assignment_id == place.pk}
        )


def _place_clock_faults(case, place, running):
    name = f"{place} {place.status}"
    if strange := set(running) - PLACE_CLOCKS[place.status]:
        yield f"{name}：不该有期限 {sorted(strange)}"
    step = STEP_CLOCKS.get(place.status)
    if step and case.rules.clock(step) and step not in running:
        yield f"{name}：缺期限 {step}"
    answer = [running[kind] for kind in ANSWER if kind in running]
    # 更正 has a term of its own beside the one that the reply had met.
    if K.CORRECTION in running and not _is_corrected(place):
        yield f"{name}：没有更正却有更正的期限"
    if place.status in OPEN:
        if len(answer) != 1:
            yield f"{name}：答复期限有 {len(answer)} 个"
        elif place.due_on != answer[0].due_on:
            yield f"{name}：到期日 {place.due_on}，期限 {answer[0]}"
    kinds = {K.OPINION, K.OPINION_REDO} if place.role == Role.CO else {K.REPLY, K.REDO, K.CORRECTION}
    if wrong := [clock.kind for clock in answer if clock.kind not in kinds]:
        yield f"{name}：期限 {wrong} 与承办性质不符"
    awaits = _is_issued(place) and place.status == A.ANSWERED and place.round == case.proposal.round
    awaits = awaits and not place.reply.silent_on and case.rating(place) is None
    if (K.RATING in running) != bool(awaits and place.role != Role.CO):
        yield f"{name}：测评期限 {K.RATING in running}，待测评 {bool(awaits)}"
    asked = bool(case.open_requests(R.EXTENSION, place))
    if (K.EXTENSION_DECISION in running) != (asked and case.rules.clock(K.EXTENSION_DECISION) is not None):
        yield f"{name}：延期裁定期限 {K.EXTENSION_DECISION in running}，待定的申请 {asked}"


def _is_corrected(place):
    """更正: the first date of issue stands."""
    return getattr(place, "reply", None) is not None and place.reply.first_issued_on is not None


def _request_faults(case):
    status = case.proposal.status
    pending = [request for request in case.requests if request.is_open]
    for request in pending:
        # The deputy is owed an answer to an objection, a leader to an instruction, also when the case is closed.
        if status in ENDS and not (request.kind in OUTLASTING and status == P.CLOSED):
            yield f"{status}，却还有待定的{request.get_kind_display()}"
        place = case.place(request.assignment_id) if request.assignment_id else None
        if place is not None and place.status not in (OPEN if request.kind != R.INSTRUCTED else AT_ALL):
            yield f"{place} {place.status}，却还有待定的{request.get_kind_display()}"
        if request.kind == R.PLAN_VIEW and status != P.FILED:
            yield f"{status}，却还在征求拟办意见"
    for place in case.places:
        asked = [r for r in pending if r.kind == R.RETURN and r.assignment_id == place.pk]
        if len(asked) != (place.status == A.RETURN_ASKED):
            yield f"{place} {place.status}，待定的退回申请 {len(asked)}"
    kinds = [(r.kind, r.assignment_id, r.unit_id, r.deputy_id) for r in pending if r.kind not in OUTLASTING]
    if len(set(kinds)) != len(kinds):
        yield f"同一申请有两个待定：{kinds}"


# --- Promises -----------------------------------------------------------------------------------------


def _promise_faults(case):
    """A promise that is not verified has its clock, any other none; what was verified says when.

    The verification that found it not kept ended the clock of its date: reported done once more, it has none until
    the date is moved.
    """
    for promise in case.commitments:
        runs = case.clock_of(promise) is not None
        ended = [c for c in case.clocks if c.commitment_id == promise.pk and c.met_on == promise.verified_on]
        is_reported_anew = promise.status == C.REPORTED and promise.verified_on and bool(ended)
        if runs != promise.is_open and not (is_reported_anew and not runs):
            yield f"承诺 {promise.pk} {promise.status}，期限{'在走' if runs else '没有走'}"
        if runs and case.clock_of(promise).due_on != promise.promised_on:
            yield f"承诺 {promise.pk} 的期限不是它的日期"
        if promise.status in PROMISE_VERIFIED and not promise.verified_on:
            yield f"承诺 {promise.pk} {promise.status}，没有核实日期"
        is_looked_at = promise.look_backs.filter(closed_on=None).exists()
        goes_on = promise.status in PROMISE_FAILED and not promise.settled_on and not promise.replaced_by_id
        if goes_on and not is_looked_at:
            yield f"承诺 {promise.pk} {promise.status}，没有回头看"
        if promise.settled_on and is_looked_at:
            yield f"承诺 {promise.pk} 已了结，回头看还开着"


# --- Whom it waits on ---------------------------------------------------------------------------------


def rows_of(case):
    """The case's `Waiting` rows as comparable tuples, sorted."""
    fields = ("queue", "holder_kind", "holder_id", "assignment_id", "commitment_id", "due_on")
    return sorted(Waiting.objects.filter(proposal=case.proposal).values_list(*fields), key=repr)


def _waiting_faults(case):
    turns = waiting.derive(case)
    derived = [
        (t.queue, t.holder_kind, t.holder_id, t.assignment_id, t.commitment_id, t.due_on) for t in turns
    ]
    written = rows_of(case)
    if sorted(((str(q), str(kind), *rest) for q, kind, *rest in derived), key=repr) != written:
        yield f"现在轮到谁：登记 {written}，推算 {derived}"
    if len(set(written)) != len(written) - _same_objections(written):
        yield f"现在轮到谁有重复：{written}"
    if case.proposal.due_on != waiting.case_due_on(case, turns):
        yield f"建议的到期日 {case.proposal.due_on}，推算 {waiting.case_due_on(case, turns)}"
    ended = case.proposal.status in ENDS
    own = [row for row in written if row[0] not in PROMISE_QUEUES]
    if ended and [row for row in own if row[0] not in (Q.OBJECTION, Q.ANSWER_INSTRUCTION)]:
        yield f"{case.proposal.status}，却还轮到 {written}"
    if not ended and not own:
        yield f"{case.proposal.status}，却谁也没轮到"


def _same_objections(written):
    """Several open objections are several turns of the same kind."""
    return max(sum(row[0] == Q.OBJECTION for row in written) - 1, 0)


def idle_turns(case, offers):
    """Turns about which nobody may do anything; `offers`: {(action code, subject key)} of all people.

    A paper that its deputy cannot hand in any more, having left office, may lie where it is; for a co-signer who
    left nobody need wait (不再等待; another is asked to lead).
    """
    may = set(offers)
    lead_left = not case.proposal.lead.in_office and not case.proposal.is_delegations
    left = {c.deputy_id for c in case.cosignatures if not c.deputy.in_office}
    for turn in waiting.derive(case):
        key = (PROPOSAL, case.proposal.pk)
        if turn.commitment_id:
            key = (COMMITMENT, turn.commitment_id)
        elif turn.assignment_id:
            key = (ASSIGNMENT, turn.assignment_id)
        if lead_left and turn.queue == Q.CONFIRM:
            continue
        if turn.queue in (Q.COSIGN, Q.TAKE_LEAD) and turn.holder_id in left:
            continue
        if lead_left and turn.queue in (Q.DRAFT, Q.REVISE):
            continue
        if not any((code, *key) in may for code in ANSWERS[turn.queue]):
            yield f"轮到 {turn}，却没有人能办"


# --- What was written ---------------------------------------------------------------------------------

FROZEN = ("opening", "answers", "is_oral", "doc_no", "contact_person", "contact_phone", "is_public")


def _reply_faults(case):
    for place in case.places:
        reply = getattr(place, "reply", None)
        rating = case.rating(place)
        is_out = place.role != Role.CO and place.status == A.ANSWERED
        if is_out != _is_issued(place):
            yield f"{place} {place.status}，答复签发于 {reply and reply.issued_at}"
        if rating and not _is_issued(place):
            yield f"{place} 的答复没有签发却有测评"
        if reply and reply.silent_on and not _is_issued(place):
            yield f"{place} 的答复没有签发却记为未表态"
        opinion = case.opinion(place)
        if place.role == Role.CO and place.status == A.ANSWERED and not (opinion and opinion.given_on):
            yield f"{place} 已提交会办意见，但没有送达的意见"


def frozen(case):
    """What must not change while it stands: issued replies, ratings, earlier rounds, who saw an urge first; as
    {what: value}."""
    kept = {}
    for place in case.places:
        reply, rating = getattr(place, "reply", None), case.rating(place)
        if reply and reply.issued_at:
            kept["reply", place.pk, reply.issued_at] = tuple(repr(getattr(reply, name)) for name in FROZEN)
        if rating and not rating.is_proxy:
            kept["rating", rating.pk] = (rating.attitude, rating.result, rating.words, rating.rated_by)
        if place.round < case.proposal.round:
            kept["place", place.pk] = (place.status, place.role, place.answered_on, place.unit_id)
    for request in case.requests:
        if request.seen_at:
            kept["seen", request.pk] = (request.seen_at, request.seen_by)
    for version in ReplyVersion.objects.filter(reply__assignment__proposal=case.proposal):
        kept["version", version.pk] = repr(version.content)
    return kept


def thawed(before, after):
    """What was frozen and has changed or gone; a recalled reply is no longer issued and counts for nothing."""
    was_kept = len([key for key in after if key[0] == "version"]) > len(
        [k for k in before if k[0] == "version"]
    )
    for key, value in before.items():
        if key[0] == "reply" and key not in after and was_kept:
            continue
        if after.get(key) != value:
            yield f"{key} 由 {value} 变成 {after.get(key)}"


# 已看 of an urge: noted by looking at the page alone, refused or not. Once noted it is frozen.
SEEN = {"seen_at", "seen_by"}


def digest(case):
    """All that a refusal must leave alone, as one comparable value."""
    records = [case.proposal, *case.places, *case.clocks, *case.requests, *case.opinions, *case.cosignatures]
    for place in case.places:
        records += [each for each in (getattr(place, "reply", None), case.rating(place)) if each]
    rows = [(type(record).__name__, record.pk, *_values(record)) for record in records]
    return repr(sorted(rows, key=repr)), rows_of(case)


def _values(record):
    for field in record._meta.concrete_fields:
        if field.name in SEEN:
            continue
        value = getattr(record, field.attname)
        yield str(value) if isinstance(field, models.JSONField) else value
