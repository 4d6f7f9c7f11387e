"""提醒设置 of a congress: its stages and its sending, each change kept with who, when, from what to what."""

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from institutions.models import Congress
from notifications.models import MessagePlan
from notifications.services import forget_hours
from proposals.status import ClockKind

from .models import REMINDED_KINDS, ReminderChange, ReminderPlan, parse_days

KINDS = dict(REMINDED_KINDS)
# The columns of a plan in the order of the form, and how the history names them.
PLAN_FIELDS = {
    "before": "到期前几天提醒",
    "on_day": "到期当天提醒",
    "every": "超期后每几天提醒",
    "signer_from": "到期前几天起告诉签发人",
    "signer_after": "超期几天告诉签发人",
    "side_after": "超期几天告诉交办方",
    "sms": "发短信",
}
# Kinds that no unit owes: nobody signs, and nobody stands above.
WITHOUT_UNIT = frozenset(
    {
        ClockKind.REVIEW,
        ClockKind.REVISE,
        ClockKind.ASSIGN,
        ClockKind.RETURN_DECISION,
        ClockKind.EXTENSION_DECISION,
        ClockKind.RATING,
        ClockKind.JUDGE,
        ClockKind.COORDINATION,
    }
)
OF_UNITS_ALONE = frozenset({"signer_from", "signer_after", "side_after"})
SENDING_FIELDS = {
    "digest_at": "每日汇总时间",
    "sms_urges": "催办发短信",
    "sms_replies": "答复送达时给代表发短信",
}


class Outdated(Exception):
    """Somebody else changed it meanwhile; `change` is the newest line of the history."""

    def __init__(self, change):
        super().__init__()
        self.change = change


@dataclass(frozen=True)
class PlanLine:
    """One kind of clock on the page: its plan in words."""

    kind: str
    label: str
    cells: dict
    is_default: bool

    @property
    def shown(self):
        """(column, words) of each cell, for cards on a phone that have no heading row."""
        return [(PLAN_FIELDS[name], words) for name, words in self.cells.items()]


def plan_of(congress, kind):
    """The ReminderPlan of a kind; one with the defaults, not saved, where none was edited."""
    return ReminderPlan.objects.filter(congress=congress, kind=kind).first() or ReminderPlan(
        congress=congress, kind=kind
    )


def sending_of(congress):
    """The MessagePlan of a congress; one with the defaults, not saved, where none was edited."""
    found = MessagePlan.objects.filter(congress=congress).first()
    return found or MessagePlan(congress=congress, digest_at=settings.DIGEST_HOUR)


def plan_lines(congress):
    """All kinds with their stages in words (one query)."""
    edited = {plan.kind: plan for plan in ReminderPlan.objects.filter(congress=congress)}
    lines = []
    for kind, label in REMINDED_KINDS:
        plan = edited.get(kind) or ReminderPlan(congress=congress, kind=kind)
        cells = {
            name: "—"
            if kind in WITHOUT_UNIT and name in OF_UNITS_ALONE
            else in_words(name, getattr(plan, name))
            for name in PLAN_FIELDS
        }
        lines.append(PlanLine(kind, label, cells, kind not in edited))
    return lines


def in_words(name, value):
    """A setting as people read it."""
    if name == "before":
        days = parse_days(value)
        return "、".join(map(str, days)) + " 天" if days else "不提醒"
    if name == "sms":
        return ReminderPlan.Sms(value).label
    if name == "digest_at":
        return value.strftime("%H:%M")
    if isinstance(value, bool):
        return "是" if value else "否"
    if value == 0:
        return {"every": "不再提醒"}.get(name, "不告诉")
    return f"每 {value} 天" if name == "every" else f"{value} 天"


def fingerprint(row, fields):
    """What a page showed of a row, so that a change made meanwhile is noticed."""
    return "|".join(str(getattr(row, name)) for name in fields)


def keep_plan(congress, kind, values, *, actor, seen=None):
    """Write the stages of a kind with a line of history per change; returns the changes. Raises Outdated."""
    return _keep(congress, lambda: plan_of(congress, kind), values, PLAN_FIELDS, KINDS[kind], actor, seen)


def keep_sending(congress, values, *, actor, seen=None):
    """Write when digests are made and what goes by SMS, with history; returns the changes. Raises Outdated."""
    changes = _keep(congress, lambda: sending_of(congress), values, SENDING_FIELDS, "", actor, seen)
    forget_hours()
    return changes


def _keep(congress, load, values, fields, label, actor, seen):
    with transaction.atomic():
        # One change of a congress's settings at a time, on either database.
        Congress.objects.select_for_update().get(pk=congress.pk)
        row = load()
        changes = _changes(congress, row, values, fields, label, actor)
        if changes and seen is not None and seen != fingerprint(row, fields):
            raise Outdated(ReminderChange.objects.filter(congress=congress).first())
        if changes:
            for name in fields:
                setattr(row, name, values[name])
            row.save()
            ReminderChange.objects.bulk_create(changes)
    return changes


def note_changes(old, new, *, actor):
    """Keep what differs between a plan as it was and as it is: for a change made elsewhere (系统管理)."""
    values = {name: getattr(new, name) for name in PLAN_FIELDS}
    label = KINDS[new.kind]
    ReminderChange.objects.bulk_create(_changes(new.congress, old, values, PLAN_FIELDS, label, actor))


def _changes(congress, row, values, fields, label, actor):
    changes = []
    for name, words in fields.items():
        old, new = in_words(name, getattr(row, name)), in_words(name, values[name])
        if old != new:
            changes.append(
                ReminderChange(
                    congress=congress,
                    user=actor,
                    who=str(actor)[:60],
                    what=f"{label}：{words}" if label else words,
                    old=old[:80],
                    new=new[:80],
                )
            )
    return changes
