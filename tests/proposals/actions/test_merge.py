"""并案: a link between cases of one congress, with the same lead where assigned; each gets its own event."""

import pytest
from django.test import Client

from proposals.models import Proposal, ProposalEvent
from tests.cast import make_proposal

from .contract import ActionContract


class TestMerge(ActionContract):
    action = "merge"
    onlooker = "jiang"
    keeps_version = True

    def prepare(self, cast):
        self.other = make_proposal(cast, "handling").proposal
        walk = make_proposal(cast, "handling")
        return walk, walk.proposal

    def prepare_wrong_state(self, cast):
        self.other = make_proposal(cast, "handling").proposal
        walk = make_proposal(cast, "replied")
        return walk, walk.proposal

    def fill(self, cast, walk, subject):
        return {"other": self.other.number}

    @pytest.mark.django_db
    def test_a_stale_page_changes_nothing(self, cast):
        """The link changes no state: it goes through whatever happened meanwhile."""
        walk, subject = self.prepare(cast)
        assert self.post(cast, walk, subject, version=subject.version + 5).status_code == 302

    @pytest.mark.django_db
    def test_only_what_may_be_merged_is_put_forward(self, cast):
        walk, subject = self.prepare(cast)
        lodged, closed = make_proposal(cast, "submitted"), make_proposal(cast, "closed")
        client = Client()
        client.force_login(cast.su)
        url = f"/proposals/{subject.pk}/merge/"
        page = client.get(url).content.decode()
        assert "标题相近的" in page and f'href="/proposals/{self.other.pk}/"' in page
        for other in (lodged, closed):
            assert f'href="/proposals/{other.proposal.pk}/"' not in page
        self.post(cast, walk, subject)
        assert "标题相近的" not in client.get(url).content.decode()

    @pytest.mark.django_db
    def test_both_have_the_link_and_an_event(self, cast):
        walk, subject = self.prepare(cast)
        self.post(cast, walk, subject)
        assert len(set(Proposal.objects.values_list("merge_group_id", flat=True))) == 1
        events = ProposalEvent.objects.filter(action="merge")
        assert set(events.values_list("proposal_id", flat=True)) == {subject.pk, self.other.pk}
        response = self.post(cast, walk, subject)
        assert (response.status_code, "这两件已经并案" in response.content.decode()) == (422, True)

    @pytest.mark.django_db
    def test_two_groups_become_one(self, cast):
        walk, subject = self.prepare(cast)
        third = make_proposal(cast, "handling").proposal
        fourth = make_proposal(cast, "handling").proposal
        self.post(cast, walk, subject)
        self.post(cast, walk, third, other=fourth.number)
        assert self.post(cast, walk, subject, other=third.number).status_code == 302
        assert len(set(Proposal.objects.values_list("merge_group_id", flat=True))) == 1

    @pytest.mark.django_db
    def test_not_with_another_lead_nor_itself_nor_what_is_not_there(self, cast):
        walk, subject = self.prepare(cast)
        elsewhere = make_proposal(cast, "filed").assign(health="lead").proposal
        for number, sentence in (
            (elsewhere.number, "主办单位不同"),
            (subject.number, "不能和自己并案"),
            ("2020-999", "没有找到编号"),
        ):
            response = self.post(cast, walk, subject, other=number)
            assert (response.status_code, sentence in response.content.decode()) == (422, True)

    @pytest.mark.django_db
    def test_of_cases_with_several_replies_all_units_are_the_same(self, cast):
        walk = make_proposal(cast, "filed").assign(civil="separate", finance="separate")
        for units, status in ((("health", "education"), 422), (("finance", "civil"), 302)):
            self.other = make_proposal(cast, "filed").assign(**dict.fromkeys(units, "separate")).proposal
            assert self.post(cast, walk, walk.proposal).status_code == status
