"""Queue entry points; each is one call."""

from celery import shared_task


@shared_task
def deliver_pending():
    """Send what waits."""
    from .delivery import deliver_pending as deliver

    deliver()
