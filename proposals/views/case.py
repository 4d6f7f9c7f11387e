"""The page of one proposal (建议详情), the same for every role: Sight decides what of it is shown."""

from dataclasses import dataclass

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts import set_aside

from .. import case_page, case_requests, urges
from ..access import Sight
from ..forms import RateForm
from ..models import ReplyDelivery
from ..panels import panels_of
from ..status import ProposalStatus, Queue
from ..turns import turns_of
from ..workflow import available
from ..workflow.actors import lead_proxy, may_be_entered
from ..workflow.table import WRITING

# The action that answers each queue: the one blue button when it is the reader's turn.
ANSWERS = {
    Queue.COSIGN: "cosign",
    Queue.REVIEW: "file",
    Queue.ASSIGN: "assign",
    Queue.ACCEPT: "accept",
    Queue.HANDLE: "draft_reply",
    Queue.OPINION: "give_opinion",
    Queue.SIGN: "issue",
    Queue.RATE: "rate",
    Queue.JUDGE: "order_redo",
    Queue.COORDINATE: "settle",
    Queue.CHECK: "check",
    Queue.PLAN_VIEW: "give_view",
    Queue.DISPATCH: "dispatch",
    Queue.RETURN: "approve_return",
    Queue.EXTENSION: "decide_extension",
    Queue.OBJECTION: "answer_objection",
    Queue.CONSENT: "consent_withdraw",
    Queue.TAKE_LEAD: "take_lead",
    Queue.ANSWER_URGE: "answer_urge",
    Queue.ANSWER_INSTRUCTION: "answer_instruct",
}
# What puts right what went wrong, and what is rarely needed: folded away, so that one blue button stays.
CORRECTIONS = frozenset(
    {
        "undo_review",
        "amend",
        "change_lead",
        "unmerge",
        "adjust",
        "recall_reply",
        "correct_class",
        "return_opinion",
        "mark_solved",
        "unpublish",
    }
)
SELDOM = frozenset(
    {"merge", "plan", "rate_proxy", "publish", "withdraw", "object", "ask_return", "comment", "report"}
)
GROUPS = (("correct", "更正"), ("other", "其他"))
# Actions that have a page of their own instead of the generic form: code, name of the page, words of the link.
OWN_PAGES = {
    "submit": ("proposals:write", "继续写"),
    "draft_reply": ("proposals:reply", "写答复"),
    "issue": ("proposals:sign", "看答复并签发"),
}
# Done on the pages above, or with a field that only those know.
ELSEWHERE = frozenset({"invite", "drop", "refuse_cosign", "rework"})


@dataclass(frozen=True)
class Button:
    """A button of the page: a link, or (is_plain) a form of one click on `subject`."""

    code: str
    label: str
    url: str
    subject: object
    is_plain: bool
    is_primary: bool

    @property
    def group(self):
        """Where it stands: beside the blue one, or folded under 更正 or 其他."""
        if self.is_primary:
            return ""
        if self.code in CORRECTIONS:
            return "correct"
        return "other" if self.code in SELDOM else ""


@require_safe
def case(request, pk):
    """Everything that this reader may see of the proposal, and what they may do now."""
    loaded = case_page.load(request.user, pk)
    proposal = loaded.proposal
    sight = Sight.of(loaded, request.user)
    if proposal.status == ProposalStatus.DRAFT and (sight.is_proposer or sight.is_enterer):
        return redirect("proposals:write", pk)
    offers = available(loaded, request.user)
    if any(offer.code == "cosign" for offer in offers):
        return redirect("proposals:proposal_action", pk, "cosign")
    turns = turns_of(loaded, request.user, sight)
    case_page.mark_read(loaded, request.user)
    urges.mark_seen_in(loaded, sight, request.user)
    files = case_page.files_of(loaded, request.user)
    events = case_page.history_of(loaded, sight)
    context = {
        "case": loaded,
        "proposal": proposal,
        "sight": sight,
        "hides_names": sight.names_hidden(proposal),
        "rules": loaded.rules,
        "today": loaded.today,
        "turns": turns,
        "idle": _idle_words(proposal, sight, turns),
        **_grouped(_buttons(offers, turns, loaded, sight)),
        "rate_forms": _rate_forms(request, loaded, offers),
        "rounds": case_page.rounds_of(loaded, sight, files),
        "files": files[(None, None, None)],
        "contacts": case_page.contacts_of(loaded, sight, files),
        "commitments": case_page.commitments_of(loaded, sight),
        "events": events,
        "sent_back": case_page.sent_back(loaded, events),
        "clocks": case_page.clocks_of(loaded, sight),
        "accepted_on": min((p.accepted_on for p in loaded.replying_places if p.accepted_on), default=None),
        "cosigners": [c.deputy for c in loaded.confirmed_cosignatures()],
        "shows_deliveries": sight.is_congress and proposal.replied_on is not None,
        "requests": case_requests.shown(loaded, sight),
        "urges": urges.of_case(loaded, sight),
        "quiet": case_page.quiet_in(loaded, sight),
        "progress": case_page.latest_progress(loaded, events),
        "windows": case_requests.windows(loaded, sight, offers),
        "siblings": case_requests.siblings_of(loaded, request.user),
        "versions": case_requests.versions_of(loaded, sight),
        "panels": panels_of(loaded, request.user, sight),
    }
    return render(request, "proposals/case.html", context)


def _idle_words(proposal, sight, turns):
    """What stands in the place of 现在轮到 when this reader sees nobody to wait for."""
    if turns:
        return ""
    words = sight.proposal_status(proposal)
    return {"办结": "已经办结，不再等谁"}.get(words, words)


def _buttons(offers, turns, case, sight):
    """The offers as buttons: what it is the reader's turn to do in blue, at most one; the others plain."""
    wanted = [(ANSWERS.get(turn.queue), turn.assignment_id) for turn in turns if turn.is_mine]
    if case.proposal.status in WRITING:
        wanted.append(("submit", None))
    buttons, has_primary = [], False
    units = {offer.subject.pk for offer in offers if offer.row.subject == "assignment"}
    for offer in sorted(offers, key=lambda offer: not _answers(offer, wanted)):
        # Those of a promise stand on its own page.
        if offer.code in ELSEWHERE or offer.row.subject == "commitment":
            continue
        is_primary = not has_primary and _answers(offer, wanted)
        has_primary |= is_primary
        buttons.append(_button(offer, is_primary, case, sight, names_unit=len(units) > 1))
    return buttons


def _grouped(buttons):
    """{"buttons": the open ones, "more": (heading, buttons) of those folded away}."""
    return {
        "buttons": [button for button in buttons if not button.group],
        "more": [
            (words, found)
            for code, words in GROUPS
            if (found := [button for button in buttons if button.group == code])
        ],
    }


def _answers(offer, wanted):
    place_id = offer.subject.pk if offer.row.subject == "assignment" else None
    return any(code == offer.code and place in (None, place_id) for code, place in wanted)


def _button(offer, is_primary, case, sight, *, names_unit):
    """`names_unit`: the reader may act on places of several units, so each button says whose it is."""
    label, url, is_plain = offer.label, offer.url, offer.row.is_plain
    if offer.code == "rate":
        label, url, is_plain = "去评价", f"#rate-{offer.subject.pk}", False
    elif offer.code == "urge":
        url = f"{reverse('proposals:urge')}?case={offer.subject.pk}"
    elif offer.code in OWN_PAGES:
        name, words = OWN_PAGES[offer.code]
        url, label, is_plain = reverse(name, args=[offer.subject.pk]), words, False
    if offer.row.subject == "assignment" and _is_proxy(offer, case, sight):
        # 代录: with the unit's signed paper, so never by a mere click.
        label, is_plain = f"代录：{label}", False
    if offer.code == "submit" and case.proposal.status == ProposalStatus.RETURNED:
        label = "按意见修改"
    if offer.row.subject == "assignment" and offer.code != "rate" and names_unit and not is_primary:
        label = f"{label}（{offer.subject.unit}）"
    return Button(offer.code, label, url, offer.subject, is_plain, is_primary)


def _is_proxy(offer, case, sight):
    """Whether the reader would enter it for a unit that does not use the system."""
    who, place = offer.row.who, offer.subject
    if lead_proxy in who:
        place = case.lead_place(place)
    return may_be_entered(case, who) and not place.unit.has_access and not sight.is_of_unit(place)


def _rate_forms(request, case, offers):
    """An empty rating form per reply that the reader may rate now; text typed before is given back."""
    offered = [offer.subject for offer in offers if offer.code == "rate"]
    if not offered:
        return []
    typed = set_aside.restore(request)
    forms = []
    for place in offered:
        initial = {}
        if typed is not None and typed.posted_to.startswith(f"/assignments/{place.pk}/"):
            initial = {name: typed[name] for name in ("attitude", "result", "words") if name in typed}
        form = RateForm(case=case, subject=place, user=request.user, initial=initial)
        form.auto_id = f"id_{place.pk}_%s"
        forms.append((place, form))
    return forms


@require_safe
def deliveries(request, pk):
    """送达和阅读: to whom each issued reply went, and who has opened it. For the congress's own people."""
    loaded = case_page.load(request.user, pk)
    sight = Sight.of(loaded, request.user)
    if not sight.is_congress:
        raise Http404
    rows = ReplyDelivery.objects.filter(reply__assignment__proposal=loaded.proposal)
    rows = rows.select_related("deputy__delegation", "reply__assignment__unit")
    context = {
        "proposal": loaded.proposal,
        "sight": sight,
        "rows": list(rows.order_by("-reply__issued_at", "pk")),
        "today": loaded.today,
    }
    return render(request, "proposals/deliveries.html", context)


@require_safe
def paper(request, pk):
    """预览建议纸: the proposal as it will be printed, for whoever may see it."""
    loaded = case_page.load(request.user, pk)
    sight = Sight.of(loaded, request.user)
    context = {
        "case": loaded,
        "proposal": loaded.proposal,
        "hides_names": sight.names_hidden(loaded.proposal),
        "today": loaded.today,
        "cosigners": [c.deputy for c in loaded.confirmed_cosignatures()],
    }
    return render(request, "proposals/deputy/paper.html", context)
