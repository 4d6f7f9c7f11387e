"""The daily digest: what it says, to whom, once a day; and the email that carries it."""

from datetime import date, timedelta

import pytest
from django.core import mail

from institutions.succession import forget_successors
from notifications.agenda import agenda_of
from notifications.delivery import deliver_pending
from notifications.models import Delivery, Digest
from proposals.models import Waiting
from proposals.status import ProposalStatus
from supervision.digests import make_digests
from supervision.reminders import remind
from tests.cast import TEXT, make_proposal

from .conftest import at

DUE = date(2026, 5, 6)
SECTIONS = ("todo", "wait")


@pytest.fixture
def handling(cast):
    return make_proposal(cast, ProposalStatus.HANDLING, now=at(2026, 2, 2))


def digest_of(user, day):
    row = Digest.objects.filter(user=user, day=day).first()
    return row.content if row else None


def lines(content, section="todo"):
    return [f"{line['left']}｜{line['holder']}｜{line['verb']}" for line in content[section]["lines"]]


def test_a_new_place_waits_to_be_signed_for(cast, handling):
    day = date(2026, 2, 3)
    make_digests(day)
    content = digest_of(cast.chen, day)
    assert content["headline"] == "今天有 1 件要您办。"
    assert content["greeting"] == "陈晓岚，您好"
    assert content["place"] == "市民政局"
    [line] = content["todo"]["lines"]
    assert line["verb"] == "签收"
    assert line["words"] == "在城区社区推广老年助餐服务"
    assert line["url"] == f"/assignments/{handling.place('civil').pk}/accept/"
    assert line["otherwise"] == "逾期将告知签发人和联工委。"
    assert line["number"] == handling.proposal.number
    assert line["light"] == "orange"
    assert "2月2日交办，主办" in line["detail"]


def test_an_answer_months_away_makes_no_digest(cast, handling):
    handling.accept("civil").accept("finance")
    assert make_digests(date(2026, 2, 9)) == 0


def test_near_the_date_it_is_named_then_to_do_then_overdue(cast, handling):
    handling.accept("civil")
    make_digests(date(2026, 4, 24))  # twelve days before, and no stage today: no digest for it alone
    assert digest_of(cast.chen, date(2026, 4, 24)) is None
    make_digests(DUE)
    assert lines(digest_of(cast.chen, DUE)) == ["今天到期｜｜答复"]
    late = DUE + timedelta(days=2)
    make_digests(late)
    content = digest_of(cast.chen, late)
    assert lines(content) == ["超期 2 天｜｜答复"]
    assert content["headline"] == "今天有 1 件要您办，其中 1 件超期。"
    assert content["todo"]["lines"][0]["light"] == "red"


def test_what_is_due_soon_is_drawn_together_by_date(cast, handling):
    handling.accept("civil")
    make_proposal(cast, ProposalStatus.HANDLING, now=at(2026, 4, 23))
    day = date(2026, 4, 24)
    make_digests(day)
    [soon] = digest_of(cast.chen, day)["soon"]["days"]
    assert (soon["due"], soon["left"]) == ("5月6日（周三）", "还剩 12 天")
    assert [case["number"] for case in soon["cases"]] == [handling.proposal.number]


def test_a_stage_reached_today_puts_an_answer_on_the_list(cast, handling):
    handling.accept("civil")
    day = date(2026, 4, 21)
    remind(day)
    make_digests(day)
    assert lines(digest_of(cast.chen, day)) == ["还剩 15 天｜｜答复"]


def test_each_looks_at_the_same_case_from_their_side(cast, handling):
    handling.accept("civil").contact().write_reply()
    handling.do("draft_reply", cast.chen, handling.place("civil"))
    day = DUE + timedelta(days=1)
    make_digests(day)
    assert lines(digest_of(cast.fang, day)) == ["超期 1 天｜｜签发"]
    assert digest_of(cast.chen, day) is None  # acted, and only waits now
    assert "超期 1 天｜市民政局｜签发" in lines(digest_of(cast.su, day), "wait")


def test_the_signer_sees_what_gets_close(cast, handling):
    handling.accept("civil")
    day = date(2026, 5, 6)
    make_digests(day)
    assert lines(digest_of(cast.fang, day), "wait") == ["今天到期｜本单位经办｜答复"]


def test_a_late_opinion_is_shown_to_the_lead(cast, handling):
    handling.accept("civil").accept("finance")
    opinion_due = handling.place("finance").due_on
    day = opinion_due + timedelta(days=3)
    handling.proposal.refresh_from_db()
    make_digests(day)
    assert lines(digest_of(cast.gao, day)) == ["超期 3 天｜｜写会办意见"]
    assert agenda_lines(cast.chen, day) == []


def agenda_lines(user, day):
    content = digest_of(user, day)
    return lines(content) if content else []


def test_deputies_revise_cosign_and_rate(cast):
    make_proposal(cast, ProposalStatus.RETURNED, now=at(2026, 4, 1))
    make_proposal(cast, ProposalStatus.REPLIED, now=at(2026, 4, 1))
    walk = make_proposal(cast, now=at(2026, 4, 1))
    walk.do("invite", cast.lin, deputy=cast.deputies["xiao"])
    day = date(2026, 4, 2)
    make_digests(day)
    verbs = {line["verb"] for line in digest_of(cast.lin, day)["todo"]["lines"]}
    assert verbs == {"修改后再提交", "看答复并评价"}
    assert lines(digest_of(cast.xiao, day)) == ["｜｜看看是否附议"]
    assert digest_of(cast.tang, day) is None


def test_drafts_left_lying_are_mentioned_once_a_week(cast):
    walk = make_proposal(cast)
    type(walk.proposal).objects.filter(pk=walk.proposal.pk).update(edited_at=at(2026, 3, 20))
    make_digests(date(2026, 3, 24))
    make_digests(date(2026, 3, 31))  # a Tuesday
    assert Digest.objects.count() == 0
    monday = date(2026, 3, 30)
    make_digests(monday)
    assert digest_of(cast.lin, monday)["drafts"] == 1
    assert digest_of(cast.lin, monday)["headline"] == "您有没写完的草稿。"


def test_the_office_has_its_queues_and_the_units_that_are_late(cast, handling):
    make_proposal(cast, ProposalStatus.SUBMITTED, now=at(2026, 5, 6))
    make_proposal(cast, ProposalStatus.FILED, now=at(2026, 5, 6))
    day = date(2026, 5, 7)
    make_digests(day)
    content = digest_of(cast.su, day)
    assert sorted(line["verb"] for line in content["todo"]["lines"]) == ["交办", "审查"]
    assert content["wait"]["count"] == 2  # neither unit has signed for it
    for reader in (cast.jiang, cast.luo, cast.zhang, cast.admin):
        assert digest_of(reader, day) is None


def test_a_late_child_of_a_hub_is_told_to_hub_office_and_the_successors_signer(cast, client, time_machine):
    """机构改革: 市教育局 has taken over what the hub gave to 市民政局."""
    walk = make_proposal(cast, ProposalStatus.FILED, now=at(2026, 2, 2)).dispatch(civil="lead")
    civil = cast.units["civil"]
    civil.successor, civil.is_active = cast.units["education"], False
    civil.save()
    forget_successors()
    walk.do("accept", cast.qin, walk.place("civil"))
    now = at(2026, 5, 7)
    time_machine.move_to(now)
    make_digests(now.date())
    waits = {"hub": "市民政局", "su": "市民政局", "mo": "本单位经办"}
    for key, holder in waits.items():
        assert lines(digest_of(cast.people[key], now.date()), "wait") == [f"超期 1 天｜{holder}｜答复"]
        client.force_login(cast.people[key])
        assert "超期 1 天" in client.get("/notices/").content.decode()
    assert digest_of(cast.fang, now.date()) is None
    forget_successors()


def test_the_other_congress_hears_nothing(cast, handling):
    make_digests(DUE)
    assert not Digest.objects.filter(user__username__startswith="xishan").exists()


# --- Once a day, whatever happens -----------------------------------------------------------------------


def test_made_once_and_kept_as_it_was_made(cast, handling):
    day = date(2026, 2, 3)
    assert make_digests(day) == 3  # 陈晓岚, 邹立新, 高文博
    before = digest_of(cast.chen, day)
    handling.accept("civil")
    make_proposal(cast, ProposalStatus.HANDLING, now=at(2026, 2, 2))
    make_digests(day)
    assert digest_of(cast.chen, day) == before
    assert Digest.objects.filter(user=cast.chen).count() == 1
    assert Delivery.objects.filter(digest__user=cast.chen).count() == 1


def test_on_days_off_only_what_was_reminded_of_that_day(cast, handling):
    saturday = date(2026, 2, 7)
    assert make_digests(saturday) == 0
    handling.accept("civil")
    sunday = date(2026, 5, 17)  # eleven days over
    remind(sunday)
    make_digests(sunday)
    assert lines(digest_of(cast.chen, sunday)) == ["超期 11 天｜｜答复"]
    next_sunday = sunday + timedelta(days=1)
    assert digest_of(cast.chen, next_sunday) is None


def test_killed_between_two_chunks_the_rest_is_made_later(cast, handling, monkeypatch):
    from supervision import digests

    monkeypatch.setattr(digests, "CHUNK", 1)
    made = []

    class Killed(Exception):
        pass

    queue = digests._queue

    def die_on_the_second(day, users):
        made.append(users)
        if len(made) == 2:
            raise Killed
        queue(day, users)

    day = date(2026, 2, 3)
    with monkeypatch.context() as patch:
        patch.setattr(digests, "_queue", die_on_the_second)
        with pytest.raises(Killed):
            make_digests(day)
    assert Digest.objects.count() == Delivery.objects.count() == 1
    make_digests(day)
    assert Digest.objects.count() == Delivery.objects.count() == 3  # 陈晓岚, 邹立新, 高文博


def test_a_page_and_a_digest_tell_the_same(cast, time_machine):
    for status in (
        ProposalStatus.HANDLING,
        ProposalStatus.REPLIED,
        ProposalStatus.RETURNED,
        ProposalStatus.FILED,
    ):
        make_proposal(cast, status, now=at(2026, 4, 1))
    now = at(2026, 4, 28)
    time_machine.move_to(now)
    make_digests(now.date())
    checked = 0
    for user in cast.people.values():
        content = digest_of(user, now.date())
        if content is None:
            continue
        live = agenda_of(type(user).objects.get(pk=user.pk))
        assert [line.as_json() for line in live.todo] == content["todo"]["lines"]
        assert [line.as_json() for line in live.wait] == content["wait"]["lines"]
        assert (live.todo_count, live.wait_count) == (content["todo"]["count"], content["wait"]["count"])
        checked += 1
    assert checked >= 4


def test_long_lists_name_the_most_urgent_and_count_the_rest(cast, handling):
    place = handling.place("civil")
    Waiting.objects.bulk_create(
        Waiting(
            congress=cast.congress, proposal=handling.proposal, assignment=place, queue="handle",
            holder_kind="handler", holder_id=cast.units["civil"].pk, due_on=DUE - timedelta(days=n),
        )
        for n in range(60)
    )  # fmt: skip
    make_digests(DUE)
    todo = digest_of(cast.chen, DUE)["todo"]
    assert len(todo["lines"]) == 20
    assert todo["count"] == 61
    assert (
        todo["lines"][0]["left"]
        == f"超期 {(DUE - handling.place('civil').clocks.get(kind='accept').due_on).days} 天"
    )


def test_few_queries_however_much_waits(cast, handling, django_assert_max_num_queries):
    place = handling.place("civil")
    Waiting.objects.bulk_create(
        Waiting(
            congress=cast.congress, proposal=handling.proposal, assignment=place, queue="handle",
            holder_kind="handler", holder_id=cast.units["civil"].pk, due_on=DUE,
        )
        for _ in range(5000)
    )  # fmt: skip
    with django_assert_max_num_queries(40):
        make_digests(DUE)


# --- The email ------------------------------------------------------------------------------------------


def test_the_email_has_text_and_html_and_names_no_deputy(cast, handling, settings):
    settings.SITE_URL = "https://jianyi.example.test"
    cast.congress.liaison_phone = "8866 0199"
    cast.congress.save()
    make_proposal(cast, ProposalStatus.REPLIED, now=at(2026, 4, 1))
    make_digests(DUE)
    deliver_pending()
    assert Delivery.objects.exclude(state="sent").count() == 0
    sent = {message.to[0]: message for message in mail.outbox}
    message = sent["chen@example.test"]
    [(html, kind)] = message.alternatives
    assert kind == "text/html"
    assert message.subject == "今天有 1 件要您办，其中 1 件超期（5月6日）"
    for body in (message.body, html):
        assert "陈晓岚，您好" in body
        assert "2026年5月6日（周三）" in body
        assert f"https://jianyi.example.test/assignments/{handling.place('civil').pk}/accept/" in body
        assert "签收：在城区社区推广老年助餐服务" in body
        assert "8866 0199" in body
    for message in mail.outbox:
        for body in (message.body, message.alternatives[0][0]):
            assert not any(deputy.name in body for deputy in cast.deputies.values())


def test_markup_in_a_title_stays_text(cast):
    text = {**TEXT, "title": "关于<b>规范</b>养老&护理的建议"}
    make_proposal(cast, ProposalStatus.SUBMITTED, now=at(2026, 5, 6), text=text)
    make_digests(date(2026, 5, 7))
    deliver_pending()
    message = next(m for m in mail.outbox if m.to == ["su@example.test"])
    assert "<b>规范</b>养老&护理" in message.body
    assert "&lt;b&gt;规范&lt;/b&gt;养老&amp;护理" in message.alternatives[0][0]


def test_who_has_no_address_gets_it_in_the_system_only(cast, handling):
    cast.chen.email = ""
    cast.chen.save()
    make_digests(date(2026, 2, 3))
    assert Digest.objects.filter(user=cast.chen).exists()
    assert not Delivery.objects.filter(digest__user=cast.chen).exists()
