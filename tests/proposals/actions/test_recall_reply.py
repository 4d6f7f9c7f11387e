"""更正、退回重答: an unrated reply is taken back; its text is kept whole."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from core.dates import cn_date
from notifications.models import Notice
from proposals import drafts
from proposals.attachments import check_upload
from proposals.models import Attachment, Clock, Commitment, ReplyVersion, Waiting
from supervision.reminders import remind
from tests.cast import make_proposal, scan

from .contract import ActionContract

PROMISE = {"what": "建成 4 个食堂", "promised_on": "2030-12-31", "owner": "养老服务科"}


class TestRecallReply(ActionContract):
    action = "recall_reply"
    onlooker = "chen"
    told = ("chen", "zou", "lin", "tang")
    status_after = "accepted"

    def prepare(self, cast):
        walk = make_proposal(cast, "handling")
        walk.sign(reply_class="planned", planned_commitments=[PROMISE])
        return walk, walk.place("civil")

    def prepare_wrong_state(self, cast):
        walk = make_proposal(cast, "closed")
        return walk, walk.place("civil")

    def case(self, walk):
        return f"/proposals/{walk.proposal.pk}/"

    def fill(self, cast, walk, subject):
        return {"recall": "correction", "reason": "文号写错。"}

    @pytest.mark.django_db
    def test_a_correction_keeps_the_first_date(self, cast):
        walk, place = self.prepare(cast)
        first = place.reply.issued_on
        self.post(cast, walk, place)
        walk.proposal.refresh_from_db()
        assert walk.proposal.status == "handling"
        assert not Commitment.objects.exists()
        version = ReplyVersion.objects.get()
        assert (version.is_correction, version.content["doc_no"]) == (True, "澜民函〔2026〕56号")
        walk.days(6).sign(doc_no="澜民函〔2026〕57号", reply_class="planned", planned_commitments=[PROMISE])
        place.refresh_from_db()
        assert (place.reply.issued_on, place.answered_on) == (first, first)
        assert walk.proposal.status == "replied"
        assert Commitment.objects.count() == 1
        assert Clock.objects.get(assignment=place, kind="reply").met_on == first

    @pytest.mark.django_db
    @pytest.mark.parametrize(("recall", "is_late"), [("correction", False), ("again", True)])
    def test_the_term_that_was_met_makes_no_correction_overdue(self, cast, recall, is_late):
        """The reply went out in time, the slip is found after its date."""
        walk = make_proposal(cast, "handling", now=timezone.now() - timedelta(days=130)).days(75).sign()
        place, client = walk.place("civil"), Client()
        due_on, before = place.due_on, walk.proposal.status
        assert due_on < timezone.localdate() and before == "replied"
        self.post(cast, walk, place, recall=recall)
        walk.proposal.refresh_from_db()
        waiting = Waiting.objects.get(assignment=place)
        expected = due_on if is_late else Clock.objects.get(assignment=place, kind="correction").due_on
        assert is_late or expected > timezone.localdate()
        assert (waiting.queue, waiting.due_on, walk.proposal.due_on) == ("handle", expected, expected)
        for who, address in (
            ("chen", "/inbox/"),
            ("chen", "/registry/"),
            ("su", "/registry/"),
            ("su", self.case(walk)),
        ):
            client.force_login(cast.people[who])
            found = re.search(r'light red">超期 \d', client.get(address).content.decode())
            assert bool(found) == is_late, (who, address)
        walk.now = timezone.now()
        walk.sign()
        place.refresh_from_db()
        assert place.due_on == due_on
        assert (place.answered_on <= due_on) != is_late

    @pytest.mark.django_db
    def test_a_correction_has_a_short_term_of_its_own(self, cast):
        """Nobody may sit on it for ever: unit, deputy and office read its date, the unit is reminded, and it is met
        when the reply goes out again; then the first term's date stands again, met in time."""
        walk, place = self.prepare(cast)
        first_due = place.due_on
        self.post(cast, walk, place)
        clock = Clock.objects.get(assignment=place, kind="correction")
        assert (clock.rule["value"], clock.rule["unit"]) == (5, "workday")
        assert walk.place("civil").due_on == Waiting.objects.get(assignment=place).due_on == clock.due_on
        client = Client()
        for who in ("chen", "lin", "su"):
            client.force_login(cast.people[who])
            page = client.get(self.case(walk)).content.decode()
            assert "更正答复" in page and f"/clocks/{clock.pk}/" in page, who
            assert client.get(f"/clocks/{clock.pk}/").status_code == 200
        client.force_login(cast.chen)
        assert client.get("/inbox/").content.decode().count("更正答复") >= 2
        assert (
            clock.get_kind_display() == "更正"
            and "5 个工作日" in client.get(f"/clocks/{clock.pk}/").content.decode()
        )
        remind(clock.due_on)
        assert Notice.objects.filter(user=cast.chen, words__contains="更正答复").exists()
        refused = client.get(f"/assignments/{place.pk}/ask_extension/")
        assert "更正的期限不能延" in refused.content.decode()
        walk.days(20).do("draft_reply", cast.chen, walk.place("civil")).do(
            "issue", cast.fang, walk.place("civil")
        )
        clock.refresh_from_db()
        place.refresh_from_db()
        assert clock.met_on and clock.met_on > clock.due_on
        assert place.due_on == first_due and place.answered_on <= first_due
        self.post(cast, walk, walk.place("civil"), recall="again")
        assert walk.place("civil").due_on == first_due
        assert [c.kind for c in Clock.objects.filter(assignment=place, met_on=None, voided_on=None)] == [
            "reply"
        ]

    @pytest.mark.django_db
    @pytest.mark.parametrize(
        ("ago", "words"), [(20, "答复期限不重新计算，仍到 "), (130, "届满，收回后即为超期")]
    )
    def test_the_form_says_what_becomes_of_the_date(self, cast, ago, words):
        """退回重答 gives no new term: the old date is named, also where it is over already."""
        walk = make_proposal(cast, "handling", now=timezone.now() - timedelta(days=ago)).days(9).sign()
        place, client = walk.place("civil"), Client()
        client.force_login(cast.su)
        page = client.get(f"/assignments/{place.pk}/recall_reply/").content.decode()
        due = cn_date(place.due_on, timezone.localdate())
        assert words in page and due in page and "重新走" not in page
        assert re.search(r"更正（保留首次答复日期，改好重新送达的期限到 \d+月\d+日", page)

    @pytest.mark.django_db
    def test_taking_the_unit_away_ends_the_correction(self, cast):
        walk, place = self.prepare(cast)
        self.post(cast, walk, place)
        adjust = {"placements": walk.placements(finance="lead"), "reason": "改由财政部门主办。"}
        walk.do("adjust", cast.su, **adjust)
        assert Clock.objects.get(assignment=place, kind="correction").voided_on

    @pytest.mark.django_db
    def test_answering_again_reopens_the_term(self, cast):
        walk, place = self.prepare(cast)
        self.post(cast, walk, place, recall="again", reason="答非所问。")
        clock = Clock.objects.get(assignment=place, kind="reply")
        assert clock.is_open
        walk.days(6).sign()
        place.refresh_from_db()
        assert place.reply.issued_on == timezone.localdate(walk.now)
        assert Clock.objects.filter(assignment=place, kind="rating", voided_on=None).count() == 1

    @pytest.mark.django_db
    def test_promises_of_an_earlier_round_stand_again_meanwhile(self, cast):
        walk, _ = self.prepare(cast)
        walk.rate("dissatisfied")
        redo = {"placements": walk.placements(civil="lead"), "cause": "dissatisfied", "reason": "没有办。"}
        walk.do("order_redo", cast.su, **redo).accept()
        later = PROMISE | {"what": "建成 8 个食堂"}
        earlier = Commitment.objects.get(what=PROMISE["what"])
        walk.sign(reply_class="planned", planned_commitments=[later], replaces=[earlier.pk])
        earlier.refresh_from_db()
        assert earlier.replaced_by_id
        self.post(cast, walk, walk.place("civil"))
        earlier.refresh_from_db()
        assert earlier.replaced_by_id is None
        assert Clock.objects.get(commitment=earlier).is_open

    @pytest.mark.django_db
    def test_a_correction_of_the_earlier_reply_leaves_the_date_of_the_later_one(self, cast):
        """答复日期 of the case is that of its last reply."""
        walk = make_proposal(cast, "filed", now=timezone.now() - timedelta(days=9))
        walk.assign(civil="separate", finance="separate").sign("civil").days(3).sign("finance")
        last = walk.proposal.replied_on
        self.post(cast, walk, walk.place("civil"))
        walk.now = timezone.now()
        walk.do("draft_reply", cast.chen, walk.place("civil")).do("issue", cast.fang, walk.place("civil"))
        assert walk.place("civil").reply.issued_on < last
        assert walk.proposal.replied_on == last

    @pytest.mark.django_db
    def test_the_hub_recalls_its_own_units(self, cast):
        walk = make_proposal(cast, "filed").dispatch().sign()
        place = walk.place("civil")
        assert self.post(cast, walk, place).status_code == 403
        assert self.post(cast, walk, place, user=cast.hub).status_code == 302

    @pytest.mark.django_db
    def test_its_files_stay_with_it(self, cast):
        """The unit does without one in the new reply; what the deputies were sent can still be opened by them."""
        walk = make_proposal(cast, "handling").accept().contact().write_reply()
        upload = check_upload(scan("答复附件.pdf"))
        drafts.keep_reply_files(walk.place("civil"), [upload], user=cast.chen)
        walk.do("draft_reply", cast.chen, walk.place("civil")).do("issue", cast.fang, walk.place("civil"))
        client = Client()
        client.force_login(cast.lin)
        client.get(f"/proposals/{walk.proposal.pk}/")
        self.post(cast, walk, walk.place("civil"))
        file = Attachment.objects.get(name="答复附件.pdf")
        place = walk.place("civil")
        editor = {"draft_version": place.reply.draft_version, "version": place.version}
        client.force_login(cast.chen)
        removal = editor | {"remove_file": file.pk}
        assert client.post(f"/assignments/{place.pk}/reply/", removal).status_code == 302
        assert not walk.place("civil").reply.attachments.exists()
        content = ReplyVersion.objects.get().content
        assert content["files"] == [{"name": file.name, "sha256": file.sha256}]
        read = {each["deputy"]: bool(each["read_at"]) for each in content["deliveries"]}
        assert read["林秀芝"]
        client.force_login(cast.lin)
        assert client.get(f"/attachments/{file.pk}/").status_code == 200
        page = client.get(f"/proposals/{walk.proposal.pk}/").content.decode()
        assert page.count("答复附件.pdf") == 1
        client.force_login(cast.wei)
        assert client.get(f"/attachments/{file.pk}/").status_code == 404
