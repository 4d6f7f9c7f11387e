"""Every page of every role over the demonstration's data, on a desk and on a phone.

No serious or critical violation of axe-core, nothing wider than the screen, nothing in the console.
"""

import re
from collections import defaultdict

import pytest
from django.urls import reverse

from accounts.models import User
from institutions.models import Congress
from proposals.access import Sight
from proposals.demo.loading import load
from proposals.models import Assignment, Proposal
from proposals.queues import STACKS
from proposals.status import AssignmentStatus, ProposalStatus
from proposals.views.hub import STACKS as HUB_STACKS
from proposals.workflow import Case, available
from tests.cast import make_proposal
from tests.proposals.visitors import LIST, PROMISE, page_of, published

pytestmark = pytest.mark.browser

PHONE, DESK = 390, 1360
# Of Django's own templates and its select2: search box, links of the path, cells of inline tables.
DJANGOS_OWN = re.compile(
    r"label-title-only.*searchbar|link-in-text-block|aria-input-field-name.*select2"
    r"|(label|select-name) <(input|select)[^>]* name=\"\w+-\d+-"
)
LOOKED_AT = 6  # of each state: what is offered differs from case to case
FOR_ALL = ["/notices/", "/registry/"]
# The same for everybody but for the header, which deputies and staff have each of their own.
ALIKE = ["/notices/digests/", "/me/", "/me/password/", "/registry/?words=不会有的字"]
PAGES = {
    "daibiao": ["/my/", "/my/?tab=open", "/my/?tab=draft", "/proposals/new/", *ALIKE],
    "daibiao2": ["/my/"],
    "liangong": [
        *(f"/work/?queue={queue}" for queue in STACKS),
        "/work/?queue=paper&range=all",
        "/work/?queue=review&words=不会有的字",
        "/overview/",
        "/registry/?status=handling&light=green",
        "/registry/?page=3&sort=number",
        "/work/secret/",
        "/proposals/enter/",
        "/units/reform/",
        *ALIKE,
    ],
    "ducha": [*(f"/hub/?queue={queue}" for queue in HUB_STACKS), "/overview/", "/units/reform/"],
    "minzheng": ["/inbox/", "/inbox/?tab=answered", "/inbox/?tab=all", "/inbox/?q=不会有的字"],
    "minzheng-qianfa": ["/signing/", "/inbox/"],
    "caizheng": ["/inbox/"],
    "zhuanwei": ["/overview/", "/committee/", "/following/"],
    "lingdao": ["/overview/", "/leader/", "/instructions/"],
    "shengzhang": ["/overview/", "/leader/"],
    "daibiaotuan": ["/overview/", "/proposals/enter/"],
    "lj-daibiaotuan": ["/overview/"],
    "lj-liangong": ["/work/", "/overview/"],
    "lj-ducha": ["/hub/"],
}


@pytest.fixture
def demo(transactional_db):
    load(lambda line: None)


@pytest.fixture
def check(pytestconfig):
    """Return what is wrong with the page that is open, at both widths."""
    axe = (pytestconfig.rootpath / "tests/vendor/axe.min.js").read_text(encoding="utf-8")

    def run(page, width):
        # Without preloading: axe would copy the administration's @import into an inline style, which the policy stops.
        found = page.evaluate("axe.run(document, {resultTypes: ['violations'], preload: false})")[
            "violations"
        ]
        wrong = [
            f"{width}: {violation['id']} {violation['nodes'][0]['html'][:300]}"
            for violation in found
            if violation["impact"] in ("serious", "critical")
        ]
        wide = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        return [*wrong, *([f"{width}: 横向滚动 {wide}"] if wide[0] > wide[1] else [])]

    def check(page):
        page.evaluate(axe)
        wrong = []
        for width in (DESK, PHONE):
            page.set_viewport_size({"width": width, "height": 900})
            wrong += run(page, width)
        return wrong

    return check


def test_pages_of_everybody(open_browser, demo, check):
    wrong, codes = {}, defaultdict(set)
    for username, addresses in PAGES.items():
        user = User.objects.get(username=username)
        known = codes[frozenset(grant.role for grant in user.active_grants())]
        page = open_browser(user=user)
        noise = []
        page.on("console", lambda m, noise=noise: m.type == "error" and noise.append(m.text))
        for address in dict.fromkeys([*addresses, *FOR_ALL, *addresses_of(user, known)]):
            status = page.goto(address).status
            if found := check(page) + noise + ([status] if status != 200 else []):
                wrong[f"{username} {address}"] = [str(each) for each in found]
            noise.clear()
    assert not wrong, "\n".join(f"{page}\n    " + "\n    ".join(found) for page, found in wrong.items())


def test_pages_without_a_case(open_browser, cast, check):
    """Sign-in, refusals, what does not exist, the administration."""
    wrong = {}
    visitor = open_browser()
    officer = open_browser(user=cast.su)
    closed = make_proposal(cast, ProposalStatus.CLOSED).proposal
    for page, address, status in (
        (visitor, "/login/?kept=1&next=/my/", 200),
        (officer, "/nowhere/", 404),
        (officer, "/inbox/accept/", 405),
        (officer, f"/proposals/{closed.pk}/file/", 409),
        (officer, f"/proposals/{closed.pk}/submit/", 403),
    ):
        response = page.goto(address)
        assert response.status == status, address
        if found := check(page):
            wrong[address] = found
    administrator = open_browser(user=cast.admin)
    administrator.goto("/admin/")
    links = administrator.locator("#content-main a").all()
    for address in dict.fromkeys(["/admin/", *(link.get_attribute("href") for link in links)]):
        assert administrator.goto(address).status == 200, address
        if found := [each for each in check(administrator) if not DJANGOS_OWN.search(each)]:
            wrong[address] = found
    assert not wrong, "\n".join(f"{page}\n    " + "\n    ".join(found) for page, found in wrong.items())


def test_public_pages(open_browser, cast, check):
    """What visitors read, found through the pages themselves, with and without JavaScript."""
    walk = published(cast, reply={"reply_class": "in_progress", "planned_commitments": [PROMISE]})
    published(cast, reply={"is_public": False})
    Congress.objects.filter(pk=cast.stranger.congress.pk).update(is_public=True)
    visitor, wrong = open_browser(), {}
    addresses = [
        "/public/",
        LIST,
        f"{LIST}?words=助餐&year=1&page=7",
        f"{LIST}?words=不会有的字",
        page_of(walk),
    ]
    for each in [*addresses, "/public/xishan/", "/public/nowhere/"]:
        assert visitor.goto(each).status == (404 if "nowhere" in each else 200), each
        if found := check(visitor):
            wrong[each] = found
    assert not wrong, "\n".join(f"{page}\n    " + "\n    ".join(found) for page, found in wrong.items())
    plain = open_browser(width=PHONE, js=False)
    plain.goto("/login/")
    plain.get_by_role("link", name="看公开的建议和答复").click()
    plain.get_by_role("link", name="澜江市").click()
    plain.get_by_label("找建议").fill("助餐")
    plain.get_by_label("答复类别").select_option("in_progress")
    plain.get_by_role("button", name="查找").click()
    plain.get_by_role("link", name=walk.proposal.title).click()
    assert plain.get_by_role("heading", level=1).inner_text() == walk.proposal.title
    plain.emulate_media(media="print")
    assert plain.get_by_text("第 2 条：已安排。").is_visible() and not plain.locator(".topbar").is_visible()


def addresses_of(user, codes):
    """The pages that hang on a case: the case in each state, every action offered, letters and terms.

    `codes` holds the kinds that somebody of the same role had already.
    """
    found = []
    for status in ProposalStatus:
        seen = Proposal.objects.visible_to(user).filter(status=status)
        for number, proposal in enumerate(seen.order_by("-pk")[:LOOKED_AT]):
            found += pages_of(user, proposal, codes, is_first=number == 0)
    for status in AssignmentStatus:
        places = Assignment.objects.visible_to(user).filter(status=status).select_related("proposal")
        for number, place in enumerate(places.order_by("-pk")[:LOOKED_AT]):
            found += pages_of(user, place.proposal, codes, is_first=number == 0)
    return found


def pages_of(user, proposal, codes, *, is_first):
    """The case (the first of its state, or where it brings a new kind), and of each kind of page the first one."""
    case = Case.load(proposal.pk)
    found = []

    def once(code, address):
        if code not in codes:
            codes.add(code)
            found.append(address)

    for offer in available(case, user):
        once(offer.code, offer.url)
        if offer.code == "submit":
            once("write", reverse("proposals:write", args=[proposal.pk]))
            once("similar", reverse("proposals:similar", args=[proposal.pk]))
        if offer.code == "draft_reply":
            once("reply", reverse("proposals:reply", args=[offer.subject.pk]))
            if case.reply(offer.subject) is not None:
                once("preview", reverse("proposals:reply_preview", args=[offer.subject.pk]))
        if offer.code == "issue":
            once("sign", reverse("proposals:sign", args=[offer.subject.pk]))
        if offer.code == "file":
            once("review", reverse("proposals:review", args=[proposal.pk]))
        if offer.code in ("close_disputed", "settle"):
            once(f"judge {offer.code}", reverse("proposals:judge", args=[proposal.pk]))
        if offer.code == "assign":
            once("board", f"{reverse('proposals:assign_board')}?case={proposal.pk}")
    once(f"paper of {proposal.status}", reverse("proposals:paper", args=[proposal.pk]))
    sight = Sight.of(case, user)
    clocks = (clock for clock in reversed(case.clocks) if sight.sees_clock(case, clock))
    if clock := next(clocks, None):
        once(f"clock of {clock.kind}", reverse("proposals:clock", args=[clock.pk]))
    return [reverse("proposals:case", args=[proposal.pk]), *found] if found or is_first else []
