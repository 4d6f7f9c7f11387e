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

    def published_by(self, congress):
        """Those that anybody may read (access.published_proposals)."""
        from ..access import published_proposals

        return published_proposals(self, congress)


class AssignmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Places that exist for this user (access.visible_assignments)."""
        from ..access import visible_assignments

        return visible_assignments(self, user)
