"""隐名: what is taken out of words and file names where the proposer is hidden from the reader.

Who that is, access.Sight.names_hidden says; fields that hold a name are left out by the templates. Free words,
those of the office to the units among them, are masked where a case is read for showing (`hide`) and where notices
are made (engine).
"""

import re

from django.db.models import Prefetch

from .models import Cosignature, Proposal

# Texts that somebody wrote and a unit, its hub or the mayor may read, by model.
TEXTS = {
    "proposal": ("title", "situation", "analysis", "suggested_units"),
    "assignment": ("release_words",),
    "request": ("reason", "decision"),
    "contact": ("people", "words"),
    "opinion": ("returned_words",),
    "rating": ("words", "rated_by"),
    "replyversion": ("reason",),
    "commitment": ("what", "owner", "progress", "verify_words", "confirm_words"),
    "explanation": ("words",),
}
# What a case reads when it is asked for (workflow.Case).
PARTS = ("places", "clocks", "requests", "contacts", "opinions", "commitments")


def hidden_names(case):
    """What would give the proposer away: names of the lead, co-signers and delegations, longest first."""
    return _names(case.proposal, case.cosignatures)


def _names(proposal, cosignatures):
    deputies = [proposal.lead, *(c.deputy for c in cosignatures)]
    names = {proposal.delegation.name}
    for deputy in deputies:
        names |= {deputy.name, deputy.delegation.name, deputy.phone}
    return sorted(filter(None, names), key=len, reverse=True)


def hide_rows(rows):
    """Take the proposers' names out of the texts of rows whose proposal hides them, each with its `proposal`. Changes
    them in memory only; two queries, none for no rows."""
    keys = {row.proposal_id for row in rows}
    if not keys:
        return
    signed = Cosignature.objects.select_related("deputy__delegation")
    hidden = Proposal.objects.filter(pk__in=keys).select_related("delegation", "lead__delegation")
    found = {
        proposal.pk: _names(proposal, proposal.cosignatures.all())
        for proposal in hidden.prefetch_related(Prefetch("cosignatures", signed))
    }
    for row in rows:
        _hide_in(row, found[row.proposal_id])


def masked(text, names):
    """The text with each name, and the 代表 or 代表团 that may follow it, replaced by 代表."""
    if not names:
        return text
    return re.sub(f"(?:{'|'.join(map(re.escape, names))})(?:代表团|代表)?", "代表", text)


def hide(case, sight):
    """Take the proposer's names out of the texts of a case that is shown to `sight`, where they are hidden from it;
    also of parts that are read later. Changes the rows in memory only: a case that acts is always read anew."""
    if not sight.names_hidden(case.proposal):
        return
    names = hidden_names(case)
    case.before_showing = lambda row: _hide_in(row, names)
    case.shown([case.proposal])
    for part in PARTS:
        case.shown(vars(case).get(part, ()))


def named_in_text(queryset):
    """The hidden proposals of `queryset` whose texts hold a name, with the texts as they are shown without it.

    Whatever finds them by their words must find them by these (search.is_found). Two queries, whatever their number.
    """
    hidden = Proposal.objects.filter(hides_proposer=True, pk__in=queryset.order_by().values("pk"))
    signed = Cosignature.objects.select_related("deputy__delegation")
    hidden = hidden.select_related("delegation", "lead__delegation")
    for proposal in hidden.prefetch_related(Prefetch("cosignatures", signed)):
        texts = _texts(proposal)
        _hide_in(proposal, _names(proposal, proposal.cosignatures.all()))
        if _texts(proposal) != texts:
            yield proposal


def _texts(proposal):
    return [*(getattr(proposal, name) for name in TEXTS["proposal"]), *map(str, proposal.points)]


def _hide_in(row, names):
    model = row._meta.model_name
    for name in TEXTS.get(model, ()):
        setattr(row, name, masked(getattr(row, name), names))
    if model == "proposal":
        row.points = [masked(str(point), names) for point in row.points]
    elif model == "request":
        row.details = {
            key: masked(value, names) if isinstance(value, str) else value
            for key, value in row.details.items()
        }
    elif model == "clock" and row.rule.get("note"):
        row.rule = row.rule | {"note": masked(row.rule["note"], names)}
    elif model == "assignment":
        rating = getattr(getattr(row, "reply", None), "rating", None)
        if rating is not None:
            _hide_in(rating, names)


def neutral_names(files):
    """Give files names that tell nothing of who handed them in: 附件1.pdf. Changes the rows in memory only."""
    for number, file in enumerate(files, start=1):
        _, dot, ending = file.name.rpartition(".")
        file.name = f"附件{number}{dot}{ending if dot else ''}"
