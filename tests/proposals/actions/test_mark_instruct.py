"""标记批示执行: 正在执行 or 已执行, by the office or by the leader who gave it."""

import pytest

from accounts.models import Grant, Role
from proposals.models import Request, Waiting
from supervision.models import Instruction
from tests.cast import make_proposal, make_user

from .contract import ActionContract


class TestMarkInstruct(ActionContract):
    action = "mark_instruct"
    actor = "su"
    onlooker = "jiang"
    told = ("luo",)
    keeps_version = True

    def prepare(self, cast):
        walk = make_proposal(cast, "handling").do("instruct", cast.luo, words="请抓紧。")
        return walk, walk.proposal

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "handling")
        return walk, walk.proposal

    def fill(self, cast, walk, subject):
        return {"mark": "done", "words": "民政局已联系代表，食堂下月开餐。"}

    @pytest.mark.django_db
    def test_done_ends_what_units_still_owe(self, cast):
        walk, subject = self.prepare(cast)
        self.post(cast, walk, subject)
        instruction = Instruction.objects.get()
        assert (instruction.state, instruction.mark_words) == ("done", "民政局已联系代表，食堂下月开餐。")
        assert not Waiting.objects.filter(proposal=subject, queue="answer_instruct").exists()
        assert not Request.objects.filter(kind__startswith="instruct", state="open").exists()

    @pytest.mark.django_db
    def test_under_way_leaves_it_open(self, cast):
        walk, subject = self.prepare(cast)
        self.post(cast, walk, subject, mark="doing", words="")
        assert Instruction.objects.get().state == "doing"
        assert Waiting.objects.filter(proposal=subject, queue="answer_instruct").count() == 2
        assert self.post(cast, walk, subject).status_code == 302

    @pytest.mark.django_db
    def test_the_leader_marks_their_own_and_no_other_leaders(self, cast):
        walk, subject = self.prepare(cast)
        other = make_user("he2", "贺副主任")
        Grant.objects.create(user=other, role=Role.LEADER, congress=cast.congress)
        whole = Request.objects.get(kind="instruction")
        response = self.post(cast, walk, subject, user=other, instruction=whole.pk)
        assert (response.status_code, "不是您作的" in response.content.decode()) == (422, True)
        assert self.post(cast, walk, subject, user=cast.luo).status_code == 302
        assert Instruction.objects.get().marked_by
