"""Two people at once, on two connections of a real PostgreSQL: one wins, one gets the sentence, nothing doubles."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from proposals import drafts
from proposals.models import Assignment, Opinion, Proposal, ProposalEvent, Reply
from proposals.workflow import Refused, perform
from tests.cast import build_cast, make_proposal
from tests.proposals.racing import at_once, check_case

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast(transactional_db):
    return build_cast()


def act(action, subject, actor, version, **data):
    fresh = type(subject).objects.get(pk=subject.pk)
    return lambda: perform(action, fresh, actor=actor, data=data, version=version, request_id=uuid.uuid4())


def winners(results):
    """Those that were done; whatever was not must be a refusal."""
    failed = [result for result in results if isinstance(result, Exception)]
    assert all(isinstance(result, Refused) for result in failed), failed
    return [result for result in results if not isinstance(result, Exception)]


@pytest.mark.parametrize("attempt", range(5))
def test_two_handlers_sign_for_one_place(cast, attempt):
    walk = make_proposal(cast, "handling")
    place = walk.place("civil")
    results = at_once(
        act("accept", place, cast.chen, place.version), act("accept", place, cast.zou, place.version)
    )
    assert len(winners(results)) == 1
    assert ProposalEvent.objects.filter(action="accept").count() == 1
    check_case(walk.proposal)


@pytest.mark.parametrize("attempt", range(5))
def test_one_form_sent_twice_at_the_same_moment(cast, attempt):
    walk = make_proposal(cast, "submitted")
    version, request_id = walk.proposal.version, uuid.uuid4()
    category = cast.categories["社会建设"]

    def send():
        return perform(
            "file",
            Proposal.objects.get(pk=walk.proposal.pk),
            actor=cast.su,
            data={"category": category},
            version=version,
            request_id=request_id,
        )

    results = at_once(send, send)
    assert sorted(result.repeated for result in results) == [False, True]
    assert results[0].event.pk == results[1].event.pk
    check_case(walk.proposal)


def test_many_filed_at_once_get_numbers_of_their_own(cast):
    walks = [make_proposal(cast, "submitted") for _ in range(8)]
    category = cast.categories["社会建设"]
    results = at_once(
        *(act("file", walk.proposal, cast.su, walk.proposal.version, category=category) for walk in walks)
    )
    assert len(winners(results)) == 8
    numbers = set(Proposal.objects.exclude(number="").values_list("number", flat=True))
    assert len(numbers) == 8


@pytest.mark.parametrize("attempt", range(5))
def test_an_issue_while_a_co_opinion_arrives(cast, attempt):
    walk = make_proposal(cast, "handling").accept("civil").accept("finance").contact().write_reply()
    walk.do("draft_reply", cast.chen, walk.place("civil"))
    lead, co = walk.place("civil"), walk.place("finance")
    results = at_once(
        act("issue", lead, cast.fang, lead.version),
        act("give_opinion", co, cast.gao, co.version, words="已列入预算。"),
    )
    assert not isinstance(results[0], Refused)
    co.refresh_from_db()
    if isinstance(results[1], Refused):
        assert (co.status, Opinion.objects.count()) == ("released", 0)
    else:
        assert (co.status, Opinion.objects.count()) == ("answered", 1)
    check_case(walk.proposal)


@pytest.mark.parametrize("attempt", range(5))
def test_a_rating_and_the_end_of_the_window(cast, attempt):
    """Rated in time, or 未表态 first and then rated late (逾期测评): never both as if the other had not been."""
    walk = make_proposal(cast, "replied")
    place = walk.place("civil")
    late = timezone.now() + timedelta(days=120)
    answers = {"attitude": "satisfied", "result": "satisfied", "words": ""}
    results = at_once(
        act("rate", place, cast.lin, place.version, **answers),
        lambda: perform("mark_silent", place, actor=None, now=late),
    )
    rated, silenced = (result in winners(results) for result in results)
    assert rated
    reply = Reply.objects.get(assignment=place)
    assert reply.rating.is_late == silenced == (reply.silent_on is not None)
    check_case(walk.proposal)


def test_two_handlers_write_one_reply(cast):
    walk = make_proposal(cast, "handling").accept("civil").write_reply()
    place = walk.place("civil")
    version = place.reply.draft_version

    def save(user, words):
        return lambda: drafts.save_reply(place, {"opening": words}, draft_version=version, user=user)

    results = at_once(save(cast.chen, "甲"), save(cast.zou, "乙"))
    (winner,) = winners(results)
    assert Reply.objects.get(assignment=place).opening == winner.opening


def test_two_first_saves_make_one_reply(cast):
    walk = make_proposal(cast, "handling").accept("civil")
    place = walk.place("civil")

    def save(user, words):
        fresh = Assignment.objects.get(pk=place.pk)
        return lambda: drafts.save_reply(fresh, {"opening": words}, draft_version=None, user=user)

    results = at_once(save(cast.chen, "甲"), save(cast.zou, "乙"))
    assert Reply.objects.filter(assignment=place).count() == 1
    assert len(winners(results)) == 1


def test_a_reply_is_not_changed_behind_the_signers_back(cast):
    walk = make_proposal(cast, "handling").accept("civil").contact().write_reply()
    place = walk.place("civil")
    version = place.reply.draft_version
    results = at_once(
        act("draft_reply", place, cast.chen, place.version),
        lambda: drafts.save_reply(place, {"doc_no": "后改的"}, draft_version=version, user=cast.zou),
    )
    assert winners(results)
    place.refresh_from_db()
    events = ProposalEvent.objects.filter(action="draft_reply").count()
    assert (place.status == "signing") == (events == 1)
    check_case(walk.proposal)
