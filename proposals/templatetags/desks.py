"""Small lookups of the unit's pages: `{% load desks %}`."""

from collections import defaultdict
from datetime import date

from django import template

from core.dates import cn_date
from institutions.offer import units_on_offer

from .. import case_page, case_requests, clocks, desk, plans
from ..presets import SWITCHES
from ..status import ClockKind, RequestKind
from ..workflow import extending
from ..workflow.guards import reply_checks

register = template.Library()


@register.simple_tag
def lookup(mapping, key):
    """mapping[key], or nothing."""
    return (mapping or {}).get(key, "")


@register.simple_tag
def switch_words(rules, code):
    """What the rule set says on one of its switches, in words."""
    return SWITCHES[code].words(rules.switch(code))


@register.filter
def letter_of(rules, reply_class):
    """The letter that the rule set prints for a reply class."""
    return rules.letter(reply_class)


@register.filter
def iso_date(text, today):
    """4月22日 of a date kept as ISO text (草稿里的日期); what is no date yet stays as it is."""
    try:
        return cn_date(date.fromisoformat(text), today)
    except (TypeError, ValueError):
        return text or "日期未填"


@register.simple_tag
def checks_of(case, place):
    """送审签核对 of a place's reply, each check with where it is answered (a list of guards.Check)."""
    return desk.linked_checks(reply_checks(case, place), case.reply(place), case.proposal.points)


@register.filter
def met(checks):
    """How many of the checks are met."""
    return sum(check.is_met for check in checks)


@register.simple_tag
def signer_of(place):
    """职务 of the unit's signer, 签发人 where none is known."""
    return desk.signer_title(place.unit_id) or "签发人"


@register.filter
def open_co_places(case, place):
    """The co places of a lead whose opinion has not come in: signing releases them."""
    return [co for co in case.co_places(place) if co.is_open]


@register.simple_tag
def plan_of(case):
    """拟办 with the units' views: {"words", "views"} (Requests of the latest plan); None where nothing is planned."""
    return plans.plan_of(case)


@register.simple_tag
def window_of(case, place):
    """The clock of 申请退回 of a place while it is open, or None."""
    return case.clock(ClockKind.RETURN_WINDOW, assignment=place)


@register.simple_tag
def due_if_asked(case, kind):
    """When the decision would be due if it were asked for today (a core.workdays result); None where no clock runs."""
    terms = case.rules.clock(kind)
    return clocks.due_by(case, terms, case.today) if terms else None


@register.simple_tag(takes_context=True)
def merged_with(context, case):
    """并案: the others of the group that the reader sees."""
    return case_requests.siblings_of(case, context["request"].user)


@register.simple_tag
def units_to_name(case, place):
    """The units that a return may suggest instead: all in use but one's own."""
    return [u for u in units_on_offer([case.proposal.congress_id]) if u.pk != place.unit_id]


@register.simple_tag
def extension_of(case, place):
    """The present date of a place's reply, the latest to which it may be put off, whether that must be granted,
    and whether its hub decides."""
    return {
        "needs_consent": extending.needs_consent(case),
        "clock": extending.answer_clock(case, place),
        "latest": extending.ceiling(case, place),
        "hub_decides": place.parent_id and not extending.needs_endorsement(case, place),
    }


@register.simple_tag
def urge_of(case, place):
    """The urge (催办) that a place has not answered yet, or None."""
    return case.pending(RequestKind.URGE, place)


@register.simple_tag
def opinion_of(case, place):
    """The co-opinion of a place, the newest; None without one."""
    return case.opinion(place)


@register.simple_tag
def contacts_at(case, place, sight):
    """沟通记录 of one place as this reader sees them (隐名: without names)."""
    shown = case_page.contacts_of(case, sight, defaultdict(list))
    return [contact for contact in shown if contact.assignment_id == place.pk]
