"""The preset rule sets, against a table written down from the regulations themselves.

The tables here are on purpose not derived from `proposals.presets`: whoever changes a value there has to come
here with the article in hand.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from core.workdays import UNITS
from proposals.presets import (
    CLOCKS,
    PRESETS,
    REPLY_CLASSES,
    START_EVENTS,
    SWITCHES,
    Lights,
    UnknownRule,
    clean_switches,
    find_preset,
)

LAW = "《中华人民共和国全国人民代表大会和地方各级人民代表大会代表法》"
BEIJING = "《北京市人民代表大会代表建议、批评和意见办理条例》"
SHANGHAI = "《上海市人民代表大会关于代表建议、批评和意见的规定》"
SHANDONG = "《山东省人民代表大会代表建议、批评和意见办理工作条例》"
QINGDAO = "《青岛市人民代表大会代表建议、批评和意见工作条例》"
HENAN = "《河南省人民代表大会代表建议、批评和意见办理办法》"
ZHEJIANG = "《浙江省人民代表大会代表建议、批评和意见办理的规定》"
CHONGQING = "《重庆市人民代表大会代表建议批评和意见工作条例》"
TOWNSHIP = "《重庆市乡镇人民代表大会工作条例》"

# (place, clock): value, unit, starting event, article. Everything else is 未核实.
VERIFIED_CLOCKS = {
    ("general", "reply"): (3, "month", "assigned", LAW + "第五十一条第二款"),
    ("general", "reply_complex"): (6, "month", "assigned", LAW + "第五十一条第二款"),
    ("hunan", "reply"): (3, "month", "assigned", LAW + "第五十一条第二款"),
    ("hunan", "reply_complex"): (6, "month", "assigned", LAW + "第五十一条第二款"),
    ("beijing", "reply"): (3, "month", "assigned", BEIJING + "第二十一条"),
    ("beijing", "reply_complex"): (6, "month", "assigned", BEIJING + "第二十一条"),
    ("beijing", "rating"): (15, "workday", "reply_delivered", BEIJING + "第二十三条第一款"),
    ("beijing", "redo"): (2, "month", "redo_ordered", BEIJING + "第二十七条第四款"),
    ("shanghai", "assign"): (7, "workday", "submitted", SHANGHAI + "第十一条第一款"),
    ("shanghai", "assign_session"): (1, "month", "session_closed", SHANGHAI + "第十五条"),
    ("shanghai", "return_window"): (7, "workday", "place_opened", SHANGHAI + "第十四条第一款"),
    ("shanghai", "opinion"): (1, "month", "place_opened", SHANGHAI + "第十七条第一款"),
    ("shanghai", "reply"): (3, "month", "assigned", SHANGHAI + "第十九条第一款"),
    ("shanghai", "reply_complex"): (6, "month", "assigned", SHANGHAI + "第十九条第一款"),
    ("shanghai", "redo"): (1, "month", "redo_ordered", SHANGHAI + "第二十一条第二款"),
    ("shandong", "assign"): (5, "day", "submitted", SHANDONG + "第十条第一款"),
    ("shandong", "return_window"): (5, "day", "place_opened", SHANDONG + "第十二条"),
    ("shandong", "opinion"): (1, "month", "place_opened", SHANDONG + "第二十一条"),
    ("shandong", "reply"): (3, "month", "assigned", SHANDONG + "第十九条"),
    ("shandong", "reply_complex"): (6, "month", "assigned", SHANDONG + "第十九条"),
    ("shandong", "redo"): (1, "month", "redo_ordered", SHANDONG + "第二十四条"),
    ("qingdao", "assign"): (5, "workday", "submitted", QINGDAO + "第十四条"),
    ("qingdao", "return_window"): (5, "workday", "place_opened", QINGDAO + "第十九条第一款"),
    ("qingdao", "opinion"): (1, "month", "place_opened", QINGDAO + "第二十四条"),
    ("qingdao", "reply"): (3, "month", "assigned", QINGDAO + "第二十五条"),
    ("qingdao", "reply_complex"): (6, "month", "assigned", QINGDAO + "第二十五条"),
    ("henan", "return_window"): (10, "workday", "place_opened", HENAN + "第十四条"),
    ("henan", "return_decision"): (10, "workday", "return_asked", HENAN + "第十四条"),
    ("henan", "opinion"): (2, "month", "place_opened", HENAN + "第十八条第一款"),
    ("henan", "reply"): (3, "month", "place_opened", HENAN + "第二十条"),
    ("henan", "reply_complex"): (6, "month", "place_opened", HENAN + "第二十条"),
    ("henan", "rating"): (10, "workday", "reply_delivered", HENAN + "第二十二条第一款"),
    ("henan", "redo"): (1, "month", "redo_ordered", HENAN + "第二十二条第二款"),
    ("zhejiang", "return_window"): (10, "day", "place_opened", ZHEJIANG + "第十四条"),
    ("zhejiang", "opinion"): (2, "month", "place_opened", ZHEJIANG + "第十八条第一款"),
    ("zhejiang", "reply"): (3, "month", "place_opened", ZHEJIANG + "第二十一条"),
    ("zhejiang", "reply_complex"): (6, "month", "place_opened", ZHEJIANG + "第二十一条"),
    ("zhejiang", "redo"): (1, "month", "redo_ordered", ZHEJIANG + "第二十四条"),
    ("chongqing", "assign"): (10, "workday", "submitted", CHONGQING + "第十三条第二款"),
    ("chongqing", "return_window"): (10, "workday", "place_opened", CHONGQING + "第十六条"),
    ("chongqing", "return_decision"): (10, "workday", "return_asked", CHONGQING + "第十六条"),
    ("chongqing", "first_contact"): (20, "workday", "accepted", CHONGQING + "第十八条"),
    ("chongqing", "opinion"): (30, "workday", "place_opened", CHONGQING + "第二十条第一款"),
    ("chongqing", "opinion_redo"): (5, "workday", "opinion_returned", CHONGQING + "第二十条第一款"),
    ("chongqing", "reply"): (3, "month", "assigned", CHONGQING + "第二十一条"),
    ("chongqing", "reply_complex"): (6, "month", "assigned", CHONGQING + "第二十一条"),
    ("chongqing", "rating"): (20, "workday", "reply_delivered", CHONGQING + "第二十七条第一款"),
    ("chongqing", "redo"): (2, "month", "redo_ordered", CHONGQING + "第二十七条第二款"),
    ("township", "reply"): (2, "month", "assigned", TOWNSHIP + "第十六条第一款"),
    ("township", "reply_complex"): (4, "month", "assigned", TOWNSHIP + "第十六条第一款"),
}

VERIFIED_SWITCHES = {
    ("general", "contact_required"): (True, LAW + "第五十一条第二款"),
    ("hunan", "contact_required"): (True, LAW + "第五十一条第二款"),
    ("township", "contact_required"): (True, LAW + "第五十一条第二款"),
    ("beijing", "withdraw_until"): ("before_assign", BEIJING + "第十三条第二款"),
    ("beijing", "contact_required"): (True, BEIJING + "第十九条第一款"),
    ("beijing", "extension_needs_consent"): (True, BEIJING + "第二十一条"),
    ("beijing", "extension_endorsed_by_hub"): (True, BEIJING + "第二十一条"),
    ("beijing", "oral_reply_record"): (False, BEIJING + "第二十二条第二款"),
    ("beijing", "reply_copy_to"): ("congress", BEIJING + "第二十四条"),
    ("beijing", "publish_needs_deputy_consent"): (False, BEIJING + "第三十条"),
    ("shanghai", "withdraw_until"): ("before_reply", SHANGHAI + "第十条第一款"),
    ("shanghai", "withdraw_needs_cosigners"): (True, SHANGHAI + "第十条第二款"),
    ("shanghai", "contact_required"): (True, SHANGHAI + "第十六条第三款"),
    ("shanghai", "extension_needs_consent"): (True, SHANGHAI + "第十九条第一款"),
    ("shanghai", "extension_endorsed_by_hub"): (True, SHANGHAI + "第十九条第一款"),
    ("shanghai", "signer_rank"): ("responsible", SHANGHAI + "第二十条"),
    ("shanghai", "reply_to"): ("each", SHANGHAI + "第二十条"),
    ("shanghai", "reply_copy_to"): ("congress_hub", SHANGHAI + "第二十条"),
    ("shanghai", "two_dimensions"): (True, SHANGHAI + "第二十一条第一款"),
    ("shandong", "withdraw_until"): ("before_reply", SHANDONG + "第九条"),
    ("shandong", "contact_required"): (True, SHANDONG + "第十七条第一款"),
    ("shandong", "extension_needs_consent"): (True, SHANDONG + "第十九条"),
    ("shandong", "extension_endorsed_by_hub"): (True, SHANDONG + "第十九条"),
    ("shandong", "signer_rank"): ("principal", SHANDONG + "第二十二条第一款"),
    ("shandong", "oral_reply_record"): (True, SHANDONG + "第二十条第一款、第二十二条第一款"),
    ("shandong", "reply_to"): ("each_or_lead", SHANDONG + "第二十条第二款"),
    ("shandong", "reply_copy_to"): ("congress_hub", SHANDONG + "第二十二条第二款"),
    ("shandong", "two_dimensions"): (True, SHANDONG + "第二十三条"),
    ("shandong", "publish_needs_deputy_consent"): (False, SHANDONG + "第二十七条第二款"),
    ("qingdao", "withdraw_until"): ("before_reply", QINGDAO + "第十二条"),
    ("qingdao", "contact_required"): (True, QINGDAO + "第二十三条"),
    ("qingdao", "extension_needs_consent"): (True, QINGDAO + "第二十五条"),
    ("qingdao", "extension_endorsed_by_hub"): (True, QINGDAO + "第二十五条"),
    ("qingdao", "signer_rank"): ("responsible", QINGDAO + "第二十九条第一款"),
    ("qingdao", "oral_reply_record"): (False, QINGDAO + "第二十九条第一款"),
    ("qingdao", "reply_to"): ("lead", QINGDAO + "第二十八条第三款"),
    ("qingdao", "publish_needs_deputy_consent"): (False, QINGDAO + "第三十条"),
    ("henan", "delegation_check"): (True, HENAN + "第十一条第一款"),
    ("henan", "contact_required"): (True, HENAN + "第十九条第二款"),
    ("henan", "extension_needs_consent"): (False, HENAN + "第二十条"),
    ("henan", "signer_rank"): ("principal", HENAN + "第二十一条第一款"),
    ("henan", "oral_reply_record"): (False, HENAN + "第二十一条第一款"),
    ("henan", "reply_to"): ("each", HENAN + "第二十一条第二款"),
    ("henan", "reply_copy_to"): ("congress", HENAN + "第二十一条第一款"),
    ("henan", "publish_needs_deputy_consent"): (True, HENAN + "第二十九条"),
    ("zhejiang", "contact_required"): (True, ZHEJIANG + "第十七条第一款"),
    ("zhejiang", "extension_needs_consent"): (True, ZHEJIANG + "第二十一条"),
    ("zhejiang", "extension_endorsed_by_hub"): (True, ZHEJIANG + "第十一条第二款、第二十一条"),
    ("zhejiang", "signer_rank"): ("principal", ZHEJIANG + "第二十二条第一款"),
    ("zhejiang", "oral_reply_record"): (False, ZHEJIANG + "第二十二条第一款"),
    ("zhejiang", "reply_to"): ("each", ZHEJIANG + "第二十二条第二款"),
    ("zhejiang", "reply_copy_to"): ("congress_hub_electing", ZHEJIANG + "第二十五条第一款"),
    ("chongqing", "delegation_check"): (True, CHONGQING + "第十条"),
    ("chongqing", "withdraw_until"): ("before_reply", CHONGQING + "第十二条第二款"),
    ("chongqing", "contact_required"): (True, CHONGQING + "第十八条"),
    ("chongqing", "signer_rank"): ("principal", CHONGQING + "第二十三条第一款"),
    ("chongqing", "oral_reply_record"): (False, CHONGQING + "第二十三条第一款"),
    ("chongqing", "reply_to"): ("each", CHONGQING + "第二十三条第二款"),
    ("chongqing", "reply_copy_to"): ("congress_hub", CHONGQING + "第二十五条"),
    ("chongqing", "publish_needs_deputy_consent"): (False, CHONGQING + "第三十六条第一款"),
}

# 通用's own choices where the law gives no number (workflow §3).
GENERAL_DEFAULTS = {
    "review": (5, "workday", "submitted"),
    "revise": (10, "workday", "returned"),
    "assign": (10, "workday", "filed"),
    "assign_session": (1, "month", "session_closed"),
    "dispatch": (5, "workday", "place_opened"),
    "accept": (3, "workday", "place_opened"),
    "return_window": (7, "workday", "place_opened"),
    "return_decision": (5, "workday", "return_asked"),
    "first_contact": (20, "workday", "accepted"),
    "opinion": (1, "month", "place_opened"),
    "opinion_redo": (5, "workday", "opinion_returned"),
    "correction": (5, "workday", "reply_recalled"),
    "extension_decision": (3, "workday", "extension_asked"),
    "rating": (15, "workday", "reply_delivered"),
    "rating_grace": (10, "workday", "rating_ended"),
    "judge": (10, "workday", "disputed"),
    "redo": (1, "month", "redo_ordered"),
    "redo_ceiling": (2, "month", "redo_ordered"),
    "coordination": (1, "month", "coordination_begun"),
    "commitment": (0, "day", "promised_date"),
}

LETTERS = {
    "general": "ABBCD",
    "hunan": "ABBCC",
    "beijing": "ABBCD",
    "shanghai": "ABCDD",
    "shandong": "ABBCD",
    "qingdao": "ABCDD",
    "henan": "ABBCD",
    "zhejiang": "ABBCC",
    "chongqing": "ABBCD",
    "township": "ABBCD",
}


@pytest.fixture(params=PRESETS.values(), ids=PRESETS.keys())
def preset(request):
    return request.param


def test_the_ten_places_in_order():
    assert [preset.name for preset in PRESETS.values()] == (
        ["通用", "湖南", "北京", "上海", "山东", "青岛", "河南", "浙江", "重庆", "乡镇"]
    )
    assert all(code == preset.code for code, preset in PRESETS.items())


def test_presets_are_read_without_django():
    code = "import sys, proposals.presets; sys.exit('django' in sys.modules)"
    root = Path(__file__).resolve().parents[2]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0


@pytest.mark.parametrize(("place", "kind"), VERIFIED_CLOCKS)
def test_terms_as_the_article_says(place, kind):
    spec = PRESETS[place].clock(kind)
    assert (spec.value, spec.unit, spec.start_code, spec.article) == VERIFIED_CLOCKS[place, kind]
    assert spec.verified


@pytest.mark.parametrize(("place", "code"), VERIFIED_SWITCHES)
def test_switches_as_the_article_says(place, code):
    chosen = PRESETS[place].switches[code]
    assert (chosen.value, chosen.article) == VERIFIED_SWITCHES[place, code]
    assert chosen.verified
    assert PRESETS[place].switch(code) == chosen.value


def test_everything_else_is_marked_unverified(preset):
    clocks = {(preset.code, kind) for kind, spec in preset.clocks.items() if spec.verified}
    assert clocks == {key for key in VERIFIED_CLOCKS if key[0] == preset.code}
    switches = {(preset.code, code) for code, chosen in preset.switches.items() if chosen.verified}
    assert switches == {key for key in VERIFIED_SWITCHES if key[0] == preset.code}


def test_every_clock_is_there_and_sound(preset):
    assert list(preset.clocks) == list(CLOCKS)
    for kind, spec in preset.clocks.items():
        assert spec.kind == kind
        assert spec.unit in UNITS
        assert spec.start_code in CLOCKS[kind][1]
        assert spec.value >= 1 or kind == "commitment"
        # What the rule set's table has room for.
        assert 0 < len(spec.start_event) <= 60
        assert 0 < len(spec.article) <= 200


def test_every_starting_event_has_words_and_is_used():
    assert {start for _, starts in CLOCKS.values() for start in starts} == set(START_EVENTS)


def test_defaults_of_the_general_rule_set():
    general = PRESETS["general"]
    silent = {kind: spec for kind, spec in general.clocks.items() if not spec.verified}
    assert {kind: (s.value, s.unit, s.start_code) for kind, s in silent.items()} == GENERAL_DEFAULTS
    assert {s.article for s in silent.values()} == {"通用默认"}


# The one number of a place that is ours: its text wants the thing done while the session sits.
OWN_CHOICES = {("shandong", "assign_session"): (1, "day")}


def test_a_place_takes_what_its_text_lacks_from_the_general_rule_set(preset):
    general = PRESETS["general"]
    for kind, spec in preset.clocks.items():
        if spec.verified or (preset.code, kind) in OWN_CHOICES:
            continue
        base = general.clocks[kind]
        assert (spec.value, spec.unit, spec.start_code, spec.article, spec.is_on) == (
            (base.value, base.unit, base.start_code, base.article, base.is_on)
        )
        assert spec.note or not base.note
    for code, chosen in preset.switches.items():
        if not chosen.verified:
            assert chosen.value == general.switches[code].value == SWITCHES[code].default
            assert chosen.article == general.switches[code].article


def test_our_own_choice_for_shandong_is_marked():
    spec = PRESETS["shandong"].clock("assign_session")
    assert (spec.value, spec.unit) == OWN_CHOICES["shandong", "assign_session"]
    assert spec.article == SHANDONG + "第十条第一款"
    assert not spec.verified
    assert "会议期间" in spec.note


def test_first_contact_is_off_but_for_chongqing(preset):
    off = {kind for kind, spec in preset.clocks.items() if not spec.is_on}
    assert off == (set() if preset.code == "chongqing" else {"first_contact"})


def test_ceilings_are_not_below_their_terms(preset):
    for term, ceiling in (("reply", "reply_complex"), ("redo", "redo_ceiling")):
        low, high = preset.clock(term), preset.clock(ceiling)
        assert low.unit == high.unit == "month"
        assert low.value <= high.value
        assert low.start_code == high.start_code


def test_the_words_of_the_text_for_the_start():
    assert PRESETS["zhejiang"].clock("reply").start_event == "接到"
    assert PRESETS["henan"].clock("return_window").start_event == "交办"
    assert PRESETS["shanghai"].clock("return_window").start_event == "收到"
    assert PRESETS["general"].clock("reply").start_event == "交办"


def test_every_switch_has_a_value_it_knows(preset):
    assert list(preset.switches) == list(SWITCHES)
    values = {code: chosen.value for code, chosen in preset.switches.items()}
    assert clean_switches(values) == values
    assert all(chosen.article for chosen in preset.switches.values())


def test_letters_are_complete(preset):
    assert list(preset.letters) == list(REPLY_CLASSES)
    assert "".join(letter.letter for letter in preset.letters.values()) == LETTERS[preset.code]
    assert all(0 < len(letter.words) <= 40 for letter in preset.letters.values())
    assert preset.letters_source


def test_sources_name_the_acts_that_are_cited(preset):
    titles = {f"《{act.title}》" for act in preset.sources}
    assert titles
    assert all(act.version for act in preset.sources)
    verified = [*preset.clocks.values(), *preset.switches.values()]
    cited = {item.article.split("》")[0] + "》" for item in verified if item.verified}
    assert cited <= titles


def test_clean_switches_fills_defaults_and_refuses_in_words():
    assert clean_switches({}) == {code: spec.default for code, spec in SWITCHES.items()}
    assert clean_switches({"reply_to": "lead"})["reply_to"] == "lead"
    with pytest.raises(ValueError, match="没有名为“colour”的开关"):
        clean_switches({"colour": "red"})
    with pytest.raises(ValueError, match="“末日顺延”只能是“是”或“否”"):
        clean_switches({"roll_forward": 1})
    with pytest.raises(ValueError, match=r"“答复送达谁”没有这个选项：all。可选：each（领衔和每位附议代表）"):
        clean_switches({"reply_to": "all"})
    with pytest.raises(ValueError, match="“答复送达谁”没有这个选项"):
        clean_switches({"reply_to": ["each"]})


def test_switch_values_are_shown_in_words():
    assert SWITCHES["roll_forward"].words(True) == "是"
    assert SWITCHES["roll_forward"].words(False) == "否"
    assert SWITCHES["withdraw_until"].words("before_assign") == "交办前"


def test_lights():
    colours = {days: Lights().colour(days) for days in (16, 15, 6, 5, 0, -1)}
    assert colours == {16: "green", 15: "yellow", 6: "yellow", 5: "orange", 0: "orange", -1: "red"}
    assert Lights(yellow=30, orange=10).colour(16) == "yellow"
    assert all(preset.lights == Lights(15, 5) for preset in PRESETS.values())


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("湖南", "hunan"),
        ("湖南省", "hunan"),
        ("HUNAN", "hunan"),
        (" 重庆 ", "chongqing"),
        ("通用(代表法)", "general"),
        ("通用（代表法）", "general"),
        ("乡镇", "township"),
    ],
)
def test_find_preset(given, code):
    assert find_preset(given).code == code


@pytest.mark.parametrize("given", ["火星", "", "湖", "𠮷"])
def test_an_unknown_preset_is_answered_with_a_sentence(given):
    with pytest.raises(UnknownRule) as refusal:
        find_preset(given)
    assert isinstance(refusal.value, KeyError)
    assert str(refusal.value) == (
        f"没有名为“{given}”的办法。可选：通用、湖南、北京、上海、山东、青岛、河南、浙江、重庆、乡镇。"
    )


def test_an_unknown_clock_or_switch_is_answered_with_a_sentence():
    with pytest.raises(UnknownRule) as refusal:
        PRESETS["hunan"].clock("lunch")
    assert str(refusal.value).startswith("没有名为“lunch”的期限。可用的期限：review、revise、assign、")
    with pytest.raises(UnknownRule) as refusal:
        PRESETS["hunan"].switch("lunch")
    assert str(refusal.value).startswith("没有名为“lunch”的开关。可用的开关：roll_forward、")


def test_presets_cannot_be_changed_in_place(preset):
    with pytest.raises(TypeError):
        PRESETS["mars"] = preset
    with pytest.raises(TypeError):
        preset.clocks["reply"] = None
    with pytest.raises(AttributeError):
        preset.clocks["reply"].value = 1
