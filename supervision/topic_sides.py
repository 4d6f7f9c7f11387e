"""六方责任 of a key topic: who stands on each side, and where they come from by default."""

from accounts.models import Role
from proposals.workflow.errors import Denied

from . import topic_people as people
from .models import RoleKind, TopicRole

TARGETS = TopicRole.TARGETS


def ensure_office(topic, grant):
    """联工委 stands on its side from the start: in person whoever acts for it, else the office as such."""
    if topic.roles.filter(kind=RoleKind.OFFICE).exists():
        return
    person = grant.user if grant.role == Role.LIAISON else None
    TopicRole.objects.create(
        topic=topic,
        kind=RoleKind.OFFICE,
        user=person,
        name=person.name if person else topic.congress.liaison_name,
        title="",
        contact_phone=topic.congress.liaison_phone,
    )


def ensure_committee(topic, committee):
    """The committee that named the topic supervises it unless the office puts another there."""
    TopicRole.objects.get_or_create(topic=topic, kind=RoleKind.COMMITTEE, committee=committee)


def ensure_units(topic):
    """The units at work on the cases each have their side; their heads are named later."""
    known = set(topic.roles.filter(kind=RoleKind.UNIT).values_list("unit", flat=True))
    for unit in people.units_of_cases(topic.cases.all()):
        if unit.pk not in known:
            TopicRole.objects.create(topic=topic, kind=RoleKind.UNIT, unit=unit)


def rewrite(topic, sides):
    """Make the sides of a topic what `sides` says: unsaved TopicRoles, each by kind and who it is.

    Returns (keys of the new ones, the words of the history). Raises Denied where somebody who would go still
    answers for a step of the plan.
    """
    old = {_key(side): side for side in topic.roles.all()}
    new_keys, words, came = set(), [], {}
    for side in sides:
        if (kept := old.pop(_key(side), None)) is not None:
            _take_over(kept, side)
            continue
        side.topic = topic
        side.save()
        new_keys.add(side.pk)
        came.setdefault(side.get_kind_display(), []).append(str(side))
    words += [f"{label}：{'、'.join(names)}" for label, names in came.items()]
    for gone in old.values():
        if steps := gone.milestones.filter(done_on=None).count():
            raise Denied(f"{gone}还负责督办计划里没有完成的 {steps} 步，请先改计划，再换人。")
        words.append(f"{gone}不再负责{gone.get_kind_display()}")
        gone.delete()
    return new_keys, ("；".join(words) + "。") if words else "更新了六方责任的联系人和负责人。"


def _key(side):
    return (side.kind, *(getattr(side, f"{name}_id") for name in TARGETS))


def _take_over(kept, side):
    for name in ("name", "title", "contact", "contact_phone"):
        setattr(kept, name, getattr(side, name))
    kept.save()
