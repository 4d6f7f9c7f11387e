"""The page on which a deputy writes: what it shows beside the form, in every outcome of a posted form."""

import uuid
from dataclasses import dataclass, field

from django.shortcuts import render

from .access import Sight
from .drafts import own_files
from .models import ProposalEvent
from .status import CosignState, ProposalStatus
from .workflow.engine import holder
from .workflow.guards import missing_text, scan_objection, signed_scans
from .workflow.table import TABLE
from .write_form import POINTS_MAX, WriteForm

CHANGED_LABELS = {"title": "标题", "situation": "情况", "analysis": "分析", "points": "具体建议"}


@dataclass
class Page:
    """What the writing page shows beside the case."""

    form: WriteForm
    problem: str = ""
    invitee: str = ""
    invite_error: str = ""
    differences: list = field(default_factory=list)
    boxes: int = 0
    is_saved: bool = False

    def render(self, request, case, status=200):
        """The page; `status` 409 for a conflict, 422 for what was refused."""
        proposal, form = case.proposal, self.form
        points = [(number, text, form.point_errors.get(number)) for number, text in enumerate(form.points, 1)]
        points += [(n, "", None) for n in range(len(points) + 1, max(self.boxes, 1) + 1)]
        context = {
            "page": self,
            "case": case,
            "proposal": proposal,
            "sight": Sight.of(case, request.user),
            "form": form,
            "points": points,
            "points_max": POINTS_MAX,
            "files": own_files(proposal),
            "signed": _signed(proposal),
            # Who co-signs is for the lead to ask; a delegation's proposal has no co-signers.
            "may_invite": holder(TABLE["invite"], case, proposal, request.user) is not None
            and not proposal.is_delegations,
            "cosignatures": [c for c in case.cosignatures if c.state != CosignState.DROPPED],
            "missing": missing_of(case, request.user),
            "sent_back": _sent_back(proposal),
            "units": form.choices["units"],
            "request_id": uuid.uuid4(),
            "today": case.today,
        }
        return render(request, "proposals/deputy/write.html", context, status=status)


def _signed(proposal):
    """The keys of the signed papers that may still be exchanged; the others were handed in."""
    return set(signed_scans(proposal).values_list("pk", flat=True)) if proposal.is_written_by_staff else set()


def missing_of(case, user):
    """What still blocks submission by this person, as short sentences."""
    missing = [f"还没有写{name}" for name in missing_text(case.proposal)]
    waiting = [c.deputy.name for c in case.cosignatures if c.state == CosignState.INVITED]
    if waiting:
        missing.append(f"{'、'.join(waiting)}代表还没有答复附议邀请。可以继续等，也可以选“不再等待”")
    proposal = case.proposal
    grant = holder(TABLE["submit"], case, proposal, user)
    if words := scan_objection(case, grant):
        missing.append(words.split("。")[0])
    return missing


def _sent_back(proposal):
    """The office's latest reason when the proposal was returned."""
    if proposal.status != ProposalStatus.RETURNED:
        return None
    return ProposalEvent.objects.filter(proposal=proposal, action="return").order_by("-seq").first()


def differences_of(proposal, form):
    """What is stored otherwise than typed: (label, stored text), after somebody saved in another window."""
    form.is_valid()
    typed = form.savable()
    found = []
    for name, label in CHANGED_LABELS.items():
        stored = getattr(proposal, name)
        if name not in typed or typed[name] != stored:
            found.append((label, "\n".join(stored) if name == "points" else stored))
    return found
