"""拟办 for pages: the placement saved for the 交办会, in words, with the units' views."""

from institutions.offer import units_on_offer

from .status import AssignmentRole, RequestKind, RequestState
from .workflow import placing


def planned_placements(case):
    """The saved placement as the workflow takes it; units that are gone by now are left out."""
    plan = case.proposal.plan
    units = {unit.pk: unit for unit in units_on_offer([case.proposal.congress_id])} if plan else {}
    return [
        {"unit": units[entry["unit"]], "role": AssignmentRole(entry["role"])}
        for entry in plan
        if entry["unit"] in units
    ]


def plan_of(case):
    """{"words": the placement, "views": the requests for a view that still count}; None where nothing is planned."""
    placements = planned_placements(case)
    if not placements:
        return None
    views = [r for r in case.requests if r.kind == RequestKind.PLAN_VIEW and r.state != RequestState.VOID]
    planned = {entry["unit"].pk for entry in placements}
    # A unit asked anew stands once, with its latest view.
    latest = {view.unit_id: view for view in views if view.unit_id in planned}
    return {"words": placing.text_of(placements), "views": list(latest.values())}
