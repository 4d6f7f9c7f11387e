"""A task for trying the real queue with a real worker: a line to a file, slowly enough to be killed."""

import time

from config.celery import app


@app.task(name="probe.note")
def note(path, key):
    with open(path, "a", encoding="utf-8") as file:
        file.write(f"{key}\n")
    time.sleep(0.1)
