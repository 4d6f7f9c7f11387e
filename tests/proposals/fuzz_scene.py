"""The cases that fuzzed posts are sent at: every state, every kind of pending request, everybody around them."""

from dataclasses import dataclass, field
from functools import partial

from institutions.succession import forget_successors, units_stood_for
from proposals.forms import FORM_FOR
from proposals.models import Assignment, Commitment, Proposal
from proposals.workflow import Case, available
from proposals.workflow.rebuilding import hand_over
from proposals.workflow.table import ASSIGNMENT, COMMITMENT, PROPOSAL
from tests.cast import Walk, make_proposal
from tests.proposals.actions.promised import confirmed, promised, reported, verified
from tests.proposals.fuzz_pages import supervision_pages

ANON = "anon"
STATES = (
    "draft", "submitted", "filed", "handling", "replied", "closed", "returned", "declined", "disputed", "redo",
)  # fmt: skip


@dataclass
class Scene:
    """The people and the cases; `offers` are what the pages offer whom, (who, action, subject)."""

    cast: object
    people: dict
    offers: list = field(default_factory=list)
    proposals: list = field(default_factory=list)
    places: list = field(default_factory=list)
    promises: list = field(default_factory=list)
    pages: list = field(default_factory=list)

    def subjects(self, kind):
        """All that an action of this kind could be sent at."""
        return {PROPOSAL: self.proposals, ASSIGNMENT: self.places, COMMITMENT: self.promises}[kind]

    def look(self):
        """Read anew which cases and places there are, and which buttons everybody has."""
        self.proposals = list(Proposal.objects.order_by("pk"))
        self.places = list(Assignment.objects.order_by("pk"))
        self.promises = list(Commitment.objects.order_by("pk"))
        self.offers = []
        for proposal in self.proposals:
            case = Case.load(proposal.pk)
            for who, user in self.people.items():
                if user is not None:
                    self.offers += [
                        (who, o.code, o.subject) for o in available(case, user) if o.code in FORM_FOR
                    ]
        return self


def build_scene(cast):
    """About twenty cases, in every state and with every kind of request pending."""
    people = dict(cast.people) | {ANON: None}
    for key in ("liaison", "handler", "deputy", "admin"):
        people[f"x{key}"] = getattr(cast.stranger, key)
    cast.congress.is_public = True
    cast.congress.save()
    for status in STATES:
        make_proposal(cast, status)
    make_proposal(cast, "closed").do("publish", cast.su, has_looked=True)
    make_proposal(cast).do("invite", cast.lin, deputy=cast.deputies["tang"])
    for reach in (promised, reported, verified, partial(verified, outcome="broken"), confirmed):
        reach(cast)
    accepted = make_proposal(cast, "handling").accept("civil").accept("finance").contact()
    accepted.do("urge", cast.su, words="请抓紧。").do(
        "object", cast.lin, about="unit", about_text="市民政局", words="没有人来过。"
    )
    signing = (
        make_proposal(cast, "handling").accept("civil").accept("finance").opinion().contact().write_reply()
    )
    signing.do("draft_reply", cast.chen, signing.place("civil"))
    make_proposal(cast, "handling").ask_return()
    make_proposal(cast, "handling").ask_extension()
    make_proposal(cast, "filed").assign(hub="lead")
    make_proposal(cast, "filed").dispatch().accept("civil")
    make_proposal(cast, "filed").dispatch().ask_return("finance")
    make_proposal(cast, "filed").assign(civil="separate", archive="separate").sign("civil")
    asked = make_proposal(cast, "handling")
    asked.do("change_lead", cast.su, deputy=cast.deputies["tang"], reason="因病。")
    planned = make_proposal(cast, "filed")
    planned.do("plan", cast.su, placements=planned.placements(civil="lead"), asks_views=True)
    hidden = Walk(cast)
    Proposal.objects.filter(pk=hidden.proposal.pk).update(hides_proposer=True)
    hidden.submit().file().assign().accept("civil")
    abolished = cast.units["transport"]
    make_proposal(cast, "filed").assign(transport="lead")
    abolished.successor, abolished.is_active = cast.units["education"], False
    abolished.save()
    forget_successors()
    hand_over(units_stood_for(abolished.pk))
    return Scene(cast, people, pages=supervision_pages(cast)).look()
