"""The queue: reads its settings from Django (names beginning with CELERY_) and finds each app's tasks.py."""

import os

from celery import Celery
from celery.signals import worker_init, worker_ready

from . import fsbroker, redisbroker  # noqa: F401 - both make their addresses known

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("config")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def take_back_messages(**_kwargs):
    """Give back to the queue what a killed worker held; only the folder broker keeps such messages itself."""
    if app.conf.broker_url.startswith("safefs"):
        fsbroker.recover(app.conf.broker_transport_options["folder"])


@worker_ready.connect
def look_for_work(**_kwargs):
    """Do at once what fell due while no worker was there, rather than when the timer next asks."""
    from core.tasks import pulse
    from notifications.tasks import deliver_pending
    from supervision.tasks import daily

    for task in (pulse, daily, deliver_pending):
        task.apply_async(ignore_result=True)
