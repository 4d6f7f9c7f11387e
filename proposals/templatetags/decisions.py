"""What the office's pages of decision put beside their forms: `{% load decisions %}`."""

from django import template

from .. import decisions, pending
from ..search import similar
from ..workflow.office import MERGEABLE

register = template.Library()


@register.simple_tag(takes_context=True)
def siblings(context, code):
    """The decisions that may be taken instead, for the tabs over a form (a list of Offer)."""
    return decisions.siblings(context["case"], context["request"].user, code, context.get("place"))


@register.simple_tag(takes_context=True)
def decision_card(context):
    """The request that the page decides, as on the desk (pending.ReturnCard or ExtensionCard); None without."""
    return pending.decision_card(context["case"], context["place"])


@register.simple_tag
def current_clock(case, place=None):
    """The clock of the facts bar, or None."""
    return decisions.current_clock(case, place)


@register.simple_tag(takes_context=True)
def earlier_cases(context):
    """Earlier proposals on the same matter (a list of decisions.Earlier)."""
    return decisions.earlier_cases(context["case"], context["request"].user)


@register.simple_tag(takes_context=True)
def alike(context):
    """Proposals that may be merged with that of the case and whose titles share uncommon words, closest first."""
    proposal, group = context["case"].proposal, context["case"].proposal.merge_group_id
    found = similar(proposal, proposal.congress, context["request"].user, limit=20)
    apart = (other for other in found if group is None or other.merge_group_id != group)
    return [other for other in apart if other.status in MERGEABLE][:4]


@register.simple_tag(takes_context=True)
def unit_groups(context, form, earlier):
    """The units on offer as (heading, rows), those with evidence first."""
    return decisions.unit_groups(form, context["case"], earlier)


@register.simple_tag
def started_by_assigning(case, form):
    """The clocks that assigning today starts, by what the form now says (a list of decisions.Started)."""
    early = decisions.day_in(form["reply_due_on"].value())
    return decisions.started_by_assigning(case, is_complex=bool(form["is_complex"].value()), early=early)


@register.filter
def has_errors(form):
    """The fields of a form that have errors, for the list with links at its top."""
    return [field for field in form if field.errors and not field.is_hidden]
