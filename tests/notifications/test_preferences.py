"""消息怎么收: what can be chosen, what cannot, and what is missing for it."""

import pytest

from notifications.models import Preference
from supervision.digests import make_digests

PAGE = "/me/messages/"


@pytest.fixture
def chen(client, cast):
    cast.chen.phone = "13800000001"
    cast.chen.save()
    client.force_login(cast.chen)
    return cast.chen


def test_choices_are_kept_and_followed(client, cast, chen):
    from datetime import date

    from notifications.models import Delivery, Digest
    from proposals.status import ProposalStatus
    from tests.cast import make_proposal
    from tests.supervision.conftest import at

    assert client.post(PAGE, {"urge_mail": "on"}).status_code == 302
    chosen = Preference.objects.get(user=chen)
    assert (chosen.digest_mail, chosen.urge_mail, chosen.urge_sms, chosen.late_sms) == (
        False,
        True,
        False,
        False,
    )
    make_proposal(cast, ProposalStatus.HANDLING, now=at(2026, 2, 2))
    make_digests(date(2026, 2, 3))
    assert Digest.objects.filter(user=chen).exists()
    assert not Delivery.objects.filter(digest__user=chen).exists()
    assert Delivery.objects.filter(digest__user=cast.zou).exists()


def test_what_is_missing_is_said_and_its_choice_stays(client, cast, chen, settings):
    chen.email, chen.phone = "", None
    chen.save()
    html = client.get(PAGE).content.decode()
    assert "没有登记邮箱" in html
    assert "没有登记手机号" in html
    client.post(PAGE, {})
    chosen = Preference.objects.get(user=chen)
    assert all([chosen.digest_mail, chosen.urge_mail, chosen.urge_sms, chosen.late_sms])
    settings.SMS_SENDER = ""
    assert "没有开通短信" in client.get(PAGE).content.decode()


def test_the_page_says_what_cannot_be_turned_off(client, cast, chen):
    html = client.get(PAGE).content.decode()
    assert "所有消息，不能关" in html
    assert "答复应当送达代表" in html
    assert PAGE in client.get("/me/").content.decode()


def test_everybody_chooses_for_themselves_alone(client, cast, chen):
    client.post(PAGE, {})
    assert not Preference.objects.exclude(user=chen).exists()


def test_few_queries(client, cast, chen, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        assert client.get(PAGE).status_code == 200
