"""同意领衔: the co-signer leads, the former lead stays as a co-signer."""

import pytest
from django.test import Client

from accounts.models import SecurityEvent
from deputies.models import Deputy
from proposals import drafts
from proposals.models import Proposal, Request, Waiting
from tests.cast import make_proposal

from .contract import ActionContract
from .test_withdraw import set_switch


def asked_to_lead(cast):
    walk = make_proposal(cast, "handling")
    return walk.do("change_lead", cast.su, deputy=cast.deputies["tang"], reason="因病")


class TestTakeLead(ActionContract):
    action = "take_lead"
    actor = "tang"
    onlooker = "lin"
    told = ("su", "lin")
    keeps_version = True

    def prepare(self, cast):
        walk = asked_to_lead(cast)
        return walk, walk.proposal

    def prepare_wrong_state(self, cast):
        walk = asked_to_lead(cast)
        Proposal.objects.filter(pk=walk.proposal.pk).update(status="closed")
        return walk, walk.proposal

    @pytest.mark.django_db
    def test_they_change_places_and_the_new_lead_rates(self, cast):
        walk, subject = self.prepare(cast)
        self.post(cast, walk, subject)
        subject.refresh_from_db()
        assert subject.lead == cast.deputies["tang"]
        assert [c.deputy for c in subject.cosignatures.all()] == [cast.deputies["lin"]]
        walk.sign()
        rating = {"attitude": "satisfied", "result": "satisfied", "words": ""}
        walk.do("rate", cast.tang, walk.place("civil"), **rating)
        assert walk.proposal.status == "closed"

    @pytest.mark.django_db
    def test_a_withdrawal_of_the_former_lead_ends(self, cast):
        set_switch(cast, "withdraw_needs_cosigners", True)
        walk, subject = self.prepare(cast)
        walk.do("withdraw", cast.lin, reason="不办了")
        self.post(cast, walk, subject)
        assert Request.objects.get(kind="withdraw").state == "void"

    @pytest.mark.django_db
    def test_the_former_lead_is_told_who_rates_now(self, cast):
        """With a page from before: told, not taken for an intruder."""
        walk, subject = self.prepare(cast)
        walk.sign()
        self.post(cast, walk, subject)
        client = Client()
        client.force_login(cast.lin)
        rating = {"attitude": "satisfied", "result": "satisfied", "words": ""}
        response = client.post(f"/assignments/{walk.place('civil').pk}/rate/", rating)
        assert (response.status_code, "已由唐伯安代表领衔" in response.content.decode()) == (409, True)
        assert not SecurityEvent.objects.exists()

    @pytest.mark.django_db
    def test_whoever_must_confirm_the_text_again_is_not_asked_any_more(self, cast):
        """The former lead changed the returned text meanwhile: the office asks again when that is settled."""
        walk = make_proposal(cast, "returned")
        walk.do("change_lead", cast.su, deputy=cast.deputies["tang"], reason="因病")
        drafts.save_draft(
            walk.proposal,
            {"title": "换了的标题"},
            draft_version=walk.proposal.draft_version,
            reask_by=cast.lin,
        )
        response = self.post(cast, walk, walk.proposal)
        assert (response.status_code, "已经有结果" in response.content.decode()) == (409, True)
        assert Request.objects.get(kind="lead").state == "void"
        assert not Waiting.objects.filter(queue="take_lead").exists()
        walk.do("cosign", cast.tang, text_hash=walk.proposal.text_hash)
        walk.do("change_lead", cast.su, deputy=cast.deputies["tang"], reason="因病")
        assert self.post(cast, walk, walk.proposal).status_code == 302

    @pytest.mark.django_db
    def test_who_left_office_does_not_lead_and_the_office_asks_another(self, cast):
        walk = make_proposal(cast, "draft").cosigned("tang", "xiao").submit().file()
        walk.do("change_lead", cast.su, deputy=cast.deputies["tang"], reason="因病")
        Deputy.objects.filter(name="唐伯安").update(in_office=False)
        response = self.post(cast, walk, walk.proposal)
        assert (response.status_code, "唐伯安代表已离任" in response.content.decode()) == (409, True)
        client = Client()
        client.force_login(cast.su)
        walk.proposal.refresh_from_db()
        fields = {"deputy": cast.deputies["xiao"].pk, "reason": "唐伯安代表离任。"}
        fields["version"] = walk.proposal.version
        assert client.post(f"/proposals/{walk.proposal.pk}/change_lead/", fields).status_code == 302
        assert self.post(cast, walk, walk.proposal, user=cast.xiao).status_code == 302
        walk.proposal.refresh_from_db()
        assert walk.proposal.lead == cast.deputies["xiao"]

    @pytest.mark.django_db
    def test_the_case_goes_to_the_delegation_of_the_new_lead(self, cast):
        """Its pages name the lead with their own delegation, whose staff read it from now on."""
        walk = make_proposal(cast, "draft").cosigned("xiao").submit().file()
        walk.do("change_lead", cast.su, deputy=cast.deputies["xiao"], reason="因病")
        assert self.post(cast, walk, walk.proposal, user=cast.xiao).status_code == 302
        walk.proposal.refresh_from_db()
        assert walk.proposal.proposer_text == "肖立诚（溪口代表团）"
        client = Client()
        client.force_login(cast.su)
        assert "领衔：肖立诚（溪口代表团）" in client.get(f"/proposals/{walk.proposal.pk}/").content.decode()
        client.force_login(cast.zhang)  # 澜东代表团, that of the former lead
        assert client.get(f"/proposals/{walk.proposal.pk}/").status_code == 404
