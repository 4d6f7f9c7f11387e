"""Who is told of an action: each returns the users' primary keys."""

from accounts.models import Grant, Role
from institutions.succession import acting_unit

from ..status import AssignmentRole, AssignmentStatus, CosignState, ProposalStatus, RequestKind
from . import extending, instructing


def _users(today, **condition):
    grants = Grant.objects.in_force(today).filter(user__is_active=True, **condition)
    return set(grants.values_list("user_id", flat=True))


def proposer(case, subject):
    if case.proposal.is_delegations:
        return _users(case.today, role=Role.DELEGATION_STAFF, delegation_id=case.proposal.delegation_id)
    return _users(case.today, role=Role.DEPUTY, deputy_id=case.proposal.lead_id)


def signatories(case, subject):
    """The proposer and every co-signer who confirmed."""
    ids = [case.proposal.lead_id] + [c.deputy_id for c in case.confirmed_cosignatures()]
    users = _users(case.today, role=Role.DEPUTY, deputy_id__in=ids)
    return users | proposer(case, subject) if case.proposal.is_delegations else users


def invited(case, subject):
    """Deputies whose invitation is open."""
    ids = [c.deputy_id for c in case.cosignatures if c.state == CosignState.INVITED]
    return _users(case.today, role=Role.DEPUTY, deputy_id__in=ids)


def liaison(case, subject):
    return _users(case.today, role=Role.LIAISON, congress_id=case.proposal.congress_id)


def _at(case, role, places):
    """Holders of a role at the units that act for these places today (a successor for an abolished unit)."""
    return _users(case.today, role=role, unit_id__in={acting_unit(place.unit_id) for place in places})


def _workers(case, places):
    """Who works on these places: handlers, at a hub its staff."""
    hubs = [place for place in places if place.unit.is_hub]
    return _at(case, Role.HANDLER, [p for p in places if not p.unit.is_hub]) | _at(case, Role.HUB, hubs)


def unit_handlers(case, subject):
    """Who works on the place acted on: handlers, or the hub's staff."""
    return _workers(case, [subject])


def unit_signers(case, subject):
    """Signers of the unit, once something waits for their signature; nobody where none is asked for."""
    return _at(case, Role.SIGNER, [subject]) if subject.status == AssignmentStatus.SIGNING else set()


def assigning_side(case, subject):
    """Whoever decides on a unit's request: the hub above it, else the liaison office."""
    if subject.parent_id:
        return _at(case, Role.HUB, [case.place(subject.parent_id)])
    return liaison(case, subject)


def extension_decider(case, subject):
    """Who decides on more time, or first endorses it; nobody where the unit only explains (豫办法)."""
    return assigning_side(case, subject) if extending.needs_consent(case) else set()


def put_off(case, subject):
    """Where nobody decides on more time: the deputies, to whom it is explained, and the assigning side."""
    if extending.needs_consent(case):
        return set()
    return signatories(case, subject) | assigning_side(case, subject)


def child_units(case, subject):
    """Handlers of a hub's children."""
    return _at(case, Role.HANDLER, case.children(subject))


def new_units(case, subject):
    """Handlers (or hubs) of places opened just now."""
    return _workers(case, [p for p in case.round_places if p.pk in case.opened])


def released_units(case, subject):
    """Handlers (or hubs) of places taken away just now."""
    return _workers(case, [p for p in case.places if p.pk in case.released])


def round_hubs(case, subject):
    return _at(case, Role.HUB, [p for p in case.round_places if p.unit.is_hub])


def asked_units(case, subject):
    """Handlers (or hubs) of units whose view on the plan is asked."""
    ids = {acting_unit(r.unit_id) for r in case.open_requests(RequestKind.PLAN_VIEW)}
    return _users(case.today, role__in=(Role.HANDLER, Role.HUB), unit_id__in=ids)


def asked_to_lead(case, subject):
    ids = [r.deputy_id for r in case.open_requests(RequestKind.LEAD)]
    return _users(case.today, role=Role.DEPUTY, deputy_id__in=ids)


def consenting(case, subject):
    """Co-signers whose consent to a withdrawal is awaited."""
    request = case.pending(RequestKind.WITHDRAW)
    ids = request.details["waiting"] if request else []
    return _users(case.today, role=Role.DEPUTY, deputy_id__in=ids)


def once_withdrawn(audience):
    """The audience as soon as the proposal is withdrawn; nobody while consents are awaited."""

    def told(case, subject):
        is_done = case.proposal.status == ProposalStatus.WITHDRAWN
        return audience(case, subject) if is_done else set()

    return told


def urging_side(case, subject):
    """The office, and the side that urged last: a hub's staff, else the committee member or leader in person."""
    urges = [r for r in case.requests if r.kind == RequestKind.URGE and r.assignment_id == subject.pk]
    by = urges[-1].details if urges else {}
    if by.get("role") == Role.HUB:
        return liaison(case, subject) | assigning_side(case, subject)
    person = _users(case.today, congress_id=case.proposal.congress_id, user_id=by.get("user"))
    return liaison(case, subject) | person


def _owing_answers(case, whole):
    return [case.place(r.assignment_id) for r in instructing.answers_to(case, whole)]


def instructed_units(case, subject):
    """Handlers (or hubs) of the places that the instruction given just now addresses."""
    return _workers(case, _owing_answers(case, instructing.latest(case)))


def instructing_leaders(case, subject):
    """Who gave the instruction that a unit answered just now."""
    answered = case.answered_instruction
    return _active(case, [whole.details["user"] for whole in case.requests if whole.pk == answered])


def marked_leader(case, subject):
    """Who gave the instruction that was marked just now."""
    return _active(case, [case.marked.details["user"]])


def reported_leader(case, subject):
    """The leader to whom the case was reported just now."""
    return _active(case, [[r for r in case.requests if r.kind == RequestKind.REPORT][-1].details["leader"]])


def _active(case, user_ids):
    """Those of these users who still act in the congress."""
    return _users(case.today, congress_id=case.proposal.congress_id, user_id__in=list(user_ids))


def overseers(case, subject):
    """People of the committees that supervise the case."""
    return _of_committees(case, [each for each in case.oversights if each.ended_on is None])


def handed_back(case, subject):
    """People of the committee whose 督办 ended just now."""
    return _of_committees(case, [case.handed_back])


def _of_committees(case, oversights):
    ids = {each.committee_id for each in oversights}
    return _users(case.today, role=Role.COMMITTEE, committee_id__in=ids) if ids else set()


def urged_units(case, subject):
    """Handlers (or hubs) of the places that were urged just now."""
    return _workers(case, _urged(case))


def urged_signers(case, subject):
    """Signers of those among them that wait for a signature."""
    return _at(case, Role.SIGNER, [p for p in _urged(case) if p.status == AssignmentStatus.SIGNING])


def _urged(case):
    return [place for place in case.places if place.pk in case.urged]


def round_units(case, subject):
    """Handlers (or hubs) of every place of the round."""
    return _workers(case, case.round_places)


def lead_unit(case, subject):
    """Handlers of the lead that a co place assists, once the opinion is given: not while it is being signed."""
    if subject.status != AssignmentStatus.ANSWERED:
        return set()
    if subject.role != AssignmentRole.CO or (lead := case.lead_place(subject)) is None:
        return set()
    return _at(case, Role.HANDLER, [lead])


def rater(case, subject):
    """The proposer, who alone rates the issued reply; nobody for a co-opinion."""
    return proposer(case, subject) if subject.replies else set()


def reply_readers(case, subject):
    """Deputies to whom the issued reply was delivered; nobody for a co-opinion."""
    if not subject.replies:
        return set()
    if case.rules.switch("reply_to") == "lead":
        return proposer(case, subject)
    return signatories(case, subject)
