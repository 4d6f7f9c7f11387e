"""回复催办: by the unit that was urged; whoever has answered the case has nothing left to answer."""

import pytest

from notifications.models import Notice
from proposals.models import Request, Waiting
from tests.cast import make_proposal, scan

from .contract import ActionContract


class TestAnswerUrge(ActionContract):
    action = "answer_urge"
    actor = "gao"
    onlooker = "he"
    told = ("su",)
    keeps_version = True

    def prepare(self, cast):
        walk = make_proposal(cast, "handling").do("urge", cast.su, words="请抓紧。")
        return walk, walk.place("finance")

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "handling")
        return walk, walk.place("finance")

    def fill(self, cast, walk, subject):
        return {"words": "本周内提交。"}

    @pytest.mark.django_db
    def test_each_unit_answers_for_itself(self, cast):
        walk, place = self.prepare(cast)
        self.post(cast, walk, place)
        waiting = Waiting.objects.get(proposal=walk.proposal, queue="answer_urge")
        assert waiting.holder_id == cast.units["civil"].pk

    @pytest.mark.django_db
    def test_the_answer_to_the_case_ends_it(self, cast):
        walk, place = self.prepare(cast)
        walk.accept("finance").opinion()
        assert Request.objects.get(kind="urge", assignment=place).state == "void"

    @pytest.mark.django_db
    def test_the_office_answers_for_a_unit_without_access_with_its_paper(self, cast):
        walk = make_proposal(cast, "filed").assign(archive="lead").do("urge", cast.su, words="请抓紧。")
        place = walk.place("archive")
        response = self.post(cast, walk, place, user=cast.su)
        assert (response.status_code, "请上传该单位签字盖章的材料扫描件" in response.content.decode()) == (
            422,
            True,
        )
        assert self.post(cast, walk, place, user=cast.su, files=[scan()]).status_code == 302
        assert not Waiting.objects.filter(proposal=walk.proposal, queue="answer_urge").exists()

    @pytest.mark.django_db
    def test_a_hub_is_urged_and_urges_its_own_units(self, cast):
        walk = make_proposal(cast, "filed").assign(hub="lead", health="co")
        walk.do("urge", cast.su, words="请抓紧分办。")
        response = self.post(cast, walk, walk.place("hub"), user=cast.hub)
        assert response.status_code == 302, response.content.decode()[:2000]
        walk.dispatch().do("urge", cast.hub, words="请抓紧。")
        urged = Request.objects.filter(kind="urge", state="open").values_list(
            "assignment__unit__name", flat=True
        )
        assert {"市民政局", "市财政局"} <= set(urged)
        assert Request.objects.filter(kind="urge", assignment=walk.place("health")).count() == 1

    @pytest.mark.django_db
    @pytest.mark.parametrize(("urges", "told"), [("hub", {"su", "hub"}), ("jiang", {"su", "jiang"})])
    def test_the_side_that_urged_is_told(self, cast, urges, told):
        walk = make_proposal(cast, "filed").dispatch().do("urge", cast.people[urges], words="请抓紧。")
        Notice.objects.all().delete()
        self.post(cast, walk, walk.place("civil"), user=cast.chen)
        assert set(Notice.objects.values_list("user_id", flat=True)) == {cast.people[k].pk for k in told}
