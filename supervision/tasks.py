"""Queue entry points; each is one call."""

from celery import shared_task


@shared_task
def daily():
    """The daily run, if it is time."""
    from .daily import run_when_due

    run_when_due()


@shared_task
def recompute():
    """A calendar year was published."""
    from .calendars import recompute_provisional

    recompute_provisional()
