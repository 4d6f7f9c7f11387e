"""The measured morning is a real one: what the daily job made, counted, with its parts and memory."""

import json

import pytest

from bench import child, daily, daily_child
from notifications.models import Delivery, Digest
from supervision.models import Reminder


@pytest.mark.django_db(transaction=True)  # loading drops and makes an index, as the bench does
def test_the_morning_is_measured_in_its_parts(tmp_path, monkeypatch):
    for name in daily_child.STEPS:
        monkeypatch.setattr(daily_child.daily, name, getattr(daily_child.daily, name))
    daily_child.load(60)
    daily_child.measure(60, tmp_path / "daily.json")
    facts = json.loads((tmp_path / "daily.json").read_text())
    first, again = facts["runs"].values()
    assert first["counts"]["reminders"] == Reminder.objects.count() > 0
    assert first["counts"]["digests"] == Digest.objects.count() > 0
    assert not again["counts"].get("reminders")
    assert set(facts["steps"]) == set(daily_child.STEPS)
    assert facts["unsent"] == Delivery.objects.exclude(state="sent").count() == 0
    assert f"开着的期限 {facts['clocks']:,} 个" in "\n".join(daily.lines(facts))
    assert child.version()
