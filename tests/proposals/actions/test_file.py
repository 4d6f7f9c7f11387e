"""立案: a number of the congress's series, a category, the assign clock."""

import re

import pytest
from django.contrib.messages import get_messages
from django.utils import timezone

from proposals.models import Clock
from tests.cast import TEXT, Walk, make_proposal

from .contract import ActionContract


class TestFile(ActionContract):
    action = "file"
    told = ("lin", "tang")
    status_after = "filed"

    def prepare(self, cast):
        walk = make_proposal(cast, "submitted")
        return walk, walk.proposal

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "returned")
        return walk, walk.proposal

    def fill(self, cast, walk, subject):
        return {"category": cast.categories["社会建设"].pk}

    @pytest.mark.django_db
    def test_a_category_is_needed_and_must_be_ours(self, cast):
        walk, subject = self.prepare(cast)
        assert "请选类别" in self.post(cast, walk, subject, category="").content.decode()
        assert self.post(cast, walk, subject, category=cast.stranger.category.pk).status_code == 422

    @pytest.mark.django_db
    def test_the_message_names_the_new_number(self, cast):
        walk, subject = self.prepare(cast)
        said = get_messages(self.post(cast, walk, subject).wsgi_request)
        subject.refresh_from_db()
        assert [str(message) for message in said] == [f"立案：{subject.number}，已记入办理经过。"]

    @pytest.mark.django_db
    def test_recess_items_are_numbered_apart_and_never_twice(self, cast):
        numbers = [make_proposal(cast, "filed").proposal.number for _ in range(2)]
        year = timezone.localdate().year
        assert numbers == [f"{year}-闭001", f"{year}-闭002"]

    @pytest.mark.django_db
    def test_session_items_take_the_sessions_series(self, cast):
        now = timezone.make_aware(timezone.datetime(2026, 1, 27, 10))
        walk = Walk(cast, now=now, text=TEXT | {"source": "session", "session": cast.session})
        walk.submit().file()
        assert re.fullmatch(r"2026-\d{3}", walk.proposal.number)
        clock = Clock.objects.get(proposal=walk.proposal, kind="assign")
        # 大会件: one month from the close of the session on 30 January; 28 February 2026 is a make-up workday.
        assert (str(clock.started_on), str(clock.due_on)) == ("2026-01-30", "2026-02-28")

    @pytest.mark.django_db
    @pytest.mark.parametrize(
        ("submitted", "filed", "started", "due"),
        [
            # Filed long after the close: the month still counts from the close (30 January).
            ("2026-01-28", "2026-02-10", "2026-01-30", "2026-02-28"),
            # Handed in after the close: from then; 4 March is a Wednesday.
            ("2026-02-04", "2026-02-10", "2026-02-04", "2026-03-04"),
        ],
    )
    def test_the_assign_clock_of_session_items_starts_at_the_close(
        self, cast, submitted, filed, started, due
    ):
        def at(day):
            return timezone.make_aware(timezone.datetime.fromisoformat(f"{day}T10:00"))

        walk = Walk(cast, now=at(submitted), text=TEXT | {"source": "session", "session": cast.session})
        walk.submit()
        walk.now = at(filed)
        walk.file()
        clock = Clock.objects.get(proposal=walk.proposal, kind="assign")
        assert (str(clock.started_on), str(clock.due_on)) == (started, due)
        assert clock.rule["start_event"] == "大会闭会"
        assert ("自提交之日起算" in clock.rule.get("note", "")) == (submitted == started)

    @pytest.mark.django_db
    def test_each_tenant_has_its_own_series(self, cast):
        make_proposal(cast, "filed")
        assert not cast.stranger.congress.proposals.exists()
