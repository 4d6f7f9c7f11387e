"""提醒设置: the liaison office changes stages and hours, and every change is on record."""

from datetime import date, time

import pytest
from django.urls import reverse

from notifications.models import Delivery, Digest, MessagePlan
from proposals.status import ProposalStatus
from supervision import daily
from supervision.models import DailyRun, DigestRound, Reminder, ReminderChange, ReminderPlan
from supervision.reminders import remind
from tests.cast import make_proposal

from .conftest import at

PAGE = "/reminders/"
REPLY = "/reminders/reply/"
PLAN = {"before": "20，5", "on_day": "on", "every": "3", "signer_from": "5", "signer_after": "2", "side_after": "4",
        "sms": "due"}  # fmt: skip


def post(client, url, **data):
    shown = client.get(url).context["form"]
    return client.post(url, {"seen": shown.fields["seen"].initial, **data})


def test_stages_are_changed_with_a_record_of_old_and_new(client, cast):
    client.force_login(cast.su)
    response = post(client, REPLY, **PLAN)
    assert response.status_code == 302
    plan = ReminderPlan.objects.get()
    assert (plan.congress, plan.kind, plan.before, plan.every) == (cast.congress, "reply", "20,5", 3)
    change = ReminderChange.objects.get(what="答复：到期前几天提醒")
    assert (change.who, change.old, change.new) == (cast.su.name, "30、15、7、3、1 天", "20、5 天")
    html = client.get(PAGE).content.decode()
    assert "把“答复：超期几天告诉交办方”由 7 天 改为 4 天" in html
    count = ReminderChange.objects.count()
    assert "没有改动" in client.get(post(client, REPLY, **PLAN).url).content.decode()
    assert ReminderChange.objects.count() == count


def test_the_next_reminder_follows_the_new_stages(client, cast):
    walk = make_proposal(cast, ProposalStatus.HANDLING, now=at(2026, 2, 2))
    walk.accept("civil").accept("finance").opinion()
    client.force_login(cast.su)
    post(client, REPLY, **PLAN)
    assert remind(date(2026, 4, 7)) == 0
    day = date(2026, 4, 16)  # twenty days before 6 May
    assert remind(day) == 2
    assert set(Reminder.objects.values_list("stage", flat=True)) == {20}
    remind(date(2026, 5, 10))
    assert "su" in {row.user.username for row in Reminder.objects.filter(stage=-4)}
    assert walk.place("civil").is_open


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("before", "0,x", "1 到 365"), ("before", "999", "1 到 365"), ("every", "-1", "不能小于 0"),
        ("every", "1000", "365"), ("signer_after", "三", "整数"), ("side_after", "", "请填写"),
        ("sms", "x", "不在可用的选项中"),
    ],
)  # fmt: skip
def test_bad_input_is_told_by_the_field_and_stays(client, cast, field, value, words):
    client.force_login(cast.su)
    response = post(client, REPLY, **PLAN | {field: value})
    assert response.status_code == 422
    html = response.content.decode()
    assert words in " ".join(response.context["form"].errors[field]) or words in html
    if field != "sms" and value:
        assert f'value="{value}"' in html
    assert not ReminderPlan.objects.exists()


def test_what_no_unit_owes_has_no_signer(client, cast):
    client.force_login(cast.su)
    assert "signer_after" not in client.get("/reminders/review/").context["form"].fields
    assert (
        post(client, "/reminders/review/", before="2", on_day="on", every="3", sms="never").status_code == 302
    )
    plan = ReminderPlan.objects.get()
    assert (plan.before, plan.signer_after, plan.side_after) == ("2", 1, 7)
    assert set(ReminderChange.objects.values_list("what", flat=True)) == {
        "审查：到期前几天提醒", "审查：超期后每几天提醒", "审查：发短信",
    }  # fmt: skip


def test_no_stage_at_all_is_refused(client, cast):
    client.force_login(cast.su)
    response = post(
        client, REPLY, **{k: v for k, v in PLAN.items() if k != "on_day"} | {"before": "", "every": "0"}
    )
    assert "请至少留一种" in response.content.decode()


def test_a_page_that_is_behind_changes_nothing_and_keeps_what_was_typed(client, cast):
    client.force_login(cast.su)
    seen = client.get(REPLY).context["form"].fields["seen"].initial
    post(client, REPLY, **PLAN)
    response = client.post(REPLY, PLAN | {"seen": seen, "every": "9"})
    assert response.status_code == 409
    html = response.content.decode()
    assert f"{cast.su.name}于" in html
    assert 'value="9"' in html
    assert ReminderPlan.objects.get().every == 3
    again = response.context["form"].data["seen"]
    assert client.post(REPLY, PLAN | {"seen": again, "every": "9"}).status_code == 302


@pytest.mark.parametrize("who", ["lin", "chen", "fang", "jiang", "luo", "zhang", "hub", "gov", "admin"])
def test_nobody_else_has_these_pages(client, cast, who):
    client.force_login(cast.people[who])
    for url in (PAGE, REPLY, "/reminders/sending/"):
        assert client.get(url).status_code == 404
        assert client.post(url, PLAN).status_code in (404, 405)


def test_another_congress_is_out_of_reach(client, cast):
    client.force_login(cast.su)
    assert client.get(f"{PAGE}?congress={cast.stranger.congress.pk}").status_code == 404
    assert client.get("/reminders/nonsense/").status_code == 404
    assert client.get("/reminders/return_window/").status_code == 404


def test_the_page_costs_few_queries(client, cast, django_assert_max_num_queries):
    client.force_login(cast.su)
    with django_assert_max_num_queries(12):
        assert client.get(PAGE).status_code == 200


def test_a_change_in_the_administration_is_on_record_too(client, cast):
    plan = ReminderPlan.objects.create(congress=cast.congress, kind="reply")
    client.force_login(cast.admin)
    url = reverse("admin:supervision_reminderplan_change", args=[plan.pk])
    client.post(url, PLAN | {"congress": cast.congress.pk, "kind": "reply", "before": "9"})
    assert ReminderChange.objects.get(what="答复：到期前几天提醒").new == "9 天"


# --- The hour --------------------------------------------------------------------------------------------


def test_each_congress_has_its_hour_and_a_person_of_two_gets_one_digest(client, cast):
    make_proposal(cast, ProposalStatus.HANDLING, now=at(2026, 2, 2))
    client.force_login(cast.su)
    response = post(client, "/reminders/sending/", digest_at="07:15", sms_urges="on")
    assert response.status_code == 302
    assert ReminderChange.objects.get(what="每日汇总时间").new == "07:15"
    assert MessagePlan.objects.get().digest_at == time(7, 15)
    # 陈晓岚 works for a unit of the other congress too, which keeps to half past eight.
    cast.chen.grants.create(role="handler", congress=cast.stranger.congress, unit=cast.stranger.unit)
    assert daily.run_when_due(at(2026, 2, 3, 7, 14)) is None
    assert daily.run_when_due(at(2026, 2, 3, 7, 15))["digests"] == 3
    assert DailyRun.objects.get().finished_at is None
    assert daily.run_when_due(at(2026, 2, 3, 8, 0)) is None
    assert daily.run_when_due(at(2026, 2, 3, 8, 30))["digests"] == 0
    assert DailyRun.objects.get().finished_at is not None
    assert DigestRound.objects.count() == 2
    assert Digest.objects.filter(user=cast.chen).count() == 1
    assert daily.run_when_due(at(2026, 2, 3, 9, 0)) is None


def test_late_things_go_by_sms_once_a_day(cast):
    make_proposal(cast, ProposalStatus.HANDLING, now=at(2026, 2, 2))
    make_proposal(cast, ProposalStatus.HANDLING, now=at(2026, 2, 2))
    cast.chen.phone = "13800000001"
    cast.chen.save()
    for day in range(3, 15):
        daily.run_daily(date(2026, 2, day))
    texts = Delivery.objects.filter(channel="sms")
    late = Reminder.objects.filter(user=cast.chen, by_sms=True)
    assert late.exists()
    assert texts.count() == late.values("made_on").distinct().count()
    assert set(texts.values_list("address", flat=True)) == {"13800000001"}
