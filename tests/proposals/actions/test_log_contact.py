"""登记沟通: stage, mode, date, people; seen by the deputy."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from proposals.models import Attachment, Contact
from tests.cast import make_proposal

from .contract import ActionContract


class TestLogContact(ActionContract):
    action = "log_contact"
    actor = "chen"
    onlooker = "fang"
    told = ("lin",)
    keeps_version = True

    def prepare(self, cast):
        walk = make_proposal(cast, "handling").accept()
        return walk, walk.place("civil")

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "handling")
        return walk, walk.place("civil")

    def fill(self, cast, walk, subject):
        return {
            "stage": "before",
            "mode": "visit",
            "on": timezone.localdate(),
            "people": "副局长 邓佩文",
            "words": "听取意见",
        }

    @pytest.mark.django_db
    @pytest.mark.parametrize(
        ("days", "sentence"), [(1, "沟通日期不能晚于今天"), (-400, "不能早于建议提交日期")]
    )
    def test_dates_out_of_order(self, cast, days, sentence):
        walk, place = self.prepare(cast)
        response = self.post(cast, walk, place, on=timezone.localdate() + timedelta(days=days))
        assert response.status_code == 422
        assert sentence in response.content.decode()
        assert "听取意见" in response.content.decode()

    @pytest.mark.django_db
    def test_a_refused_file_keeps_the_typed_form(self, cast):
        walk, place = self.prepare(cast)
        fake = SimpleUploadedFile("照片.png", b"<html>not a picture</html>")
        response = self.post(cast, walk, place, files=fake, words="谈了选址，代表同意。")
        assert response.status_code == 422
        assert "谈了选址，代表同意。" in response.content.decode()
        assert not Contact.objects.exists()
        assert not Attachment.objects.exists()

    @pytest.mark.django_db
    def test_after_the_case_is_closed(self, cast):
        """办后沟通 goes on with what was promised; of an earlier round nobody writes any more."""
        walk = make_proposal(cast, "closed")
        place = walk.place("civil")
        assert self.post(cast, walk, place, stage="after").status_code == 302
        assert Contact.objects.filter(stage="after").exists()
        placements = walk.placements(civil="lead")
        walk.do("order_redo", cast.su, placements=placements, cause="reassigned", reason="再办。")
        assert self.post(cast, walk, place, stage="after").status_code == 409

    @pytest.mark.django_db
    def test_html_is_shown_as_it_was_typed(self, cast):
        walk, place = self.prepare(cast)
        self.post(cast, walk, place, words="<script>alert(1)</script>𠮷㛃😀")
        assert Contact.objects.get().words == "<script>alert(1)</script>𠮷㛃😀"
