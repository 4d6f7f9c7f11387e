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


class SecretStubQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Stubs of 涉密件 that exist for this user (access.visible_stubs)."""
        from ..access import visible_stubs

        return visible_stubs(self, user)


class CommitmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Promises that exist for this user (access.visible_commitments)."""
        from ..access import visible_commitments

        return visible_commitments(self, user)


class AssignmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Places that exist for this user (access.visible_assignments)."""
        from ..access import visible_assignments

        return visible_assignments(self, user)
