"""How the channels are doing. One that failed several times in a row rests, longer each time, so that a server
that is down is asked now and then by one message and not by all; the others go on meanwhile.
"""

from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from .models import Delivery, Lane

MAX_FAILURES_IN_A_ROW = 3
# Minutes of rest after the third, fourth … failure in a row.
RESTS = (1, 2, 5, 10, 15)


class Lanes:
    """The state of all lanes during one run of the worker."""

    def __init__(self, now):
        self.rows = {lane.name: lane for lane in Lane.objects.all()}
        self.resting = {n for n, lane in self.rows.items() if lane.rests_until and lane.rests_until > now}
        self._sent = set()

    def open(self, deliveries):
        """The deliveries (a queryset) whose lane does not rest."""
        for name in self.resting:
            channel, _, address = name.partition(":")
            condition = {"channel": channel, "address": address} if address else {"channel": channel}
            deliveries = deliveries.exclude(**condition)
        return deliveries

    def sent(self, delivery, now):
        """One went through: the lane is well. What it had put off is tried again at once."""
        name = delivery.lane
        lane = self.rows.get(name)
        if lane is not None and lane.failures >= MAX_FAILURES_IN_A_ROW:
            self._try_again(delivery, now)
        if name in self._sent and (lane is None or not lane.failures):
            return  # written once a run is enough
        self._sent.add(name)
        self.rows[name], _ = Lane.objects.update_or_create(
            name=name, defaults={"failures": 0, "rests_until": None, "sent_at": now}
        )

    def _try_again(self, delivery, now):
        rows = Delivery.objects.filter(
            state=Delivery.State.WAITING, channel=delivery.channel, next_try_at__gt=now
        )
        if delivery.channel == Delivery.Channel.GROUP:
            rows = rows.filter(address=delivery.address)
        rows.exclude(error="").update(next_try_at=now)

    def failed(self, delivery, words, now):
        """The lane itself failed; from the third time in a row on it rests."""
        name = delivery.lane
        lane, _ = Lane.objects.get_or_create(name=name)
        Lane.objects.filter(pk=lane.pk).update(failures=F("failures") + 1, error=words, failed_at=now)
        lane.refresh_from_db()
        if lane.failures >= MAX_FAILURES_IN_A_ROW:
            minutes = RESTS[min(lane.failures - MAX_FAILURES_IN_A_ROW, len(RESTS) - 1)]
            lane.rests_until = now + timedelta(minutes=minutes)
            lane.save(update_fields=["rests_until"])
            self.resting.add(name)
        self.rows[name] = lane


def wake_lane(name):
    """End the rest of a lane, so that the next run tries it (the administrator's 重试)."""
    Lane.objects.filter(name=name).update(rests_until=None)


def resting_lanes(now=None):
    """The lanes that rest now, with why and until when (a queryset of Lane)."""
    return Lane.objects.filter(rests_until__gt=now or timezone.now())
