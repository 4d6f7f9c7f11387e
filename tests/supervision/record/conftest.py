import pytest
import time_machine

from .world import TODAY, build_world


@pytest.fixture
def world(cast):
    """The year of world.py; the test itself runs on the day of TODAY."""
    walks = build_world(cast)
    with time_machine.travel(TODAY, tick=False):
        yield walks
