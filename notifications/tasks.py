"""Queue entry points; each is one call."""

from celery import shared_task


@shared_task
def deliver_pending():
    """Send what waits; returns how many went and how many did not."""
    from core.vitals import job

    from .delivery import deliver_pending as deliver

    with job("deliver") as counts:
        done = deliver()
        counts.update(sent=done.sent, failed=done.failed)
    return counts
