"""What stands in the page header: a registry that the upper layers fill in `AppConfig.ready()`.

So the shell of every page knows nothing of proposals or notices: it shows the entries whose role the signed-in
person holds.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse

SLOTS = ("bar", "tool", "tab", "menu")
COUNT_CAP = 999


@dataclass(frozen=True)
class Entry:
    """One link of the header."""

    roles: frozenset[str] | None
    label: str
    url_name: str
    order: int
    count: Callable | None
    icon: str
    slots: frozenset[str]

    def is_for(self, roles):
        return self.roles is None or bool(self.roles & roles)


_entries: dict[tuple[str, frozenset[str]], Entry] = {}


def register(
    roles: Iterable[str] | None,
    label: str,
    url_name: str,
    order: int,
    count: Callable | None = None,
    *,
    icon: str = "",
    slots: Iterable[str] = ("bar",),
):
    """Add a link to the header, sorted by `order`; the same `url_name` in the same slots again replaces it.

    roles: those who see it; None for everybody signed in.  count: `count(user)` returns a number to show beside
    the label (0 and None show nothing).  icon: Tabler icon name without `ti-`.  slots: where it stands: `bar`
    (main navigation), `tool` (icon at the right), `tab` (bottom bar on phones), `menu` (the person's menu).
    Raises ValueError for an unknown slot.
    """
    slots = frozenset(slots)
    if unknown := slots - set(SLOTS):
        raise ValueError(f"unknown slot: {', '.join(sorted(unknown))}")
    roles = None if roles is None else frozenset(str(role) for role in roles)
    _entries[url_name, slots] = Entry(roles, label, url_name, order, count, icon, slots)


class Link:
    """An entry as one person sees it on one page; its count is asked for once, and only when shown."""

    def __init__(self, entry, user):
        self.entry, self.user = entry, user
        self.label, self.icon = entry.label, entry.icon
        self.counts = entry.count is not None
        self.url = reverse(entry.url_name)
        self.is_current = False

    @cached_property
    def count(self):
        """The number as text, capped at 999+; empty for nothing."""
        number = self.entry.count(self.user) if self.entry.count else None
        if not number:
            return ""
        return f"{COUNT_CAP}+" if number > COUNT_CAP else str(number)


def links_for(user, path):
    """Return the links of `user` in order, the one that `path` belongs to marked as current."""
    roles = {grant.role for grant in user.active_grants()}
    links = [
        Link(entry, user) for entry in sorted(_entries.values(), key=lambda e: e.order) if entry.is_for(roles)
    ]
    candidates = [link for link in links if _leads_to(link.url, path)]
    longest = max((len(link.url) for link in candidates), default=0)
    for link in candidates:
        # The same address may stand in the bar and, under another word, at the bottom.
        link.is_current = len(link.url) == longest
    return links


def _leads_to(url, path):
    """A page belongs to the entry with the longest address that its own begins with; the home only to itself."""
    return path == url or (url != "/" and path.startswith(url))
