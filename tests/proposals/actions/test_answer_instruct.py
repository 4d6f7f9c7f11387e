"""回复批示: by each unit that was addressed, with words and files; the leader and the office hear of it."""

import pytest

from proposals.models import Waiting
from supervision.models import InstructionRecipient
from tests.cast import make_proposal, scan

from .contract import ActionContract


class TestAnswerInstruct(ActionContract):
    action = "answer_instruct"
    actor = "gao"
    onlooker = "he"
    told = ("su", "luo")
    keeps_version = True

    def prepare(self, cast):
        walk = make_proposal(cast, "handling").do("instruct", cast.luo, words="请抓紧。")
        return walk, walk.place("finance")

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "handling")
        return walk, walk.place("finance")

    def fill(self, cast, walk, subject):
        return {"words": "补助资金已列入预算。"}

    @pytest.mark.django_db
    def test_the_answer_stands_beside_the_instruction_with_its_file(self, cast):
        walk, place = self.prepare(cast)
        assert self.post(cast, walk, place, files=[scan("预算.pdf")]).status_code == 302
        recipient = InstructionRecipient.objects.get(place=place)
        assert (recipient.answer, recipient.answered_by) == ("补助资金已列入预算。", "高文博")
        assert recipient.read_by == "高文博"
        assert [file.name for file in recipient.files.all()] == ["预算.pdf"]
        waiting = Waiting.objects.filter(proposal=walk.proposal, queue="answer_instruct")
        assert [row.holder_id for row in waiting] == [cast.units["civil"].pk]

    @pytest.mark.django_db
    def test_the_reply_to_the_case_does_not_end_it(self, cast):
        walk, _ = self.prepare(cast)
        walk.sign("civil").rate()
        assert walk.proposal.status == "closed"
        assert self.post(cast, walk, walk.place("civil"), user=cast.chen).status_code == 302

    @pytest.mark.django_db
    def test_of_two_instructions_the_one_meant_is_answered(self, cast):
        walk, place = self.prepare(cast)
        walk.do("instruct", cast.luo, words="请一并研究河东街道。")
        second = InstructionRecipient.objects.filter(place=place).latest("pk")
        response = self.post(cast, walk, place)
        assert (response.status_code, "请选是哪一条批示。" in response.content.decode()) == (422, True)
        assert self.post(cast, walk, place, instruction=second.request_id).status_code == 302
        answered = InstructionRecipient.objects.exclude(answered_at=None)
        assert list(answered) == [second]

    @pytest.mark.django_db
    def test_a_unit_that_was_let_go_owes_nothing(self, cast):
        walk, place = self.prepare(cast)
        placements = walk.placements(civil="lead", health="co")
        walk.do("adjust", cast.su, placements=placements, reason="财政事项并入民政预算", parent_id=None)
        before = self.events(walk)
        self.assert_refused(self.post(cast, walk, place), walk, before, status=409)
