import pytest

from tests.cast import build_cast

from .gateway import gateway as run_gateway


@pytest.fixture
def cast(db):
    return build_cast()


@pytest.fixture
def gateway(monkeypatch):
    """An HTTP gateway that answers as a test wants it to."""
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with run_gateway() as running:
        yield running
