"""Who may act: each function returns the grant that allows it, or None."""

from accounts.models import Role
from institutions.succession import units_stood_for

from ..status import AssignmentStatus, CosignState, ProposalStatus, RequestKind

SYSTEM = None  # the actor of what happens by itself


def proposer(case, subject, grants):
    """The lead deputy, also after leaving office; for a delegation's proposal the delegation's staff."""
    proposal = case.proposal
    if proposal.is_delegations:
        return delegation_staff(case, subject, grants)
    for grant in grants:
        if grant.role == Role.DEPUTY and grant.deputy_id == proposal.lead_id:
            return grant
    return None


def delegation_staff(case, subject, grants):
    for grant in grants:
        if grant.role == Role.DELEGATION_STAFF and grant.delegation_id == case.proposal.delegation_id:
            return grant
    return None


def entering_staff(case, subject, grants):
    """Whoever typed the draft in for the deputy (代录): liaison or the delegation's staff."""
    if case.proposal.entered_by_id is None:
        return None
    for grant in grants:
        if grant.user_id == case.proposal.entered_by_id and grant.role in (
            Role.LIAISON,
            Role.DELEGATION_STAFF,
        ):
            return liaison(case, subject, [grant]) or delegation_staff(case, subject, [grant])
    return None


def asked_to_consent(case, subject, grants):
    """A co-signer whose consent to the withdrawal is awaited."""
    request = case.pending(RequestKind.WITHDRAW)
    waiting = request.details["waiting"] if request else ()
    for grant in grants:
        if grant.role == Role.DEPUTY and grant.deputy_id in waiting:
            return grant
    return None


def invited(case, subject, grants):
    """A deputy whose invitation to co-sign is open."""
    open_ids = {c.deputy_id for c in case.cosignatures if c.state == CosignState.INVITED}
    for grant in grants:
        if grant.role == Role.DEPUTY and grant.deputy_id in open_ids and grant.deputy.in_office:
            return grant
    return None


def _congress_wide(role):
    def holder(case, subject, grants):
        for grant in grants:
            if grant.role == role and grant.congress_id == case.proposal.congress_id:
                return grant
        return None

    holder.__name__ = str(role)
    return holder


liaison = _congress_wide(Role.LIAISON)
committee = _congress_wide(Role.COMMITTEE)
leader = _congress_wide(Role.LEADER)
_gov_leader = _congress_wide(Role.GOV_LEADER)


def gov_leader(case, subject, grants):
    """政府领导: of what was assigned through the hub, as in access.py."""
    grant = _gov_leader(case, subject, grants)
    return grant if grant and any(place.unit.is_hub for place in case.places) else None


def has_signed(case, grants):
    """Whether one of the grants is a deputy who proposed or co-signed this case."""
    deputies = _deputies(grants)
    return bool(deputies) and bool(
        deputies & ({case.proposal.lead_id} | {c.deputy_id for c in case.live_cosignatures()})
    )


def _of_unit(role, unit_of=lambda case, place: place):
    def holder(case, subject, grants):
        # Nobody acts for a unit on a case they proposed or co-signed.
        if has_signed(case, grants) or (place := unit_of(case, subject)) is None:
            return None
        for grant in grants:
            if grant.role == role and place.unit_id in units_stood_for(grant.unit_id):
                return grant
        return None

    holder.__name__ = str(role)
    return holder


handler = _of_unit(Role.HANDLER)
signer = _of_unit(Role.SIGNER)
# The hub (督查室) of its own place, and the hub above a child's place.
hub = _of_unit(Role.HUB)
parent_hub = _of_unit(Role.HUB, lambda case, place: case.place(place.parent_id) if place.parent_id else None)
# The handler of the lead that a co place assists.
lead_handler = _of_unit(Role.HANDLER, lambda case, place: case.lead_place(place))


def assigning_side(case, place, grants):
    """交办的一方: the hub for its own children, else the liaison office."""
    if place.parent_id:
        return parent_hub(case, place, grants)
    return liaison(case, place, grants)


def extension_decider(case, place, grants):
    """The assigning side; where the rule set has the hub endorse and the congress decide, the liaison."""
    if case.rules.switch("extension_endorsed_by_hub"):
        return liaison(case, place, grants)
    return assigning_side(case, place, grants)


def proxy_rater(case, place, grants):
    """代录测评: the liaison office, but nobody proxies a rating of their own unit."""
    if any(grant.unit_id and place.unit_id in units_stood_for(grant.unit_id) for grant in grants):
        return None
    return liaison(case, place, grants)


def unit_proxy(case, place, grants):
    """代录 for a unit without access: liaison, or the hub for its children. Never for rating, and, as for any
    unit, by nobody who proposed or co-signed."""
    if place.unit.has_access or has_signed(case, grants):
        return None
    return assigning_side(case, place, grants) or liaison(case, place, grants)


def promise_proxy(case, commitment, grants):
    """`unit_proxy` of the unit that made a promise (承诺)."""
    return unit_proxy(case, case.place_of(commitment), grants)


def lead_proxy(case, place, grants):
    """`unit_proxy` of the lead that a co place assists."""
    lead = case.lead_place(place)
    return unit_proxy(case, lead, grants) if lead else None


def dispatching_hub(case, subject, grants):
    """A hub that passed its place on in this round, and looks after those it gave it to; of a withdrawn case the
    hub that held it to the end, so that its old page is behind, not forged."""
    above = [case.place(p.parent_id) for p in case.places if p.parent_id and p.round == case.proposal.round]
    is_withdrawn = case.proposal.status == ProposalStatus.WITHDRAWN
    hubs = {p.unit_id for p in above if is_withdrawn or p.status == AssignmentStatus.DISPATCHED}
    if has_signed(case, grants):
        return None
    for grant in grants:
        if grant.role == Role.HUB and hubs & units_stood_for(grant.unit_id):
            return grant
    return None


def unless_hidden(who):
    """The same `who`, but nobody where the proposer is hidden (隐名)."""

    def holder(case, subject, grants):
        return None if case.proposal.hides_proposer else who(case, subject, grants)

    holder.__name__ = who.__name__
    return holder


def hidden_contact(case, place, grants):
    """隐名: the unit does not know whom to call, so the liaison office makes and logs the contacts, for a unit that
    works on paper as well."""
    if not case.proposal.hides_proposer or has_signed(case, grants):
        return None
    return liaison(case, place, grants)


contacting_handler, contacting_proxy = unless_hidden(handler), unless_hidden(unit_proxy)


def asked_for_view(case, subject, grants):
    """Staff of a unit (or hub) that was asked for its view on the plan (拟办)."""
    asked = {r.unit_id for r in case.open_requests(RequestKind.PLAN_VIEW)}
    if has_signed(case, grants):
        return None
    for grant in grants:
        if grant.role in (Role.HANDLER, Role.HUB) and asked & units_stood_for(grant.unit_id):
            return grant
    return None


def asked_to_lead(case, subject, grants):
    """The co-signer who is asked to take over the lead."""
    asked = {r.deputy_id for r in case.open_requests(RequestKind.LEAD)}
    for grant in grants:
        if grant.role == Role.DEPUTY and grant.deputy_id in asked:
            return grant
    return None


def sending_handler(case, subject, grants):
    """Whoever sent the draft for signing, to take it back (撤回送审): the handler, or who entered it (代录)."""
    grant = handler(case, subject, grants) or unit_proxy(case, subject, grants)
    if grant is None:
        return None
    reply = case.reply(subject)
    if reply and reply.sent_by_id == grant.user_id:
        return grant
    opinion = case.opinion(subject)
    if opinion and opinion.given_on is None and opinion.sent_by_id == grant.user_id:
        return grant
    return None


# Who acts for a unit that does not use the system (代录).
FOR_UNITS = frozenset({unit_proxy, contacting_proxy, lead_proxy, promise_proxy, sending_handler})


def may_be_entered(case, who):
    """Whether a step that is open to `who` may be a unit's, entered for it (代录). Where the proposer is hidden (隐名)
    the contacts are the office's own."""
    is_own_contact = hidden_contact in who and case.proposal.hides_proposer
    return not FOR_UNITS.isdisjoint(who) and not is_own_contact


# --- Whose right has ended -----------------------------------------------------------------------------


def _deputies(grants):
    return {grant.deputy_id for grant in grants if grant.role == Role.DEPUTY}


def _once_led(case, grants):
    former = {r.details.get("former_lead") for r in case.requests if r.kind == RequestKind.LEAD}
    name = case.proposal.lead.name
    return f"已由{name}代表领衔，这一步请{name}代表办。" if former & _deputies(grants) else None


def _once_invited(case, grants):
    states = {c.state for c in case.cosignatures if c.deputy_id in _deputies(grants)}
    if CosignState.DROPPED in states:
        return "领衔代表已不再等待您的附议，不用再答复。"
    return "这份附议邀请您已经答复过，不用再答复。" if states else None


def _once_asked_to_consent(case, grants):
    was_asked = any(request.kind == RequestKind.WITHDRAW for request in case.requests)
    signed = {c.deputy_id for c in case.confirmed_cosignatures()}
    if was_asked and signed & _deputies(grants):
        return "您已经表过态，或者撤回申请已经有结果，不用再答复。"
    return None


def _once_asked_to_lead(case, grants):
    asked = {request.deputy_id for request in case.requests if request.kind == RequestKind.LEAD}
    return "变更领衔的请求已经有结果，不用再答复。" if asked & _deputies(grants) else None


def _once_asked_for_view(case, grants):
    asked = {request.unit_id for request in case.requests if request.kind == RequestKind.PLAN_VIEW}
    mine = (grant.unit_id for grant in grants if grant.role in (Role.HANDLER, Role.HUB))
    if any(asked & units_stood_for(unit_id) for unit_id in mine):
        return "同事已经答复，或者已不再征求意见，不用再答复。"
    return None


def _once_dispatched(case, grants):
    if has_signed(case, grants):
        return None
    held = {place.unit_id for place in case.places if place.unit.is_hub}
    if any(grant.role == Role.HUB and held & units_stood_for(grant.unit_id) for grant in grants):
        return "这件现在没有你单位分办的单位，请刷新。"
    return None


# Of a right that depends on the case, not on the grant alone: why it has ended for somebody who had it, as
# `(case, grants)` -> a sentence or None. Their old page is behind, not forged.
ONCE = {
    proposer: _once_led,
    invited: _once_invited,
    asked_to_consent: _once_asked_to_consent,
    asked_to_lead: _once_asked_to_lead,
    asked_for_view: _once_asked_for_view,
    dispatching_hub: _once_dispatched,
}


def once_held(row, case, actor):
    """Why a right that this person had to the row has ended, as a sentence; None for whoever never had it."""
    grants = actor.active_grants()
    found = (ONCE[who](case, grants) for who in row.who if who in ONCE)
    return next((words for words in found if words), None)


def system(case, subject, grants):
    """Nobody signed in: `perform` lets the system act before it asks."""
    return
