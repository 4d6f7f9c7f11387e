"""Two hundred pairs of conflicting actions, each from two connections of a real PostgreSQL.

One wins and one gets the sentence, or both follow each other where that is legal; nothing is doubled or lost.
"""

import traceback

import pytest

from accounts.models import Grant, Role, SecurityEvent
from institutions.models import Committee
from proposals import history
from tests.cast import build_cast, make_user
from tests.proposals.race_cases import CATALOGUE
from tests.proposals.racing import Desk, meeting_at_the_lock, run

pytestmark = [pytest.mark.postgres, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

TIMES = 3
# A colleague of each whose work two people may do at once: (姓名, role, unit).
COLLEAGUES = {
    "ning": ("宁小满", Role.LIAISON, None),
    "shi": ("石副局长", Role.SIGNER, "civil"),
    "yan": ("严会计", Role.HANDLER, "finance"),
    "ma": ("马督查", Role.HUB, "hub"),
    "deng": ("邓副主任", Role.LEADER, None),
}


@pytest.fixture
def cast(transactional_db):
    cast = build_cast()
    for key, (name, role, unit) in COLLEAGUES.items():
        user = cast.people[key] = make_user(key, name)
        Grant.objects.create(user=user, role=role, congress=cast.congress, unit=cast.units.get(unit))
    other = Committee.objects.create(congress=cast.congress, name="环境资源委员会")
    user = cast.people["pei"] = make_user("pei", "裴青")
    Grant.objects.create(user=user, role=Role.COMMITTEE, congress=cast.congress, committee=other)
    return cast


def test_the_catalogue_is_wide_enough():
    races = [race for races in CATALOGUE.values() for race in races]
    assert len({race.name for race in races}) == len(races) >= 25
    assert len(races) * TIMES >= 200


@pytest.mark.parametrize("part", CATALOGUE)
def test_conflicting_pairs(cast, part, monkeypatch):
    """Every race of a part, several times: started together, and made to meet at the lock of the case."""
    desk, wrong = Desk(cast), []
    for race in CATALOGUE[part]:
        for turn in range(TIMES):
            meeting = meeting_at_the_lock(monkeypatch) if turn % 2 else None
            try:
                run(race, cast, desk, meeting)
            except Exception:  # each race is told by its name, the others go on
                wrong.append(f"{race.name}（第 {turn + 1} 次）\n{traceback.format_exc(limit=-3)}")
    assert not wrong, f"{len(wrong)} wrong:\n" + "\n".join(wrong)
    assert list(history.verify()) == []
    # Whoever was only slower is no intruder.
    assert not SecurityEvent.objects.exists(), list(SecurityEvent.objects.values_list("kind", "words"))
