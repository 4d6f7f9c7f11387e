"""报告领导: the office puts a case before a leader; it stands in 等我拿主意 until they have instructed."""

import pytest
from django.test import Client

from proposals.models import Request
from tests.cast import make_proposal

from .contract import ActionContract


class TestReport(ActionContract):
    action = "report"
    actor = "su"
    onlooker = "jiang"
    told = ("luo",)
    keeps_version = True

    def prepare(self, cast):
        walk = make_proposal(cast, "handling")
        return walk, walk.proposal

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "declined")
        return walk, walk.proposal

    def fill(self, cast, walk, subject):
        return {"leader": cast.luo.pk, "words": "两家单位都说不归自己管，建议改交市民政局。"}

    @pytest.mark.django_db
    def test_it_waits_for_the_leaders_word_and_is_gone_with_it(self, cast):
        walk, subject = self.prepare(cast)
        self.post(cast, walk, subject)
        client = Client()
        client.force_login(cast.luo)
        assert "建议改交市民政局" in client.get("/leader/").content.decode()
        walk.do("instruct", cast.luo, words="同意。")
        assert Request.objects.get(kind="report").state == "granted"
        assert "建议改交市民政局" not in client.get("/leader/").content.decode()

    @pytest.mark.django_db
    def test_neither_unit_nor_deputy_reads_it(self, cast):
        walk, subject = self.prepare(cast)
        self.post(cast, walk, subject)
        for key in ("chen", "lin", "gao"):
            client = Client()
            client.force_login(cast.people[key])
            assert "都说不归自己管" not in client.get(f"/proposals/{subject.pk}/").content.decode()

    @pytest.mark.django_db
    def test_the_same_leader_is_not_asked_twice_at_once(self, cast):
        walk, subject = self.prepare(cast)
        self.post(cast, walk, subject)
        before = self.events(walk)
        self.assert_refused(self.post(cast, walk, subject), walk, before, status=422)

    @pytest.mark.django_db
    def test_only_a_leader_of_the_congress_can_be_named(self, cast):
        walk, subject = self.prepare(cast)
        response = self.post(cast, walk, subject, leader=cast.chen.pk)
        assert (response.status_code, "请选名单里的领导" in response.content.decode()) == (422, True)
