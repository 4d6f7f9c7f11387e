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


@shared_task
def tidy():
    """Remove what is past its time, if that was not done today."""
    from .tidying import tidy_when_due

    tidy_when_due()
