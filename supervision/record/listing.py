"""The list behind a figure: the very rows that were counted, each as a case with what the figure says of it."""

from dataclasses import dataclass

from core.dates import cn_date
from proposals.lists import addresses, page_of_ids
from proposals.models import Assignment
from proposals.status import AssignmentStatus, RequestState

from .counting import rows_of
from .figures import FIGURES
from .kinds import CONTACTS, PLACES, PROMISES, RECALLS, REQUESTS, TASKS, TERMS

PAGE_SIZE = 50
RELATED = {
    PLACES: ("proposal", "reply", "reply__rating", "unit"),
    TERMS: ("proposal", "assignment__unit"),
    REQUESTS: ("proposal", "assignment__unit"),
    CONTACTS: ("assignment__proposal", "assignment__unit"),
    RECALLS: ("reply__assignment__proposal", "reply__assignment__unit"),
    PROMISES: ("proposal", "reply__assignment__unit"),
    TASKS: ("unit", "finding__activity__proposal", "finding__activity__topic"),
}


@dataclass(frozen=True)
class Row:
    """One line: the case, the place (None for 整改事项), and the fact that is counted, in words."""

    proposal: object
    place: Assignment | None
    fact: str
    when: str = ""
    url: str = ""


def page_of(code, scope, year, unit_ids, number):
    """One page of the list of a figure; its object_list holds Rows. Two or three queries."""
    figure = FIGURES[code]
    found = rows_of(code, scope, year, unit_ids)
    page = page_of_ids(found.values_list("pk", flat=True), number=number, size=PAGE_SIZE)
    loaded = figure.kind.model.objects.select_related(*RELATED[figure.kind]).in_bulk(page.object_list)
    tell, address = TELLERS[figure.kind], addresses("proposals:case")
    page.object_list = [tell(loaded[pk], scope, address) for pk in page.object_list]
    return page


def _day(day, scope):
    return cn_date(day, scope.today) if day else ""


def _row(proposal, place, fact, when, address):
    return Row(proposal, place, fact, when, address(proposal.pk) if proposal else "")


def _words(text, proposal, scope):
    """What somebody wrote, except where it might name a proposer who is hidden from the reader (隐名)."""
    return "" if proposal.hides_proposer and not scope.is_open else text


def _of_place(place, scope, address):
    opened = f"{_day(place.opened_on, scope)}交办"
    if place.status == AssignmentStatus.RELEASED:
        return _row(place.proposal, place, place.release_words, opened, address)
    parts = []
    if place.accepted_on:
        parts.append(f"{_day(place.accepted_on, scope)}签收")
    if place.answered_on:
        parts.append(f"{_day(place.answered_on, scope)}{'答复' if place.replies else '提交会办意见'}")
    return _row(place.proposal, place, "，".join(parts) or "还没签收", opened, address)


def _of_term(clock, scope, address):
    due = f"{_day(clock.due_on, scope)}到期"
    if clock.met_on:
        words = "按期" if clock.met_on <= clock.due_on else f"超期 {(clock.met_on - clock.due_on).days} 天"
        fact = f"{clock.get_kind_display()}：{_day(clock.met_on, scope)}完成，{words}"
    elif clock.voided_on:
        fact = f"{clock.get_kind_display()}：没有完成，{_day(clock.voided_on, scope)}终止"
    else:
        late = (scope.today - clock.due_on).days
        fact = f"{clock.get_kind_display()}：还没完成" + (f"，超期 {late} 天" if late > 0 else "")
    return _row(clock.proposal, clock.assignment, fact, due, address)


STATE_WORDS = {
    RequestState.OPEN: "等待决定",
    RequestState.GRANTED: "同意",
    RequestState.REFUSED: "不同意",
    RequestState.VOID: "已失效",
}


def _of_request(request, scope, address):
    state = STATE_WORDS[request.state]
    if request.kind == "urge":
        state = {RequestState.OPEN: "还没回复", RequestState.GRANTED: "已回复"}.get(request.state, state)
    reason = _words(request.reason, request.proposal, scope)
    fact = f"{request.get_kind_display()}（{state}）" + (f"：{reason}" if reason else "")
    return _row(request.proposal, request.assignment, fact, _day(request.asked_on, scope), address)


def _of_contact(contact, scope, address):
    place = contact.assignment
    fact = f"{contact.get_stage_display()}沟通，{contact.get_mode_display()}"
    return _row(place.proposal, place, fact, _day(contact.on, scope), address)


def _of_recall(version, scope, address):
    place = version.reply.assignment
    reason = _words(version.reason, place.proposal, scope)
    fact = ("更正" if version.is_correction else "退回重答") + (f"：{reason}" if reason else "")
    return _row(place.proposal, place, fact, _day(version.recalled_at, scope), address)


def _of_promise(promise, scope, address):
    moved = f"，改期 {promise.moves} 次" if promise.moves else ""
    fact = f"{promise.what}（{promise.get_status_display()}{moved}）"
    when = f"{_day(promise.promised_on, scope)}到期"
    return _row(promise.proposal, promise.reply.assignment, fact, when, address)


def _of_task(task, scope, address):
    activity = task.finding.activity
    fact = f"{task.words}（{task.get_outcome_display() or task.get_state_display()}）"
    return _row(activity.proposal, None, fact, f"{_day(task.due_on, scope)}到期", address)


TELLERS = {
    PLACES: _of_place,
    TERMS: _of_term,
    REQUESTS: _of_request,
    CONTACTS: _of_contact,
    RECALLS: _of_recall,
    PROMISES: _of_promise,
    TASKS: _of_task,
}
