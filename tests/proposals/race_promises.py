"""The conflicts about promises (承诺): who reports, moves, verifies and confirms at once."""

import uuid
from datetime import timedelta

from django.utils import timezone

from proposals.models import Clock, Commitment
from tests.proposals.actions.promised import promised, reported, verified
from tests.proposals.racing import Race, one_of


def reached(reach, **options):
    return lambda cast: reach(cast, closed=True, **options)[0]


def form(who, action, **fields):
    """The form of this action on the one promise of the case, as the page has it now."""

    def job(desk, walk):
        commitment = Commitment.objects.get(proposal=walk.proposal)
        known = {"version": commitment.version, "request_id": uuid.uuid4()}
        return desk.send(action, who, f"/commitments/{commitment.pk}/{action}/", known | fields)

    return job


def in_days(number):
    return (timezone.localdate() + timedelta(number)).isoformat()


def one_clock_at_most(walk):
    commitment = Commitment.objects.get(proposal=walk.proposal)
    running = Clock.objects.filter(commitment=commitment, met_on=None, voided_on=None)
    # The verification ended it for good: whoever reports the promise done once more has no date until it is moved.
    is_reported_anew = commitment.status == "reported" and commitment.verified_on
    assert running.count() == (commitment.is_open and not is_reported_anew)
    assert all(clock.due_on == commitment.promised_on for clock in running)


KEPT = {"outcome": "kept", "words": "看过，都在开餐。"}
VERIFY = form("su", "verify", **KEPT)
MOVE = form("chen", "move_date", promised_on=in_days(150), words="地下管线要先加固。")
CONFIRM = form("lin", "confirm", outcome="kept", words="")
REOPEN = form("su", "reopen_promise", promised_on=in_days(90), reason="又停了一处。")

PROMISES = (
    Race("verify, move_date", reached(reported), (VERIFY, MOVE), one_of("verify", "move_date"), one_clock_at_most),
    Race("verify by the office, verify by the committee", reached(reported), (VERIFY, form("jiang", "verify", **KEPT)),
         {("verify",)}, one_clock_at_most),
    Race("report_progress, move_date", reached(promised),
         (form("zou", "report_progress", words="已完成。", is_done="on"), MOVE),
         one_of("report_progress", "move_date"), one_clock_at_most),
    Race("confirm, reopen_promise", reached(verified), (CONFIRM, REOPEN),
         {("reopen_promise",), ("confirm", "reopen_promise")}, one_clock_at_most),
    Race("confirm from two phones", reached(verified),
         (CONFIRM, form("lin", "confirm", outcome="broken", words="没有。")),
         {("confirm",)}, one_clock_at_most),
    Race("settle_look_back, report_progress", reached(verified, outcome="partly"),
         (form("su", "settle_look_back", words="并入明年计划。"),
          form("chen", "report_progress", words="补上了。", is_done="on")),
         {("report_progress",), ("settle_look_back",)}, one_clock_at_most),
)  # fmt: skip
