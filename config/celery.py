"""The queue: reads its settings from Django (names beginning with CELERY_) and finds each app's tasks.py."""

import os

from celery import Celery
from celery.signals import worker_init

from . import fsbroker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("config")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def take_back_messages(**_kwargs):
    """Give back to the queue what a killed worker held; only the folder broker keeps such messages itself."""
    if app.conf.broker_url.startswith("safefs"):
        fsbroker.recover(app.conf.broker_transport_options["folder"])
