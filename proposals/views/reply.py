"""The reply editor (写答复): answers beside requests, autosave, what is still missing, 送审签.

Saving is no action and has a counter of its own; 送…签发 saves first and then performs draft_reply, so that a
refusal leaves everything typed where it was.
"""

import uuid

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts import set_aside

from .. import case_requests, drafts, joint
from ..desk import desk_of, fresh_desk, linked_checks, quotation, signer_title, unanswered
from ..forms import CONTROL
from ..lists import number_in
from ..reply_form import CommitmentRow, ReplyForm, differences, saved_words
from ..status import AssignmentStatus, ReplyClass, RequestKind
from ..workflow import TABLE, Denied, Stale, available, perform
from ..workflow.engine import holder
from ..workflow.guards import reply_checks
from . import actions

SEND = TABLE["draft_reply"]
MAX_BLANK = 5


@require_http_methods(["GET", "POST"])
def reply(request, pk):
    """Show the editor, or save, send, preview what was typed; read-only once the place is no longer in hand."""
    desk = desk_of(request.user, pk)
    if not desk.place.replies and desk.sight.is_of_unit(desk.place):
        return redirect("proposals:place_action", pk, "give_opinion")
    if holder(SEND, desk.case, desk.place, request.user) is None:
        if desk.sight.is_of_unit(desk.place) and request.method == "GET":
            return _read_only(request, desk)
        denied = Denied("只有承办单位的经办人能写答复。", is_forged=True)
        return actions.refused(request, SEND, desk.case, denied)
    if request.method == "POST":
        return _post(request, desk)
    if desk.place.status != AssignmentStatus.ACCEPTED:
        return _read_only(request, desk)
    typed = set_aside.restore(request)
    form = ReplyForm(typed, case=desk.case, place=desk.place)
    return _editor(request, desk, form)


@require_safe
def reply_preview(request, pk):
    """预览答复函: the letter as the deputy will get it. A draft only for its own unit."""
    desk = desk_of(request.user, pk)
    if not desk.sight.sees_reply(desk.place):
        denied = Denied("这份答复还没有签发，签发后送您看。", is_forged=True)
        return actions.refused(request, SEND, desk.case, denied)
    return render(request, "proposals/reply_preview.html", letter_context(desk))


def letter_context(desk):
    """What the letter shows."""
    return {
        "desk": desk,
        "case": desk.case,
        "proposal": desk.proposal,
        "place": desk.place,
        "reply": desk.reply,
        "sight": desk.sight,
        "rules": desk.case.rules,
        "today": desk.case.today,
        "cosigners": [c.deputy for c in desk.case.confirmed_cosignatures()],
    }


def _post(request, desk):
    intent = _intent(request.POST)
    if desk.place.status != AssignmentStatus.ACCEPTED:
        return _too_late(request, desk, intent)
    form = ReplyForm(_with_quote(request.POST, desk), request.FILES, case=desk.case, place=desk.place)
    form.is_valid()
    try:
        _keep_files(request, desk, form, intent)
        drafts.save_reply(
            desk.place, form.to_save(), draft_version=form.typed_draft_version, user=request.user
        )
    except Stale as stale:
        desk = fresh_desk(request.user, desk)
        if differences(form, desk.reply):
            return _conflict(request, desk, form, intent, stale)
    except Denied:
        return _too_late(request, fresh_desk(request.user, desk), intent)
    desk = fresh_desk(request.user, desk)
    if intent[0] == "autosave":
        return _autosaved(request, desk, form)
    if form.errors:
        return _editor(request, desk, _at_version(form, desk), status=422)
    return _go_on(request, desk, form, intent)


def _intent(data):
    """(what the pressed button asks for, its number or None)."""
    for name in ("drop_commitment", "quote", "remove_file"):
        if name in data:
            number = data[name]
            return name, number_in(number, default=None)
    known = ("send", "preview", "autosave", "add_commitment", "copy")
    return (data.get("do") if data.get("do") in known else "save"), None


def _with_quote(data, desk):
    """The posted fields, the quoted co-opinion (引用) added to the answer it was meant for."""
    quoted = data.get("quote", "")
    co = next((co for co in desk.co_places if co.opinion and str(co.opinion.pk) == quoted), None)
    name = f"answer_{data.get(f'quote_to_{quoted}', '1')}"
    if co is None or name not in data:
        return data
    data = data.copy()
    data[name] = f"{data[name].rstrip()}\n{quotation(co)}".lstrip("\n")
    return data


def _keep_files(request, desk, form, intent):
    """Files are kept even where other things are refused: nobody uploads twice."""
    if accepted := form.fields["files"].accepted:
        for problem in drafts.keep_reply_files(desk.place, accepted, user=request.user):
            messages.error(request, problem)
    if intent[0] == "remove_file" and intent[1] is not None:
        drafts.drop_reply_file(desk.place, intent[1], user=request.user)


def _at_version(form, desk):
    """The bound form, to be posted again on what is kept now: counters as the database has them."""
    data = form.data.copy()
    data["draft_version"] = desk.reply.draft_version if desk.reply else ""
    data["version"], data["request_id"] = desk.place.version, uuid.uuid4()
    form.data = data
    return form


def _go_on(request, desk, form, intent):
    """After a save that kept everything: where the pressed button leads."""
    here = reverse("proposals:reply", args=[desk.place.pk])
    if intent[0] == "send" and not desk.sight.is_of_unit(desk.place):
        # 代录 for a unit without access: its signed paper is asked for on the action's own page.
        return redirect("proposals:place_action", desk.place.pk, SEND.code)
    if intent[0] == "send":
        return _send(request, desk, form)
    if intent[0] == "copy":
        return _copy(request, desk)
    if intent[0] == "preview":
        return redirect("proposals:reply_preview", desk.place.pk)
    if intent[0] == "add_commitment":
        return redirect(f"{here}?blank=1#commitments")
    if intent[0] == "quote":
        return redirect(f"{here}#id_answer_{request.POST.get(f'quote_to_{intent[1]}', 1)}")
    if intent[0] in ("drop_commitment", "remove_file"):
        return redirect(f"{here}#{'commitments' if intent[0] == 'drop_commitment' else 'files'}")
    messages.success(request, "已保存，还没有送审签。")
    return redirect(here)


def _copy(request, desk):
    """带到并案各件: the text goes into the drafts of the merged proposals; what stands there already stays."""
    done, kept = [], []
    for place in joint.writing(desk.place, request.user):
        number = place.proposal.number_text
        try:
            (done if joint.copy_reply(desk.reply, place, request.user) else kept).append(number)
        except (Denied, Stale) as refusal:
            messages.error(request, f"{number} 没有带到：{refusal.words}")
    if done:
        messages.success(request, f"已带到 {'、'.join(done)}，请逐件核对后送审签。")
    if kept:
        messages.info(request, f"{'、'.join(kept)} 已经写了答复，没有改动。")
    return redirect("proposals:reply", desk.place.pk)


def _send(request, desk, form):
    try:
        perform(
            SEND.code,
            desk.place,
            actor=request.user,
            version=form.cleaned_data.get("version") or actions.NO_VERSION,
            request_id=form.cleaned_data.get("request_id"),
        )
    except (Denied, Stale) as refusal:
        desk = fresh_desk(request.user, desk)
        if desk.place.status != AssignmentStatus.ACCEPTED:
            return _too_late(request, desk, ("send", None))
        status = 422 if isinstance(refusal, Denied) else 409
        problem = f"{refusal.words}您写的内容已经保存。"
        return _editor(request, desk, _at_version(form, desk), problem=problem, asked=True, status=status)
    who = signer_title(desk.place.unit_id) or "签发人"
    messages.success(request, f"已送{who}签发：{desk.proposal.number_text}。签发前可以撤回送审。")
    return redirect("proposals:case", desk.proposal.pk)


def _too_late(request, desk, intent):
    """The place left the handler's hands meanwhile. The same request again is answered as the first time."""
    if intent[0] == "send":
        try:
            perform(
                SEND.code,
                desk.place,
                actor=request.user,
                version=desk.place.version,
                request_id=uuid.UUID(request.POST.get("request_id", "")),
            )
        except (Denied, Stale, ValueError):
            pass
        else:
            return redirect("proposals:case", desk.proposal.pk)
    if intent[0] == "autosave":
        words = f"该件现在是“{desk.place.status_text}”，不能再改。您写的内容还在本页，没有保存。"
        return render(request, "proposals/_autosave.html", {"stopped": words}, status=409)
    return _read_only(request, desk, typed=_typed_texts(request.POST, desk), status=409)


def _typed_texts(data, desk):
    """(label, text) of what was typed at length, to be copied from the read-only page."""
    labels = [("opening", "开头")]
    labels += [(f"answer_{n}", f"第 {n} 条答复") for n, _ in enumerate(desk.proposal.points, start=1)]
    texts = [(label, CONTROL.sub("", data.get(name, "")).strip()) for name, label in labels]
    return [(label, text) for label, text in texts if text]


def _conflict(request, desk, form, intent, stale):
    """A colleague saved meanwhile: both versions side by side; saving again takes what is typed here."""
    if intent[0] == "autosave":
        words = f"{stale.words.split('。')[0]}，自动保存已停。请点“保存”，两份会并排给您看。"
        return render(request, "proposals/_autosave.html", {"stopped": words}, status=409)
    others = differences(form, desk.reply)
    return _editor(request, desk, _at_version(form, desk), others=others, status=409)


def _autosaved(request, desk, form):
    context = _checks_context(desk) | {"desk": desk, "problems": form.problems(), "is_fragment": True}
    return render(request, "proposals/_autosave.html", context)


def _checks_context(desk):
    checks = linked_checks(reply_checks(desk.case, desk.place), desk.reply, desk.proposal.points)
    return {
        "checks": checks,
        "missing": [check for check in checks if not check.is_met],
        "saved": saved_words(desk.reply, desk.case.today),
    }


def _editor(request, desk, form, *, problem="", others=None, asked=False, status=200):
    """The page. `others`: what a colleague saved differently, by field; `asked`: sending was refused."""
    rules = desk.case.rules
    more = number_in(request.GET.get("blank"), default=0, maximum=MAX_BLANK)
    rows = form.commitments + [CommitmentRow() for _ in range(max(more, 0 if form.commitments else 1))]
    context = _checks_context(desk) | letter_context(desk)
    context |= {
        "form": form,
        "rows": rows,
        "document_fields": [
            form[name] for name in ("doc_no", "contact_person", "contact_phone", "is_public")
        ],
        "classes": [
            (code, rules.letter(code), rules.class_words(code), needs_words(code))
            for code in ReplyClass.values
        ],
        "problem": problem,
        "problems": form.problems() if form.is_bound else [],
        "others": others or {},
        "asked": asked,
        "unanswered": unanswered(desk.reply, desk.proposal.points),
        "signer_title": signer_title(desk.place.unit_id),
        "joint": joint.writing(desk.place, request.user),
        "recalled": case_requests.version_before(desk.case, desk.place),
        "urge": desk.case.pending(RequestKind.URGE, desk.place),
        "may_return": {
            offer.subject.pk for offer in available(desk.case, request.user) if offer.code == "return_opinion"
        },
    }
    return render(request, "proposals/reply_editor.html", context, status=status)


def needs_words(reply_class):
    """What a class asks of the unit, under its button."""
    if reply_class in (ReplyClass.IN_PROGRESS, ReplyClass.PLANNED):
        return "要填写承诺事项"
    return "" if reply_class == ReplyClass.SOLVED else "要写明原因"


def _read_only(request, desk, *, typed=(), status=200):
    """The reply as it stands, why it cannot be changed now, and what can be done instead."""
    offers = {o.code: o for o in available(desk.case, request.user) if o.subject is desk.place}
    context = letter_context(desk) | {"offers": offers, "typed": typed}
    return render(request, "proposals/reply_read.html", context, status=status)
