"""Dates that cannot be, and those in a year whose calendar is not published yet: a clear answer, nothing lost."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from proposals.models import Clock, Proposal
from tests.cast import CONTACT, make_proposal

from .test_bad_input import FORMS, client_of, events

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "day", ["2020-01-01", "2199-12-31", "0001-01-01", "9999-12-31", "2026-02-30", "明天"]
)
def test_impossible_dates_of_an_assignment(cast, day):
    """An earlier reply date lies after today and before the ordinary one."""
    form = next(form for form in FORMS if form.code == "assign")
    walk = form.prepare(cast)
    page = form.post(walk, reply_due_on=day, early_reason="赶在汛期之前", words="请先到现场看看。")
    html = page.content.decode()
    assert page.status_code == 422
    assert "赶在汛期之前" in html
    assert "请先到现场看看。" in html
    assert Proposal.objects.get().status == "filed"


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["2020-01-01", "2199-12-31", "0001-01-01", "2026-02-30", "20260506", "昨天"])
def test_impossible_dates_of_a_contact(cast, day):
    """Not before the place was opened, not after today."""
    form = next(form for form in FORMS if form.code == "log_contact")
    walk = form.prepare(cast)
    before = events(walk)
    page = form.post(walk, on=day)
    assert page.status_code == 422
    assert CONTACT["words"] in page.content.decode()
    assert events(walk) == before


@pytest.mark.django_db
def test_a_due_date_in_a_year_without_a_calendar(cast):
    """暂定 wherever the date stands; nothing fails on the way from assigning to the answer."""
    walk = make_proposal(cast, "handling", now=datetime.datetime(2039, 11, 18, 10, tzinfo=SHANGHAI))
    clock = Clock.objects.get(assignment=walk.place("civil"), kind="reply")
    assert clock.is_provisional
    assert clock.due_on.year == 2040
    case = reverse("proposals:case", args=[walk.proposal.pk])
    for user in (cast.lin, cast.su, cast.chen):
        assert "暂定" in client_of(user).get(case).content.decode()
    page = client_of(cast.chen).get(reverse("proposals:clock", args=[clock.pk])).content.decode()
    assert "暂定" in page
    assert "2040" in page
    for user, address in ((cast.su, "/work/?queue=due"), (cast.chen, "/inbox/"), (cast.su, "/registry/")):
        assert client_of(user).get(address).status_code == 200
    walk.accept().sign()
    assert Proposal.objects.get().status == "replied"
