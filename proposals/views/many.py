"""One form for several cases: each is an action of its own, done once however often the form is sent."""

import uuid

from accounts.grants import log_refusal

from ..models import Proposal
from ..workflow import Refused, perform


def form_id(request):
    """The number (request_id) that the posted form carries, as a UUID; a new one where it carries none."""
    try:
        return uuid.UUID(request.POST.get("request_id", ""))
    except ValueError:
        return uuid.uuid4()


def perform_one(request, action, subject, *, version, data=None):
    """Carry out one action of the form on a proposal or a place, by whoever is signed in. Returns why it was not
    done, as a sentence, which is logged when it was forged; empty when it was."""
    proposal = subject if isinstance(subject, Proposal) else subject.proposal
    try:
        perform(
            action,
            subject,
            actor=request.user,
            data=data,
            version=version,
            request_id=uuid.uuid5(form_id(request), f"{action}:{subject.pk}"),
        )
    except Refused as refused:
        if getattr(refused, "is_forged", False):
            log_refusal(request.user, action, f"{proposal.pk} {refused.words}", proposal.congress)
        return refused.words
    return ""
