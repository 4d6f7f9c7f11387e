"""What every action promises, tried through the page that its user has.

A test file names the action, how a case comes to it, who does it and what is filled in; the promises are
inherited: it works and leaves one event; a wrong role is refused and logged; a stranger finds nothing; a wrong
state, a stale page and the same form twice change nothing more.
"""

import uuid

import pytest
from django.test import Client

from accounts.models import SecurityEvent
from notifications.models import Notice
from proposals.models import Assignment, ProposalEvent


class ActionContract:
    """Subclass per action. `prepare` returns (walk, subject); `fill` the posted fields."""

    action = ""
    actor = "su"
    # Somebody who sees the case but may not do this.
    onlooker = "jiang"
    # People who must be told, and the status afterwards (None: unchanged).
    told = ()
    status_after = None
    keeps_version = False

    def prepare(self, cast):
        raise NotImplementedError

    def prepare_wrong_state(self, cast):
        raise NotImplementedError

    def fill(self, cast, walk, subject):
        return {}

    # --- Tools -----------------------------------------------------------------------------------------

    def url(self, subject):
        kind = "assignments" if isinstance(subject, Assignment) else "proposals"
        return f"/{kind}/{subject.pk}/{self.action}/"

    def post(self, cast, walk, subject, *, user=None, version=None, request_id=None, **fields):
        client = Client()
        client.force_login(user or cast.people[self.actor])
        subject.refresh_from_db()
        data = {
            **self.fill(cast, walk, subject),
            "version": subject.version if version is None else version,
            "request_id": request_id or uuid.uuid4(),
            **fields,
        }
        return client.post(self.url(subject), data)

    def events(self, walk):
        return ProposalEvent.objects.filter(proposal=walk.proposal).count()

    def assert_refused(self, response, walk, before, *, status):
        assert response.status_code == status, response.content.decode()[:2000]
        assert self.events(walk) == before

    # --- Promises --------------------------------------------------------------------------------------

    @pytest.mark.django_db
    def test_works_and_leaves_one_event(self, cast):
        walk, subject = self.prepare(cast)
        before, status = self.events(walk), subject.status
        response = self.post(cast, walk, subject)
        assert response.status_code == 302, response.content.decode()[:3000]
        assert self.events(walk) == before + 1
        event = ProposalEvent.objects.filter(proposal=walk.proposal).latest("seq")
        actor = cast.people[self.actor]
        assert (event.action, event.actor_id_then, event.actor_name) == (self.action, actor.pk, actor.name)
        assert event.words
        subject.refresh_from_db()
        assert subject.status == (self.status_after or status)

    @pytest.mark.django_db
    def test_tells_those_concerned_and_not_the_actor(self, cast):
        walk, subject = self.prepare(cast)
        Notice.objects.all().delete()
        self.post(cast, walk, subject)
        users = {pk: key for key, user in cast.people.items() for pk in [user.pk]}
        told = {users[pk] for pk in Notice.objects.values_list("user_id", flat=True)}
        assert told == set(self.told)

    @pytest.mark.django_db
    def test_a_wrong_role_is_refused_and_logged(self, cast):
        walk, subject = self.prepare(cast)
        before = self.events(walk)
        response = self.post(cast, walk, subject, user=cast.people[self.onlooker])
        self.assert_refused(response, walk, before, status=403)
        assert SecurityEvent.objects.filter(user=cast.people[self.onlooker], kind=self.action).exists()

    @pytest.mark.django_db
    @pytest.mark.parametrize("key", ["liaison", "handler", "deputy"])
    def test_a_stranger_finds_nothing(self, cast, key):
        walk, subject = self.prepare(cast)
        before = self.events(walk)
        stranger = getattr(cast.stranger, key)
        self.assert_refused(self.post(cast, walk, subject, user=stranger), walk, before, status=404)

    @pytest.mark.django_db
    def test_a_wrong_state_is_refused(self, cast):
        walk, subject = self.prepare_wrong_state(cast)
        before = self.events(walk)
        response = self.post(cast, walk, subject)
        self.assert_refused(response, walk, before, status=409)

    @pytest.mark.django_db
    def test_a_stale_page_changes_nothing(self, cast):
        walk, subject = self.prepare(cast)
        before = self.events(walk)
        response = self.post(cast, walk, subject, version=subject.version + 5)
        if self.keeps_version:
            assert response.status_code == 302
            return
        self.assert_refused(response, walk, before, status=409)
        assert "请刷新。您写的内容还在。" in response.content.decode()

    @pytest.mark.django_db
    def test_the_same_form_twice_happens_once(self, cast):
        walk, subject = self.prepare(cast)
        before, request_id = self.events(walk), uuid.uuid4()
        subject.refresh_from_db()
        version = None if isinstance(subject, Assignment) else subject.version
        first = self.post(cast, walk, subject, request_id=request_id, version=version)
        again = self.post(cast, walk, subject, request_id=request_id, version=version)
        assert (first.status_code, again.status_code) == (302, 302)
        assert first["Location"] == again["Location"]
        assert self.events(walk) == before + 1
