"""回头看: the yearly list, 未表态 by the daily run, B 类再交办 in one step."""

import uuid
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from proposals.models import Commitment, LookBack, Proposal, Reply, Waiting
from supervision.daily import run_daily
from supervision.look_backs import mark_unconfirmed_promises, open_look_backs
from tests.proposals.actions.promised import act, confirmed, promised, reported, verified

pytestmark = pytest.mark.django_db
URL = "/commitments/lookback/"


def of_last_year(*commitments):
    last = timezone.localdate().replace(month=3, day=2) - timedelta(365)
    Reply.objects.filter(commitments__in=commitments).update(issued_on=last)
    return timezone.localdate().year


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def test_what_earlier_years_promised_and_is_not_done_is_listed_once_a_year(cast):
    kept, open_one, waiting = confirmed(cast)[1], promised(cast)[1], reported(cast)[1]
    this_year = promised(cast)[1]
    broken = verified(cast, "broken")[1]
    year = of_last_year(kept, open_one, waiting, broken)
    now = timezone.now()
    assert open_look_backs(timezone.localdate(), now) == 2  # the broken one is on this year's list already
    assert open_look_backs(timezone.localdate(), now) == 0
    listed = set(LookBack.objects.filter(year=year).values_list("commitment", flat=True))
    assert listed == {open_one.pk, waiting.pk, broken.pk}
    assert this_year.pk not in listed
    next_year = timezone.localdate().replace(year=year + 1, month=1, day=5)
    assert open_look_backs(next_year, now + timedelta(days=60)) == 4
    assert set(LookBack.objects.filter(year=year).values_list("result", flat=True)) == {"carried"}


def test_the_daily_run_and_the_command_make_the_list(cast):
    open_one = promised(cast)[1]
    of_last_year(open_one)
    call_command("look_back")
    assert LookBack.objects.count() == 1
    LookBack.objects.all().delete()
    run_daily()
    assert LookBack.objects.get().commitment == open_one


def test_silence_is_noted_after_the_term_and_never_counted_as_kept(cast):
    commitment = verified(cast)[1]
    last = commitment.confirm_by
    assert mark_unconfirmed_promises(last, timezone.now()) == 0
    later = timezone.now() + (last - timezone.localdate()) + timedelta(days=1)
    assert mark_unconfirmed_promises(last + timedelta(1), later) == 1
    commitment.refresh_from_db()
    assert commitment.confirmed == "silent"
    assert not Waiting.objects.filter(commitment=commitment).exists()
    text = client_of(cast.su).get("/commitments/?year=all&confirmed=agreed").content.decode()
    assert commitment.what not in text
    # Late is better than never: the proposer may still say it.
    data = {"version": commitment.version, "request_id": uuid.uuid4(), "outcome": "kept", "words": ""}
    assert client_of(cast.lin).post(f"/commitments/{commitment.pk}/confirm/", data).status_code == 302


def test_handing_out_anew_in_one_step(cast):
    walks = [verified(cast, "broken", closed=True) for _ in range(2)]
    still_open = promised(cast)[1]  # its case waits for the rating: it cannot be handed out now
    year = of_last_year(still_open)
    open_look_backs(timezone.localdate(), timezone.now())
    client = client_of(cast.su)
    page = client.get(URL).content.decode()
    assert page.count('name="case"') == 2
    keys = [commitment.proposal_id for _, commitment in walks] + [still_open.proposal_id]
    data = {"case": keys, "year": year, "request_id": uuid.uuid4(), "reason": "对照上年承诺，逐项办结。"}
    data |= {f"version-{p.pk}": p.version for p in Proposal.objects.filter(pk__in=keys)}
    for _ in range(2):  # the same form twice is done once
        page = client.post(f"{URL}reassign/", data).content.decode()
        assert "再交办了 2 件，1 件没有再交办" in page
    for walk, commitment in walks:
        walk.proposal.refresh_from_db()
        assert (walk.proposal.status, walk.proposal.round) == ("redo", 2)
        places = walk.proposal.assignments.filter(round=2)
        assert {(p.unit.name, p.role) for p in places} == {("市民政局", "lead")}
        assert {p.redo_cause for p in places} == {"reassigned"}
        look_back = LookBack.objects.get(commitment=commitment)
        assert (look_back.reassigned_on is not None, look_back.round) == (True, 2)


def test_broken_again_in_the_same_year_it_can_be_handed_out_again(cast):
    """The list of a year has a promise once: opened again, it forgets that it was handed out before."""
    walk, commitment = confirmed(cast, "broken", said="broken")
    LookBack.objects.update(reassigned_on=timezone.localdate(), round=2)
    act(walk, "report_progress", cast.chen, commitment, words="已开餐", is_done=True)
    act(walk, "verify", cast.su, commitment, outcome="kept", words="看过。")
    act(walk, "confirm", cast.lin, commitment, outcome="broken", words="又停了。")
    act(walk, "verify", cast.su, commitment, outcome="broken", words="确已停了。")
    look_back = LookBack.objects.get()
    assert (look_back.closed_on, look_back.reassigned_on, look_back.round) == (None, None, None)


def test_nothing_ticked_or_no_words_is_said_so(cast):
    _, commitment = verified(cast, "broken", closed=True)
    client = client_of(cast.su)
    response = client.post(f"{URL}reassign/", {"reason": "逐项办结"})
    assert (response.status_code, "还没有勾选" in response.content.decode()) == (422, True)
    response = client.post(f"{URL}reassign/", {"case": commitment.proposal_id})
    assert (response.status_code, "请写再交办要求" in response.content.decode()) == (422, True)
    assert Commitment.objects.get().proposal.round == 1


def test_queries_are_bounded(cast, django_assert_max_num_queries):
    for _ in range(3):
        verified(cast, "broken", closed=True)
    client = client_of(cast.su)
    client.get(URL)
    with django_assert_max_num_queries(12):
        client.get(URL)
