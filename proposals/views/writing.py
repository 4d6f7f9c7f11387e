"""提建议: the guided form. Every button posts the whole form, so that no click loses what was typed."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts import set_aside
from accounts.grants import log_refusal
from accounts.models import Role

from .. import drafts
from ..access import Sight
from ..forms import InviteForm
from ..models import Assignment, Proposal, ProposalEvent
from ..readers import Reader
from ..search import similar
from ..status import BEING_RATED, HIDDEN_FROM_UNITS, CosignState, ProposalStatus, Source
from ..workflow import TABLE, Case, Denied, Stale, perform
from ..workflow.case import RELATED
from ..workflow.engine import holder
from ..workflow.table import WRITING
from ..write_form import POINTS_MAX, WriteForm, choices_of
from ..write_page import Page, differences_of, missing_of
from .many import form_id

SIMILAR_SHOWN, SIMILAR_YEARS = 3, 3
# What a co-signer binds to has been put down by hand with these; autosave and moving points do not ask again.
BY_HAND = frozenset({"save", "submit", "preview", "invite"})


@require_http_methods(["GET", "POST"])
def new(request):
    """Open a draft to write in: the deputy's own empty one left over, else a new one. Opening twice makes no
    second one."""
    grants = [grant for grant in request.user.active_grants() if grant.role == Role.DEPUTY]
    if not grants:
        raise Http404
    deputy = next((grant.deputy for grant in grants if grant.deputy.in_office), None)
    if deputy is None:
        messages.warning(request, "您已离任，不能再提新的建议；以前的建议仍可查看和测评。")
        return redirect("proposals:my")
    blank = {"title": "", "situation": "", "analysis": "", "points": [], "event_count": 0}
    # Not one that staff opened for the deputy's paper (代录、代表团名义): they read and write in that.
    own = {"lead": deputy, "entered_by": None, "is_delegations": False}
    draft = Proposal.objects.filter(status=ProposalStatus.DRAFT, **own, **blank).first()
    if draft is None:
        today = timezone.localdate()
        sessions = choices_of(deputy.congress_id)["sessions"]
        under_way = next((s for s in sessions if s.opens_on <= today <= s.closes_on), None)
        fields = {"source": Source.SESSION, "session": under_way} if under_way else {}
        draft = drafts.create_draft(deputy, **fields)
    return redirect("proposals:write", draft.pk)


@require_http_methods(["GET", "POST"])
def write(request, pk):
    """The writing page of a draft or returned proposal, for its lead deputy or the staff who enter it."""
    visible = Proposal.objects.visible_to(request.user).select_related(*RELATED)
    case = Case(get_object_or_404(visible, pk=pk))
    proposal = case.proposal
    is_own = holder(TABLE["submit"], case, proposal, request.user) is not None
    if request.method == "GET":
        if not is_own or proposal.status not in WRITING:
            return redirect("proposals:case", pk)
        return _open(request, case)
    if not is_own:
        log_refusal(request.user, "write", f"{pk} 不是领衔代表或代录人", proposal.congress)
        raise PermissionDenied("只有领衔代表或代为录入的工作人员能改正文。")
    if proposal.status not in WRITING:
        return _too_late(request, case)
    return Writing(request, case).answer()


def _open(request, case):
    """The page as it stands, or with what was typed before the session expired."""
    proposal = case.proposal
    typed = set_aside.restore(request)
    if typed is None:
        page = Page(WriteForm(proposal))
        asked = request.GET.get("points", "")
        page.boxes = min(int(asked), POINTS_MAX) if asked.isdecimal() and len(asked) < 4 else 0
        return page.render(request, case)
    page = Page(WriteForm(proposal, typed), invitee=typed.get("invitee", ""))
    if typed.get("draft_version") != str(proposal.draft_version):
        page.differences = differences_of(proposal, page.form)
    return page.render(request, case)


class Writing:
    """One posted form: keep its files, save its text, then do what the button says."""

    def __init__(self, request, case):
        self.request, self.case, self.proposal = request, case, case.proposal
        self.what, _, number = request.POST.get("do", "save").partition("-")
        self.number = int(number) if number.isdecimal() and len(number) < 18 else 0
        self.form = WriteForm(case.proposal, request.POST, request.FILES)
        self.form.rearrange(self.what, self.number)
        self.form.is_valid()
        self.page = Page(self.form, invitee=request.POST.get("invitee", ""))

    def answer(self):
        """The response."""
        if self.what == "delete":
            return self._delete()
        before = {c.pk for c in self.case.confirmed_cosignatures()}
        try:
            self._keep_files()
            self._save()
        except Stale as stale:
            return self._conflict(stale)
        except Denied:
            return _too_late(self.request, self.case)
        if self.what == "autosave":
            return self._autosaved()
        if not self.form.is_valid():
            return self._refused("")
        self._tell_asked_again(before)
        then = {"submit": self._submit, "invite": self._invite, "drop": self._drop, "rm": self._remove_file}
        return then.get(self.what, self._back)()

    def _keep_files(self):
        for name in ("files", "scans"):
            accepted = self.form.fields[name].accepted if name in self.form.fields else ()
            if accepted:
                kept = {"user": self.request.user, "is_scan": name == "scans"}
                for words in drafts.keep_draft_files(self.proposal, accepted, **kept):
                    self.form.add_error(name, words)

    def _save(self):
        """Save what has no error. The same text sent twice, or already autosaved, is no conflict."""
        posted = self.request.POST.get("draft_version", "")
        version = int(posted) if posted.isdecimal() and len(posted) < 10 else 0
        fields = self.form.savable()
        reask_by = self.request.user if self.what in BY_HAND else None
        try:
            fresh = drafts.save_draft(self.proposal, fields, draft_version=version, reask_by=reask_by)
        except Stale:
            stored = Proposal.objects.select_related(*RELATED).get(pk=self.proposal.pk)
            if any(getattr(stored, name) != value for name, value in fields.items()):
                raise
            fresh = drafts.save_draft(stored, fields, draft_version=stored.draft_version, reask_by=reask_by)
        self.proposal, self.case = fresh, Case(fresh)
        self.page.is_saved = True

    def _tell_asked_again(self, before):
        again = [
            c.deputy.name for c in self.case.cosignatures if c.pk in before and c.state == CosignState.INVITED
        ]
        if again:
            words = f"正文改过了，已请{'、'.join(again)}代表重新确认附议。"
            messages.info(self.request, words)

    def _conflict(self, stale):
        """Another window saved meanwhile: both texts on the page, and saving again takes this one."""
        fresh = Case(Proposal.objects.select_related(*RELATED).get(pk=self.proposal.pk))
        if self.what == "autosave":
            context = {"conflict": stale.words, "version": self.request.POST.get("draft_version", "")}
            return render(self.request, "proposals/deputy/_autosave.html", context, status=409)
        self.page.differences = differences_of(fresh.proposal, self.form)
        return self.page.render(self.request, fresh, status=409)

    def _autosaved(self):
        context = {
            "version": self.proposal.draft_version,
            "saved_at": timezone.now(),
            "errors": self.form.error_count,
            "missing": missing_of(self.case, self.request.user),
            "swaps": True,
        }
        return render(self.request, "proposals/deputy/_autosave.html", context)

    def _refused(self, problem):
        self.page.problem = problem
        return self.page.render(self.request, self.case, status=422)

    def _perform(self, action, **data):
        perform(
            action,
            self.proposal,
            actor=self.request.user,
            data=data,
            version=self.proposal.version,
            request_id=form_id(self.request),
        )

    def _submit(self):
        try:
            self._perform("submit")
        except (Denied, Stale) as refusal:
            self.case = Case(Proposal.objects.select_related(*RELATED).get(pk=self.proposal.pk))
            return self._refused(refusal.words)
        office = f"{self.proposal.congress.office_name}{self.proposal.congress.liaison_name}"
        messages.success(self.request, f"已提交，由{office}审查。立案后生成编号，进展都在这一页。")
        return redirect("proposals:case", self.proposal.pk)

    def _invite(self):
        data = {"deputy": self.page.invitee}
        form = InviteForm(data, case=self.case, subject=self.proposal, user=self.request.user)
        if not form.is_valid():
            self.page.invite_error = " ".join(
                message for errors in form.errors.values() for message in errors
            )
            return self._refused("")
        deputy = form.cleaned_data["deputy"]
        try:
            self._perform("invite", deputy=deputy)
        except Denied as denied:
            self.page.invite_error = denied.words
            return self._refused("")
        messages.success(self.request, f"已邀请{deputy.name}代表，答复后告诉您。")
        return self._to("#cosigners")

    def _drop(self):
        found = next((c for c in self.case.cosignatures if c.pk == self.number), None)
        try:
            if found is not None:
                self._perform("drop", cosignature=found)
        except Denied as denied:
            return self._refused(denied.words)
        return self._to("#cosigners")

    def _remove_file(self):
        try:
            drafts.drop_draft_file(self.proposal, self.number)
        except Denied as denied:
            return self._refused(denied.words)
        return self._to("#files")

    def _delete(self):
        try:
            drafts.delete_draft(self.proposal)
        except Denied as denied:
            return self._refused(denied.words)
        messages.success(self.request, "草稿已删除。")
        is_deputy = any(grant.role == Role.DEPUTY for grant in self.request.user.active_grants())
        return redirect("proposals:my" if is_deputy else "proposals:enter")

    def _back(self):
        """After saving, or moving a point: the page again, at the place."""
        count = len(self.proposal.points)
        if self.what == "preview":
            return redirect("proposals:paper", self.proposal.pk)
        if self.what == "add":
            return self._to(f"?points={count + 1}#point-{count + 1}")
        if self.what in ("up", "down", "del"):
            return self._to("#points")
        messages.success(self.request, "已存草稿。")
        return self._to("")

    def _to(self, rest):
        return redirect(reverse("proposals:write", args=[self.proposal.pk]) + rest)


def _too_late(request, case):
    """It left the deputy's hands meanwhile. The same form sent twice goes where the first one went."""
    proposal = Proposal.objects.select_related(*RELATED).get(pk=case.proposal.pk)
    sent = {"request_id": form_id(request), "actor_id_then": request.user.pk}
    if ProposalEvent.objects.filter(proposal=proposal, **sent).exists():
        return redirect("proposals:case", proposal.pk)
    case = Case(proposal)
    labels = [("标题", "title"), ("情况", "situation"), ("分析", "analysis")]
    typed = [(label, request.POST.get(name, "")) for label, name in labels]
    typed.append(("具体建议", "\n".join(request.POST.getlist("point"))))
    context = {
        "row": TABLE["submit"],
        "case": case,
        "sight": Sight.of(case, request.user),
        "words": f"该件现在是“{proposal.get_status_display()}”，不能再改正文。",
        "stale": "",
        "typed": [(label, text) for label, text in typed if text.strip()],
    }
    return render(request, "proposals/refused.html", context, status=409)


@require_safe
def similar_proposals(request, pk):
    """相似建议 of a title being written, with how each was answered and rated."""
    proposal = get_object_or_404(
        Proposal.objects.visible_to(request.user).select_related("congress"), pk=pk, status__in=WRITING
    )
    proposal.title = request.GET.get("title", proposal.title)
    since = timezone.localdate() - timedelta(days=366 * SIMILAR_YEARS)
    found = similar(proposal, proposal.congress, request.user, limit=SIMILAR_SHOWN, since=since)
    _add_answers(found, request.user)
    context = {"proposal": proposal, "found": found, "rules": Case(proposal).rules, "years": SIMILAR_YEARS}
    name = "_similar.html" if request.htmx else "similar.html"
    return render(request, f"proposals/deputy/{name}", context)


def _add_answers(found, user):
    """Give each proposal `answered_by` (the place that replied last), `shown_rating` and `status_words`.

    Somebody who also works for a unit sees some of them as that unit does: without rating and dispute.
    """
    openly = set(Reader(user).only_openly(Proposal.objects.filter(pk__in=[other.pk for other in found])))
    replied = Assignment.objects.filter(proposal__in=found, reply__issued_at__isnull=False)
    places = replied.select_related("unit", "reply", "reply__rating").order_by("round", "pk")
    answered_by = {place.proposal_id: place for place in places}
    for other in found:
        other.answered_by = answered_by.get(other.pk)
        other.status_words, other.shown_rating = other.get_status_display(), None
        if other in openly:
            other.shown_rating = other.answered_by and getattr(other.answered_by.reply, "rating", None)
        elif other.status in HIDDEN_FROM_UNITS:
            other.status_words = BEING_RATED
