"""Committees at work on a case: comments (意见), joining the office in 督办, taking it over, giving it back."""

from accounts.models import Role

from ..models import Oversight
from ..status import HIDDEN_FROM_UNITS
from ..status import Visibility as V


def _own(case):
    """The committees that this case may be of: those of the actor's grants, by the grant that acts."""
    return case.grant.committee_id


def standing(case):
    """The oversights that stand now."""
    return [each for each in case.oversights if each.ended_on is None]


def leading(case):
    """The oversight of the committee that took the case over, or None."""
    return next((each for each in standing(case) if each.is_lead), None)


def nobody_leads(case, subject):
    """A condition: no committee has taken the case over."""
    found = leading(case)
    return f"{found.committee}已接手督办。" if found else None


def somebody_oversees(case, subject):
    """A condition: some committee joined or took over."""
    return None if standing(case) else "没有专委会在督办这件。"


# --- 意见 ----------------------------------------------------------------------------------------------


def comment_words(case, subject, data):
    place = case.grant.place or case.grant.get_role_display()
    to_office = "（请联工委研究）" if data.get("to_office") else ""
    return f"{place}{case.actor.name}的意见{to_office}：{data['words']}"


# --- 加入、接手、交回 -----------------------------------------------------------------------------------


def is_not_in_yet(case, subject, data):
    if any(each.committee_id == _own(case) for each in standing(case)):
        return f"{case.grant.committee}已在督办这件。"
    return None


def join(case, subject, data):
    _begin(case, data, is_lead=False)


def join_words(case, subject, data):
    return _with_reason(f"{case.grant.committee}加入督办", data)


def take_over(case, subject, data):
    """The committee leads from now on; that it had joined before ends."""
    for each in standing(case):
        if each.committee_id == _own(case):
            _end(case, each)
    case.save_touched()
    _begin(case, data, is_lead=True)


def take_over_words(case, subject, data):
    return _with_reason(f"{case.grant.committee}接手督办", data)


def may_end(case, subject, data):
    found = _meant(case)
    if found is None:
        return "您所在的专委会没有在督办这件。"
    return None


def _meant(case):
    """What ends: a committee's own; for the office, that of the committee which leads."""
    if case.grant.role == Role.LIAISON:
        return leading(case)
    return next((each for each in standing(case) if each.committee_id == _own(case)), None)


def hand_back(case, subject, data):
    case.handed_back = _meant(case)
    _end(case, case.handed_back)


def hand_back_words(case, subject, data):
    found = case.handed_back
    if case.grant.role == Role.LIAISON:
        return _with_reason(f"{case.grant.place}从{found.committee}收回督办", data)
    return _with_reason(f"{found.committee}{'交回' if found.is_lead else '退出'}督办", data)


def seen_by(case, subject):
    """Who supervises is no secret, save while the case is judged: then it would tell a unit of the rating."""
    return V.INNER if case.proposal.status in HIDDEN_FROM_UNITS else V.EVERYONE


def _begin(case, data, *, is_lead):
    found = Oversight.objects.create(
        proposal=case.proposal,
        committee=case.grant.committee,
        is_lead=is_lead,
        reason=data.get("reason", ""),
        since=case.today,
    )
    case.oversights.append(found)


def _end(case, found):
    found.ended_on = case.today
    case.touch(found, "ended_on")


def _with_reason(words, data):
    return f"{words}：{data['reason']}" if data.get("reason") else words
