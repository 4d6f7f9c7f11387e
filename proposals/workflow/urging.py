"""催办: who is urged, in which words, by when they are to answer; and 回复催办."""

import re
from datetime import timedelta

from accounts.models import Role
from core.dates import cn_date, cn_deadline
from institutions.succession import units_stood_for

from ..status import AssignmentStatus, RequestKind
from . import waiting
from .requests import decide, open_request, void_all

AGAIN = "再次催办"
LONGEST = timedelta(days=366)
# {单位} and the like in the words of an urge, in half-width or full-width braces.
FILLED_IN = re.compile(r"[{｛]([^{}｛｝]*)[}｝]")


# --- Whom it reaches ------------------------------------------------------------------------------------


def reached_by(case, grant):
    """The places that an urge under this grant reaches: those at work, a hub's own children for its staff. One
    that asked to be let go waits for the decision on that."""
    places = [p for p in case.round_places if p.is_open and p.status != AssignmentStatus.RETURN_ASKED]
    if grant.role == Role.HUB:
        hubs = {p.pk for p in case.places if p.unit_id in units_stood_for(grant.unit_id)}
        places = [p for p in places if p.parent_id in hubs]
    return places


def _chosen(case, data):
    """The places to urge: those named, else all that the urge reaches."""
    reached = reached_by(case, case.grant)
    if data.get("places") is None:
        return reached
    wanted = {place.pk for place in data["places"]}
    return [place for place in reached if place.pk in wanted]


def places_can_be_urged(case, subject, data):
    """A check: somebody is urged, and everybody who was chosen is still at work."""
    reached = {place.pk for place in reached_by(case, case.grant)}
    if not reached:
        return "没有正在办理的单位可以催办。"
    if data.get("places") is None:
        return None
    if not data["places"]:
        return "请勾选要催办的单位。"
    for place in case.places:
        if place.pk not in reached and place.pk in {chosen.pk for chosen in data["places"]}:
            return f"{place.unit}现在是“{place.status_text}”，不用催办。"
    return None if _chosen(case, data) else "请勾选要催办的单位。"


def answer_date_is_possible(case, subject, data):
    """A check on the date by which an answer is asked for."""
    day = data.get("answer_by")
    if day is None or case.today <= day <= case.today + LONGEST:
        return None
    return "请回复的日期不能早于今天。" if day < case.today else "请回复的日期离今天不能超过一年。"


# --- In which words -------------------------------------------------------------------------------------


def _due_words(case, place):
    turn = waiting.step_of(case, place)
    return cn_date(turn.due_on, case.today) if turn and turn.due_on else "没有期限"


def _stirred_words(case, place):
    return cn_date(place.stirred_on, case.today) if place.stirred_on else "还没有签收"


OF_PLACE = {
    "单位": lambda case, place: str(place.unit),
    "到期日": _due_words,
    "最近动静": _stirred_words,
}
OF_CASE = {
    "编号": lambda case: case.proposal.number_text,
    "标题": lambda case: case.proposal.title,
}
PLACEHOLDERS = (*OF_CASE, *OF_PLACE)


def unknown_placeholders(words):
    """What stands in braces and is not filled in."""
    return [name for name in FILLED_IN.findall(words) if name.strip() not in PLACEHOLDERS]


def filled(words, case, places):
    """The words with what the braces ask for; of several places each with its unit, unless all say the same."""

    def value(match):
        name = match[1].strip()
        if name in OF_CASE:
            return OF_CASE[name](case)
        if name not in OF_PLACE:
            return match[0]
        found = [(place, OF_PLACE[name](case, place)) for place in places]
        if name == "单位":
            return "、".join(text for _, text in found)
        if len({text for _, text in found}) == 1:
            return found[0][1]
        return "、".join(f"{place.unit}{text}" for place, text in found)

    return FILLED_IN.sub(value, words)


def urge_words(case, subject, data):
    units = "、".join(str(place.unit) for place in case.places if place.pk in case.urged)
    return f"{case.grant.place}催办{units}：{case.spoken}"


# --- What happens ---------------------------------------------------------------------------------------


def urge(case, subject, data):
    """One urge per place urged; an unanswered earlier one is replaced. It notes who hears of the answer."""
    by = {"role": str(case.grant.role), "user": case.actor.pk}
    places, answer_by = _chosen(case, data), data.get("answer_by")
    for place in places:
        void_all(case, place, RequestKind.URGE, words=AGAIN)
        words = {"words": filled(data["words"], case, [place])}
        open_request(case, RequestKind.URGE, place=place, data=words, details=by, due_on=answer_by)
    case.urged = {place.pk for place in places}
    case.spoken = filled(data["words"], case, places)
    if answer_by:
        case.spoken += f"（请回复，{cn_deadline(answer_by, case.today)}到期）"


def answer_urge(case, place, data):
    decide(case, RequestKind.URGE, place, granted=True, words=data["words"])


def answer_urge_words(case, place, data):
    return f"{place.unit}回复催办：{data['words']}"
