"""报告进展: by the unit, with evidence; done, it is the office's to verify."""

import pytest
from django.test import Client

from proposals.models import Attachment, Commitment, Waiting
from proposals.status import Queue
from proposals.workflow import Denied
from tests.cast import make_proposal, scan

from .promised import DONE, PromiseContract, act, promise_of, promised, verified


class TestReportProgress(PromiseContract):
    action = "report_progress"
    actor = "chen"
    onlooker = "gao"
    told = ("lin", "tang", "su")
    status_after = "reported"

    def prepare(self, cast):
        return promised(cast)

    def prepare_wrong_state(self, cast):
        return verified(cast)

    def fill(self, cast, walk, subject):
        return {"words": "4 个食堂都已开餐。", "is_done": "on"}

    @pytest.mark.django_db
    def test_evidence_is_kept_and_read_by_the_deputy(self, cast):
        walk, commitment = self.prepare(cast)
        photo = scan("开餐照片.pdf")
        assert self.post(cast, walk, commitment, evidence=photo).status_code == 302
        file = Attachment.objects.get(commitment=commitment)
        for who, status in (("lin", 200), ("su", 200), ("chen", 200), ("gao", 404), ("xiao", 404)):
            client = Client()
            client.force_login(cast.people[who])
            assert client.get(f"/attachments/{file.pk}/").status_code == status, who

    @pytest.mark.django_db
    def test_progress_alone_leaves_it_open(self, cast):
        walk, commitment = self.prepare(cast)
        act(walk, "report_progress", cast.chen, commitment, words="已建成 1 个")
        assert (commitment.status, commitment.progress) == ("open", "已建成 1 个")
        assert Waiting.objects.get(commitment=commitment).queue == Queue.PROMISE

    @pytest.mark.django_db
    def test_done_it_waits_for_the_office(self, cast):
        walk, commitment = self.prepare(cast)
        act(walk, "report_progress", cast.chen, commitment, **DONE)
        turn = Waiting.objects.get(commitment=commitment)
        assert (turn.queue, turn.holder_kind, turn.holder_id) == (Queue.VERIFY, "liaison", cast.congress.pk)

    @pytest.mark.django_db
    def test_a_case_that_is_closed_keeps_its_promises(self, cast):
        walk, commitment = promised(cast, closed=True)
        assert walk.proposal.status == "closed"
        act(walk, "report_progress", cast.chen, commitment, words="已建成 1 个")
        assert walk.proposal.status == "closed"

    @pytest.mark.django_db
    def test_during_a_redo_and_for_a_place_that_was_released(self, cast):
        walk, commitment = promised(cast)
        walk.rate("dissatisfied").do(
            "order_redo",
            cast.su,
            placements=walk.placements(education="lead"),
            cause="dissatisfied",
            reason="没有解决",
        )
        act(walk, "report_progress", cast.chen, commitment, words="已建成 1 个")
        assert walk.proposal.status == "redo"

    @pytest.mark.django_db
    def test_a_successor_inherits(self, cast):
        walk, commitment = promised(cast, closed=True)
        civil, education = cast.units["civil"], cast.units["education"]
        civil.successor = education
        civil.save()
        from proposals.workflow.rebuilding import hand_over

        hand_over({civil.pk})
        assert Waiting.objects.get(commitment=commitment).holder_id == education.pk
        act(walk, "report_progress", cast.qin, commitment, words="接着建")
        assert commitment.progress == "接着建"

    @pytest.mark.django_db
    def test_a_unit_on_paper_is_entered_with_its_scan(self, cast):
        walk, commitment = self.prepare(cast)
        cast.units["civil"].has_access = False
        cast.units["civil"].save()
        with pytest.raises(Denied, match="扫描件"):
            act(walk, "report_progress", cast.su, commitment, words="已建成 1 个")
        response = self.post(cast, walk, commitment, user=cast.su, files=scan())
        assert response.status_code == 302
        assert "代录" in walk.proposal.events.latest("seq").words

    @pytest.mark.django_db
    def test_a_colleague_who_proposed_does_not_act_for_the_unit(self, cast):
        walk = make_proposal(cast, "handling")
        commitment = promise_of(walk)
        cast.chen.grants.create(role="deputy", congress=cast.congress, deputy=cast.deputies["lin"])
        response = self.post(cast, walk, commitment, user=cast.chen)
        assert response.status_code == 403
        assert Commitment.objects.get().progress == ""
