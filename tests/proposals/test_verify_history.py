"""verify_history finds any changed, removed or inserted line, says where, and exits with status 1."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection

from proposals import history
from proposals.models import AppendOnly, Proposal, ProposalEvent, Waiting
from proposals.status import ProposalStatus
from tests.cast import make_proposal


@pytest.fixture
def cases(cast):
    """Two cases with a history of some length, and a draft without one."""
    first = make_proposal(cast, ProposalStatus.REPLIED).proposal
    second = make_proposal(cast, ProposalStatus.FILED).proposal
    make_proposal(cast, ProposalStatus.DRAFT)
    return first, second


def tamper(sql, *values):
    """Change the table behind the program's back, as somebody with the database's password could."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def flaws():
    return [(flaw.proposal_id, flaw.seq) for flaw in history.verify()]


def run(capsys):
    with pytest.raises(SystemExit) as stop:
        call_command("verify_history")
    assert stop.value.code == 1
    return capsys.readouterr()


def test_an_untouched_history_is_whole(cases, capsys):
    call_command("verify_history")
    out = capsys.readouterr().out
    assert "已核对 2 件建议的" in out
    assert "没有改动" in out


@pytest.mark.parametrize(
    ("column", "value"),
    [("words", "改过的话"), ("actor_name", "别人"), ("to_status", "closed"), ("payload", '{"reason": "x"}')],
)
def test_a_changed_line_is_found(cases, capsys, column, value):
    first, _ = cases
    tamper(
        f"UPDATE proposals_proposalevent SET {column} = %s WHERE proposal_id = %s AND seq = 3",
        value,
        first.pk,
    )
    assert flaws() == [(first.pk, 3)]
    said = run(capsys)
    assert f"建议 {first.pk}（{first.number}）：第 3 条内容与校验值不符，被改动过。" in said.out
    assert "发现 1 处问题" in said.err


def test_a_moved_time_is_found(cases):
    first, _ = cases
    event = first.events.get(seq=2)
    tamper("UPDATE proposals_proposalevent SET at = %s WHERE id = %s", event.at - timedelta(days=1), event.pk)
    assert flaws() == [(first.pk, 2)]


def test_a_changed_line_with_its_own_hash_made_anew_is_found_at_the_next(cases):
    first, _ = cases
    event = first.events.get(seq=2)
    event.words = "改过的话"
    tamper(
        "UPDATE proposals_proposalevent SET words = %s, hash = %s WHERE id = %s",
        event.words,
        history.event_hash(event),
        event.pk,
    )
    assert flaws() == [(first.pk, 3)]


def test_a_removed_middle_line_is_found(cases, capsys):
    first, _ = cases
    tamper("DELETE FROM proposals_proposalevent WHERE proposal_id = %s AND seq IN (2, 3)", first.pk)
    assert flaws() == [(first.pk, 2)]
    assert "第 2 条到第 3 条缺失" in run(capsys).out


def test_a_removed_tail_is_found(cases, capsys):
    first, _ = cases
    count = first.event_count
    tamper("DELETE FROM proposals_proposalevent WHERE proposal_id = %s AND seq >= %s", first.pk, count - 1)
    assert flaws() == [(first.pk, count - 1)]
    assert "末尾 2 条被删除" in run(capsys).out


def test_a_history_removed_whole_is_found(cases, capsys):
    _, second = cases
    tamper("DELETE FROM proposals_proposalevent WHERE proposal_id = %s", second.pk)
    assert flaws() == [(second.pk, 1)]
    assert "全部被删除" in run(capsys).out


def test_a_removed_line_with_the_others_renumbered_is_found(cases):
    first, _ = cases
    tamper("DELETE FROM proposals_proposalevent WHERE proposal_id = %s AND seq = 2", first.pk)
    for seq in range(3, first.event_count + 1):
        tamper(
            "UPDATE proposals_proposalevent SET seq = %s WHERE proposal_id = %s AND seq = %s",
            seq - 1, first.pk, seq,
        )  # fmt: skip
    assert (first.pk, 2) in flaws()


def test_an_inserted_line_is_found(cases, capsys):
    _, second = cases
    last = second.events.last()
    forged = ProposalEvent(
        **{
            field.attname: getattr(last, field.attname)
            for field in ProposalEvent._meta.concrete_fields
            if field.name not in ("id", "seq", "hash", "previous_hash", "request_id")
        },
        seq=last.seq + 1,
        previous_hash=last.hash,
        request_id="00000000-0000-4000-8000-000000000001",
    )
    forged.hash = history.event_hash(forged)
    forged.save()
    assert flaws() == [(second.pk, second.event_count + 1)]
    assert "末尾多出 1 条" in run(capsys).out


def test_a_line_for_a_proposal_that_never_had_one_is_found(cases):
    _, second = cases
    draft = Proposal.objects.get(status=ProposalStatus.DRAFT)
    last = second.events.last()
    forged = ProposalEvent.objects.get(pk=last.pk)
    forged.pk, forged._state.adding = None, True
    forged.proposal, forged.seq = draft, 1
    forged.previous_hash, forged.request_id = "", "00000000-0000-4000-8000-000000000002"
    forged.hash = history.event_hash(forged)
    forged.save()
    assert flaws() == [(draft.pk, 1)]


def test_a_swapped_tail_is_found_by_the_hash_the_proposal_keeps(cases):
    first, _ = cases
    last = first.events.last()
    last.words = "改过的最后一条"
    tamper(
        "UPDATE proposals_proposalevent SET words = %s, hash = %s WHERE id = %s",
        last.words,
        history.event_hash(last),
        last.pk,
    )
    assert flaws() == [(first.pk, last.seq)]


def test_every_flaw_of_several_cases_is_told(cases):
    first, second = cases
    tamper("UPDATE proposals_proposalevent SET words = 'x' WHERE seq = 1")
    assert [pk for pk, seq in flaws() if seq == 1] == [first.pk, second.pk]


def test_one_case_can_be_verified_alone(cases):
    first, second = cases
    tamper("UPDATE proposals_proposalevent SET words = 'x' WHERE proposal_id = %s AND seq = 1", first.pk)
    assert list(history.verify(Proposal.objects.filter(pk=second.pk))) == []
    assert [flaw.seq for flaw in history.verify(Proposal.objects.filter(pk=first.pk))] == [1]


def test_queries_do_not_grow_with_the_histories(cases, cast, django_assert_num_queries):
    with django_assert_num_queries(3):
        list(history.verify())
    make_proposal(cast, ProposalStatus.CLOSED)
    with django_assert_num_queries(3):
        list(history.verify())


def test_the_program_itself_offers_no_way_to_change_a_line(cases):
    event = cases[0].events.first()
    for change in (event.save, event.delete, ProposalEvent.objects.all().delete):
        with pytest.raises(AppendOnly):
            change()
    with pytest.raises(AppendOnly):
        ProposalEvent.objects.update(words="x")


# --- rebuild_waiting -----------------------------------------------------------------------------------


def test_waiting_equals_its_derivation_in_every_state(cast, capsys):
    for status in ProposalStatus:
        if status != ProposalStatus.WITHDRAWN:
            make_proposal(cast, status)
    call_command("rebuild_waiting", "--check")
    assert "0 件不同" in capsys.readouterr().out


def test_rebuild_waiting_writes_what_is_missing_and_takes_away_what_is_too_much(cases, capsys):
    first, second = cases
    before = set(Waiting.objects.values_list("proposal", "queue", "holder_kind", "holder_id", "due_on"))
    Waiting.objects.filter(proposal=second).delete()
    Waiting.objects.create(
        congress=first.congress, proposal=first, queue="judge", holder_kind="liaison", holder_id=1
    )
    with pytest.raises(SystemExit) as stop:
        call_command("rebuild_waiting", "--check")
    assert stop.value.code == 1
    assert Waiting.objects.filter(proposal=second).count() == 0
    call_command("rebuild_waiting")
    assert "2 件不同" in capsys.readouterr().out
    after = set(Waiting.objects.values_list("proposal", "queue", "holder_kind", "holder_id", "due_on"))
    assert after == before
