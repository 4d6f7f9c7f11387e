"""更正登记: category, slips in the title, source, openness; old and new are kept."""

import pytest
from django.test import Client

from proposals.models import ProposalEvent
from tests.cast import TEXT, make_proposal

from .contract import ActionContract


class TestAmend(ActionContract):
    action = "amend"
    onlooker = "jiang"
    told = ("lin", "tang")
    keeps_version = True

    def prepare(self, cast):
        walk = make_proposal(cast, "handling")
        return walk, walk.proposal

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "closed")
        return walk, walk.proposal

    def fill(self, cast, walk, subject):
        return {
            "title": TEXT["title"],
            "category": cast.categories["教科文卫"].pk,
            "source": "recess",
            "open_wanted": "on",
            "reason": "类别登记有误。",
        }

    @pytest.mark.django_db
    def test_old_and_new_are_kept(self, cast):
        walk, subject = self.prepare(cast)
        self.post(cast, walk, subject)
        words = ProposalEvent.objects.filter(proposal=subject, action="amend").get().words
        assert "由“社会建设”改为“教科文卫”" in words

    @pytest.mark.django_db
    def test_nothing_changed_and_a_session_item_without_session(self, cast):
        walk, subject = self.prepare(cast)
        same = {"category": cast.categories["社会建设"].pk}
        response = self.post(cast, walk, subject, **same)
        assert (response.status_code, "没有改动" in response.content.decode()) == (422, True)
        response = self.post(cast, walk, subject, source="session")
        assert "要选是哪次会议" in response.content.decode()

    @pytest.mark.django_db
    def test_what_was_filed_keeps_a_category(self, cast):
        walk, subject = self.prepare(cast)
        response = self.post(cast, walk, subject, category="")
        assert (response.status_code, "已经立案的建议要有类别" in response.content.decode()) == (422, True)
        subject.refresh_from_db()
        assert subject.category

    @pytest.mark.django_db
    def test_the_deputys_open_page_does_not_put_the_old_title_back(self, cast):
        walk = make_proposal(cast, "returned")
        subject, client = walk.proposal, Client()
        client.force_login(cast.lin)
        page = {"title": "改了一半的标题", "point": subject.points, "do": "save"}
        page |= {"draft_version": subject.draft_version, "situation": "情况", "analysis": "分析"}
        assert self.post(cast, walk, subject, title="更正的标题").status_code == 302
        stale = client.post(f"/proposals/{subject.pk}/write/", page)
        subject.refresh_from_db()
        assert (stale.status_code, subject.title) == (409, "更正的标题")
