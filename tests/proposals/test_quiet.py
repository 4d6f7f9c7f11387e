"""没有动静: what counts as silence, who is shown it, and that one place of the code dates what a unit does."""

from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from core.calendars import load_calendar
from notifications.models import Digest
from proposals.attachments import check_upload
from proposals.models import Assignment, RuleSet
from proposals.quiet import quiet_by
from proposals.rules import forget_rules, load_rules
from proposals.status import ProposalStatus
from supervision.digests import make_digests
from tests.cast import Walk, make_proposal, scan

S = ProposalStatus


def on(day):
    """Ten in the morning of that day, Shanghai time."""
    return timezone.make_aware(timezone.datetime(day.year, day.month, day.day, 10))


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def accepted(cast):
    """A case whose two units signed for it on Monday, 2 March 2026."""
    walk = Walk(cast, now=on(date(2026, 2, 27))).submit().file().assign()
    walk.now = on(date(2026, 3, 2))
    return walk.accept("civil").accept("finance")


def silent(cast, day):
    """{unit: working days} of the silent places on that day."""
    with time_machine.travel(on(day), tick=False):
        quiet = quiet_by(load_rules(cast.congress.pk), day, load_calendar(cast.congress.code))
        return {place.unit.name: quiet.days_of(place) for place in quiet.places().select_related("unit")}


def set_days(cast, number):
    rule_set = RuleSet.objects.get(congress=cast.congress)
    rule_set.switches["quiet_days"] = number
    rule_set.save()
    forget_rules(cast.congress.pk)


# --- What counts ------------------------------------------------------------------------------------------


def test_fifteen_whole_working_days_after_signing_for_it(cast, accepted):
    """3 March to 23 March are fifteen working days; on the 24th both have been silent for them."""
    assert silent(cast, date(2026, 3, 23)) == {}
    assert silent(cast, date(2026, 3, 24)) == {"市民政局": 15, "市财政局": 15}
    # Three days of 清明 and the weekends do not count.
    assert silent(cast, date(2026, 4, 8))["市民政局"] == 25


def test_the_number_is_the_congresss_and_nought_turns_it_off(cast, accepted):
    set_days(cast, 3)
    assert silent(cast, date(2026, 3, 6)) == {"市民政局": 3, "市财政局": 3}
    set_days(cast, 0)
    assert silent(cast, date(2026, 6, 6)) == {}


STIRS = {
    "note_progress": ("chen", {"words": "已选定场地。"}),
    "log_contact": (
        "chen",
        {
            "stage": "during",
            "mode": "phone",
            "on": date(2026, 3, 20),
            "people": "科长",
            "words": "谈了选址。",
        },
    ),
    "answer_urge": ("chen", {"words": "下周座谈。"}),
}


@pytest.mark.parametrize("action", STIRS)
def test_anything_that_the_unit_does_breaks_the_silence(cast, accepted, action):
    accepted.now = on(date(2026, 3, 20))
    if action == "answer_urge":
        accepted.do("urge", cast.su, words="请抓紧。")
    who, data = STIRS[action]
    accepted.do(action, cast.people[who], accepted.place("civil"), **data)
    assert accepted.place("civil").stirred_on == date(2026, 3, 20)
    assert silent(cast, date(2026, 3, 24)) == {"市财政局": 15}


def test_what_others_do_does_not(cast, accepted):
    accepted.now = on(date(2026, 3, 20))
    accepted.do("urge", cast.su, words="请抓紧。").do("instruct", cast.luo, words="请重视。")
    assert accepted.place("civil").stirred_on == date(2026, 3, 2)
    assert set(silent(cast, date(2026, 3, 24))) == {"市民政局", "市财政局"}


def test_who_waits_for_a_decision_is_not_silent_and_starts_anew_after_it(cast, accepted):
    accepted.now = on(date(2026, 3, 4))
    accepted.ask_extension(days=3)
    assert silent(cast, date(2026, 3, 30)) == {"市财政局": 19}
    accepted.now = on(date(2026, 3, 30))
    accepted.do("decide_extension", cast.su, accepted.place("civil"), is_granted=False, reason="请按期答复。")
    assert accepted.place("civil").stirred_on == date(2026, 3, 30)
    assert set(silent(cast, date(2026, 3, 31))) == {"市财政局"}


def test_who_asked_to_be_let_go_is_not_silent_and_starts_anew_when_refused(cast, accepted):
    accepted.now = on(date(2026, 3, 5))
    accepted.ask_return("civil")
    assert set(silent(cast, date(2026, 3, 30))) == {"市财政局"}
    accepted.now = on(date(2026, 3, 30))
    accepted.do("refuse_return", cast.su, accepted.place("civil"), reason="属本单位职责。")
    assert accepted.place("civil").stirred_on == date(2026, 3, 30)


def test_a_place_not_signed_for_or_answered_is_never_silent(cast):
    walk = Walk(cast, now=on(date(2026, 2, 27))).submit().file().assign()
    assert silent(cast, date(2026, 6, 1)) == {}
    walk.now = on(date(2026, 3, 2))
    walk.accept("finance").opinion()
    assert silent(cast, date(2026, 6, 1)) == {}


def test_the_paper_of_a_unit_without_access_is_its_own_doing(cast):
    """代录: the office enters it, the unit has stirred; the office's own contact on a hidden case is not the unit's."""
    walk = Walk(cast, now=on(date(2026, 2, 27))).submit().file().assign(archive="lead")
    walk.now = on(date(2026, 3, 2))
    walk.do("accept", cast.su, walk.place("archive"), files=[check_upload(scan())])
    walk.now = on(date(2026, 3, 9))
    walk.do(
        "note_progress", cast.su, walk.place("archive"), words="来函说明进展。", files=[check_upload(scan())]
    )
    assert walk.place("archive").stirred_on == date(2026, 3, 9)


# --- Where it shows ------------------------------------------------------------------------------------------


@pytest.fixture
def today(accepted):
    with time_machine.travel(on(date(2026, 3, 25)), tick=False):
        yield accepted


LIGHT = "16 个工作日没有动静"


def test_on_the_lists_and_the_case_of_whoever_pushes(cast, today):
    for person in (cast.su, cast.jiang, cast.luo):
        client = signed_in(person)
        assert LIGHT in client.get("/registry/").content.decode()
        assert LIGHT in client.get(f"/proposals/{today.proposal.pk}/").content.decode()
    queue = signed_in(cast.su).get("/work/", {"queue": "quiet"})
    assert queue.context["count"].total == 2
    assert {place.unit.name for place in queue.context["page"].object_list} == {"市民政局", "市财政局"}
    page = signed_in(cast.su).get("/urge/", {"all": "quiet"})
    assert LIGHT in page.content.decode()


def test_the_unit_sees_its_own_silence_alone(cast, today):
    today.now = on(date(2026, 3, 24))
    today.do("note_progress", cast.chen, today.place("civil"), words="已选定场地。")
    gao, chen = signed_in(cast.gao), signed_in(cast.chen)
    assert LIGHT in gao.get("/inbox/").content.decode()
    assert LIGHT in gao.get("/registry/").content.decode()
    assert len(gao.get("/inbox/", {"light": "quiet"}).context["rows"]) == 1
    assert chen.get("/inbox/", {"light": "quiet"}).context["rows"] == []
    for path in ("/inbox/", "/registry/", f"/proposals/{today.proposal.pk}/"):
        assert "没有动静</span>" not in chen.get(path).content.decode()


def test_deputies_and_other_units_are_not_told(cast, today):
    for person in (cast.lin, cast.qin):
        page = signed_in(person).get("/registry/", {"mark": "quiet"})
        assert "个工作日没有动静" not in page.content.decode()
    assert "个工作日没有动静" not in (
        signed_in(cast.lin).get(f"/proposals/{today.proposal.pk}/").content.decode()
    )


def test_the_registry_finds_it(cast, today):
    busy = make_proposal(cast, S.HANDLING).accept("civil")
    office = signed_in(cast.su)
    found = {
        row.proposal.pk for row in office.get("/registry/", {"mark": "quiet"}).context["page"].object_list
    }
    assert today.proposal.pk in found and busy.proposal.pk not in found


def test_the_hub_sees_it_of_its_children(cast):
    walk = Walk(cast, now=on(date(2026, 2, 27))).submit().file().dispatch()
    walk.now = on(date(2026, 3, 2))
    walk.accept("civil")
    with time_machine.travel(on(date(2026, 3, 25)), tick=False):
        desk = signed_in(cast.hub)
        page = desk.get("/hub/", {"queue": "quiet"})
        assert page.context["count"].total == 1
        assert LIGHT in page.content.decode()
        assert LIGHT in desk.get("/urge/", {"all": "hub-quiet"}).content.decode()


# --- Progress that the deputy reads first ------------------------------------------------------------------------


def test_progress_is_one_tap_from_the_inbox_and_stands_first_for_the_deputy(cast, today):
    chen = signed_in(cast.chen)
    link = f"/assignments/{today.place('civil').pk}/note_progress/"
    assert link in chen.get("/inbox/").content.decode()
    today.now = on(date(2026, 3, 25))
    today.do("note_progress", cast.chen, today.place("civil"), words="已选定 5 处场地，下月开工。")
    page = signed_in(cast.lin).get(f"/proposals/{today.proposal.pk}/").content.decode()
    assert page.index("最新进展") < page.index('class="cols cols-detail"')
    assert "已选定 5 处场地，下月开工。" in page


def test_a_place_that_waits_for_its_signature_takes_progress_too(cast):
    walk = make_proposal(cast, S.HANDLING).accept("civil")
    walk.contact().write_reply("civil")
    walk.do("draft_reply", cast.chen, walk.place("civil"))
    assert f"/assignments/{walk.place('civil').pk}/note_progress/" in (
        signed_in(cast.chen).get("/inbox/").content.decode()
    )


def test_the_date_never_goes_back(cast, accepted):
    Assignment.objects.filter(pk=accepted.place("civil").pk).update(stirred_on=date(2026, 3, 30))
    accepted.now = on(date(2026, 3, 20)) + timedelta(hours=1)
    accepted.do("note_progress", cast.chen, accepted.place("civil"), words="补记。")
    assert accepted.place("civil").stirred_on == date(2026, 3, 30)


def test_the_digests_count_it_for_the_unit_and_the_office(cast, today):
    make_digests(date(2026, 3, 30))  # a Monday: silence alone is worth a digest once a week
    unit, office = (Digest.objects.get(user=user).content["quiet"] for user in (cast.gao, cast.su))
    assert unit == [
        {"words": "您单位有 1 件签收后连续 15 个工作日以上没有动静。", "url": "/inbox/?light=quiet"}
    ]
    assert office == [
        {"words": "承办单位有 2 件签收后连续 15 个工作日以上没有动静。", "url": "/work/?queue=quiet"}
    ]
    page = signed_in(cast.su).get("/notices/digests/2026-03-30/")
    assert "承办单位有 2 件" in page.content.decode()
