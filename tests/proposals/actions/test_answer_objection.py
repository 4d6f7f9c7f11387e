"""答复异议: by the liaison office; the deputy is told."""

import pytest

from proposals.models import Request, Waiting
from tests.cast import make_proposal

from .contract import ActionContract


def objected(cast):
    walk = make_proposal(cast, "handling")
    data = {"about": "unit:1", "about_text": "市民政局", "words": "不该由它主办。"}
    return walk.do("object", cast.lin, **data)


class TestAnswerObjection(ActionContract):
    action = "answer_objection"
    onlooker = "lin"
    told = ("lin",)
    keeps_version = True

    def prepare(self, cast):
        walk = objected(cast)
        return walk, walk.proposal

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "handling")
        return walk, walk.proposal

    def fill(self, cast, walk, subject):
        return {"words": "已与两单位核实，由民政局主办合适。"}

    @pytest.mark.django_db
    def test_it_is_settled(self, cast):
        walk, subject = self.prepare(cast)
        self.post(cast, walk, subject)
        request = Request.objects.get(kind="objection")
        assert (request.is_open, request.decision) == (False, "已与两单位核实，由民政局主办合适。")
        assert not Waiting.objects.filter(proposal=subject, queue="objection").exists()
