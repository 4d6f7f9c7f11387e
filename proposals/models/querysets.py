"""`visible_to` on the models themselves; the rules stand in proposals/access.py."""

from django.db import models


class ProposalQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Proposals that exist for this user (access.visible_proposals)."""
        from ..access import visible_proposals

        return visible_proposals(self, user)

    def listed_to(self, user):
        """Those that lists show this user: never a draft (access.listed_proposals)."""
        from ..access import listed_proposals

        return listed_proposals(self, user)


class AssignmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Places that exist for this user (access.visible_assignments)."""
        from ..access import visible_assignments

        return visible_assignments(self, user)
