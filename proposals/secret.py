"""涉密件: registering a number for what is handled on paper, and marking it done. Nothing else is known here.

The number comes out of the common series, so that the gap in the register is explained. Each step leaves a line of
history; the same form sent twice is one step. Who may do so is the caller's question.
"""

from django.db import IntegrityError, transaction
from django.utils import timezone

from .models import SecretAction, SecretEvent, SecretStub
from .numbers import next_number


def register(congress, *, session, on, actor, request_id, now=None):
    """Give a 涉密件 received on this day its number; `session` None for 闭会. Returns the SecretStub."""
    if (stub := _done_before(request_id)) is not None:
        return stub
    try:
        with transaction.atomic():
            number = next_number(congress.pk, session=session, today=on)
            stub = SecretStub.objects.create(
                congress=congress, number=number, registered_on=on, registered_by=actor.name
            )
            _record(stub, SecretAction.REGISTER, actor, request_id, now)
    except IntegrityError:
        # The same form sent at the same time; its number goes back with the transaction.
        if (stub := _done_before(request_id)) is None:
            raise
    return stub


@transaction.atomic
def mark(stub, *, is_closed, actor, request_id, now=None):
    """办结, or taken back. Returns whether anything changed: what is marked so already stays as it is."""
    if _done_before(request_id) is not None:
        return False
    waiting = SecretStub.objects.filter(pk=stub.pk, closed_on__isnull=is_closed)
    if not waiting.update(closed_on=timezone.localdate(now) if is_closed else None):
        return False
    _record(stub, SecretAction.CLOSE if is_closed else SecretAction.REOPEN, actor, request_id, now)
    return True


def _done_before(request_id):
    event = SecretEvent.objects.filter(request_id=request_id).select_related("stub").first()
    return event.stub if event else None


def _record(stub, action, actor, request_id, now):
    SecretEvent.objects.create(
        stub=stub,
        action=action,
        at=now or timezone.now(),
        actor_id_then=actor.pk,
        actor_name=actor.name,
        request_id=request_id,
    )
