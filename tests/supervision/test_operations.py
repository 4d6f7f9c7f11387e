"""运行状况: who sees it, what it tells, and trying again what did not arrive."""

import os
from datetime import date, timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from core.models import CalendarVersion, Heartbeat, JobRun
from core.vitals import beat, job
from notifications import delivery as delivering
from notifications.models import Delivery, Digest, Retry
from notifications.services import notify
from notifications.upkeep import reason
from proposals.status import ProposalStatus
from supervision import daily
from supervision.models import DailyRun
from tests.cast import make_proposal
from tests.notifications.test_delivery import BROKEN

from .conftest import at

PAGE, LIST, RETRY = "/operations/", "/operations/deliveries/", "/operations/retry/"
DAY = date(2026, 5, 7)


def urge(cast, *users, key="event:1"):
    notify(
        {user.pk for user in users},
        congress_id=cast.congress.pk,
        words="催办：2026-086 关于老年助餐的建议。请本周答复",
        url="/proposals/7/",
        key=key,
        is_duty=True,
        is_urgent=True,
    )


@pytest.fixture
def admin(client, cast):
    client.force_login(cast.admin)
    return client


@pytest.fixture
def failed(cast, settings):
    """Two urges that were given up: the mail server was down all day."""
    backend = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = BROKEN
    urge(cast, cast.chen, cast.gao)
    Delivery.objects.update(attempts=len(delivering.BACK_OFF))
    delivering.deliver_pending()
    settings.EMAIL_BACKEND = backend
    assert set(Delivery.objects.values_list("state", flat=True)) == {"failed"}
    return list(Delivery.objects.order_by("pk"))


def text(response):
    assert response.status_code == 200
    return response.content.decode()


# --- Who --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["su", "lin", "chen", "luo", "jiang", "gov"])
def test_for_others_it_does_not_exist(client, cast, failed, who):
    client.force_login(getattr(cast, who))
    assert client.get(PAGE).status_code == 404
    assert client.get(LIST).status_code == 404
    assert client.post(RETRY, {"which": "failed"}).status_code == 404
    assert not Retry.objects.exists()


def test_the_administrator_finds_it_in_the_header(admin):
    assert f'href="{reverse("supervision:operations")}" aria-current="page"' in text(admin.get(PAGE))


def test_another_congress_sees_nothing_of_it_and_can_do_nothing(client, cast, failed):
    client.force_login(cast.stranger.admin)
    assert "没有送不到的" in text(client.get(PAGE))
    assert "共 0 条" in text(client.get(LIST))
    assert client.post(RETRY, {"pk": failed[0].pk}).status_code == 404
    client.post(RETRY, {"which": "failed"})
    assert not Retry.objects.exists()


def test_a_superuser_sees_all(client, cast, failed, django_user_model):
    root = django_user_model.objects.create_superuser("root", password="x-Long-2026", name="总管")
    root.must_change_password = False
    root.save()
    client.force_login(root)
    assert "共 2 条" in text(client.get(LIST))


# --- What it tells ----------------------------------------------------------------------------------------


def test_an_installation_that_never_ran_says_so(admin, settings, tmp_path):
    settings.BACKUP_STAMP = tmp_path / "none"
    html = text(admin.get(PAGE))
    for words in ("没有心跳", "没有记录", "没有送不到的", "还没有做过"):
        assert words in html


def test_a_day_as_it_should_be(admin, cast, settings, tmp_path, time_machine):
    time_machine.move_to(at(2026, 5, 7, 8, 30))
    make_proposal(cast, ProposalStatus.HANDLING, now=at(2026, 5, 6))
    daily.run_when_due()
    with job("deliver") as counts:
        counts.update(sent=3, failed=0)
    settings.BACKUP_STAMP = tmp_path / "stamp"
    settings.BACKUP_STAMP.touch()
    os.utime(settings.BACKUP_STAMP, (timezone.now().timestamp() - 5 * 3600,) * 2)
    beat("beat")
    beat("worker")
    html = text(admin.get(PAGE))
    for words in (
        "都正常",
        "08:30",
        "5<small> 小时前",
        "03:30 完成",
        "站内消息",
        "邮件（每日汇总）",
        "送出 3 条",
    ):
        assert words in html
    assert f"汇总 {Digest.objects.count()} 份" in html
    assert "5月7日 周四" in html and "5月3日 周日" in html


def test_what_is_wrong_is_named_on_top(admin, cast, failed, time_machine, settings, tmp_path):
    settings.BACKUP_STAMP = tmp_path / "stamp"
    settings.BACKUP_STAMP.touch()
    os.utime(settings.BACKUP_STAMP, (timezone.now().timestamp() - 30 * 3600,) * 2)
    beat("beat")
    Heartbeat.objects.update(at=timezone.now() - timedelta(minutes=9))
    html = text(admin.get(PAGE))
    for words in ("2<small> 条没送达", "定时器心跳停了", "备份该备份了", "9<small> 分钟前"):
        assert words in html


def test_a_job_that_broke_off_is_shown_with_its_reason(admin):
    with pytest.raises(ConnectionRefusedError), job("tidy"):
        raise ConnectionRefusedError("[Errno 111] at redis://10.0.0.9")
    html = text(admin.get(PAGE))
    assert "没有做完" in html
    assert "10.0.0.9" not in html
    with job("tidy") as counts:
        counts["notices"] = 4
    assert "清理 4 条" in text(admin.get(PAGE))
    assert JobRun.objects.get(name="tidy").error == ""


def test_no_case_content_no_address_no_whole_name(admin, cast, failed):
    for url in (PAGE, LIST):
        html = text(admin.get(url))
        assert "市民政局 陈**" in html
        for hidden in ("老年助餐", "2026-086", "chen@example.test", "陈晓岚", "no server there"):
            assert hidden not in html
        assert "服务器没有开，或地址、端口不对" in html


def test_deputies_are_masked_too(admin, cast, settings):
    settings.EMAIL_BACKEND = BROKEN
    urge(cast, cast.lin)
    delivering.deliver_pending()
    html = text(admin.get(PAGE))
    assert "代表 林**" in html
    assert "1 条在重试" in html


def test_every_figure_opens_its_list(admin, cast, failed):
    urge(cast, cast.zou, key="event:2")
    delivering.deliver_pending()
    html = text(admin.get(PAGE))
    for state, number in (("", 3), ("sent", 1), ("failed", 2)):
        link = f"{LIST}?state={state}&amp;channel=email&amp;kind=notice"
        assert f'href="{link}">{number}</a>' in html
        assert f"共 {number} 条" in text(admin.get(link.replace("&amp;", "&")))


@pytest.mark.parametrize(
    "query", ["?state=x&channel=y&kind=z", "?page=99999", "?page=x&state=%00", "?state="]
)
def test_a_query_it_does_not_know_is_left_out(admin, failed, query):
    assert admin.get(LIST + query).status_code == 200


def test_few_queries_however_much_there_is(admin, cast, failed, django_assert_max_num_queries):
    for number in range(30):
        urge(cast, cast.chen, cast.gao, cast.lin, key=f"more:{number}")
    Delivery.objects.filter(state="waiting").update(attempts=2, error="TimeoutError: timed out")
    DailyRun.objects.create(day=timezone.localdate(), finished_at=timezone.now(), counts={"digests": 3})
    CalendarVersion.objects.create(scope="")
    admin.get(PAGE)  # reads the calendar, which every process keeps
    with django_assert_max_num_queries(12):
        html = text(admin.get(PAGE))
    assert '没送达和重试中 <span class="muted cnt">92</span>' in html
    with django_assert_max_num_queries(12):
        admin.get(LIST)


def test_messages_that_nobody_sends_are_noticed_and_why(admin, cast):
    urge(cast, cast.chen)
    Delivery.objects.update(next_try_at=timezone.now() - timedelta(minutes=25))
    assert "任务排队没人来取" in text(admin.get(PAGE))
    beat("worker")
    assert "任务排队送得慢" in text(admin.get(PAGE))
    assert "25<small> 分钟" in text(admin.get(PAGE))
    # One that is being tried is not waiting.
    Delivery.objects.update(attempts=1)
    assert "没有等着的" in text(admin.get(PAGE))


# --- Trying again -----------------------------------------------------------------------------------------


def test_one_is_tried_again_with_the_same_message_and_on_record(admin, cast, failed):
    first, other = failed
    response = admin.post(RETRY, {"pk": first.pk}, follow=True)
    assert "1 条马上再送一次" in text(response)
    delivering.deliver_pending()
    [message] = mail.outbox
    assert message.extra_headers["Message-ID"].startswith(f"<delivery-{first.pk}@")
    assert message.to == [first.address]
    record = Retry.objects.get()
    assert (record.delivery_id, record.who, record.attempts) == (first.pk, "管理员", 8)
    assert "no server there" in record.error
    other.refresh_from_db()
    assert other.state == "failed"
    assert "当时试过 8 次 · 现在已发送" in text(admin.get(LIST))


def test_all_are_tried_again_and_those_delivered_get_nothing(admin, cast, failed):
    urge(cast, cast.zou, key="event:2")
    delivering.deliver_pending()
    assert [message.to for message in mail.outbox] == [["zou@example.test"]]
    admin.post(RETRY, {"which": "failed"})
    admin.post(RETRY, {"which": "failed"})  # a second click
    delivering.deliver_pending()
    assert sorted(message.to[0].partition("@")[0] for message in mail.outbox) == ["chen", "gao", "zou"]
    assert Retry.objects.count() == 2


def test_what_was_sent_meanwhile_is_not_sent_again(admin, cast, failed):
    Delivery.objects.update(state="sent", sent_at=timezone.now())
    assert admin.post(RETRY, {"pk": failed[0].pk}).status_code == 404
    admin.post(RETRY, {"which": "failed"})
    delivering.deliver_pending()
    assert mail.outbox == []
    assert not Retry.objects.exists()


def test_what_would_be_tried_later_can_be_tried_now(admin, cast, settings):
    backend = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = BROKEN
    urge(cast, cast.chen)
    delivering.deliver_pending()
    settings.EMAIL_BACKEND = backend
    assert delivering.deliver_pending().sent == 0
    admin.post(RETRY, {"which": "retrying"})
    assert delivering.deliver_pending().sent == 1


def test_a_retry_that_fails_again_is_shown_as_failed_again(admin, cast, failed, settings):
    settings.EMAIL_BACKEND = BROKEN
    admin.post(RETRY, {"pk": failed[0].pk})
    delivering.deliver_pending()
    assert list(Delivery.objects.order_by("pk").values_list("state", "attempts")) == [
        ("failed", 9),
        ("failed", 8),
    ]
    assert "9 次" in text(admin.get(PAGE))


@pytest.mark.parametrize(
    "data", [{}, {"pk": "x"}, {"pk": "99999999999999999999"}, {"pk": "0"}, {"which": "all"}]
)
def test_a_forged_form_finds_nothing(admin, failed, data):
    assert admin.post(RETRY, data).status_code == 404


def test_it_takes_forms_only(admin):
    assert admin.get(RETRY).status_code == 405
    assert admin.post(PAGE).status_code == 405


# --- Reasons in Chinese -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("ConnectionRefusedError: [Errno 111] Connection refused", "服务器没有开，或地址、端口不对"),
        ("TimeoutError: timed out", "服务器没有回应，超时"),
        ("gaierror: [Errno -2] Name or service not known", "找不到服务器的地址"),
        ("SMTPRecipientsRefused: {'a@b': (550, b'no such user')}", "对方的邮件服务器不收这个地址（550）"),
        ("SMTPAuthenticationError: (535, b'bad')", "邮件服务器不认账号或密码（535）"),
        ("GatewayError: 网关回答 HTTP 403", "网关回答 HTTP 403"),
        ("KeyError: 'secret'", "没有送出，原因见服务器日志"),
        ("", ""),
    ],
)
def test_reasons(error, words):
    assert reason(error) == words
