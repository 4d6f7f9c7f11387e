"""Queue entry points; each is one call."""

from celery import shared_task


@shared_task
def pulse():
    """The worker takes up what the timer sends."""
    from .vitals import beat

    beat("worker")
