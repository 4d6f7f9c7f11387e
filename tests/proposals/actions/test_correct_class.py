"""调整答复类别: by the liaison office; promises are needed where it becomes in-progress or planned."""

import pytest

from proposals.models import Clock, Commitment, ProposalEvent, ReplyLetter
from tests.cast import make_proposal

from .contract import ActionContract

PROMISE = {"what": "建成 4 个食堂", "promised_on": "2030-12-31", "owner": "养老服务科"}


class TestCorrectClass(ActionContract):
    action = "correct_class"
    onlooker = "chen"
    told = ("chen", "zou", "lin", "tang")
    keeps_version = True

    def prepare(self, cast):
        walk = make_proposal(cast, "replied")
        return walk, walk.place("civil")

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "handling").accept()
        return walk, walk.place("civil")

    def fill(self, cast, walk, subject):
        return {"reply_class": "planned", "reason": "食堂还没有建成。", **PROMISE}

    @pytest.mark.django_db
    def test_the_line_has_the_words_that_the_rule_set_prints(self, cast):
        letters = ReplyLetter.objects.filter(rule_set__congress=cast.congress)
        letters.filter(reply_class="solved").update(letter="甲", words="已经办成")
        letters.filter(reply_class="planned").update(letter="乙", words="已列计划")
        walk, place = self.prepare(cast)
        assert place.reply.reply_class == "solved"
        self.post(cast, walk, place)
        words = ProposalEvent.objects.get(action="correct_class").words
        assert "由“甲 已经办成”改为“乙 已列计划”" in words

    @pytest.mark.django_db
    def test_the_promise_runs(self, cast):
        walk, place = self.prepare(cast)
        self.post(cast, walk, place)
        place.reply.refresh_from_db()
        assert place.reply.reply_class == "planned"
        assert Clock.objects.get(commitment=Commitment.objects.get()).is_open

    @pytest.mark.django_db
    @pytest.mark.parametrize(
        ("broken", "sentence"),
        [
            ({"what": "", "promised_on": "", "owner": ""}, "要列明承诺事项"),
            ({"owner": ""}, "承诺事项要写全"),
            ({"promised_on": "2020-01-01"}, "完成日期已经过去"),
            ({"reply_class": "solved"}, "答复类别没有变"),
        ],
    )
    def test_refusals(self, cast, broken, sentence):
        walk, place = self.prepare(cast)
        response = self.post(cast, walk, place, **broken)
        assert (response.status_code, sentence in response.content.decode()) == (422, True)
