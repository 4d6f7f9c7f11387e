"""Who may act: each function returns the grant that allows it, or None."""

from accounts.models import Role

from ..status import CosignState

SYSTEM = None  # the actor of what happens by itself


def proposer(case, subject, grants):
    """The lead deputy, also after leaving office."""
    for grant in grants:
        if grant.role == Role.DEPUTY and grant.deputy_id == case.proposal.lead_id:
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


def has_signed(case, grants):
    """Whether one of the grants is a deputy who proposed or co-signed this case."""
    signers = {case.proposal.lead_id} | {c.deputy_id for c in case.live_cosignatures()}
    return any(grant.role == Role.DEPUTY and grant.deputy_id in signers for grant in grants)


def _of_unit(role):
    def holder(case, subject, grants):
        # Nobody acts for a unit on a case they proposed or co-signed.
        if has_signed(case, grants):
            return None
        for grant in grants:
            if grant.role == role and grant.unit_id == subject.unit_id:
                return grant
        return None

    holder.__name__ = str(role)
    return holder


handler = _of_unit(Role.HANDLER)
signer = _of_unit(Role.SIGNER)


def sending_handler(case, subject, grants):
    """The handler who sent the draft for signing, to take it back (撤回送审)."""
    grant = handler(case, subject, grants)
    if grant is None:
        return None
    reply = case.reply(subject)
    if reply and reply.sent_by_id == grant.user_id:
        return grant
    opinion = case.opinion(subject)
    if opinion and opinion.given_on is None and opinion.sent_by_id == grant.user_id:
        return grant
    return None


def system(case, subject, grants):
    """Nobody signed in: `perform` lets the system act before it asks."""
    return
