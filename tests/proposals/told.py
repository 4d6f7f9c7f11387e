"""Tells a case through the pages that its people have, at the time of the story, and reads what each sees."""

import html
import re
import uuid
from datetime import timedelta

import time_machine
from django.test import Client
from django.utils import timezone

from proposals.models import Assignment, Proposal, Waiting
from tests.cast import Walk

SATISFIED = {"attitude": "satisfied", "result": "satisfied", "words": ""}


class Told:
    """One case. `walk` brings it to where the story starts; from there on everything goes through the views."""

    def __init__(self, cast, walk=None):
        self.cast = cast
        self.walk = walk or Walk(cast)

    @property
    def proposal(self):
        return Proposal.objects.get(pk=self.walk.proposal.pk)

    @property
    def status(self):
        return self.proposal.status

    def place(self, unit):
        return self.walk.place(unit)

    def statuses(self, *units):
        return [self.place(unit).status for unit in units]

    def days(self, number):
        self.walk.days(number)
        return self

    def client(self, who):
        client = Client()
        client.force_login(self.cast.people[who])
        return client

    def act(self, who, action, unit=None, *, status=302, **fields):
        """Post one action's form as this person; the page that answers, as plain text."""
        self.walk.now += timedelta(minutes=1)
        subject = self.place(unit) if unit else self.proposal
        kind = "assignments" if isinstance(subject, Assignment) else "proposals"
        with time_machine.travel(self.walk.now, tick=False):
            data = {"version": subject.version, "request_id": uuid.uuid4(), **fields}
            response = self.client(who).post(f"/{kind}/{subject.pk}/{action}/", data)
        text = plain(response)
        assert response.status_code == status, (response.status_code, text[:3000])
        self.walk.proposal.refresh_from_db()
        return text

    def page(self, who, path=None):
        """A page as this person reads it (default: the case)."""
        with time_machine.travel(self.walk.now, tick=False):
            response = self.client(who).get(path or f"/proposals/{self.proposal.pk}/")
        assert response.status_code == 200, (who, path, response.status_code)
        return plain(response)

    def buttons(self, who, path=None):
        """The codes of the actions that the case page offers this person."""
        with time_machine.travel(self.walk.now, tick=False):
            response = self.client(who).get(path or f"/proposals/{self.proposal.pk}/")
        return set(re.findall(r"/(?:proposals|assignments)/\d+/([a-z_]+)/", response.content.decode()))

    def waits(self):
        """On whom it waits, and for what: {(queue, kind of holder)}."""
        rows = Waiting.objects.filter(proposal=self.proposal)
        return set(rows.values_list("queue", "holder_kind"))

    def units(self, **roles):
        """The fields of a placement."""
        fields = {"lead": "", "co": [], "separate": []}
        for key, role in roles.items():
            pk = self.cast.units[key].pk
            if role == "lead":
                fields["lead"] = pk
            else:
                fields[role].append(pk)
        return fields

    def assign(self, **roles):
        self.act("su", "assign", **self.units(**roles))
        return self

    def reply(self, unit, **fields):
        """Accept, talk to the deputy, write, send and sign the reply of one unit, on its pages."""
        handler, signer = self.walk.handler(unit).username, self.walk.signer(unit).username
        if self.place(unit).status == "pending":
            self.act(handler, "accept", unit)
        on = timezone.localdate(self.walk.now)
        contact = {"stage": "before", "mode": "visit", "on": on, "people": "副局长", "words": "听取意见"}
        self.act(handler, "log_contact", unit, **contact)
        self.walk.write_reply(unit, **fields)
        self.act(handler, "draft_reply", unit)
        self.act(signer, "issue", unit)
        return self


def plain(response):
    """The text of a page without its tags, each run of spaces as one."""
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", response.content.decode(), flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())
