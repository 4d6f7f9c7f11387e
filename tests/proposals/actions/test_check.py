"""代表团初核: a mark with remarks, where the rule set asks for it; it never blocks the filing."""

import pytest

from proposals.models import Waiting
from tests.cast import make_proposal

from .contract import ActionContract
from .test_withdraw import set_switch


class TestCheck(ActionContract):
    action = "check"
    actor = "zhang"
    onlooker = "su"
    keeps_version = True

    def prepare(self, cast):
        set_switch(cast, "delegation_check", True)
        walk = make_proposal(cast, "submitted")
        return walk, walk.proposal

    def prepare_wrong_state(self, cast):
        set_switch(cast, "delegation_check", True)
        walk = make_proposal(cast, "filed")
        return walk, walk.proposal

    def fill(self, cast, walk, subject):
        return {"words": "格式、签名符合要求。"}

    @pytest.mark.django_db
    def test_once_and_only_where_it_is_asked(self, cast):
        walk, subject = self.prepare(cast)
        assert Waiting.objects.filter(proposal=subject, queue="check").exists()
        self.post(cast, walk, subject)
        assert not Waiting.objects.filter(proposal=subject, queue="check").exists()
        response = self.post(cast, walk, subject)
        assert (response.status_code, "已经初核过" in response.content.decode()) == (409, True)
        set_switch(cast, "delegation_check", False)
        response = self.post(cast, walk, subject)
        assert "没有要求代表团初核" in response.content.decode()

    @pytest.mark.django_db
    def test_filing_does_not_wait_for_it(self, cast):
        walk, subject = self.prepare(cast)
        walk.file()
        assert not Waiting.objects.filter(proposal=subject, queue="check").exists()

    @pytest.mark.django_db
    def test_a_text_handed_in_again_is_checked_again(self, cast):
        walk, subject = self.prepare(cast)
        self.post(cast, walk, subject)
        walk.do("return", cast.su, reason="请写明补助标准。").submit()
        walk.proposal.refresh_from_db()
        assert (walk.proposal.checked_on, walk.proposal.check_words) == (None, "")
        assert Waiting.objects.filter(proposal=subject, queue="check").exists()
        assert self.post(cast, walk, subject).status_code == 302
