"""What the browser tests share: the cast on the live server, and pages of each person."""

import pytest

from tests.cast import build_cast

from .steps import Stage


@pytest.fixture
def cast(transactional_db):
    return build_cast()


@pytest.fixture
def stage(open_browser, cast):
    """The people at their devices: deputies on phones, the others at desks."""
    return Stage(open_browser, cast)
