"""批示 of a leader on a case, the units' answers to it, the mark that it was carried out; 报告领导.

An instruction changes no deadline and no unit. As a whole it is one Request (INSTRUCTION), open until it is marked as
carried out; each unit addressed owes its own answer (INSTRUCTED). Who read it when, supervision keeps.
"""

from datetime import date

from accounts.models import Grant, Role, User
from core.workdays import compute_due

from .. import attachments
from ..status import HIDDEN_FROM_UNITS, RequestKind, RequestState
from ..status import Visibility as V
from . import requests

# 请于几个工作日内报: where the leader names no day.
ANSWER_DAYS = 5
DOING, DONE = "doing", "done"
MARKS = ((DOING, "正在执行"), (DONE, "已执行"))


def recipients_of(case):
    """The places whose units may be addressed: those of the round."""
    return case.round_places


def default_places(case, grant=None):
    """The places addressed where the leader chooses none: those at work; after the reply, who replied.

    Nobody where the case is being judged: whoever is told of it would learn of the rating (防止“被满意”), save that a
    leader of the government speaks to their own side.
    """
    is_gov = grant is not None and grant.role == Role.GOV_LEADER
    if case.proposal.status in HIDDEN_FROM_UNITS and not is_gov:
        return []
    at_work = [place for place in case.round_places if place.is_open]
    return at_work or case.replying_places


def default_due(case):
    """The day by which an answer is asked for where the leader names none: a working day."""
    return compute_due(case.today, ANSWER_DAYS, "workday", case.calendar).due_on


# --- 批示 ----------------------------------------------------------------------------------------------


def _addressed(case, data):
    """(places, whether the office is addressed, due date), with the defaults for what was left out."""
    if "recipients" not in data:
        return default_places(case, case.grant), True, data.get("due_on") or default_due(case)
    wanted = set(data["recipients"])
    places = [place for place in recipients_of(case) if str(place.pk) in wanted]
    return places, "office" in wanted, data.get("due_on") or default_due(case)


def somebody_is_addressed(case, subject, data):
    places, office, due_on = _addressed(case, data)
    if not places and not office:
        return "请选批示送给谁。"
    if due_on < case.today:
        return "回复日不能早于今天。"
    return None


def instruct(case, subject, data):
    """One Request for the instruction, one for each unit addressed; what the office reported to this leader has its
    answer."""
    places, office, due_on = _addressed(case, data)
    details = {"user": case.actor.pk, "due_on": due_on.isoformat(), "office": office}
    whole = requests.open_request(case, RequestKind.INSTRUCTION, data=data, details=details)
    for place in places:
        requests.open_request(
            case,
            RequestKind.INSTRUCTED,
            data=data,
            place=place,
            details={"instruction": whole.pk, "due_on": due_on.isoformat()},
        )
    for report in case.open_requests(RequestKind.REPORT):
        if report.details["leader"] == case.actor.pk:
            requests.settle(case, report, RequestState.GRANTED, data["words"])


def latest(case):
    """The Request of the instruction given last."""
    return [r for r in case.requests if r.kind == RequestKind.INSTRUCTION][-1]


def answers_to(case, whole):
    """The Requests by which units owe an answer to an instruction, answered or not."""
    return [
        r
        for r in case.requests
        if r.kind == RequestKind.INSTRUCTED and r.details.get("instruction") == whole.pk
    ]


def instruct_words(case, subject, data):
    whole = latest(case)
    named = [str(case.place(r.assignment_id).unit) for r in answers_to(case, whole)]
    named += ["联工委"] if whole.details["office"] else []
    return f"{case.grant.get_role_display()}{case.actor.name}批示：{data['words']}（送{'、'.join(named)}）"


def instruct_seen_by(case, subject):
    """What is for the office alone stays among the congress's own people, unless it comes from the government."""
    if answers_to(case, latest(case)) or case.grant.role == Role.GOV_LEADER:
        return V.EVERYONE
    return V.INNER


# --- 回复批示 ------------------------------------------------------------------------------------------


def _meant(case, kind, data, place=None):
    """The open Request that is answered: the one named, else the oldest; None where that is settled already."""
    wanted = data.get("instruction")
    return next((r for r in case.open_requests(kind, place) if wanted in (None, r.pk)), None)


def answer_is_awaited(case, place, data):
    found = _meant(case, RequestKind.INSTRUCTED, data, place)
    return None if found else "这条批示已经回复过，请刷新。"


def answer_instruct(case, place, data):
    request = _meant(case, RequestKind.INSTRUCTED, data, place)
    requests.settle(case, request, RequestState.GRANTED, data["words"])
    case.answered_instruction = request.details["instruction"]
    case.kept_files = [
        attachments.attach(
            checked, proposal=case.proposal, user=case.actor, assignment=place, is_scan=True, is_limited=False
        )
        for checked in data.get("files", ())
    ]


def answer_instruct_words(case, place, data):
    return f"{place.unit}回复批示：{data['words']}"


def answer_seen_by(case, place):
    """An answer is read by whoever read the instruction; while the case is judged, by the unit and the congress."""
    return V.UNIT if case.proposal.status in HIDDEN_FROM_UNITS else V.EVERYONE


# --- 执行标记 ------------------------------------------------------------------------------------------


def mark_is_open(case, subject, data):
    whole = _meant(case, RequestKind.INSTRUCTION, data)
    if whole is None:
        return "这条批示已经标为已执行，请刷新。"
    if case.grant.role != Role.LIAISON and whole.details["user"] != case.actor.pk:
        return "这条批示不是您作的，由作批示的领导或联工委标记。"
    return None


def mark_instruct(case, subject, data):
    """正在执行 is noted in the Request; 已执行 ends it and whatever answers were still owed to it."""
    whole = _meant(case, RequestKind.INSTRUCTION, data)
    whole.details = whole.details | {"mark": data["mark"], "marked": data["words"]}
    case.touch(whole, "details")
    case.marked = whole
    if data["mark"] != DONE:
        return
    requests.settle(case, whole, RequestState.GRANTED, data["words"])
    for answer in answers_to(case, whole):
        if answer.is_open:
            requests.settle(case, answer, RequestState.VOID)


def mark_words(case, subject, data):
    words = f"批示{dict(MARKS)[data['mark']]}：{case.marked.reason}"
    return f"{words}。{data['words']}" if data["words"] else words


def mark_seen_by(case, subject):
    """The mark is for whoever the instruction was for."""
    is_inner = not answers_to(case, case.marked) and case.grant.role != Role.GOV_LEADER
    return V.INNER if is_inner else V.EVERYONE


# --- 报告领导 ------------------------------------------------------------------------------------------


def leader_is_new(case, subject, data):
    asked = {r.details["leader"] for r in case.open_requests(RequestKind.REPORT)}
    return f"已报告{data['leader'].name}，正等批示。" if data["leader"].pk in asked else None


def report(case, subject, data):
    leader = data["leader"]
    details = {"leader": leader.pk, "name": leader.name}
    requests.open_request(case, RequestKind.REPORT, data=data, details=details)


def report_words(case, subject, data):
    return f"{case.grant.place}报告{data['leader'].name}：{data['words']}"


def leaders_of(congress_id, today):
    """Users who may be reported to: the leaders of the standing committee."""
    grants = Grant.objects.in_force(today).filter(role=Role.LEADER, congress_id=congress_id)
    return User.objects.filter(pk__in=grants.values("user"), is_active=True).order_by("pk")


def due_of(request):
    """The day by which the answer to an instruction is asked for."""
    return date.fromisoformat(request.details["due_on"])
