import pytest

from tests.tenants import make_congress, make_user


@pytest.fixture
def city(db):
    return make_congress("lanjiang", "澜江市")


@pytest.fixture
def province(db):
    return make_congress("xiaonan", "潇南省", level="province")


@pytest.fixture
def deputy(city):
    return make_user("linxiuzhi", "deputy", city, name="林秀芝", phone="13800000001")


@pytest.fixture
def handler(city):
    return make_user("chenxiaolan", "handler", city, name="陈晓岚")


@pytest.fixture
def city_admin(city):
    return make_user("guanli", "admin", city, name="管理员")


@pytest.fixture
def province_admin(province):
    return make_user("shengguanli", "admin", province, name="省管理员")


@pytest.fixture
def pages(settings):
    """A form page, a form that posts elsewhere, and pages that fail, as upper layers have them."""
    settings.ROOT_URLCONF = "tests.accounts.pages"
