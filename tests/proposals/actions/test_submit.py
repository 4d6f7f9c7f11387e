"""提交: complete, every invitation settled, in office."""

from datetime import date

import pytest
from django.utils import timezone

from proposals import drafts
from proposals.models import Clock, Proposal
from tests.cast import TEXT, Walk, make_proposal

from .contract import ActionContract


class TestSubmit(ActionContract):
    action = "submit"
    actor = "lin"
    onlooker = "tang"
    status_after = "submitted"

    def prepare(self, cast):
        walk = make_proposal(cast, "draft").cosigned()
        return walk, walk.proposal

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "filed")
        return walk, walk.proposal

    @pytest.mark.django_db
    @pytest.mark.parametrize(
        ("missing", "sentence"),
        [
            ({"title": " "}, "提交前还差 1 项：标题"),
            ({"situation": "", "analysis": ""}, "提交前还差 2 项：情况；分析"),
            ({"points": ["", "  "]}, "至少一条具体建议"),
        ],
    )
    def test_an_incomplete_text_is_refused(self, cast, missing, sentence):
        walk = Walk(cast, text=TEXT | missing)
        response = self.post(cast, walk, walk.proposal)
        assert response.status_code == 422
        assert sentence in response.content.decode()

    @pytest.mark.django_db
    def test_an_open_invitation_is_waited_for(self, cast):
        walk = make_proposal(cast, "draft").do("invite", cast.lin, deputy=cast.deputies["tang"])
        response = self.post(cast, walk, walk.proposal)
        assert response.status_code == 422
        assert "唐伯安代表还没有答复附议邀请" in response.content.decode()

    @pytest.mark.django_db
    def test_a_cosignature_of_another_text_does_not_count(self, cast):
        walk, subject = self.prepare(cast)
        subject.refresh_from_db()
        drafts.save_draft(subject, {"analysis": "改了。"}, draft_version=subject.draft_version)
        response = self.post(cast, walk, subject)
        assert response.status_code == 422
        assert "附议的是改动前的正文" in response.content.decode()

    @pytest.mark.django_db
    def test_a_deputy_who_left_office_cannot_submit(self, cast):
        walk, subject = self.prepare(cast)
        cast.deputies["lin"].in_office = False
        cast.deputies["lin"].save()
        response = self.post(cast, walk, subject)
        assert response.status_code == 409
        assert "您已离任" in response.content.decode()

    @pytest.mark.django_db
    def test_the_review_clock_starts(self, cast):
        walk, subject = self.prepare(cast)
        self.post(cast, walk, subject)
        clock = Clock.objects.get(proposal=subject, kind="review")
        assert clock.started_on == timezone.localdate()
        assert clock.rule["value"] == 5

    @pytest.mark.django_db
    def test_a_session_item_counts_from_the_close_of_the_session(self, cast):
        now = timezone.make_aware(timezone.datetime(2026, 1, 27, 10))
        walk = Walk(cast, now=now, text=TEXT | {"source": "session", "session": cast.session}).submit()
        clock = Clock.objects.get(proposal=walk.proposal, kind="review")
        assert clock.started_on == date(2026, 1, 30)

    @pytest.mark.django_db
    def test_an_empty_request_is_dropped_from_the_list(self, cast):
        walk = Walk(cast, text=TEXT | {"points": [" 一条。 ", "", "第二条。"]}).submit()
        assert Proposal.objects.get(pk=walk.proposal.pk).points == ["一条。", "第二条。"]
