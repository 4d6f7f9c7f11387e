"""What the contract tests of promises (承诺) share: a reply that promised something, and the promise at each stage."""

from datetime import timedelta

from django.utils import timezone

from proposals.models import Commitment
from tests.cast import make_proposal

from .contract import ActionContract

DONE = {"words": "4 个食堂都已开餐，附照片。", "is_done": True}


def promise_of(walk, days=60, *, what="建成 4 个社区食堂", unit="civil"):
    """Reply in class 正在解决 with one promise due so many days from today; returns it."""
    due = timezone.localdate() + timedelta(days=days)
    promise = {"what": what, "promised_on": due.isoformat(), "owner": "养老服务科 陈晓岚"}
    walk.sign(unit, reply_class="in_progress", planned_commitments=[promise])
    return Commitment.objects.get(proposal=walk.proposal, what=what)


def promised(cast, days=60, *, closed=False):
    """A case in handling whose lead replied with a promise: (walk, commitment)."""
    walk = make_proposal(cast, "handling")
    commitment = promise_of(walk, days)
    if closed:
        walk.rate()
    return walk, commitment


def act(walk, action, actor, commitment, **data):
    """Perform one action on the promise; returns it fresh."""
    commitment.refresh_from_db()
    walk.do(action, actor, commitment, **data)
    commitment.refresh_from_db()
    return commitment


def reported(cast, **options):
    walk, commitment = promised(cast, **options)
    return walk, act(walk, "report_progress", cast.chen, commitment, **DONE)


def verified(cast, outcome="kept", **options):
    walk, commitment = reported(cast, **options)
    return walk, act(walk, "verify", cast.su, commitment, outcome=outcome, words="现场看过，4 处都在开餐。")


def confirmed(cast, outcome="kept", said="kept", **options):
    walk, commitment = verified(cast, outcome, **options)
    return walk, act(walk, "confirm", cast.lin, commitment, outcome=said, words="到两处看过。")


class PromiseContract(ActionContract):
    """The promises of every action, of an action on a promise."""

    def url(self, subject):
        if isinstance(subject, Commitment):
            return f"/commitments/{subject.pk}/{self.action}/"
        return super().url(subject)

    def due(self, days):
        return (timezone.localdate() + timedelta(days=days)).isoformat()
