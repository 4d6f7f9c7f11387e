"""Which numbers are taken out of what visitors read, and which must stay."""

import pytest

from core.privacy import HIDDEN, numbers_in, without_numbers

PERSONAL = [
    "13800000001",
    "138 0000 0001",
    "138-0000-0001",
    "+86 13800000001",
    "１３８００００００１１",
    "0790-88661032",
    "(0790) 8866 1032",
    "0731－88661032转805",
    "8866 1032",
    "88661032",
    "8661032",
    "430102199001011234",
    "43010219900101123X",
    "430102 19900101 123x",
    "430102900101123",
    "6222021234567890123",
    "6222 0212 3456 7890 123",
    "lin.xiuzhi@example.test",
]
KEPT = [
    "2026-086",
    "2026-闭006",
    "澜民函〔2026〕56号",
    "2025-2027 年",
    "2020 2021 2022 2023",
    "20260415",
    "投入 31500000 元",
    "补助 500-1000 元",
    "3000—5000 人",
    "2345678 人次",
    "1 234 567 元",
    "1,380,000 元",
    "占 23456789.5 平方米",
    "拨打 12345 热线、110",
    "热线全年受理 2345678 件",
    "电话访问 2025-2027 年的 3 批",
    "2026-04-15 电话回访",
    "电话回访于 2026-04-15 做完",
    "3年建 9 处",
]


@pytest.mark.parametrize("number", PERSONAL)
def test_what_leads_to_a_person_is_taken_out(number):
    text = f"请找居委会王某（{number}）登记，共 6 户。"
    assert numbers_in(text) == [number]
    assert without_numbers(text) == f"请找居委会王某（{HIDDEN}）登记，共 6 户。"


@pytest.mark.parametrize("words", KEPT)
def test_amounts_years_and_document_numbers_stay(words):
    assert numbers_in(words) == []
    assert without_numbers(f"情况：{words}，属实。") == f"情况：{words}，属实。"


@pytest.mark.parametrize("number", ["866-1032", "8866-9032", "1886610", "88 66 10 32"])
def test_after_a_word_for_calling_any_number_goes(number):
    assert without_numbers(f"联系电话：{number}。") == f"联系电话：{HIDDEN}。"


def test_several_are_told_each_once():
    text = "手机 13800000001，办公室 8866 1032；手机 13800000001。"
    assert numbers_in(text) == ["13800000001", "8866 1032"]


def test_a_huge_text_takes_no_time():
    assert without_numbers("1 " * 100_000) == "1 " * 100_000
    assert without_numbers("电话" * 100_000) == "电话" * 100_000
    assert HIDDEN in without_numbers("8" * 100_000)
