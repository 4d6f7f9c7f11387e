"""The figures of a hand-made year, each with its list; who sees which; and that few queries count them all."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from institutions.succession import acting_unit
from proposals.models import Assignment, Proposal
from supervision.record.counting import counts, family, rows_of, scope_for, years_of
from supervision.record.figures import FIGURES
from supervision.record.kinds import PLACES
from supervision.record.listing import page_of
from supervision.record.pages import Record

from .world import GOLDEN, THROUGH_HUB, UNRELEASED, begun


def present(numbers):
    return {code: number for code, number in numbers.items() if number}


def counted(cast, reader, unit, year=2026):
    """What a reader is told of a unit, zeros left out."""
    found = counts(scope_for(reader), year, family(cast.units[unit]))
    return present(found.get(cast.units[unit].pk, {}))


def test_the_year_by_hand(cast, world):
    for unit, numbers in GOLDEN.items():
        # Committees and leaders read the same as the office.
        for reader in (cast.su, cast.jiang, cast.luo):
            assert counted(cast, reader, unit) == numbers
    found = counts(scope_for(cast.su), 2026)
    assert {pk: present(numbers) for pk, numbers in found.items()} == {
        cast.units[key].pk: numbers for key, numbers in GOLDEN.items()
    }
    # A unit does not count what is not released to it, a hub counts what went through it.
    for person in (cast.chen, cast.fang):
        assert counted(cast, person, "civil") == GOLDEN["civil"] | UNRELEASED
    assert counted(cast, cast.hub, "civil") == counted(cast, cast.gov, "civil") == THROUGH_HUB
    assert counted(cast, cast.hub, "education") == {}
    parts_add_up(found.values())


def test_the_case_belongs_to_the_year_of_its_number(cast, world):
    assert counted(cast, cast.su, "civil", 2025)["first_result_satisfied"] == 1
    assert years_of(scope_for(cast.su)) == [2026, 2025]


def test_every_list_holds_what_was_counted(cast, world):
    """Each figure of each unit that a person sees: count, list, its pages, and what they may see of cases."""
    for reader in ("su", "luo", "chen", "hub", "gov"):
        lists_hold_what_was_counted(cast, cast.people[reader])


def lists_hold_what_was_counted(cast, user):
    scope = scope_for(user)
    seen = set(Proposal.objects.visible_to(user).values_list("pk", flat=True))
    places = set(Assignment.objects.visible_to(user).values_list("pk", flat=True))
    for unit in cast.units.values():
        if acting_unit(unit.pk) != unit.pk:
            continue
        numbers = counts(scope, 2026, family(unit)).get(unit.pk, dict.fromkeys(FIGURES, 0))
        for code, figure in FIGURES.items():
            listed = list(rows_of(code, scope, 2026, family(unit)))
            assert len(listed) == len({row.pk for row in listed}) == numbers[code], (unit, code)
            page = page_of(code, scope, 2026, family(unit), 1)
            assert page.paginator.count == len(page.object_list) == numbers[code]
            assert {row.proposal.pk for row in page.object_list if row.proposal} <= seen
            if figure.kind is PLACES:
                assert {row.place.pk for row in page.object_list} <= places


def parts_add_up(all_numbers):
    """What is cut into parts is their sum, whatever the world."""
    for numbers in all_numbers:
        assert numbers["lead"] == numbers["replied"] + numbers["unreplied"]
        assert numbers["lead"] == numbers["contacted"] + numbers["uncontacted"]
        assert numbers["sign_due"] == numbers["sign_on_time"] + numbers["sign_late"]
        assert numbers["opinion_due"] == numbers["opinion_on_time"] + numbers["opinion_late"]
        parts = ("reply_on_time", "reply_late", "reply_overdue")
        assert numbers["reply_due"] == sum(numbers[part] for part in parts)
        assert numbers["replied"] == sum(n for code, n in numbers.items() if code.startswith("class_"))
        for key in ("first", "final"):
            parts = (f"{key}_rated", f"{key}_silent", f"{key}_waiting")
            assert numbers[f"{key}_replied"] == sum(numbers[part] for part in parts)
            for dimension in ("attitude", "result"):
                answers = [n for code, n in numbers.items() if code.startswith(f"{key}_{dimension}_")]
                assert numbers[f"{key}_rated"] == sum(answers)


def test_a_reply_being_put_right_is_neither_answered_nor_late(cast, world):
    before = counted(cast, cast.su, "civil")
    walk = world["put_off"]
    walk.now = timezone.now()
    walk.do("recall_reply", cast.su, walk.place("civil"), recall="correction", reason="文号有误")
    after = counted(cast, cast.su, "civil")
    assert after["replied"] == before["replied"] - 1
    assert after["reply_on_time"] == before["reply_on_time"] - 1
    assert after["corrected"] == before["corrected"] + 1
    assert after["reply_overdue"] == before["reply_overdue"]


def test_a_place_that_was_taken_away_counts_no_more(cast, world):
    walk = begun(cast, now=timezone.now(), civil="lead")
    assert counted(cast, cast.su, "civil")["lead"] == GOLDEN["civil"]["lead"] + 1
    walk.ask_return()
    new = walk.placements(health="lead")
    walk.do("approve_return", cast.su, walk.place("civil"), reason="改交", placements=new)
    after = counted(cast, cast.su, "civil")
    assert after["lead"] == GOLDEN["civil"]["lead"]
    # What it asked for stays on record.
    assert after["return_asked"] == 2
    assert after["return_granted"] == 1


def test_the_queries_do_not_grow(cast):
    def queries():
        with CaptureQueriesContext(connection) as found:
            counts(scope_for(cast.people["su"]), timezone.localdate().year)
        return len(found)

    begun(cast, now=timezone.now(), civil="lead")
    queries()  # rules and calendar are read once
    assert queries() == 3
    for unit in ("health", "finance"):
        begun(cast, now=timezone.now(), **{unit: "lead"}).sign(unit)
    assert queries() == 3


def test_times_and_what_to_look_at(cast, world):
    record = Record(scope_for(cast.su), cast.units["civil"], 2026)
    # Nine of the twelve places were signed for at once; put_off was answered after 100 days.
    assert (record.times.signing, record.times.fastest, record.times.slowest) == (0, 0, 100)
    why = [each.why for each in record.attention]
    assert "答复被退回重答 1 次" in why
    assert "首轮不满意" in why
    assert sum("还没答复" in each for each in why) == 2
    own = Record(scope_for(cast.chen), cast.units["civil"], 2026)
    assert "首轮不满意" in [each.why for each in own.attention]  # redone, so released


def test_the_government_judges_no_place_outside_of_its_hub(cast):
    """分办 to 市民政局 and to the hub: the mayor reads the case, but of 市民政局 there is no record for the mayor."""
    walk = begun(cast, now=timezone.now(), civil="separate", hub="separate")
    walk.do(
        "dispatch",
        cast.hub,
        walk.place("hub"),
        placements=walk.placements(health="separate", finance="separate"),
    )
    year = timezone.localdate().year
    for key in ("gov", "hub"):
        scope = scope_for(cast.people[key])
        assert set(counts(scope, year)) == {cast.units[unit].pk for unit in ("hub", "health", "finance")}
