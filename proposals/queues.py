"""The queues of the office (队列): what each is, how many wait in it, and the filters inside one."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Func, IntegerField, Q, Subquery

from institutions.models import Congress

from .filters import choices_of
from .models import Assignment, Waiting
from .pending import on_paper
from .quiet import quiet_by
from .status import PROMISE_QUEUES, ClockKind, HolderKind, Queue, Source
from .workflow.waiting import NO_TERMS

SILENT_DAYS = 365
PAPER = "paper"
NOT_HERE = (HolderKind.DEPUTY, HolderKind.HUB, HolderKind.DELEGATION)
DUE_RANGES = ("all", "late", "orange", "yellow")


@dataclass(frozen=True)
class Stack:
    """One entry of the list of queues. `kind`: the clock it runs on; `action`: the page that works it off."""

    code: str
    label: str
    icon: str
    todo: str
    kind: str = ""
    action: str = ""
    is_own: bool = True


STACKS = {
    stack.code: stack
    for stack in (
        Stack(
            Queue.REVIEW,
            "待审查",
            "clipboard-check",
            "立案、退回修改或不作建议处理",
            ClockKind.REVIEW,
            "proposals:review",
        ),
        Stack(Queue.ASSIGN, "待交办", "send", "交给承办单位", ClockKind.ASSIGN, "proposals:assign"),
        Stack(
            Queue.RETURN, "退回申请", "arrow-back-up", "同意调整或请原单位继续办", ClockKind.RETURN_DECISION
        ),
        Stack(
            Queue.EXTENSION, "延期申请", "calendar-time", "批准或不批准", ClockKind.EXTENSION_DECISION
        ),
        Stack(Queue.OBJECTION, "异议", "message-2-exclamation", "代表对承办单位或沟通记录有异议的，请答复"),
        Stack(Queue.JUDGE, "不满意待研判", "mood-sad", "研判办结或责成重新办理", ClockKind.JUDGE, "proposals:judge"),
        Stack(
            Queue.COORDINATE,
            "协调研究",
            "users-group",
            "协调办结或再次责成重新办理",
            ClockKind.COORDINATION,
            "proposals:judge",
        ),
        Stack(Queue.VERIFY, "承诺待核实", "flag-check", "单位报告完成的、代表有异议的，请核实"),
        Stack(PAPER, "待代录测评", "writing", "没有账号的代表，凭签名的征询意见表代录"),
        Stack("due", "超期和临期", "hourglass-low", "承办单位这一步已超期或快到期的", is_own=False),
        Stack("quiet", "没有动静", "zzz", "签收后没有沟通、没有进展，也没有办别的", is_own=False),
        Stack("urged", "催办未回复", "speakerphone", "催办后承办单位还没有回复的", is_own=False),
        Stack("silent", "未表态", "eye-off", "近一年测评期满没有收到代表评价的", is_own=False),
    )
}  # fmt: skip


# --- Counts -------------------------------------------------------------------------------------------


@dataclass
class Tally:
    """How many wait in a queue, how many of them are late or due today."""

    total: int = 0
    late: int = 0
    today: int = 0


def count_stacks(congress_ids, reader):
    """A Tally for each stack: one GROUP BY over who it waits on, one count each of places without movement and of
    replies without a rating."""
    today, near = reader.today, near_until(reader)
    here = ~Q(holder_kind__in=NOT_HERE)
    rows = (
        Waiting.objects.filter(congress_id__in=congress_ids)
        .order_by()
        .values("queue")
        .annotate(
            total=Count("pk", filter=here),
            everywhere=Count("pk"),
            urges_late=Count("pk", filter=Q(due_on__lt=today)),
            late=Count("pk", filter=here & Q(due_on__lt=today)),
            now=Count("pk", filter=here & Q(due_on=today)),
            near=Count("pk", filter=here & Q(due_on__lte=near)),
            paper=Count("pk", filter=on_paper()),
        )
    )
    tallies = {code: Tally() for code in STACKS}
    for row in rows:
        if row["queue"] == Queue.RATE:
            tallies[PAPER].total = row["paper"]
        elif row["queue"] in PROMISE_QUEUES - {Queue.VERIFY}:
            continue  # followed in the ledger (承诺台账)
        elif row["queue"] == Queue.ANSWER_URGE:
            tallies["urged"] = Tally(row["everywhere"], row["urges_late"])
        elif row["queue"] in tallies:
            tallies[row["queue"]] = Tally(row["total"], row["late"], row["now"])
        elif row["queue"] not in NO_TERMS:
            due = tallies["due"]
            tallies["due"] = Tally(due.total + row["near"], due.late + row["late"], due.today + row["now"])
    quiet, silent = quiet_places(congress_ids, reader), silent_places(congress_ids, reader)
    tallies["quiet"].total, tallies["silent"].total = _counts(congress_ids, quiet, silent)
    return tallies


def near_until(reader):
    return reader.today + timedelta(reader.rules.yellow_days)


def _counts(congress_ids, *querysets):
    """The number of rows of each queryset, in one query: they stand on every page of the desk."""
    # COUNT as a plain function: as an aggregate it would group the subquery.
    numbers = (rows.order_by().annotate(n=Func("pk", function="COUNT")).values("n") for rows in querysets)
    one_row = Congress.objects.filter(pk=min(congress_ids))
    found = one_row.values_list(*(Subquery(number, output_field=IntegerField()) for number in numbers)).get()
    return [number or 0 for number in found]  # of a queryset that is empty by itself SQL says NULL


def quiet_places(congress_ids, reader):
    """没有动静: places of these congresses where nothing was done for long (a queryset of Assignment)."""
    return quiet_by(reader.rules, reader.today).places().filter(congress_id__in=congress_ids)


def silent_places(congress_ids, reader):
    since = reader.today - timedelta(SILENT_DAYS)
    return Assignment.objects.filter(congress_id__in=congress_ids, reply__silent_on__gte=since)


# --- Filters inside a queue -----------------------------------------------------------------------------


class QueueFilter:
    """Words, delegation, category and source of one queue. What is not on offer is left out silently:
    the selects show what is in force."""

    def __init__(self, query, congress_ids):
        offered = choices_of(congress_ids)
        self.words = query.get("words", "").replace("\x00", "").strip()[:200]
        self.delegations, self.categories = offered["delegation"], offered["category"]
        self.sources = [choice for choice in Source.choices if choice[0] in (Source.SESSION, Source.RECESS)]
        self.delegation = _offered(query.get("delegation"), self.delegations)
        self.category = _offered(query.get("category"), self.categories)
        self.source = _offered(query.get("source"), self.sources)
        self.range = query.get("range") if query.get("range") in DUE_RANGES else DUE_RANGES[0]
        self.newest_first = query.get("sort") == "submitted"

    @property
    def is_active(self):
        return bool(self.words or self.delegation or self.category or self.source)

    def condition(self, prefix=""):
        """The filters as a condition on proposals, or on rows that lead to them by `prefix`."""
        condition = Q()
        for name in ("delegation", "category", "source"):
            if value := getattr(self, name):
                condition &= Q(**{prefix + name: value})
        for word in self.words.split():
            condition &= (
                Q(**{f"{prefix}number__icontains": word})
                | Q(**{f"{prefix}title__icontains": word})
                | Q(**{f"{prefix}lead__name__icontains": word})
            )
        return condition


def _offered(value, choices):
    return value if value in dict(choices) else ""
