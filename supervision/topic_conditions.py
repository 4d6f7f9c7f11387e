"""重点督办 as a condition of the registry: all key items of a year, those of one topic, of these the replied or late
ones. Counts on the board open these lists, so both sides say the same."""

from django.db.models import Exists, OuterRef, Q

from accounts.models import Role
from proposals.key_items import Condition
from proposals.status import HANDLING

from .models import Topic, TopicCase, TopicState
from .topic_board import REPLIED

STATES = {"replied": "已答复", "late": "超期"}
# To whom topics may be known at all: the others are asked nothing.
KNOWING = frozenset(Role) - {Role.ADMIN, Role.DELEGATION_STAFF}
LIVE = ~Q(state=TopicState.DROPPED)


class KeyItems(Condition):
    """Codes: 2026 (a year), t12 (a topic), either with -replied or -late."""

    def choices(self, reader, chosen):
        """Years and topics that the reader knows of; a code with a state only where it was asked for."""
        if not any(grant.role in KNOWING for grant in reader.grants):
            return []
        offered, year = [], None
        for pk, of_year, title in self._known_to(reader):
            if of_year != year:
                year = of_year
                offered.append((str(year), f"{year} 年重点督办建议"))
            offered.append((f"t{pk}", f"　{title}"))
        base, _, state = str(chosen).partition("-")
        if state in STATES and base in dict(offered):
            offered.append((chosen, f"{dict(offered)[base].strip()}（{STATES[state]}）"))
        return offered

    @staticmethod
    def _known_to(reader):
        """(pk, year, title) of each topic the reader knows of; asked once for each Reader."""
        if not hasattr(reader, "known_topics"):
            topics = Topic.objects.visible_to(reader.user).filter(LIVE).order_by("-year", "rank", "pk")
            reader.known_topics = list(topics.values_list("pk", "year", "title"))
        return reader.known_topics

    def narrow(self, queryset, reader, code):
        """The cases that stand behind a code."""
        base, _, state = code.partition("-")
        topics = Topic.objects.visible_to(reader.user).filter(LIVE)
        topics = topics.filter(pk=int(base[1:])) if base.startswith("t") else topics.filter(year=int(base))
        rows = TopicCase.objects.filter(proposal=OuterRef("pk"), topic__in=topics.order_by().values("pk"))
        queryset = queryset.filter(Exists(rows))
        if state == "replied":
            return queryset.filter(status__in=REPLIED)
        if state == "late":
            queryset = queryset.annotate(key_due=reader.due_key())
            return queryset.filter(status__in=HANDLING, key_due__lt=reader.today)
        return queryset
