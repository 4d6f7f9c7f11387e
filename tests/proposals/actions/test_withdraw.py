"""撤回: by the proposer; where the rule set asks for it with every co-signer's consent."""

import pytest
from django.test import Client

from notifications.models import Notice
from proposals.models import Assignment, Clock, Request, RuleSet, Waiting
from tests.cast import make_proposal

from .contract import ActionContract


def set_switch(cast, code, value):
    rules = RuleSet.objects.get(congress=cast.congress)
    rules.switches[code] = value
    rules.save()


class TestWithdraw(ActionContract):
    action = "withdraw"
    actor = "lin"
    onlooker = "tang"
    told = ("chen", "zou", "gao", "su", "tang")
    status_after = "withdrawn"

    def prepare(self, cast):
        walk = make_proposal(cast, "handling")
        return walk, walk.proposal

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "replied")
        return walk, walk.proposal

    def fill(self, cast, walk, subject):
        return {"reason": "区里已列入实事项目。"}

    @pytest.mark.django_db
    @pytest.mark.parametrize("state", ["submitted", "returned", "filed"])
    def test_also_before_assignment(self, cast, state):
        walk = make_proposal(cast, state)
        assert self.post(cast, walk, walk.proposal).status_code == 302

    @pytest.mark.django_db
    def test_everything_open_ends_the_hubs_children_too(self, cast):
        walk = make_proposal(cast, "filed").dispatch().ask_extension()
        self.post(cast, walk, walk.proposal)
        open_places = Assignment.objects.filter(proposal=walk.proposal).exclude(status="released")
        assert not open_places.exists()
        assert not Clock.objects.filter(proposal=walk.proposal, met_on=None, voided_on=None).exists()
        assert not Waiting.objects.filter(proposal=walk.proposal).exists()
        assert Request.objects.get(kind="extension").state == "void"

    @pytest.mark.django_db
    def test_where_it_ends_with_the_assignment(self, cast):
        set_switch(cast, "withdraw_until", "before_assign")
        walk, subject = self.prepare(cast)
        response = self.post(cast, walk, subject)
        assert response.status_code == 409
        assert "交办后不能撤回" in response.content.decode()

    @pytest.mark.django_db
    def test_not_after_the_first_of_two_replies(self, cast):
        walk = make_proposal(cast, "filed").assign(civil="separate", health="separate").sign()
        response = self.post(cast, walk, walk.proposal)
        assert response.status_code == 409
        assert "已经有答复，不能撤回" in response.content.decode()

    @pytest.mark.django_db
    @pytest.mark.parametrize("recall", ["correction", "again"])
    def test_not_after_a_reply_that_was_taken_back(self, cast, recall):
        """The deputy has read it: what is put right or written anew is no case without a reply."""
        walk, subject = self.prepare(cast)
        walk.sign().do("recall_reply", cast.su, walk.place("civil"), recall=recall, reason="有误。")
        subject.refresh_from_db()
        assert subject.status == "handling"
        response = self.post(cast, walk, subject)
        assert response.status_code == 409
        assert "已经有答复，不能撤回" in response.content.decode()

    @pytest.mark.django_db
    def test_with_consent_it_waits_and_a_reply_ends_the_request(self, cast):
        set_switch(cast, "withdraw_needs_cosigners", True)
        walk, subject = self.prepare(cast)
        assert self.post(cast, walk, subject).status_code == 302
        subject.refresh_from_db()
        assert subject.status == "handling"
        assert Waiting.objects.get(proposal=subject, queue="consent").holder_id == cast.deputies["tang"].pk
        response = self.post(cast, walk, subject)
        assert response.status_code == 409
        walk.sign()
        assert Request.objects.get(kind="withdraw").state == "void"
        assert not Waiting.objects.filter(proposal=subject, queue="consent").exists()

    @pytest.mark.django_db
    def test_units_and_office_hear_nothing_while_consents_are_awaited(self, cast):
        """As the request itself it is between the deputies and the congress."""
        set_switch(cast, "withdraw_needs_cosigners", True)
        walk = make_proposal(cast, "draft").cosigned("tang", "xiao").submit().file().assign()
        Notice.objects.all().delete()
        self.post(cast, walk, walk.proposal)
        told = set(Notice.objects.values_list("user__name", flat=True))
        assert told == {"唐伯安", "肖立诚"}
        walk.do("consent_withdraw", cast.tang)
        page, client = f"/proposals/{walk.proposal.pk}/", Client()
        for user, sees in ((cast.chen, False), (cast.su, True), (cast.xiao, True)):
            client.force_login(user)
            text = client.get(page).content.decode()
            assert ("申请撤回" in text, "唐伯安代表同意撤回" in text) == (sees, sees), user
        walk.do("consent_withdraw", cast.xiao)
        client.force_login(cast.chen)
        assert "肖立诚代表同意撤回，建议撤回" in client.get(page).content.decode()

    @pytest.mark.django_db
    def test_who_does_not_sign_any_more_is_not_waited_for(self, cast):
        """The lead does without the co-signer who was to consent: the request ends, and the next goes through."""
        set_switch(cast, "withdraw_needs_cosigners", True)
        walk = make_proposal(cast, "returned").do("withdraw", cast.lin, reason="已列入实事项目。")
        walk.do("drop", cast.lin, cosignature=walk.proposal.cosignatures.get())
        assert Request.objects.get(kind="withdraw").state == "void"
        assert not Waiting.objects.filter(proposal=walk.proposal, queue="consent").exists()
        assert self.post(cast, walk, walk.proposal).status_code == 302
        walk.proposal.refresh_from_db()
        assert walk.proposal.status == "withdrawn"

    @pytest.mark.django_db
    def test_the_others_are_still_waited_for(self, cast):
        set_switch(cast, "withdraw_needs_cosigners", True)
        walk = make_proposal(cast, "draft").cosigned("tang", "xiao").submit()
        walk.do("return", cast.su, reason="请写明补助标准。").do(
            "withdraw", cast.lin, reason="已列入实事项目。"
        )
        tangs = walk.proposal.cosignatures.get(deputy=cast.deputies["tang"])
        walk.do("drop", cast.lin, cosignature=tangs)
        waiting = Waiting.objects.get(proposal=walk.proposal, queue="consent")
        assert waiting.holder_id == cast.deputies["xiao"].pk
