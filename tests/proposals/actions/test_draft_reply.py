"""送审签: everything that the checks ask for, else a sentence that names what is missing."""

import pytest

from proposals.models import Assignment
from tests.cast import make_proposal

from .contract import ActionContract


class TestDraftReply(ActionContract):
    action = "draft_reply"
    actor = "chen"
    onlooker = "fang"
    told = ("fang",)
    status_after = "signing"

    def prepare(self, cast):
        walk = make_proposal(cast, "handling").accept().contact().write_reply()
        return walk, walk.place("civil")

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "replied")
        return walk, walk.place("civil")

    @pytest.mark.django_db
    @pytest.mark.parametrize(
        ("fields", "missing"),
        [
            ({"answers": [{"state": "doing", "text": "只答一条。"}]}, "逐条答复"),
            ({"answers": [{"state": "", "text": "一"}, {"state": "doing", "text": "二"}]}, "逐条答复"),
            ({"reply_class": ""}, "答复类别"),
            ({"doc_no": " "}, "文号"),
            ({"contact_phone": ""}, "联系人、电话"),
            ({"reply_class": "planned"}, "承诺事项"),
            ({"late_opinions": {}}, "会办意见"),
            ({"is_oral": True}, "当面答复记录"),
        ],
    )
    def test_what_blocks_it(self, cast, fields, missing):
        walk = make_proposal(cast, "handling").accept().contact().write_reply(**fields)
        response = self.post(cast, walk, walk.place("civil"))
        assert response.status_code == 422
        assert f"送审签前还差 1 项：{missing}" in response.content.decode()

    @pytest.mark.django_db
    def test_without_contact_a_reason_is_needed(self, cast):
        walk = make_proposal(cast, "handling").accept().write_reply()
        response = self.post(cast, walk, walk.place("civil"))
        assert "送审签前还差 1 项：沟通代表" in response.content.decode()
        walk.write_reply(no_contact_reason="代表在国外考察，已书面告知。")
        assert self.post(cast, walk, walk.place("civil")).status_code == 302

    @pytest.mark.django_db
    def test_nothing_written_at_all(self, cast):
        walk = make_proposal(cast, "handling").accept().contact()
        response = self.post(cast, walk, walk.place("civil"))
        assert response.status_code == 422
        assert "逐条答复" in response.content.decode()

    @pytest.mark.django_db
    def test_a_co_unit_does_not_reply(self, cast):
        walk = make_proposal(cast, "handling").accept("finance")
        response = self.post(cast, walk, walk.place("finance"), user=cast.gao)
        assert response.status_code == 409
        assert "会办单位不直接答复代表" in response.content.decode()

    @pytest.mark.django_db
    def test_with_every_opinion_in_no_reason_is_needed(self, cast):
        walk = make_proposal(cast, "handling").accept().accept("finance").opinion().contact()
        walk.write_reply(late_opinions={})
        assert self.post(cast, walk, walk.place("civil")).status_code == 302

    @pytest.mark.django_db
    def test_deputies_see_nothing_of_it(self, cast):
        walk, place = self.prepare(cast)
        self.post(cast, walk, place)
        assert Assignment.objects.get(pk=place.pk).status == "signing"
        assert not place.reply.is_issued
