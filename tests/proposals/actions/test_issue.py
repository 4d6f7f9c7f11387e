"""签发: frozen, delivered to each deputy, clocks stopped, promises opened."""

from datetime import timedelta

import pytest
from django.utils import timezone

from proposals import drafts
from proposals.models import Clock, Commitment, ReplyDelivery, RuleSet
from proposals.workflow import Denied
from tests.cast import make_proposal

from .contract import ActionContract


class TestIssue(ActionContract):
    action = "issue"
    actor = "fang"
    onlooker = "chen"
    told = ("lin", "tang", "chen", "zou")
    status_after = "answered"

    def prepare(self, cast, **fields):
        walk = make_proposal(cast, "handling").accept().contact().write_reply(**fields)
        walk.do("draft_reply", cast.chen, walk.place("civil"))
        return walk, walk.place("civil")

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "handling").accept()
        return walk, walk.place("civil")

    @pytest.mark.django_db
    def test_it_is_delivered_to_the_lead_and_each_cosigner(self, cast):
        walk, place = self.prepare(cast)
        self.post(cast, walk, place)
        names = set(ReplyDelivery.objects.values_list("deputy__name", flat=True))
        assert names == {"林秀芝", "唐伯安"}

    @pytest.mark.django_db
    def test_where_the_lead_passes_it_on_only_the_lead_gets_it(self, cast):
        rules = RuleSet.objects.get(congress=cast.congress)
        rules.switches["reply_to"] = "lead"
        rules.save()
        walk, place = self.prepare(cast)
        self.post(cast, walk, place)
        assert list(ReplyDelivery.objects.values_list("deputy__name", flat=True)) == ["林秀芝"]

    @pytest.mark.django_db
    def test_clocks_and_the_case(self, cast):
        walk, place = self.prepare(cast)
        self.post(cast, walk, place)
        assert Clock.objects.get(assignment=place, kind="reply").met_on == timezone.localdate()
        assert Clock.objects.get(assignment=place, kind="rating").is_open
        walk.proposal.refresh_from_db()
        assert walk.proposal.status == "replied"

    @pytest.mark.django_db
    def test_a_late_co_unit_is_released_and_marked(self, cast):
        walk, place = self.prepare(cast)
        self.post(cast, walk, place)
        co = walk.place("finance")
        assert (co.status, co.release_words) == ("released", "未提交会办意见")
        assert not [clock for clock in Clock.objects.filter(assignment=co) if clock.is_open]

    @pytest.mark.django_db
    def test_the_reply_is_frozen(self, cast):
        walk, place = self.prepare(cast)
        self.post(cast, walk, place)
        place.refresh_from_db()
        with pytest.raises(Denied, match="不能再改答复"):
            drafts.save_reply(
                place, {"doc_no": "改"}, draft_version=place.reply.draft_version, user=cast.chen
            )

    @pytest.mark.django_db
    def test_promises_become_rows_with_clocks(self, cast):
        promised = (timezone.localdate() + timedelta(days=100)).isoformat()
        walk, place = self.prepare(
            cast,
            reply_class="in_progress",
            planned_commitments=[{"what": "建成 5 个食堂", "promised_on": promised, "owner": "养老科"}],
        )
        self.post(cast, walk, place)
        commitment = Commitment.objects.get()
        assert (commitment.what, commitment.promised_on.isoformat()) == ("建成 5 个食堂", promised)
        assert Clock.objects.get(commitment=commitment).due_on.isoformat() == promised

    @pytest.mark.django_db
    def test_a_promise_whose_day_has_passed_meanwhile_goes_back(self, cast):
        promise = {
            "what": "建成 5 个食堂",
            "owner": "养老科",
            "promised_on": timezone.localdate().isoformat(),
        }
        walk, place = self.prepare(cast, reply_class="planned", planned_commitments=[promise])
        with pytest.raises(Denied, match="完成日期已经过去。请退回经办修改"):
            walk.days(3).do("issue", cast.fang, place)
        walk.do("rework", cast.fang, place, reason="完成日期已过。")
