"""What the tests of the public pages share: a congress whose list is on, published proposals, a visitor's client."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from institutions.models import Congress
from proposals.models import Proposal
from proposals.search import write_docs
from tests.cast import TEXT, make_proposal
from tests.proposals.told import plain

LIST = "/public/lanjiang/"
PROMISED = timezone.localdate() + timedelta(days=300)
PROMISED_WORDS = f"{PROMISED.year}年{PROMISED.month}月{PROMISED.day}日"
PROMISE = {"what": "建成社区食堂 12 个", "owner": "社会救助科 老科长", "promised_on": PROMISED.isoformat()}


def switch(congress, is_on=True):
    Congress.objects.filter(pk=congress.pk).update(is_public=is_on)


def published(cast, *, reply=None, now=None, rate=None, **text):
    """A Walk that went the ordinary way and was published; its congress's list is on."""
    switch(cast.congress)
    walk = make_proposal(cast, "handling", now=now, text=TEXT | text)
    walk.sign(**(reply or {})).rate(**(rate or {}))
    return walk.do("publish", cast.su)


def copies(walk, number):
    """So many more published ones, all alike."""
    own = (
        "congress",
        "category",
        "title",
        "lead",
        "delegation",
        "status",
        "published_on",
        "filed_on",
        "points",
    )
    fields = {name: getattr(walk.proposal, name) for name in own}
    made = [Proposal(**fields, number=f"2026-{900 + each}") for each in range(number)]
    write_docs(Proposal.objects.bulk_create(made))


def with_promise(cast, **fields):
    return published(cast, reply={"reply_class": "in_progress", "planned_commitments": [PROMISE | fields]})


def page_of(walk):
    return f"{LIST}{walk.proposal.number}/"


def visit(path, *, client=None, status=200, **query):
    """The page as a visitor gets it, or as the one signed in to `client`."""
    response = (client or Client()).get(path, query)
    assert response.status_code == status, (path, query, response.status_code)
    return response


def text(path, **query):
    return plain(visit(path, **query))


def titles(**query):
    """The titles on the list for these conditions, in order."""
    return [case.title for case in visit(LIST, **query).context["page"].object_list]
