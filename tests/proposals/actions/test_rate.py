"""满意度测评: two dimensions, words with any 不满意, once, by the proposer alone."""

import pytest

from notifications.models import Notice
from proposals.models import Clock, Rating, RuleSet
from tests.cast import make_proposal

from .contract import ActionContract


class TestRate(ActionContract):
    action = "rate"
    actor = "lin"
    onlooker = "tang"  # a co-signer reads, the lead rates

    def prepare(self, cast):
        walk = make_proposal(cast, "replied")
        return walk, walk.place("civil")

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "closed")
        return walk, walk.place("civil")

    def fill(self, cast, walk, subject):
        return {"attitude": "satisfied", "result": "basically", "words": ""}

    @pytest.mark.django_db
    @pytest.mark.parametrize("broken", [{"attitude": ""}, {"result": ""}, {"result": "excellent"}])
    def test_both_dimensions_must_be_answered(self, cast, broken):
        walk, place = self.prepare(cast)
        response = self.post(cast, walk, place, words="写了很多。", **broken)
        assert response.status_code == 422
        assert "写了很多。" in response.content.decode()
        assert not Rating.objects.exists()

    @pytest.mark.django_db
    @pytest.mark.parametrize("side", ["attitude", "result"])
    def test_dissatisfaction_needs_words(self, cast, side):
        walk, place = self.prepare(cast)
        response = self.post(cast, walk, place, **{side: "dissatisfied"})
        assert response.status_code == 422
        assert "请写明哪里没有办好" in response.content.decode()
        assert "请写明哪里没有办好" in response.context["form"].errors["words"][0]

    @pytest.mark.django_db
    def test_satisfied_closes(self, cast):
        walk, place = self.prepare(cast)
        self.post(cast, walk, place)
        walk.proposal.refresh_from_db()
        assert (walk.proposal.status, walk.proposal.closed_on is not None) == ("closed", True)
        assert Clock.objects.get(assignment=place, kind="rating").met_on

    @pytest.mark.django_db
    def test_dissatisfied_goes_to_the_liaison_office_and_in_the_second_round_to_coordination(self, cast):
        walk, place = self.prepare(cast)
        self.post(cast, walk, place, result="dissatisfied", words="没有办。")
        walk.proposal.refresh_from_db()
        assert walk.proposal.status == "disputed"
        assert Clock.objects.get(proposal=walk.proposal, kind="judge").is_open
        second = make_proposal(cast, "redo").sign()
        self.post(cast, second, second.place("civil"), attitude="dissatisfied", words="还是没有办。")
        second.proposal.refresh_from_db()
        assert second.proposal.status == "coordination"

    @pytest.mark.django_db
    def test_units_can_neither_rate_nor_are_they_told(self, cast):
        walk, place = self.prepare(cast)
        for user in (cast.chen, cast.fang):
            assert self.post(cast, walk, place, user=user).status_code == 403
        Notice.objects.all().delete()
        self.post(cast, walk, place)
        assert not Notice.objects.exists()

    @pytest.mark.django_db
    def test_where_only_the_result_is_rated_one_answer_is_enough(self, cast):
        rules = RuleSet.objects.get(congress=cast.congress)
        rules.switches["two_dimensions"] = False
        rules.save()
        walk, place = self.prepare(cast)
        self.post(cast, walk, place)
        rating = Rating.objects.get()
        assert (rating.attitude, rating.result) == ("", "basically")

    @pytest.mark.django_db
    def test_separate_replies_are_rated_each_on_its_own(self, cast):
        walk = make_proposal(cast, "filed").assign(civil="separate", health="separate")
        walk.sign("civil")
        assert self.post(cast, walk, walk.place("civil")).status_code == 302
        walk.proposal.refresh_from_db()
        assert walk.proposal.status == "handling"
        walk.sign("health")
        self.post(cast, walk, walk.place("health"), result="dissatisfied", words="没有办。")
        walk.proposal.refresh_from_db()
        assert walk.proposal.status == "disputed"

    @pytest.mark.django_db
    def test_a_deputy_who_left_office_still_rates(self, cast):
        walk, place = self.prepare(cast)
        cast.deputies["lin"].in_office = False
        cast.deputies["lin"].save()
        assert self.post(cast, walk, place).status_code == 302

    @pytest.mark.django_db
    def test_an_old_page_does_not_rate_the_reply_that_was_issued_since(self, cast):
        """退回重答: what the deputy read is not what would be rated. The fresh page shows the new reply."""
        walk, place = self.prepare(cast)
        seen = place.version
        walk.do("recall_reply", cast.su, place, recall="again", reason="附表有误。")
        walk.write_reply(opening="改过的答复。")
        walk.do("draft_reply", cast.chen, walk.place("civil")).do("issue", cast.fang, walk.place("civil"))
        response = self.post(cast, walk, place, version=seen, words="写了很多。")
        page = response.content.decode()
        assert response.status_code == 409 and not Rating.objects.exists()
        assert "改过的答复。" in page and "写了很多。" in page
        assert self.post(cast, walk, place).status_code == 302

    @pytest.mark.django_db
    def test_the_units_forms_do_not_tell_of_it(self, cast):
        walk, place = self.prepare(cast)
        before = place.version
        self.post(cast, walk, place)
        place.refresh_from_db()
        assert Rating.objects.exists() and place.version == before

    @pytest.mark.django_db
    def test_with_the_case_the_hubs_window_closes(self, cast):
        """Nothing is left to return."""
        walk = make_proposal(cast, "filed").dispatch().sign()
        assert self.post(cast, walk, walk.place("civil")).status_code == 302
        walk.proposal.refresh_from_db()
        assert walk.proposal.status == "closed"
        assert not Clock.objects.filter(proposal=walk.proposal, met_on=None, voided_on=None).exists()
