"""Search finds what stands in number, title and text, and nothing else, on both databases alike."""

import uuid

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from deputies.models import Delegation, Deputy, Term
from institutions.models import Congress, Level
from proposals import search as text_search
from proposals.models import Proposal, SearchDoc
from proposals.search import bigrams, index, search, shared_words, similar, similar_each, title_pairs
from proposals.status import ProposalStatus
from tests.cast import make_proposal

DOCUMENTS = {
    "canteen": {
        "number": "2026-闭006",
        "title": "关于在城区社区推广老年助餐服务的建议",
        "situation": "独居老人中午多是对付一顿，养老服务跟不上。",
        "analysis": "补助没有分档；第3条办法2019年以后没有修改。",
        "points": ["每个街道至少建成1个社区食堂。", "接入5G网络和ETC系统，预留Wi-Fi。"],
    },
    "parking": {
        "number": "2026-086",
        "title": "关于规范共享电动自行车停放的建议",
        "situation": "人民医院东门堵塞，养殖户反映老路不通。",
        "analysis": "PM2.5 超标，㎡ 单位不一。",
        "points": ["设置停放点。", "䢺湾村、㛃川路和𠮷田巷先行试点，𪚥字牌匾保留。"],
    },
}


def make_parents():
    """What a proposal needs to exist."""
    congress = Congress.objects.create(
        code="search", name="检索市人民代表大会", office_name="检索市人大常委会", level=Level.CITY
    )
    term = Term.objects.create(congress=congress, number=1, name="第一届", starts_on="2022-01-10")
    delegation = Delegation.objects.create(congress=congress, name="东团")
    deputy = Deputy.objects.create(
        congress=congress, term=term, delegation=delegation, name="代表", card_no="1"
    )
    return {"congress": congress, "delegation": delegation, "lead": deputy}


@pytest.fixture
def parents(db):
    return make_parents()


@pytest.fixture
def documents(parents):
    made = {name: Proposal.objects.create(**parents, **text) for name, text in DOCUMENTS.items()}
    for proposal in made.values():
        index(proposal)
    return made


def found(words):
    """The short names of the documents found."""
    titles = {text["title"]: name for name, text in DOCUMENTS.items()}
    return {titles[title] for title in search(Proposal.objects.all(), words).values_list("title", flat=True)}


FINDS = [
    # one character: in the title, in the text, in the number, at the end of a run, outside the BMP
    ("餐", {"canteen"}),
    ("独", {"canteen"}),
    ("闭", {"canteen"}),
    ("堵", {"parking"}),
    ("一", {"canteen", "parking"}),
    ("㛃", {"parking"}),
    ("𠮷", {"parking"}),
    ("𪚥", {"parking"}),
    ("龘", set()),
    # two and more
    ("养老", {"canteen"}),
    ("老养", set()),
    ("医院", {"parking"}),
    ("社区", {"canteen"}),
    ("停放点", {"parking"}),
    ("老年助餐", {"canteen"}),
    ("助餐老年", set()),
    ("养老服务跟不上", {"canteen"}),
    ("㛃川", {"parking"}),
    ("𠮷田巷", {"parking"}),
    ("巷𠮷田", set()),
    # the whole of a sentence: punctuation in it only separates
    ("独居老人中午多是对付一顿，养老服务跟不上。", {"canteen"}),
    # a phrase does not reach over a comma without one, nor from the title into the text
    ("一顿养老", set()),
    ("建议独居", set()),
    # digits, letters, and both with Chinese
    ("2026-闭006", {"canteen"}),
    ("２０２６－闭００６", {"canteen"}),
    ("闭006", {"canteen"}),
    ("闭6", {"canteen"}),
    ("2026-闭6", {"canteen"}),
    ("2026-086", {"parking"}),
    ("086", {"parking"}),
    ("86", {"parking"}),
    ("2026-06", set()),
    ("2026", {"canteen", "parking"}),
    ("2019年", {"canteen"}),
    ("第3条", {"canteen"}),
    ("3条", {"canteen"}),
    ("3条办", {"canteen"}),
    ("第3", {"canteen"}),
    ("建成1个社区", {"canteen"}),
    ("5G", {"canteen"}),
    ("5g网络", {"canteen"}),
    ("etc", {"canteen"}),
    ("wi-fi", {"canteen"}),
    ("pm2.5", {"parking"}),
    ("et", set()),
    # several words: all of them, in any order, anywhere
    ("食堂 养老", {"canteen"}),
    ("  养老　食堂 ", {"canteen"}),
    ("食堂 医院", set()),
    ("2026 停放", {"parking"}),
    ("养老 ，", {"canteen"}),
    # invisible characters inside a word
    ("养\u200b老", {"canteen"}),
    ("养\U000e0100老", {"canteen"}),
]


@pytest.mark.parametrize(("words", "names"), FINDS)
def test_finds(documents, words, names):
    assert found(words) == names


@pytest.mark.parametrize("words", ["", " ", "　\n\t"])
def test_nothing_typed_filters_nothing(documents, words):
    assert found(words) == set(DOCUMENTS)


HOSTILE = [
    "，。！？",
    "😀",
    "' OR 1=1 --",
    '"',
    '""" AND',
    "养老' | '医院",
    "养老:*",
    "养老 & 医院",
    "! 养老 !",
    "NEAR(养老 医院)",
    "tokens : 养老",
    "†停放",
    "‡停",
    "¶",
    "*",
    "^养老",
    "-养老",
    "(((((",
    "\\",
    "%",
    "_",
    "%s",
    "养\x00老",
    "\x01\x1f\x7f",
    "\ud800",
    "<script>alert(1)</script>",
    "{}",
    "养" * 100_000,
    "a" * 100_000,
    "养 " * 50_000,
    "老年 " * 50_000,
    "⁠\u202e养老",
]


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_harm_nothing(documents, words):
    assert found(words) <= set(DOCUMENTS)
    assert Proposal.objects.count() == 2


@pytest.mark.parametrize("words", ["，。", "😀", "\ud800", "%", "*", '"'])
def test_words_without_a_letter_find_nothing(documents, words):
    assert found(words) == set()


def test_operators_in_words_are_only_words(documents):
    assert found("养老 OR 医院") == set()
    assert found("养老 | 医院") == set()  # the stroke separates; both words are wanted
    assert found("-养老") == {"canteen"}


def test_result_is_an_ordinary_queryset(documents, django_assert_num_queries):
    with django_assert_num_queries(1):
        result = search(Proposal.objects.filter(status=ProposalStatus.DRAFT), "2026")
    with django_assert_num_queries(3):
        assert result.count() == 2
        assert [p.number for p in result.order_by("number")[:1]] == ["2026-086"]
        assert result.exclude(number="2026-086").get() == documents["canteen"]


def test_common_words_are_found_like_rare_ones(documents, monkeypatch):
    monkeypatch.setattr(text_search, "FEW_HITS", 0)
    assert found("2026") == {"canteen", "parking"}
    both = search(search(Proposal.objects.order_by("number"), "2026"), "一")
    assert [p.number for p in both[:1]] == ["2026-086"]
    assert (both.count(), both.exclude(number="2026-086").count()) == (2, 1)
    assert found("一") == {"canteen", "parking"}
    assert found("养老") == {"canteen"}


def test_index_follows_the_text(documents, django_assert_num_queries):
    proposal = documents["canteen"]
    proposal.title, proposal.situation, proposal.points = "关于托育的建议", "无", []
    proposal.save()
    with django_assert_num_queries(1):
        index(proposal)
    assert search(Proposal.objects.all(), "助餐").count() == 0
    assert search(Proposal.objects.all(), "食堂").count() == 0
    assert search(Proposal.objects.all(), "托育").get() == proposal
    proposal.delete()
    assert search(Proposal.objects.all(), "托育").count() == 0
    assert not SearchDoc.objects.filter(tokens__contains="托育").exists()


def test_long_and_strange_texts_are_indexed(parents):
    text = "\x01\x0b" + "𠮷" * 300 + "a" * 5000 + "👩‍👩‍👧" + "'\\\":*&|!<>()" + "一二三四五六七八九十" * 3000
    proposal = Proposal(**parents, title="标题" * 50, situation=text, analysis="尾声", points=["末尾"])
    proposal.save()
    index(proposal)
    for words in ("标题", "𠮷𠮷", "a" * 5000, "十一二"):
        assert search(Proposal.objects.all(), words).get() == proposal, words
    assert search(Proposal.objects.all(), "尾声").count() == 0  # beyond the first 15,000 characters


def test_number_and_title_come_before_what_is_cut_off(parents):
    proposal = Proposal.objects.create(**parents, number="2026-001", title="桥梁", situation="水" * 20_000)
    index(proposal)
    assert search(Proposal.objects.all(), "桥梁").exists()
    assert search(Proposal.objects.all(), "2026-001").exists()


def test_rebuild_restores_what_is_missing_or_wrong(documents, capsys):
    SearchDoc.objects.filter(pk=documents["canteen"].pk).delete()
    SearchDoc.objects.filter(pk=documents["parking"].pk).update(tokens="错误")
    call_command("rebuild_search")
    assert "2 件" in capsys.readouterr().out
    assert found("养老") == {"canteen"}
    assert found("停放点") == {"parking"}
    assert found("错误") == set()


def test_bigrams():
    assert bigrams("养老服务，A4纸 5G") == ["养老", "老服", "服务", "务", "a", "4", "纸", "5", "g"]
    assert bigrams("ＡＢ１２") == ["ab", "12"]
    assert bigrams("") == []


# --- Migration, vendors ---------------------------------------------------------------------------------


def _index_exists():
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT to_regclass('proposals_searchdoc_tsv') IS NOT NULL")
            return cursor.fetchone()[0]
        cursor.execute(
            "SELECT count(*) FROM sqlite_master WHERE name LIKE 'proposals\\_searchdoc\\_%' ESCAPE '\\'"
        )
        return cursor.fetchone()[0] > 0


@pytest.mark.django_db(transaction=True)
def test_migration_goes_back_and_forth_over_rows():
    """Rows written before the index came are found after it."""
    proposal = Proposal.objects.create(**make_parents(), title="养老")
    index(proposal)
    latest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    try:
        MigrationExecutor(connection).migrate([("proposals", "0001_initial")])
        assert not _index_exists()
        SearchDoc.objects.update(tokens="托育")
    finally:
        MigrationExecutor(connection).migrate(latest)
    assert _index_exists()
    assert search(Proposal.objects.all(), "托育").get() == proposal


@pytest.fixture
def database_of_locale_c(transactional_db):
    """Lead the connection to a fresh database of locale C for one test."""
    usual, name = connection.settings_dict["NAME"], f"test_locale_c_{uuid.uuid4().hex[:8]}"
    with connection._nodb_cursor() as cursor:
        cursor.execute(
            f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
        )
    connection.close()
    connection.settings_dict["NAME"] = name
    yield
    connection.close()
    connection.settings_dict["NAME"] = usual
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name}")


@pytest.mark.postgres
def test_chinese_is_found_in_a_database_of_locale_c(database_of_locale_c):
    """There PostgreSQL's own text search parser drops Chinese."""
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT datctype FROM pg_database WHERE datname = current_database()")
        assert cursor.fetchone() == ("C",)
    parents = make_parents()
    for text in DOCUMENTS.values():
        index(Proposal.objects.create(**parents, **text))
    for words, names in FINDS:
        assert found(words) == names, words


# --- Similar proposals ----------------------------------------------------------------------------------


def _closed(parents, title, **fields):
    proposal = Proposal.objects.create(
        **parents, title=title, status=ProposalStatus.CLOSED, filed_on=timezone.localdate(), **fields
    )
    index(proposal)
    return proposal


@pytest.fixture
def past(cast):
    deputy = cast.deputies["xiao"]
    parents = {"congress": cast.congress, "delegation": deputy.delegation, "lead": deputy}
    titles = [
        "关于规范共享电动自行车投放与停放的建议",
        "关于整治医院周边非机动车乱停放的建议",
        "关于加强农村养老服务的建议",
        "关于加快建设城区公共停车场的建议",
    ]
    return [_closed(parents, title) for title in titles]


def test_similar_by_title(cast, past):
    hits = similar("关于规范共享电动自行车停放点设置的建议", cast.congress, cast.su)
    assert hits[0] == past[0]
    assert hits[0].shared_words == ["规范共享电动自行车", "停放"]
    assert past[2] not in hits


def test_a_long_title_finds_its_short_twin(cast, past):
    """Whatever else a long title holds, the short one that stands within it is alike."""
    long = f"{past[0].title[:-3]}、推进老旧小区加装电梯和完善城乡公交线路布局并加大财政补助力度的建议"
    assert past[0] in similar(long, cast.congress, cast.su)
    assert past[2] not in similar(long, cast.congress, cast.su)


def test_similar_to_a_proposal_leaves_itself_out(cast, past):
    assert past[0] not in similar(past[0], cast.congress, cast.su)


def test_similar_shows_only_what_the_user_sees(cast, past):
    title = past[2].title
    assert similar(title, cast.congress, cast.su) == [past[2]]
    assert similar(title, cast.congress, cast.xiao) == [past[2]]
    assert similar(title, cast.congress, cast.lin) == []
    assert similar(title, cast.congress, cast.chen) == []
    assert similar(title, cast.stranger.congress, cast.stranger.liaison) == []
    assert similar(title, cast.congress, cast.stranger.liaison) == []


def test_similar_never_shows_drafts(cast):
    draft = make_proposal(cast).proposal
    for user in (cast.lin, cast.xiao, cast.su):
        assert similar(draft.title, cast.congress, user) == []


def test_similar_since(cast, past):
    Proposal.objects.filter(pk=past[2].pk).update(filed_on="2020-03-01")
    since = timezone.localdate().replace(year=2023)
    assert similar(past[2].title, cast.congress, cast.su, since=since) == []


@pytest.mark.parametrize("title", ["", "建议", "关于的建议", "😀", "、" * 500, "x", "养" * 5000, "\x00"])
def test_similar_to_nearly_nothing(cast, past, title):
    assert similar(title, cast.congress, cast.su) == []


def test_similar_needs_at_most_three_queries(cast, past, django_assert_num_queries):
    cast.su.active_grants()
    with django_assert_num_queries(3):
        similar(past[0].title, cast.congress, cast.su)
    parents = {"congress": cast.congress, "delegation": past[0].delegation, "lead": past[0].lead}
    for number in range(30):
        _closed(parents, f"关于规范共享电动自行车停放的建议（{number}）")
    with django_assert_num_queries(3):
        assert len(similar(past[0].title, cast.congress, cast.su)) == 5
    with django_assert_num_queries(1):
        assert similar("关于量子通信的建议", cast.congress, cast.su) == []


def test_similar_when_every_pair_is_common(cast, past, monkeypatch):
    monkeypatch.setattr(text_search, "SIMILAR_CANDIDATES", 2)
    parents = {"congress": cast.congress, "delegation": past[0].delegation, "lead": past[0].lead}
    newest = [_closed(parents, "关于农村养老服务的建议") for _ in range(4)]
    assert similar("农村养老服务", cast.congress, cast.su) == [*reversed(newest), past[2]]


def test_similar_each_finds_the_closest_other_of_a_page(cast, past, django_assert_num_queries):
    parents = {"congress": cast.congress, "delegation": past[0].delegation, "lead": past[0].lead}
    page = [
        _closed(parents, "关于共享电动自行车停放的建议"),
        _closed(parents, "关于农村养老服务用餐的建议"),
        _closed(parents, "关于量子通信的建议"),
    ]
    cast.su.active_grants()
    with django_assert_num_queries(3):
        found = similar_each(page, cast.su)
        assert {pk: other.title for pk, other in found.items()} == {
            page[0].pk: past[0].title,
            page[1].pk: past[2].title,
        }
    assert similar_each(page, cast.lin) == {}
    assert similar_each(page, cast.stranger.liaison) == {}
    assert similar_each([], cast.su) == {}


def test_shared_words():
    pairs = title_pairs("关于规范共享电动自行车投放的建议")
    assert shared_words(pairs, "关于共享电动汽车和自行车的建议") == ["共享电动", "自行车"]
