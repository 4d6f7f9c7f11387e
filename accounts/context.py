"""What the page header needs, for every template."""

from functools import cached_property

from django.utils.functional import SimpleLazyObject

from accounts import nav
from accounts.grants import may_administer
from institutions.models import Congress


def shell(request):
    """Context processor: `shell`, worked out only by pages that show the header."""
    return {"shell": SimpleLazyObject(lambda: Shell(request))}


class Shell:
    """The header of one page for one person; for a visitor just the brand."""

    def __init__(self, request):
        self.path = request.path
        user = getattr(request, "user", None)
        self.user = user if user is not None and user.is_authenticated else None

    @cached_property
    def grant(self):
        """The grant that names the person's place: the first one in force."""
        grants = self.user.active_grants() if self.user else []
        return grants[0] if grants else None

    @cached_property
    def congress(self):
        """The person's congress; for a visitor the only one there is, if it is the only one."""
        if self.grant:
            return self.grant.congress
        congresses = Congress.objects.filter(is_active=True)[:2]
        return congresses[0] if len(congresses) == 1 else None

    @cached_property
    def has_public_list(self):
        """Whether some congress shows its published proposals to visitors."""
        return Congress.objects.filter(is_active=True, is_public=True).exists()

    @property
    def office_name(self):
        return self.congress.office_name if self.congress else ""

    @property
    def place(self):
        return self.grant.place if self.grant else ""

    @property
    def big(self):
        return bool(self.user and self.user.wants_big_type)

    @property
    def may_administer(self):
        return may_administer(self.user)

    @cached_property
    def links(self):
        return nav.links_for(self.user, self.path) if self.user else []

    @property
    def bar(self):
        return self._in("bar")

    @property
    def tools(self):
        return self._in("tool")

    @property
    def tabs(self):
        return self._in("tab")

    @property
    def menu(self):
        return self._in("menu")

    @property
    def bar_is_in_tabs(self):
        """Phones may hide the main navigation when bottom bar and tools hold all of it."""
        below = {link.url for link in self.tabs} | {link.url for link in self.tools}
        return all(link.url in below for link in self.bar)

    def _in(self, slot):
        return [link for link in self.links if slot in link.entry.slots]
