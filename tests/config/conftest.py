import pytest
from django.contrib.auth import get_user_model


@pytest.fixture
def user(db):
    return get_user_model().objects.create_user(
        "wanglan", password="湖畔-四月-2026", name="王岚", must_change_password=False
    )


@pytest.fixture
def probe(settings):
    """Address of a view that any signed-in person may open."""
    settings.ROOT_URLCONF = "tests.config.probe_urls"
    return "/probe/"
