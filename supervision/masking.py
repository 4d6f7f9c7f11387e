"""Titles of cases on supervision's own lists, as the judged side may read them (隐名)."""

from accounts.grants import grants_of
from proposals.access import CONGRESS_ROLES
from proposals.masking import named_in_text
from proposals.models import Proposal


def masked_titles(proposals, user):
    """{proposal key: title without a name} of hidden ones whose title names somebody; empty for the congress's side."""
    hidden = [proposal.pk for proposal in proposals if proposal.hides_proposer]
    if not hidden or grants_of(user, *CONGRESS_ROLES):
        return {}
    return {row.pk: row.title for row in named_in_text(Proposal.objects.filter(pk__in=hidden))}
