"""What pages show of a case: `{% load cases %}`, lights, status tags, letters, answers beside requests.

Blocks of more than a line are templates in proposals/parts/; each says in its first line what it takes.
"""

import uuid

from django import template
from django.utils.html import format_html

from core.dates import cn_days_left
from core.templatetags.phones import phone_link

from ..lights import light_of
from ..status import (
    AssignmentStatus,
    CommitmentStatus,
    Confirmation,
    PointState,
    ProposalStatus,
    Satisfaction,
)
from ..steps import steps_of
from ..textdiff import changes

register = template.Library()

P, A = ProposalStatus, AssignmentStatus
STATUS_COLOURS = {
    P.DRAFT: "plain",
    P.RETURNED: "yellow",
    P.FILED: "blue",
    P.HANDLING: "blue",
    P.REPLIED: "green",
    P.DISPUTED: "orange",
    P.REDO: "orange",
    P.COORDINATION: "orange",
}
PLACE_COLOURS = {
    A.PENDING: "yellow",
    A.ACCEPTED: "blue",
    A.RETURN_ASKED: "yellow",
    A.SIGNING: "yellow",
    A.ANSWERED: "green",
}
POINT_COLOURS = {PointState.DONE: "green", PointState.DOING: "blue", PointState.PLANNED: "yellow"}
RATING_COLOURS = {
    Satisfaction.SATISFIED: "green",
    Satisfaction.BASICALLY: "yellow",
    Satisfaction.DISSATISFIED: "red",
}


@register.simple_tag
def light(due_on, today, rules, met=False):
    """灯 of a due date: colour with shape and words; grey 已完成 when `met`; nothing without a date."""
    if not due_on:
        return ""
    if met:
        return format_html('<span class="light grey">{}</span>', "已完成")
    colour = light_of(due_on, today, rules)
    return format_html('<span class="light {}">{}</span>', colour, cn_days_left((due_on - today).days))


@register.simple_tag
def quiet_light(days):
    """没有动静 as a light: amber with the number of working days; nothing for none."""
    return format_html('<span class="light yellow">{} 个工作日没有动静</span>', days) if days else ""


@register.simple_tag
def status_tag(proposal, sight):
    """The state of a proposal as a tag; units see 已答复，测评中 where it would give a rating away."""
    words = sight.proposal_status(proposal)
    is_masked = words != ProposalStatus(proposal.status).label
    colour = "green" if is_masked else STATUS_COLOURS.get(proposal.status, "")
    return format_html('<span class="tag {}">{}</span>', colour, words)


@register.simple_tag
def place_tag(place):
    """The state of a unit's place as a tag."""
    return format_html(
        '<span class="tag {}">{}</span>', PLACE_COLOURS.get(place.status, ""), place.status_text
    )


@register.simple_tag
def letter(rules, reply_class):
    """答复类别 as the rule set prints it: the boxed letter and its words; nothing for none."""
    if not reply_class:
        return ""
    return format_html(
        '<span class="cls">{}</span> {}', rules.letter(reply_class), rules.class_words(reply_class)
    )


@register.simple_tag
def lead_phone(case, place, sight):
    """The lead's number for the unit of this place, empty for all others (see Sight.lead_phone); None is no place."""
    return sight.lead_phone(case.proposal, place) if place else ""


@register.simple_tag
def own_place(case, sight):
    """The reader's own place in this round, at work or answered, or None."""
    mine = (p for p in case.round_places if sight.is_of_unit(p))
    return next((p for p in mine if p.status != A.DISPATCHED), None)


@register.filter
def masked_phone(phone):
    """138****5217 as a `tel:` link, for pages that others may look at."""
    return phone_link(phone, "masked")


@register.filter
def point_tag(state):
    """落实情况 of one request as a tag."""
    if state not in PointState.values:
        return ""
    return format_html(
        '<span class="tag {}">{}</span>', POINT_COLOURS.get(state, ""), PointState(state).label
    )


@register.filter
def satisfaction_tag(value):
    """满意, 基本满意 or 不满意 as a tag."""
    if value not in Satisfaction.values:
        return ""
    return format_html('<span class="tag {}">{}</span>', RATING_COLOURS[value], Satisfaction(value).label)


@register.simple_tag
def answered_points(proposal, reply=None):
    """The concrete requests with what the reply says to each: a list of (request, answer or None)."""
    answers = list(reply.answers) if reply is not None else []
    return [
        (point, answers[index] if index < len(answers) else None)
        for index, point in enumerate(proposal.points)
    ]


@register.simple_tag
def steps(proposal, sight, accepted_on=None):
    """The steps of a proposal (a list of steps.Step), for _steps.html."""
    return steps_of(proposal, sight, accepted_on=accepted_on)


@register.simple_tag
def page_numbers(page):
    """The numbers to show around the current page; … stands for those left out."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)


@register.simple_tag
def new_request_id():
    """A fresh number for a form that is written by hand: the same form sent twice is done once."""
    return uuid.uuid4()


@register.simple_tag
def own_cosignature(case, user):
    """The co-signature of this user on the case, or None."""
    mine = {grant.deputy_id for grant in user.active_grants() if grant.deputy_id}
    return next((c for c in case.cosignatures if c.deputy_id in mine), None)


@register.simple_tag
def text_changes(cosignature, proposal):
    """What changed since this co-signer confirmed: a list of (label, parts); see textdiff.changes."""
    if not cosignature or not cosignature.text:
        return []
    return changes(cosignature.text, proposal.text_snapshot)


PROMISE_COLOURS = {
    CommitmentStatus.REPORTED: "yellow",
    CommitmentStatus.KEPT: "green",
    CommitmentStatus.PARTLY: "orange",
    CommitmentStatus.BROKEN: "red",
}


@register.simple_tag
def promise_tag(commitment):
    """核实 of a promise as a tag; 已代替 and 已了结 where it is followed no more."""
    words, colour = commitment.status_text, PROMISE_COLOURS.get(commitment.status, "")
    if commitment.replaced_by_id:
        words, colour = "已代替", ""
    elif commitment.settled_on:
        words = f"{words}，已了结"
    return format_html('<span class="tag {}">{}</span>', colour, words)


@register.simple_tag
def confirm_tag(commitment):
    """代表确认 of a promise as a tag; nothing before it is verified."""
    if not commitment.confirmed:
        return ""
    if commitment.is_disputed:
        return format_html('<span class="tag plain red">{}</span>', "代表有异议")
    if commitment.confirmed == Confirmation.SILENT:
        return format_html('<span class="tag plain">{}</span>', "代表未表态")
    return format_html('<span class="tag plain green">{}</span>', "代表已确认")


@register.filter
def days_after(day, earlier):
    """How many days a date lies after another."""
    return (day - earlier).days


BAR_COLOURS = {"blue": "#17538f", "green": "#1b6e44"}


@register.simple_tag
def bar(rate, colour):
    """A share as a bar (SVG, without inline style); the numbers beside it say the same."""
    width = round(100 * rate.part / rate.whole, 1) if rate.whole else 0
    return format_html(
        '<svg class="svgbar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        '<rect width="{}" height="8" fill="{}"/></svg>',
        width,
        BAR_COLOURS[colour],
    )
