"""explain_due at the command line: the date first, then how it is counted; and what clocks say of themselves."""

import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command

from core.calendars import load_calendar, save_year
from proposals.explanations import clock_card, explain
from proposals.management.commands.explain_due import Refusal
from proposals.models import Clock
from proposals.presets import CLOCKS, PRESETS
from proposals.status import ProposalStatus
from tests.cast import Walk, make_proposal

ROOT = Path(__file__).resolve().parents[2]
LAW = "《中华人民共和国全国人民代表大会和地方各级人民代表大会代表法》第五十一条第二款"
CHONGQING = "《重庆市人民代表大会代表建议批评和意见工作条例》"


def explain_due(capsys, *words):
    call_command("explain_due", *words)
    return capsys.readouterr().out.splitlines()


def test_three_months_from_20_february(db, capsys):
    assert explain_due(capsys, "2026-02-20", "reply") == [
        "2026-05-20",
        "通用（代表法）：答复期限（reply）",
        f"自交办之日起 3 个月。依据：{LAW}。",
        "起算日 2026年2月20日（周五）不计入，从 2月21日起算。",
        "3 个月后的对应日是 5月20日（周三），为末日。",
        "末日 5月20日（周三）是工作日，不顺延。",
        "到期日是 2026年5月20日（周三），当天仍在期限内。",
    ]


def test_working_days_over_a_make_up_weekend(db, capsys):
    assert explain_due(capsys, "2026-02-04", "first_contact", "--rules", "重庆") == [
        "2026-03-10",
        "重庆市：首次沟通期限（first_contact）",
        f"自收到（签收）之日起 20 个工作日。依据：{CHONGQING}第十八条。",
        "起算日 2026年2月4日（周三）不计入，从 2月5日起算。",
        "跳过不是工作日的 14 天：周末 5 天（2月7日至8日、3月1日、3月7日至8日），春节放假 9 天（2月15日至23日）。",
        "调休上班的 2月14日（周六）、2月28日（周六）照常计入。",
        "数到第 20 个工作日，是 3月10日（周二）。",
        "到期日是 2026年3月10日（周二），当天仍在期限内。",
        "说明：条文自收到之日起算，系统以签收为收到。",
    ]


@pytest.mark.parametrize(
    ("start", "kind", "rules", "due"),
    [
        ("2026-02-02", "reply", "通用", "2026-05-06"),  # 2 May lies in the holiday of Labour Day
        ("2026-02-20", "reply", "湖南", "2026-05-20"),
        ("2026-02-20", "reply_complex", "湖南", "2026-08-20"),
        ("2026-02-20", "reply", "乡镇", "2026-04-20"),
        ("2025-11-30", "reply", "通用", "2026-02-28"),  # no 30 February; the last day is a worked Saturday
        ("2026-02-20", "assign", "上海", "2026-03-03"),
        ("2026-02-20", "assign", "山东", "2026-02-25"),  # calendar days
        ("2026-02-20", "return_window", "通用", "2026-03-03"),
        ("2026-02-20", "opinion", "重庆", "2026-04-03"),
        ("2026-01-30", "redo", "北京", "2026-03-30"),
        ("2026-02-20", "redo", "chongqing", "2026-04-20"),
        ("2024-02-29", "reply", "通用", "2024-05-29"),
    ],
)
def test_due_dates_of_several_places(db, capsys, start, kind, rules, due):
    assert explain_due(capsys, start, kind, "--rules", rules)[0] == due


def test_a_year_that_is_not_published_is_provisional(db, capsys):
    lines = explain_due(capsys, "2026-11-20", "reply")
    assert lines[0] == "2027-02-22"
    assert "暂定：日历里还没有 2027 年的放假安排" in lines[-1]


def test_the_ceiling_is_named_without_a_doubled_word(db, capsys):
    assert "答复上期限" not in (line := explain_due(capsys, "2026-04-22", "reply_complex")[1])
    assert "答复上限（reply_complex）" in line


def test_the_calendar_of_the_database_counts(db, capsys):
    save_year(2027, {date(2027, 2, 22): (False, "春节"), date(2027, 2, 23): (False, "春节")})
    lines = explain_due(capsys, "2026-11-20", "reply")
    assert lines[0] == "2027-02-24"
    assert "暂定" not in "".join(lines)


def test_every_preset_answers_for_every_clock_that_is_on(db, capsys):
    for preset in PRESETS.values():
        for kind in CLOCKS:
            if preset.clock(kind).is_on and kind != "commitment":
                lines = explain_due(capsys, "2026-04-22", kind, "--rules", preset.name)
                assert date.fromisoformat(lines[0]) > date(2026, 4, 22)
                assert preset.clock(kind).article in lines[2]
                assert ("（未核实）" in lines[2]) is not preset.clock(kind).verified


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("2026-02-20", "nothing"), "没有名为“nothing”的期限"),
        (("2026-02-20", "reply", "--rules", "月球"), "没有名为“月球”的办法。可选：通用、湖南"),
        (("2026-02-20", "first_contact"), "没有启用"),
        (("2026-02-20", "commitment"), "不按规则推算"),
        (("2026-02-30", "reply"), "没有 2026-02-30 这一天"),
        (("20260220", "reply"), "看不懂"),
        (("2026-2-20", "reply"), "看不懂"),
        (("２０２６-02-20", "reply"), "看不懂"),
        (("昨天", "reply"), "看不懂"),
        (("9999-12-30", "reply"), "超出了日历的范围"),
    ],
)
def test_what_cannot_be_answered_says_why(db, words, said):
    with pytest.raises(Refusal, match=said):
        call_command("explain_due", *words)


@pytest.mark.process
@pytest.mark.parametrize(
    ("words", "status", "first"),
    [
        (["2026-02-20", "reply", "--rules", "湖南"], 0, "2026-05-20"),
        (["2026-02-20", "nothing"], 2, "没有名为“nothing”的期限"),
        (["2026-02-20"], 2, "用法：explain_due"),
        (["2026-02-20", "reply", "--what"], 2, "用法：explain_due"),
    ],
)
def test_without_any_table_and_as_a_program(tmp_path, words, status, first):
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{tmp_path}/empty.sqlite3",
        "VAR_DIR": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "explain_due", *words],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == status
    said, silent = (done.stderr, done.stdout) if status else (done.stdout, done.stderr)
    assert said.startswith(first)
    assert silent == ""
    assert "Traceback" not in done.stderr


# --- What a clock says of itself ------------------------------------------------------------------------


def words_of(clock, today=date(2026, 4, 22)):
    return "".join(explain(clock, load_calendar("lanjiang"), today).sentences)


@pytest.fixture
def handling(cast, at):
    return make_proposal(cast, ProposalStatus.HANDLING, now=at(2026, 2, 2))


@pytest.fixture
def at():
    from datetime import datetime

    from core.dates import SHANGHAI

    return lambda *day: datetime(*day, 9, tzinfo=SHANGHAI)


def test_an_ordinary_clock(handling):
    clock = handling.place("civil").clocks.get(kind="reply")
    said = words_of(clock)
    assert clock.due_on == date(2026, 5, 6)
    assert f"自交办之日起 3 个月。依据：{LAW}。" in said
    assert "逢劳动节放假，顺延至其后第一个工作日 5月6日（周三）" in said


def test_a_default_is_marked_as_not_verified(handling):
    assert "依据：通用默认（未核实）" in words_of(handling.place("civil").clocks.get(kind="accept"))


def test_a_met_and_an_overdue_clock(handling):
    clock = handling.place("civil").clocks.get(kind="accept")
    assert "已超期 76 天。" in words_of(clock)
    handling.accept()
    clock.refresh_from_db()
    assert "2月2日已完成，未超期。" in words_of(clock)
    clock.met_on = clock.due_on + timedelta(days=3)
    assert "已完成，超期 3 天。" in words_of(clock)
    window = handling.place("civil").clocks.get(kind="return_window")
    assert "窗口已关闭。" in words_of(window)


def test_an_earlier_date_set_when_assigning(cast, at):
    walk = Walk(cast, now=at(2026, 2, 2)).submit().file()
    walk.do(
        "assign",
        cast.su,
        placements=walk.placements(civil="lead"),
        reply_due_on=date(2026, 3, 20),
        early_reason="赶在汛期前",
    )
    said = words_of(walk.place("civil").clocks.get(kind="reply"))
    assert "到期日由办理决定直接确定：3月20日（周五）" in said
    assert "到期日是 5月6日（周三）。" in said
    assert "交办时要求提前答复：赶在汛期前。" in said


def test_a_complex_case_runs_on_the_ceiling(cast, at):
    walk = Walk(cast, now=at(2026, 2, 2)).submit().file()
    walk.do("assign", cast.su, placements=walk.placements(civil="lead"), is_complex=True)
    clock = walk.place("civil").clocks.get(kind="reply")
    assert "列为复杂件，按答复上限计算：自交办之日起 6 个月" in words_of(clock)


def test_a_moved_date_names_the_first_one(handling):
    clock = handling.place("civil").clocks.get(kind="reply")
    clock.rule |= {"first_due_on": "2026-05-06", "note": "批准延期"}
    clock.due_on = date(2026, 6, 8)
    assert "原到期日 5月6日（周三），后改为 6月8日（周一）。批准延期。" in words_of(clock)


def test_a_promise_is_its_own_date(cast, at):
    walk = make_proposal(cast, ProposalStatus.HANDLING, now=at(2026, 2, 2))
    promise = {"what": "建成 6 个食堂", "owner": "邓佩文", "promised_on": "2026-12-31"}
    walk.sign("civil", reply_class="planned", planned_commitments=[promise])
    clock = Clock.objects.get(proposal=walk.proposal, kind="commitment")
    assert explain(clock, load_calendar(), date(2026, 4, 22)).computed is None
    assert "承诺的完成日期 12月31日（周四）" in words_of(clock)


def test_a_calendar_changed_afterwards_is_said(handling):
    clock = handling.place("civil").clocks.get(kind="reply")
    save_year(2026, {date(2026, 5, 6): (False, "另加一天")})
    assert "计算之后放假安排有过修改" in words_of(clock)


def test_the_card_shows_the_weeks_in_which_it_was_counted(cast, at, handling):
    from proposals.rules import load_rules

    rules = load_rules(cast.congress.pk)
    clock = handling.place("civil").clocks.get(kind="reply")
    calendar = load_calendar()
    card = clock_card(clock, date(2026, 4, 22), rules, calendar)
    assert (card.heading, card.light, card.left) == ("答复：5月6日（周三）到期", "yellow", "还剩 14 天")
    days = (date(2026, 4, 22) + timedelta(days=n) for n in range(1, 15))
    assert card.workdays_left == sum(map(calendar.is_workday, days))
    assert [step.key for step in card.steps] == ["从哪天算", "按什么规定", "落在哪天", "顺延后"]
    assert card.steps[2].words == "劳动节放假，不是工作日"
    assert [week.first for week in card.weeks] == [date(2026, 4, 27), date(2026, 5, 4)]
    last_day, due = card.weeks[0].days[5], card.weeks[1].days[2]
    assert (last_day.number, last_day.words, last_day.mark) == (2, "3 个月届满", "休")
    assert (due.number, due.words, due.css) == (6, "到期", "end")
    assert card.weeks[1].days[5].mark == "班"
    assert "国办发明电〔2025〕7号" in card.sources


def test_the_card_of_working_days_counts_them(cast, handling):
    from proposals.rules import load_rules

    clock = handling.place("civil").clocks.get(kind="return_window")
    card = clock_card(clock, date(2026, 2, 3), load_rules(cast.congress.pk), load_calendar())
    counted = [day.words for week in card.weeks for day in week.days if day]
    assert "第 1 天" in counted
    assert "第 7 天 到期" in counted
    assert card.steps[-1].words == "是工作日，不顺延"
