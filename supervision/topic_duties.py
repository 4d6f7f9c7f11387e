"""Steps of the plan (督办计划) as duties: whoever answers for one is reminded of it by the usual stages."""

from institutions.succession import acting_unit
from proposals.masking import masked
from proposals.status import HolderKind

from .duties import COMMITTEE, USER, Duty
from .models import Milestone, RoleKind, Topic, TopicState
from .topic_masking import names_hidden_in


def open_steps(seats=None):
    """A Duty per open step and side that answers for it; those of decided topics alone."""
    through = Milestone.who.through.objects.filter(
        milestone__done_on=None, milestone__topic__state=TopicState.DECIDED
    )
    rows = through.select_related("milestone__topic", "topicrole__unit", "topicrole__committee")
    # Whoever is reminded may be a unit: no hidden proposer (隐名) is named to anybody.
    hidden = names_hidden_in(Topic.objects.filter(state=TopicState.DECIDED).values("pk"))
    for row in rows.order_by("pk").iterator():
        holder = _holder(row.topicrole, row.milestone.topic)
        if holder is None or (seats is not None and (str(holder[0]), holder[1]) not in seats):
            continue
        yield _duty(row.milestone, row.topicrole, holder, hidden.get(row.milestone.topic_id, []))


def _holder(side, topic):
    """(holder kind, id) of whoever fills a side."""
    if side.user_id:
        return USER, side.user_id
    if side.committee_id:
        return COMMITTEE, side.committee_id
    if side.unit_id:
        unit = acting_unit(side.unit_id)
        return HolderKind.HUB if side.unit.is_hub else HolderKind.HANDLER, unit
    if side.deputy_id:
        return HolderKind.DEPUTY, side.deputy_id
    return (HolderKind.LIAISON, topic.congress_id) if side.kind == RoleKind.OFFICE else None


def _duty(step, side, holder, names):
    topic = step.topic
    return Duty(
        key=f"milestone:{step.pk}:{side.pk}",
        congress_id=topic.congress_id,
        holder_kind=holder[0],
        holder_id=holder[1],
        due_on=step.planned_on,
        words=masked(f"重点督办“{topic}”：{step.words}", names),
        url=f"/topics/{topic.pk}/",
        verb="按督办计划完成",
        started_on=topic.decided_on or topic.proposed_on,
        otherwise="逾期在督办专题里标红",
        unit=str(side.unit or side.committee or ""),
    )
