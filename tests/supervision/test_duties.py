"""Duties beside the clocks: the same stages, people and digests as of a clock."""

from datetime import date, timedelta

import pytest

from institutions.models import Unit
from institutions.succession import forget_successors
from notifications.agenda import agenda_of
from notifications.models import Digest, Notice
from proposals.status import HolderKind
from supervision import duties
from supervision.digests import make_digests
from supervision.duties import COMMITTEE, USER, Duty
from supervision.models import Reminder, ReminderPlan, TopicRole
from supervision.reminders import remind

from .topical import decided, full_sides, plan_step

DUE = date(2026, 5, 6)


@pytest.fixture
def owed(monkeypatch):
    """The open duties of a test; nobody else's provider is asked."""
    rows = []
    monkeypatch.setattr(duties, "_providers", [])
    duties.register(lambda seats: iter(rows))
    return rows


def duty(cast, kind, pk, **fields):
    defaults = {
        "key": "task:1", "congress_id": cast.congress.pk, "due_on": DUE, "words": "补建无障碍坡道", "url": "/tasks/1/",
        "verb": "回复整改情况", "started_on": date(2026, 2, 2), "otherwise": "逾期将告知签发人和联工委",
        "unit": "市民政局",
    }  # fmt: skip
    return Duty(holder_kind=kind, holder_id=pk, **defaults | fields)


def told(day):
    rows = Reminder.objects.filter(made_on=day).select_related("user")
    return sorted(row.user.username for row in rows)


def test_the_stages_of_a_unit_s_duty(cast, owed):
    owed.append(duty(cast, HolderKind.HANDLER, cast.units["civil"].pk))
    assert remind(date(2026, 3, 30)) == 0
    days = [date(2026, 4, 7), date(2026, 4, 30), DUE, DUE + timedelta(days=1), DUE + timedelta(days=7)]
    found = {}
    for day in days:
        remind(day)
        found[(day - DUE).days] = told(day)
        assert remind(day) == 0
    assert found == {
        -29: ["chen", "zou"],
        -6: ["chen", "zou"],  # the stage of seven days before, on the last working day
        0: ["chen", "fang", "zou"],
        1: ["fang"],
        7: ["chen", "fang", "su", "zou"],
    }
    notice = Notice.objects.filter(user=cast.chen).latest("pk")
    assert notice.words == "超期 7 天：回复整改情况“补建无障碍坡道”，5月6日到期，逾期将告知签发人和联工委"
    assert notice.url == "/tasks/1/"


def test_who_has_acted_hears_nothing_and_the_notice_is_put_away(cast, owed):
    owed.append(duty(cast, HolderKind.HANDLER, cast.units["civil"].pk))
    remind(DUE)
    owed.clear()
    assert remind(DUE + timedelta(days=7)) == 0
    assert not Notice.objects.filter(read_at=None).exists()
    assert not Reminder.objects.filter(is_over=False).exists()


def test_another_date_arms_it_anew(cast, owed):
    owed.append(duty(cast, USER, cast.luo.pk))
    remind(DUE)
    owed[:] = [duty(cast, USER, cast.luo.pk, due_on=DUE + timedelta(days=30))]
    remind(DUE + timedelta(days=15))
    assert told(DUE + timedelta(days=15)) == ["luo"]
    assert Reminder.objects.filter(user=cast.luo).count() == 2


def test_three_days_off_bring_the_newest_stage_alone(cast, owed):
    owed.append(duty(cast, USER, cast.luo.pk))
    remind(DUE - timedelta(days=1))
    before = Reminder.objects.count()
    remind(DUE + timedelta(days=8))
    assert Reminder.objects.filter(user=cast.luo, made_on=DUE + timedelta(days=8)).count() == 1
    assert Reminder.objects.filter(user=cast.luo).count() == before + 1


def test_leaders_and_committees_get_digests(cast, owed, time_machine):
    owed += [
        duty(cast, USER, cast.luo.pk, key="a:1"),
        duty(cast, COMMITTEE, cast.committee.pk, key="a:2", words="现场督办", verb="登记督办活动"),
    ]
    make_digests(DUE)
    for user in (cast.luo, cast.jiang):
        content = Digest.objects.get(user=user, day=DUE).content
        assert content["todo"]["count"] == 1
        assert content["todo"]["lines"][0]["left"] == "今天到期"
    from .conftest import at

    time_machine.move_to(at(2026, 5, 6))
    [line] = agenda_of(cast.jiang).todo
    assert (line.verb, line.url) == ("登记督办活动", "/tasks/1/")


def test_months_away_it_is_on_no_list(cast, owed):
    owed.append(duty(cast, USER, cast.luo.pk))
    assert make_digests(date(2026, 2, 3)) == 0


def test_the_congress_sets_its_stages(cast, owed):
    ReminderPlan.objects.create(
        congress=cast.congress, kind="duty", before="", on_day=False, every=0, side_after=2
    )
    owed.append(duty(cast, HolderKind.HANDLER, cast.units["civil"].pk))
    remind(DUE)
    remind(DUE + timedelta(days=1))
    assert told(DUE + timedelta(days=1)) == ["fang"]
    remind(DUE + timedelta(days=2))
    assert told(DUE + timedelta(days=2)) == ["su"]


def test_another_congress_hears_nothing(cast, owed):
    owed.append(duty(cast, HolderKind.HANDLER, cast.units["civil"].pk))
    remind(DUE + timedelta(days=30))
    assert not Reminder.objects.filter(user__username__startswith="xishan").exists()


# --- Steps of a key topic -------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["hub", "civil"])
def test_a_step_reminds_whoever_works_for_its_unit_today(cast, key):
    """A hub has hubs' people; a unit that was abolished has those of its successor (机构改革)."""
    topic = full_sides(cast, decided(cast))
    side = topic.roles.get(kind="unit")
    TopicRole.objects.filter(pk=side.pk).update(unit=cast.units[key])
    if key == "civil":
        Unit.objects.filter(pk=side.unit_id).update(successor=cast.units["finance"], is_active=False)
        forget_successors()
    try:
        step = plan_step(cast, topic, days=20, kind="unit")
        remind(step.planned_on)
        told = Reminder.objects.filter(duty_key__startswith="milestone:", made_on=step.planned_on)
        expected = {"hub": "hub", "civil": "gao"}[key]
        assert expected in set(told.values_list("user__username", flat=True))
    finally:
        forget_successors()
