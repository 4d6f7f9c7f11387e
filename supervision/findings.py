"""发现的问题 and 整改事项: what was found becomes a task of a unit, which answers with evidence and is verified.

A unit cannot move its own date. Whoever supervises moves it, with a written explanation that the unit receives;
部分整改 and 未整改 either go on with another date or end with a reason.
"""

from core.calendars import load_calendar
from core.dates import cn_date, cn_deadline
from core.workdays import next_workday

from .activities import activity_named
from .activity_access import manager_of, unit_grant
from .activity_steps import Step, office_people, unit_people
from .models import Finding, StepAction, Task, TaskOutcome, TaskState


def day_off_words(congress, day, today):
    """Why a task cannot be due on this day, or None: a date by decision is a working day."""
    calendar = load_calendar(congress.code)
    if calendar.is_workday(day):
        return None
    better = next_workday(day, calendar)
    return f"{cn_deadline(day, today)}不是工作日。最近的工作日是 {cn_deadline(better, today)}。"


def _of_office(doing):
    return manager_of(doing.activity, doing.actor)


def _of_unit(doing):
    grant, doing.is_proxy = unit_grant(doing.task, doing.actor)
    return grant


def _is_held(doing):
    return None if doing.activity.is_held else "活动开展以后才能记问题，请先登记开展情况。"


def _url(task):
    return f"/tasks/{task.pk}/"


# --- Findings ------------------------------------------------------------------------------------------


def _do_find(doing):
    data = doing.data
    finding = Finding.objects.create(
        activity=doing.activity, words=data["words"], is_shown=bool(data.get("is_shown"))
    )
    words = f"{activity_named(doing)}发现问题：{finding.words}"
    if data.get("unit"):
        return f"{words}。{_give(doing, finding)}"
    return words


def _date_is_possible(doing):
    """What stands against the form's date, where a unit is named."""
    data = doing.data
    if not data.get("unit"):
        return None
    if data["due_on"] <= doing.today:
        return f"整改期限要晚于今天（{cn_date(doing.today, doing.today)}）。"
    return day_off_words(doing.activity.congress, data["due_on"], doing.today)


def _may_give(doing):
    """A unit gets one finding once, while that task is open."""
    if words := _date_is_possible(doing):
        return words
    unit = doing.data["unit"]
    if Task.objects.under_way().filter(finding=doing.thing, unit=unit).exists():
        return f"这个问题已经交给{unit}整改，还没有了结。"
    return None


def _give(doing, finding):
    """The task, and its sentence for the history."""
    data = doing.data
    task = Task.objects.create(
        congress=doing.activity.congress,
        finding=finding,
        unit=data["unit"],
        words=data.get("demand") or finding.words,
        responsible=data.get("responsible", ""),
        started_on=doing.today,
        due_on=data["due_on"],
        first_due_on=data["due_on"],
    )
    doing.task = task
    words = f"督办交办整改：{task.words}。{cn_deadline(task.due_on, doing.today)}到期，请按期报整改结果。"
    doing.tell(unit_people(doing, [task.unit_id]), words, url=_url(task), is_duty=True)
    if doing.is_proxy or not task.unit.has_access:
        doing.tell(office_people(doing), f"{task.unit}不用系统，请送达并代录：{task.words}", url=_url(task))
    return f"交{task.unit}整改：{task.words}，{cn_date(task.due_on, doing.today)}到期"


def _do_give(doing):
    return _give(doing, doing.thing)


def _do_show(doing):
    finding = doing.thing
    finding.is_shown = doing.data["is_shown"]
    finding.save(update_fields=["is_shown"])
    return f"{'给代表看' if finding.is_shown else '不再给代表看'}：{finding.words}"


# --- The unit ------------------------------------------------------------------------------------------


def _is_open(doing):
    task = doing.task
    return None if task.is_open else f"这项整改现在是“{task.get_state_display()}”，不能再报。"


def _scan_is_there(doing):
    """代录 comes with the unit's signed paper."""
    if doing.is_proxy and not doing.data.get("files"):
        return "代单位录入要附单位签字盖章的材料扫描件。"
    return None


def _on_behalf(doing):
    return f"（{doing.grant.place}代录）" if doing.is_proxy else ""


def _do_progress(doing):
    task = doing.task
    task.situation = doing.data["words"]
    task.save(update_fields=["situation"])
    doing.tell(office_people(doing), f"{task.unit}报整改进展：{task.words}", url=_url(task))
    return f"{task.unit}报整改进展（{task.words.rstrip('。')}）：{task.situation}{_on_behalf(doing)}"


def _do_report(doing):
    task = doing.task
    task.state, task.situation, task.reported_on = TaskState.ANSWERED, doing.data["words"], doing.today
    task.save()
    doing.tell(
        office_people(doing), f"{task.unit}报了整改结果，请核实：{task.words}", url=_url(task), is_duty=True
    )
    return f"{task.unit}报整改结果（{task.words.rstrip('。')}）：{task.situation}{_on_behalf(doing)}"


# --- Verifying -----------------------------------------------------------------------------------------


def _is_not_closed(doing):
    return "这项整改已经了结。" if doing.task.is_closed else None


def _may_verify(doing):
    task, data = doing.task, doing.data
    if task.is_open and data["outcome"] == TaskOutcome.DONE:
        return "单位还没有报整改结果。请等单位报来再核实，或者核为部分整改、未整改。"
    if data["outcome"] == TaskOutcome.DONE or data.get("closes"):
        return None
    if not data.get("due_on"):
        return "没有全部整改的，请定新的期限，或者选“不再跟踪”并写明理由。"
    if data["due_on"] <= doing.today:
        return f"新的期限要晚于今天（{cn_date(doing.today, doing.today)}）。"
    return day_off_words(doing.activity.congress, data["due_on"], doing.today)


def _do_verify(doing):
    task, data = doing.task, doing.data
    outcome = TaskOutcome(data["outcome"])
    task.outcome, task.situation = outcome, data["words"]
    ends = outcome == TaskOutcome.DONE or bool(data.get("closes"))
    if ends:
        task.state, task.closed_on = TaskState.CLOSED, doing.today
        what = f"核实为{outcome.label}" + ("" if outcome == TaskOutcome.DONE else "，不再跟踪")
    else:
        doing.payload["from"] = task.due_on.isoformat()
        task.state, task.due_on = TaskState.OPEN, data["due_on"]
        what = f"核实为{outcome.label}，继续整改到 {cn_deadline(task.due_on, doing.today)}"
    task.save()
    doing.tell(
        unit_people(doing, [task.unit_id]), f"整改{what}：{task.words}", url=_url(task), is_duty=not ends
    )
    return f"{task.unit}整改（{task.words.rstrip('。')}）{what}：{data['words']}"


def _has_a_date_to_move(doing):
    task = doing.task
    return None if task.is_open else f"这项整改现在是“{task.get_state_display()}”，不用改期限。"


def _may_move(doing):
    task, data = doing.task, doing.data
    if data["due_on"] == task.due_on:
        return "新的期限和现在的一样。"
    if data["due_on"] <= doing.today:
        return f"新的期限要晚于今天（{cn_date(doing.today, doing.today)}）。"
    return day_off_words(doing.activity.congress, data["due_on"], doing.today)


def _do_move(doing):
    task, data = doing.task, doing.data
    before, task.due_on = task.due_on, data["due_on"]
    task.save(update_fields=["due_on"])
    doing.payload["from"] = before.isoformat()
    moved = f"{cn_date(before, doing.today)}改到 {cn_deadline(task.due_on, doing.today)}"
    words = f"整改期限由 {moved}，{data['reason'].rstrip('。')}：{task.words}"
    doing.tell(unit_people(doing, [task.unit_id]), words, url=_url(task), is_duty=True)
    return f"{task.unit}整改（{task.words.rstrip('。')}）期限由 {moved}：{data['reason']}"


FIND = Step(
    code=StepAction.FIND,
    label="记下问题",
    who=_of_office,
    condition=_is_held,
    objection=_date_is_possible,
    do=_do_find,
    compares=False,
)
GIVE = Step(
    code=StepAction.GIVE,
    label="交单位整改",
    who=_of_office,
    condition=_is_held,
    objection=_may_give,
    do=_do_give,
    compares=False,
)
SHOW = Step(code=StepAction.SHOW, label="给代表看", who=_of_office, do=_do_show, compares=False)
PROGRESS = Step(
    code=StepAction.PROGRESS,
    label="报进展",
    who=_of_unit,
    condition=_is_open,
    objection=_scan_is_there,
    do=_do_progress,
    compares=False,
)
REPORT = Step(
    code=StepAction.REPORT,
    label="报整改结果",
    who=_of_unit,
    condition=_is_open,
    objection=_scan_is_there,
    do=_do_report,
)
VERIFY = Step(
    code=StepAction.VERIFY,
    label="核实整改",
    who=_of_office,
    condition=_is_not_closed,
    objection=_may_verify,
    do=_do_verify,
)
MOVE = Step(
    code=StepAction.MOVE,
    label="改期限",
    who=_of_office,
    condition=_has_a_date_to_move,
    objection=_may_move,
    do=_do_move,
)


# --- Figures of a unit ---------------------------------------------------------------------------------


def tasks_of_unit(unit_ids, first=None, last=None):
    """Tasks given to these units (a queryset), those given between two Shanghai dates where they are named: for the
    unit's record and its lists."""
    found = Task.objects.filter(unit_id__in=unit_ids)
    if first:
        found = found.filter(started_on__gte=first)
    return found.filter(started_on__lte=last) if last else found
