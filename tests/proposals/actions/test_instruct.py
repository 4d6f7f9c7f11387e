"""批示: by a leader of the standing committee or of the government, to chosen units and the office, told at once."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client

from notifications.models import Notice
from proposals.models import Request, Waiting
from supervision.models import Instruction
from tests.cast import make_proposal

from .contract import ActionContract


class TestInstruct(ActionContract):
    action = "instruct"
    actor = "luo"
    onlooker = "jiang"
    told = ("su", "chen", "zou", "gao")
    keeps_version = True

    def prepare(self, cast):
        walk = make_proposal(cast, "handling")
        return walk, walk.proposal

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "declined")
        return walk, walk.proposal

    def fill(self, cast, walk, subject):
        return {"words": "请民政局主要负责同志领办。"}

    @pytest.mark.django_db
    def test_a_leader_of_the_government_where_the_hub_has_it(self, cast):
        walk, subject = self.prepare(cast)
        assert self.post(cast, walk, subject, user=cast.gov).status_code == 404
        walk = make_proposal(cast, "filed").dispatch()
        Notice.objects.all().delete()
        assert self.post(cast, walk, walk.proposal, user=cast.gov).status_code == 302
        assert Notice.objects.filter(user=cast.chen, is_urgent=True).exists()

    @pytest.mark.django_db
    def test_it_is_kept_with_whom_it_went_to_and_changes_neither_date_nor_unit(self, cast):
        walk, subject = self.prepare(cast)
        before = [(place.pk, place.status, place.due_on) for place in subject.assignments.order_by("pk")]
        self.post(cast, walk, subject)
        instruction = Instruction.objects.get(proposal=subject)
        assert (instruction.author, instruction.words) == (cast.luo, "请民政局主要负责同志领办。")
        names = [recipient.name for recipient in instruction.recipients.all()]
        assert names == ["联工委", "市民政局", "市财政局"]
        owed = Waiting.objects.filter(proposal=subject, queue="answer_instruct")
        assert set(owed.values_list("holder_id", flat=True)) == {
            cast.units["civil"].pk,
            cast.units["finance"].pk,
        }
        subject.refresh_from_db()
        assert [(p.pk, p.status, p.due_on) for p in subject.assignments.order_by("pk")] == before

    @pytest.mark.django_db
    def test_the_leader_chooses_sentence_recipients_and_day(self, cast):
        walk, subject = self.prepare(cast)
        due_on = (walk.now + timedelta(days=20)).date()
        place = walk.place("civil")
        chosen = {
            "words": "",
            "sentence": "请市民政局到现场看清问题后再答复。",
            "recipients": [str(place.pk)],
        }
        assert self.post(cast, walk, subject, due_on=due_on, **chosen).status_code == 302
        instruction = Instruction.objects.get(proposal=subject)
        assert (instruction.words, instruction.due_on) == ("请市民政局到现场看清问题后再答复。", due_on)
        assert [recipient.unit for recipient in instruction.recipients.all()] == [cast.units["civil"]]
        assert not Notice.objects.filter(user=cast.gao, is_urgent=True).exists()

    @pytest.mark.django_db
    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"words": ""}, "请选一句，或者自己写。"),
            ({"recipients": ["999999"]}, "承办单位有变动，请重新选送给谁。"),
            ({"recipients": [""]}, "承办单位有变动，请重新选送给谁。"),
            ({"due_on": "2020-01-02"}, "回复日不能早于今天。"),
            ({"due_on": "后天"}, "日期写成 2026-05-06 这样。"),
            ({"words": "字" * 1001}, "最多 1000 字"),
        ],
    )
    def test_bad_input_comes_back_with_what_was_typed(self, cast, fields, said):
        walk, subject = self.prepare(cast)
        before = self.events(walk)
        response = self.post(cast, walk, subject, **fields)
        self.assert_refused(response, walk, before, status=422)
        text = response.content.decode()
        assert said in text
        assert fields.get("words", "请民政局主要负责同志领办。") in text

    @pytest.mark.django_db
    def test_while_the_case_is_judged_only_the_office_is_addressed_and_no_unit_reads_it(self, cast):
        """A unit that was told would learn that the deputy is not satisfied (§5)."""
        walk = make_proposal(cast, "disputed")
        Notice.objects.all().delete()
        self.post(cast, walk, walk.proposal, words="请责成市民政局重新办理。")
        assert set(Notice.objects.values_list("user__username", flat=True)) == {"su"}
        read_by = {
            key: "请责成" in signed_in(cast, key).get(f"/proposals/{walk.proposal.pk}/").content.decode()
            for key in ("chen", "lin", "su", "jiang", "luo")
        }
        assert read_by == {"chen": False, "lin": False, "su": True, "jiang": True, "luo": True}

    @pytest.mark.django_db
    def test_the_same_form_twice_keeps_one_instruction(self, cast):
        walk, subject = self.prepare(cast)
        request_id = uuid.uuid4()
        self.post(cast, walk, subject, request_id=request_id)
        self.post(cast, walk, subject, request_id=request_id)
        assert Instruction.objects.count() == 1
        assert Request.objects.filter(kind="instruction").count() == 1


def signed_in(cast, key):
    client = Client()
    client.force_login(cast.people[key])
    return client
