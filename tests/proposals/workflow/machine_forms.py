"""What people fill in: the posted fields of every action, mostly sensible, and what goes wrong with them.

`filled` looks at the case as it stands, so that most of what it returns is accepted; `spoiled` makes something
of it that a careless or dishonest person would send. Everything is drawn from the one `dice` it is given.
"""

from datetime import timedelta

from django.utils.datastructures import MultiValueDict

from proposals.status import (
    AssignmentRole,
    AssignmentStatus,
    ContactMode,
    ContactStage,
    DeclineOutcome,
    PointState,
    RecallKind,
    RedoCause,
    ReplyClass,
    RequestKind,
    Satisfaction,
    Source,
)
from proposals.workflow.engine import holder
from proposals.workflow.extending import ceiling
from proposals.workflow.instructing import leaders_of
from proposals.workflow.placing import level_places
from proposals.workflow.table import TABLE
from proposals.workflow.urging import reached_by
from tests.cast import scan

REASONS = ("请写明补助标准。", "属于另一部门职责。", "代表反映的问题没有解决。", "材料不全，\n请补充。")
WORDS = ("请抓紧。", "已列入今年计划，正在选址。", "会上决定由分管市长牵头协调，年底前完成。")
SCANNED = frozenset(
    {"accept", "note_progress", "draft_reply", "issue", "give_opinion", "ask_return", "ask_extension"}
    | {"log_contact", "rate", "rate_proxy", "withdraw", "object"}
    | {"report_progress", "move_date", "explain_promise", "confirm"}
)


def filled(action, case, subject, user, dice, world):
    """(fields, files) of the action's form, as a MultiValueDict each; `world` knows units, deputies and cases."""
    fields = FILL[action](case, subject, user, dice, world) if action in FILL else {}
    if action not in FILL:
        fields = {"reason": dice.choice(REASONS), "words": dice.choice(WORDS)}
    files = [scan()] if action in SCANNED and dice.random() < 0.9 else []
    return _lists(fields), MultiValueDict({"files": files} if files else {})


def _lists(fields):
    many = {key: value if isinstance(value, list) else [value] for key, value in fields.items()}
    return MultiValueDict({key: [str(item) for item in items] for key, items in many.items()})


# --- Placements ---------------------------------------------------------------------------------------


def _spread(units, dice, *, kept=(), roles=None):
    """A placement of these units, most often a valid one, as fields; `kept`: (unit key, role) that must stay."""
    by_role = {role: [key for key, its in kept if its == role] for role in AssignmentRole}
    taken = {key for key, _ in kept}
    free = [unit.pk for unit in units if unit.pk not in taken]
    dice.shuffle(free)
    lead, co, separate = AssignmentRole.LEAD, AssignmentRole.CO, AssignmentRole.SEPARATE
    if roles == {co}:
        by_role[co] += free[: dice.randint(1, 2)]
    elif roles == {separate} or by_role[separate] or (not by_role[lead] and dice.random() < 0.3):
        by_role[separate] += free[: dice.randint(1 if by_role[separate] or roles else 2, 2)]
    else:
        if not by_role[lead]:
            by_role[lead] = [free.pop()] if free else []
        by_role[co] += free[: dice.choice((0, 1, 1, 2))]
    fields = {"co": by_role[co], "separate": by_role[separate]}
    return fields | ({"lead": by_role[lead][0]} if by_role[lead] else {})


def _assign(case, subject, user, dice, world):
    fields = _spread(world.units_with_hub(dice), dice) | {"words": "", "cause": dice.choice(RedoCause.values)}
    fields |= {"reason": dice.choice(REASONS)}
    if dice.random() < 0.2:
        fields["is_complex"] = "on"
    if dice.random() < 0.2:
        fields["reply_due_on"] = case.today + timedelta(days=dice.randint(1, 80))
        fields["early_reason"] = "代表要求汛前答复。"
    return fields


def _plan(case, subject, user, dice, world):
    asked = {"asks_views": "on"} if dice.random() < 0.7 else {}
    return _spread(world.units_with_hub(dice), dice) | {"words": "请研究。"} | asked


def _parent_of(case, user):
    hubs = {grant.unit_id for grant in user.active_grants() if grant.role == "hub"} if user else set()
    return next((p for p in case.round_places if p.unit_id in hubs), None)


def _kept_and_free(case, parent, dice, world):
    """(answered places of the level, units on offer there)."""
    movable, answered = level_places(case, parent.pk if parent else None)
    units = world.units_below() if parent else world.units_with_hub(dice)
    elsewhere = {p.unit_id for p in case.round_places if p.parent_id != (parent.pk if parent else None)}
    units = [unit for unit in units if unit.pk not in elsewhere]
    kept = [(p.unit_id, p.role) for p in answered]
    # A hub's place that was passed on keeps its role or goes.
    if dice.random() < 0.7:
        kept += [(p.unit_id, p.role) for p in movable if p.status == AssignmentStatus.DISPATCHED]
    elif dice.random() < 0.5:
        kept += [(p.unit_id, p.role) for p in movable if p.role == AssignmentRole.CO]
    return kept, units


def _level_roles(parent):
    fixed = (AssignmentRole.CO, AssignmentRole.SEPARATE)
    return {parent.role} if parent is not None and parent.role in fixed else None


def _adjust(case, subject, user, dice, world):
    parent = _parent_of(case, user)
    kept, units = _kept_and_free(case, parent, dice, world)
    reform = {"is_reform": "on"} if dice.random() < 0.3 else {}
    reason = {"reason": dice.choice(REASONS)}
    return _spread(units, dice, kept=kept, roles=_level_roles(parent)) | reason | reform


def _approve_return(case, place, user, dice, world):
    parent = case.place(place.parent_id) if place.parent_id else None
    _, units = _kept_and_free(case, parent, dice, world)
    units = [unit for unit in units if unit.pk != place.unit_id]
    others = [(p.unit_id, p.role) for p in case.siblings(place) if p.pk != place.pk]
    reason = {"reason": dice.choice(REASONS)}
    if place.role == AssignmentRole.CO and others and dice.random() < 0.5:
        units = []
    return _spread(units, dice, kept=others, roles=_level_roles(parent)) | reason


def _dispatch(case, place, user, dice, world):
    units = world.units_below()
    elsewhere = {p.unit_id for p in case.round_places if p.parent_id != place.pk}
    units = [unit for unit in units if unit.pk not in elsewhere]
    return _spread(units, dice, roles=_level_roles(place)) | {"words": ""}


# --- The others ---------------------------------------------------------------------------------------


def _file(case, subject, user, dice, world):
    return {"category": dice.choice(world.categories).pk}


def _decline(case, subject, user, dice, world):
    return {"outcome": dice.choice(DeclineOutcome.values), "reason": dice.choice(REASONS)}


def _invite(case, subject, user, dice, world):
    return {"deputy": dice.choice(world.deputies).name}


def _drop(case, subject, user, dice, world):
    live = case.live_cosignatures()
    return {"cosignature": dice.choice(live).pk if live else 0}


def _cosign(case, subject, user, dice, world):
    return {"text_hash": case.proposal.text_hash}


def _log_contact(case, place, user, dice, world):
    earliest = case.proposal.submitted_on or case.today
    on = earliest + timedelta(days=dice.randint(0, max((case.today - earliest).days, 0)))
    return {
        "stage": dice.choice(ContactStage.values),
        "mode": dice.choice(ContactMode.values),
        "on": on,
        "people": "副局长 邓佩文等 3 人",
        "words": "听取对助餐点选址的意见",
    }


def _rate(case, place, user, dice, world):
    values = (*Satisfaction.values, Satisfaction.DISSATISFIED.value)
    return {"attitude": dice.choice(values), "result": dice.choice(values), "words": "食堂没有按期开餐。"}


def _settle(case, subject, user, dice, world):
    return {"record": dice.choice(WORDS)}


def _object(case, subject, user, dice, world):
    about = [f"unit:{p.pk}" for p in case.round_places] + [f"contact:{c.pk}" for c in case.contacts]
    return {"about": dice.choice(about) if about else "", "words": dice.choice(WORDS)}


def _answer_objection(case, subject, user, dice, world):
    pending = case.open_requests("objection")
    named = {"objection": dice.choice(pending).pk} if pending and dice.random() < 0.7 else {}
    return {"words": dice.choice(WORDS)} | named


def _amend(case, subject, user, dice, world):
    proposal = case.proposal
    source = dice.choice(Source.values)
    fields = {
        "title": proposal.title if dice.random() < 0.5 else f"关于老年助餐的建议（{dice.randint(1, 9)}）",
        "category": dice.choice(world.categories).pk,
        "source": source,
        "session": world.session.pk if source == Source.SESSION else "",
        "reason": "登记时笔误。",
    }
    return fields | ({"open_wanted": "on"} if dice.random() < 0.5 else {})


def _change_lead(case, subject, user, dice, world):
    confirmed = case.confirmed_cosignatures()
    return {
        "deputy": dice.choice(confirmed).deputy_id if confirmed else world.deputies[0].pk,
        "reason": "因病长期不能履职。",
    }


def _merge(case, subject, user, dice, world):
    others = [p.number for p in world.merge_partners(case.proposal)]
    return {"other": dice.choice(others) if others else "2026-闭999"}


def _give_view(case, subject, user, dice, world):
    return {"agrees": dice.choice(("yes", "no")), "words": dice.choice(WORDS)}


def _publish(case, subject, user, dice, world):
    return {"has_looked": "on"}


def _ask_return(case, place, user, dice, world):
    suggested = dice.choice(("", "市卫生健康委员会", "没有这个局"))
    return {"reason": dice.choice(REASONS), "basis": "三定规定第四条", "suggested": suggested}


def _until(case, place, dice):
    latest, due = ceiling(case, place), place.due_on or case.today
    if latest is None or latest <= due:
        return due + timedelta(days=20)
    return due + timedelta(days=dice.randint(1, (latest - due).days))


def _ask_extension(case, place, user, dice, world):
    return {"until": _until(case, place, dice), "reason": "招标流标", "progress": "已选定 3 处场地"}


def _decide_extension(case, place, user, dice, world):
    granted = dice.choice(("yes", "yes", "no"))
    return {"is_granted": granted, "until": _until(case, place, dice), "reason": dice.choice(REASONS)}


def _recall(case, place, user, dice, world):
    return {"recall": dice.choice(RecallKind.values), "reason": dice.choice(REASONS)}


def _correct_class(case, place, user, dice, world):
    fields = {"reply_class": dice.choice(ReplyClass.values), "reason": dice.choice(REASONS)}
    if dice.random() < 0.7:
        fields |= {"what": "建成 3 处助餐点", "owner": "邓佩文"}
        fields["promised_on"] = case.today + timedelta(days=dice.randint(0, 300))
    return fields


def _in_days(case, dice, least, most):
    return (case.today + timedelta(days=dice.randint(least, most))).isoformat()


def _report(case, subject, user, dice, world):
    return {"words": dice.choice(WORDS)} | ({"is_done": "on"} if dice.random() < 0.6 else {})


def _move(case, subject, user, dice, world):
    return {"words": dice.choice(WORDS), "promised_on": _in_days(case, dice, 1, 400)}


def _outcome(case, subject, user, dice, world):
    return {"words": dice.choice(WORDS), "outcome": dice.choice(("kept", "kept", "partly", "broken"))}


def _reopen(case, subject, user, dice, world):
    return {"reason": dice.choice(REASONS), "promised_on": _in_days(case, dice, 0, 300)}


def _meant(case, kind, place=None):
    """Which instruction is meant, where several are open."""
    asked = case.open_requests(kind, place)
    return {"instruction": asked[0].pk} if asked else {}


def _mark(case, subject, user, dice, world):
    return _meant(case, RequestKind.INSTRUCTION) | {"mark": dice.choice(("doing", "done")), "words": "已办。"}


def _answer_instruction(case, subject, user, dice, world):
    return _meant(case, RequestKind.INSTRUCTED, subject) | {"words": dice.choice(WORDS)}


def _report_case(case, subject, user, dice, world):
    leader = leaders_of(case.proposal.congress_id, case.today).first()
    return {"leader": leader.pk if leader else "", "words": dice.choice(WORDS)}


def _urge(case, subject, user, dice, world):
    grant = holder(TABLE["urge"], case, subject, user)
    reached = reached_by(case, grant) if grant else case.round_places
    places = [place.pk for place in reached if dice.random() < 0.7]
    answer_by = {"answer_by": _in_days(case, dice, 0, 30)} if dice.random() < 0.5 else {}
    return {"places": places, "words": dice.choice(WORDS)} | answer_by


FILL = {
    "urge": _urge,
    "mark_instruct": _mark,
    "answer_instruct": _answer_instruction,
    "report": _report_case,
    "report_progress": _report,
    "move_date": _move,
    "verify": _outcome,
    "confirm": _outcome,
    "reopen_promise": _reopen,
    "file": _file,
    "decline": _decline,
    "assign": _assign,
    "order_redo": _assign,
    "plan": _plan,
    "adjust": _adjust,
    "approve_return": _approve_return,
    "dispatch": _dispatch,
    "invite": _invite,
    "drop": _drop,
    "cosign": _cosign,
    "log_contact": _log_contact,
    "rate": _rate,
    "rate_proxy": _rate,
    "settle": _settle,
    "object": _object,
    "answer_objection": _answer_objection,
    "amend": _amend,
    "change_lead": _change_lead,
    "merge": _merge,
    "give_view": _give_view,
    "publish": _publish,
    "ask_return": _ask_return,
    "ask_extension": _ask_extension,
    "decide_extension": _decide_extension,
    "recall_reply": _recall,
    "correct_class": _correct_class,
}


def reply_text(case, place, dice):
    """What a unit writes as its reply, most often complete."""
    reply_class = dice.choice((*ReplyClass.values, "") if dice.random() < 0.1 else ReplyClass.values)
    promise = {
        "what": "建成 3 处助餐点",
        "promised_on": (case.today + timedelta(days=dice.randint(0, 300))).isoformat(),
        "owner": "邓佩文",
    }
    late = {
        str(co.pk): "补助分担比例待审定"
        for co in case.co_places(place)
        if co.status != AssignmentStatus.ANSWERED
    }
    return {
        "answers": [
            {"state": dice.choice(PointState.values), "text": "已安排。"} for _ in case.proposal.points
        ],
        "reply_class": reply_class,
        "doc_no": f"澜民函〔2026〕{dice.randint(1, 99)}号",
        "contact_person": "陈晓岚",
        "contact_phone": "8866 1032" if dice.random() < 0.95 else "",
        "no_contact_reason": "代表出差，电话未接通。" if dice.random() < 0.9 else "",
        "late_opinions": late if dice.random() < 0.9 else {},
        "planned_commitments": [promise] if dice.random() < 0.9 else [],
    }


# --- What goes wrong ----------------------------------------------------------------------------------


def spoiled(fields, dice, world):
    """The same with one or two things wrong with it: missing, past, foreign, absurd, too long, no number at all."""
    fields = fields.copy()
    for _ in range(dice.randint(1, 2)):
        keys = sorted(fields) or ["reason"]
        key = dice.choice(keys)
        kind = dice.randrange(6)
        if kind == 0:
            fields.pop(key, None)
        elif kind == 1:
            fields[key] = ""
        elif kind == 2:
            fields[key] = dice.choice(("1999-01-01", "9999-12-31", "9" * 30, "-1", "\x00", "乱" * 3000))
        elif kind == 3:
            fields[dice.choice(("lead", "co", "separate"))] = str(world.foreign_unit.pk)
        elif kind == 4:
            everybody = [str(unit.pk) for unit in world.units_with_hub(dice)]
            fields.setlist("co", everybody)
            fields.setlist("separate", everybody[: dice.randint(0, 3)])
            fields["lead"] = everybody[0]
        else:
            fields[key] = str(dice.randint(0, 5))
    return fields
