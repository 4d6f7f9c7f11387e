"""邀请附议: in office, of this congress, once."""

import pytest

from proposals.models import Waiting
from tests.cast import make_proposal

from .contract import ActionContract


class TestInvite(ActionContract):
    action = "invite"
    actor = "lin"
    onlooker = "tang"
    told = ("xiao",)
    keeps_version = True

    def prepare(self, cast):
        walk = make_proposal(cast, "draft").cosigned()
        return walk, walk.proposal

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "submitted")
        return walk, walk.proposal

    def fill(self, cast, walk, subject):
        return {"deputy": "肖立诚"}

    @pytest.mark.django_db
    @pytest.mark.parametrize(
        ("name", "sentence"),
        [
            ("林秀芝", "领衔代表不用邀请自己"),
            ("唐伯安", "已经邀请过"),
            ("查无此人", "没有找到"),
            ("外县代表", "没有找到"),
            ("", "请填写附议代表姓名"),
        ],
    )
    def test_whom_one_cannot_invite(self, cast, name, sentence):
        walk, subject = self.prepare(cast)
        response = self.post(cast, walk, subject, deputy=name)
        assert response.status_code == 422
        assert sentence in response.content.decode()

    @pytest.mark.django_db
    def test_a_deputy_who_left_office_cannot_be_invited(self, cast):
        cast.deputies["xiao"].in_office = False
        cast.deputies["xiao"].save()
        walk, subject = self.prepare(cast)
        response = self.post(cast, walk, subject)
        assert response.status_code == 422
        assert "已离任" in response.content.decode()

    @pytest.mark.django_db
    def test_two_deputies_of_one_name_are_told_apart_by_card(self, cast):
        cast.deputies["tang"].name = "肖立诚"
        cast.deputies["tang"].save()
        walk = make_proposal(cast, "draft")
        response = self.post(cast, walk, walk.proposal)
        assert "2 位同名代表" in response.content.decode()
        response = self.post(cast, walk, walk.proposal, deputy=f"肖立诚 {cast.deputies['xiao'].card_no}")
        assert response.status_code == 302

    @pytest.mark.django_db
    def test_the_invited_deputy_has_it_on_the_list(self, cast):
        walk, subject = self.prepare(cast)
        self.post(cast, walk, subject)
        assert Waiting.objects.filter(queue="cosign", holder_id=cast.deputies["xiao"].pk).exists()
