"""Who is told of an action: each returns the users' primary keys."""

from accounts.models import Grant, Role

from ..status import AssignmentRole, CosignState


def _users(today, **condition):
    grants = Grant.objects.in_force(today).filter(user__is_active=True, **condition)
    return set(grants.values_list("user_id", flat=True))


def proposer(case, subject):
    return _users(case.today, role=Role.DEPUTY, deputy_id=case.proposal.lead_id)


def signatories(case, subject):
    """The proposer and every co-signer who confirmed."""
    ids = [case.proposal.lead_id] + [c.deputy_id for c in case.confirmed_cosignatures()]
    return _users(case.today, role=Role.DEPUTY, deputy_id__in=ids)


def invited(case, subject):
    """Deputies whose invitation is open."""
    ids = [c.deputy_id for c in case.cosignatures if c.state == CosignState.INVITED]
    return _users(case.today, role=Role.DEPUTY, deputy_id__in=ids)


def liaison(case, subject):
    return _users(case.today, role=Role.LIAISON, congress_id=case.proposal.congress_id)


def unit_handlers(case, subject):
    """Handlers of the place acted on."""
    return _users(case.today, role=Role.HANDLER, unit_id=subject.unit_id)


def unit_signers(case, subject):
    return _users(case.today, role=Role.SIGNER, unit_id=subject.unit_id)


def open_units(case, subject):
    """Handlers of every open place of the round."""
    ids = [place.unit_id for place in case.round_places if place.is_open]
    return _users(case.today, role=Role.HANDLER, unit_id__in=ids)


def round_units(case, subject):
    """Handlers of every place of the round."""
    return _users(case.today, role=Role.HANDLER, unit_id__in=[p.unit_id for p in case.round_places])


def lead_unit(case, subject):
    """Handlers of the lead that a co place assists."""
    if subject.role != AssignmentRole.CO or (lead := case.lead_place(subject)) is None:
        return set()
    return _users(case.today, role=Role.HANDLER, unit_id=lead.unit_id)


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
