"""承诺台账: whose promises, the two rates, tabs and filters, the file; few queries however many rows."""

import csv
import zipfile
from datetime import timedelta
from io import BytesIO, StringIO
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from proposals.models import Commitment, Proposal
from supervision.implementation import assigned_cases, cohorts, kept_rate, promises_of, replied_rate
from tests.cast import make_proposal
from tests.proposals.actions.promised import act, confirmed, promise_of, promised, reported, verified

pytestmark = pytest.mark.django_db
LEDGER = "/commitments/"


def page(cast, who, address=LEDGER):
    client = Client()
    client.force_login(cast.people[who])
    return client.get(address).content.decode()


@pytest.fixture
def told(cast):
    """One promise of each kind: kept and confirmed, disputed, broken, reported, late, open."""
    rows = {
        "kept": confirmed(cast)[1],
        "disputed": confirmed(cast, said="partly")[1],
        "broken": verified(cast, "broken")[1],
        "reported": reported(cast)[1],
        "late": promised(cast)[1],
        "open": promised(cast)[1],
    }
    for name, row in rows.items():
        Commitment.objects.filter(pk=row.pk).update(what=f"承诺-{name}")
    late = timezone.localdate() - timedelta(9)
    Commitment.objects.filter(pk=rows["late"].pk).update(promised_on=late)
    return rows


def shown(text):
    return {
        name for name in ("kept", "disputed", "broken", "reported", "late", "open") if f"承诺-{name}" in text
    }


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("", {"kept", "disputed", "broken", "reported", "late", "open"}),
        ("?tab=verify", {"reported", "disputed"}),
        ("?tab=late", {"late"}),
        ("?tab=disputed", {"disputed"}),
        ("?tab=looking", {"broken"}),
        ("?year=all&outcome=kept", {"kept", "disputed"}),
        ("?year=all&outcome=due", {"kept", "disputed", "broken", "late"}),
        ("?year=all&confirmed=agreed", {"kept"}),
        ("?words=承诺-open", {"open"}),
        ("?words=林秀芝", {"kept", "disputed", "broken", "reported", "late", "open"}),
        ("?year=1999", set()),
        ("?year=0", set()),
        ("?year=99999", set()),
        ("?year=垃圾&unit=x&outcome=%00&tab=nothing&page=-3&open=9999999999999999", None),
    ],
)
def test_tabs_and_filters(cast, told, address, names):
    text = page(cast, "su", LEDGER + address)
    if names is not None:
        assert shown(text) == names


def test_the_two_rates_side_by_side(cast, told):
    today = timezone.localdate()
    promises = promises_of(cast.su)
    rate = kept_rate(promises, today)
    assert (rate.part, rate.whole, rate.percent) == (2, 4, None)  # too few for a percentage
    cohort = cohorts(promises, today)[told["kept"].reply.issued_on.year]
    assert (cohort.total, cohort.due, cohort.kept, cohort.broken, cohort.late) == (6, 4, 2, 1, 1)
    make_proposal(cast, "handling")
    cases = assigned_cases(cast.su, today.year)
    replied = replied_rate(cases)
    assert (replied.part, replied.whole) == (6, 7)


def test_each_figure_opens_its_list(cast, told):
    year = timezone.localdate().year
    assert page(cast, "su", f"/commitments/cases/?year={year}").count("<tr>") == 1 + 6
    assert "办复率按它作分子" in page(cast, "su", f"/commitments/cases/?year={year}&part=replied")
    assert shown(page(cast, "su", f"{LEDGER}?year={year}&outcome=kept")) == {"kept", "disputed"}


def test_whose_promises(cast):
    walk = make_proposal(cast, "filed").dispatch()
    below_hub = promise_of(walk, what="督查室分办的承诺")
    own = promised(cast)[1]
    expected = {
        "su": {below_hub, own},
        "jiang": {below_hub, own},
        "luo": {below_hub, own},
        "gov": {below_hub},
        "hub": {below_hub},
        "chen": {below_hub, own},
        "fang": {below_hub, own},
        "gao": set(),
        "qin": set(),
        "lin": {below_hub, own},
        "tang": {below_hub, own},
        "xiao": set(),
        "zhang": {below_hub, own},
    }
    found = {who: set(promises_of(cast.people[who])) for who in expected}
    assert found == expected
    assert not promises_of(cast.stranger.liaison)


def test_a_hidden_proposer_is_neither_shown_nor_found_by_name(cast):
    walk, commitment = promised(cast)
    Proposal.objects.filter(pk=walk.proposal.pk).update(hides_proposer=True)
    for address in (LEDGER, f"{LEDGER}?open={commitment.pk}", f"/commitments/{commitment.pk}/"):
        assert "林秀芝" not in page(cast, "chen", address)
    assert commitment.what not in page(cast, "chen", f"{LEDGER}?words=林秀芝")
    Commitment.objects.filter(pk=commitment.pk).update(what="陪林秀芝代表看 4 个食堂")
    for address in (LEDGER, f"/commitments/{commitment.pk}/"):
        assert "林秀芝" not in page(cast, "chen", address)
    assert "林秀芝" not in page(cast, "chen", "/commitments/export/")
    assert "林秀芝" in page(cast, "su", "/commitments/export/")


def test_a_row_unfolds_its_course(cast):
    walk, commitment = promised(cast)
    due = commitment.promised_on + timedelta(92)
    act(walk, "move_date", cast.chen, commitment, promised_on=due, words="发现旧人防通道")
    text = page(cast, "su", f"{LEDGER}?open={commitment.pk}")
    assert "发现旧人防通道" in text and "推迟 92 天" in text and "代表还没有看" in text


def test_the_file_holds_no_formula(cast):
    commitment = promised(cast)[1]
    Commitment.objects.update(what="=HYPERLINK(1)", owner="@SUM(A1)", progress="+1", progress_on="2026-01-05")
    rows = list(csv.reader(StringIO(page(cast, "su", "/commitments/export/").lstrip("\ufeff"))))
    assert rows[1][3] == "'=HYPERLINK(1)" and rows[1][5] == "'@SUM(A1)"
    client = Client()
    client.force_login(cast.su)
    response = client.get("/commitments/export/?format=xlsx")
    sheet = zipfile.ZipFile(BytesIO(response.content)).read("xl/worksheets/sheet1.xml").decode()
    root = ElementTree.fromstring(sheet)
    assert "<f>" not in sheet and "=HYPERLINK(1)" in "".join(root.itertext())
    assert commitment.proposal.number in "".join(root.itertext())


def many(cast, number):
    """So many promises, spread over years and outcomes."""
    walk, first = promised(cast)
    today = timezone.localdate()
    Commitment.objects.bulk_create(
        Commitment(
            proposal=walk.proposal,
            reply=first.reply,
            unit=first.unit,
            what=f"第 {n} 项",
            owner="科室",
            promised_on=today + timedelta(n % 400 - 200),
            status=("open", "kept", "reported", "partly", "broken")[n % 5],
            verified_on=today if n % 5 in (1, 3, 4) else None,
        )
        for n in range(number)
    )


def test_ten_thousand_promises_cost_no_more_queries(cast, django_assert_max_num_queries):
    many(cast, 10_000)
    for who in ("su", "jiang", "luo", "hub", "chen", "lin"):
        client = Client()
        client.force_login(cast.people[who])
        client.get(LEDGER)
        with django_assert_max_num_queries(12):
            assert client.get(LEDGER).status_code == 200
