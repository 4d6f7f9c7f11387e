from datetime import datetime

import pytest

from core.dates import SHANGHAI
from tests.cast import build_cast


@pytest.fixture
def cast(db):
    return build_cast()


def at(year, month, day, hour=9, minute=0):
    """A Shanghai time."""
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)
