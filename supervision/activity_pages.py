"""What one reader sees of 督办活动 and 整改事项, gathered for pages and for the blocks of a topic or a case.

Everything passes through ActivitySight; hidden proposers (隐名) are taken out of words and file names for the judged
side.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import CharField, Count, Exists, OuterRef, Prefetch, Q, Subquery, Value
from django.shortcuts import get_object_or_404
from django.utils import timezone

from accounts.models import User
from institutions.models import Committee, Unit
from proposals.access import UNIT_ROLES, units_of
from proposals.lights import light_of
from proposals.masking import masked, neutral_names
from proposals.models import Proposal
from proposals.rules import rules_for_pages

from .activity_access import ActivitySight, manager, visible_files, with_manager
from .activity_steps import hidden_in
from .models import (
    Activity,
    ActivityState,
    Finding,
    Invitation,
    InvitationState,
    Task,
    TaskOutcome,
    TaskState,
    Topic,
)

TEXTS = ("name", "place", "chair", "others", "purpose", "minutes", "cancelled_because")
MOST_IN_A_BLOCK = 50


def load(user, pk):
    """The Activity that `user` may see with all its page shows (five queries); 404 for any other.
    `is_above`: its topic or case exists for this reader, so that the name may be a link."""
    above = Q(Exists(Topic.objects.visible_to(user).filter(pk=OuterRef("topic"))))
    above |= Q(Exists(Proposal.objects.visible_to(user).filter(pk=OuterRef("proposal"))))
    hidden = Proposal.objects.filter(hides_proposer=True)
    of_topic = hidden.filter(topic_cases__topic=OuterRef("topic"))
    has_hidden = Q(Exists(of_topic)) | Q(Exists(hidden.filter(pk=OuterRef("proposal"))))
    found = shown_to(user).annotate(is_above=above, has_hidden=has_hidden)
    return get_object_or_404(found, pk=pk)


def shown_to(user):
    """Activities that `user` may see (a queryset), each with its invitations, files and findings loaded."""
    invitations = Invitation.objects.select_related("deputy__delegation").order_by("pk")
    findings = Finding.objects.order_by("pk").prefetch_related(
        Prefetch("tasks", Task.objects.select_related("unit").order_by("pk"))
    )
    files = visible_files(user).filter(step__task__isnull=True).order_by("pk")
    units = Activity.units.through.objects.filter(activity=OuterRef("pk")).order_by().values("activity")
    return (
        with_manager(Activity.objects.visible_to(user), user)
        .annotate(units_count=Subquery(units.annotate(n=Count("pk")).values("n")))
        .select_related("congress", "topic", "proposal")
        .prefetch_related(
            Prefetch("invitations", invitations),
            Prefetch("files", files, to_attr="open_files"),
            Prefetch("findings", findings, to_attr="all_findings"),
        )
    )


def prepare(activity, user, sight=None, names=None):
    """Give the activity what its templates show of it to this reader: `sight`, `photos`, `papers`, `shown_findings`,
    `shown_minutes`, `people`, `deputies`. Queries nothing where the sight and the hidden names are given."""
    sight = sight or ActivitySight.of(activity, user)
    if names is None:
        is_hidden = sight.is_judged and getattr(activity, "has_hidden", True)
        names = hidden_in(activity) if is_hidden else []
    activity.sight, activity.names = sight, names
    for name in TEXTS if names else ():
        setattr(activity, name, masked(getattr(activity, name), names))
    own = [file for file in activity.open_files if file.invitation_id is None]
    if names:
        neutral_names(own)
    activity.photos = [file for file in own if file.is_photo]
    activity.papers = [file for file in own if not file.is_photo]
    activity.shown_minutes = activity.minutes if sight.sees_minutes(activity) else ""
    activity.shown_findings = list(_findings(activity, sight, names))
    activity.deputies = _deputies(activity, names)
    activity.people = _people(activity)
    return activity


def _findings(activity, sight, names):
    for finding in activity.all_findings:
        tasks = list(finding.tasks.all())
        if not sight.sees_finding(finding, tasks):
            continue
        finding.words = masked(finding.words, names)
        finding.shown_tasks = [
            dress(task, names, activity.congress_id) for task in tasks if sight.sees_task(task)
        ]
        # A deputy to whom the finding is shown reads how it stands, none of the words between office and unit.
        finding.outcomes = tasks if sight.is_deputy and finding.is_shown else []
        yield finding


def _deputies(activity, names):
    """Who came, or before it is held who said they would: a list of names, those of hidden proposers left out."""
    rows = [
        i
        for i in activity.invitations.all()
        if (i.came if activity.is_held else i.state == InvitationState.ACCEPTED)
    ]
    activity.deputies_count = len(rows)
    return [i.deputy.name for i in rows if i.deputy.name not in names]


def _people(activity):
    """沈若川、骆清源带队，代表 7 人，承办单位 4 家."""
    parts = [activity.chair] if activity.chair else []
    if activity.deputies_count:
        parts.append(f"代表 {activity.deputies_count} 人")
    if activity.units_count:
        parts.append(f"承办单位 {activity.units_count} 家")
    return "，".join(parts)


def dress(task, names=(), congress_id=None, today=None):
    """Give a task its light: `light` and `left` while it is open, else what came of it."""
    today = today or timezone.localdate()
    rules = rules_for_pages(congress_id or task.congress_id)
    task.words, task.situation = masked(task.words, names), masked(task.situation, names)
    if task.state == TaskState.CLOSED:
        task.light, task.ended = "grey", "已办好" if task.outcome == TaskOutcome.DONE else "已了结"
    elif task.state == TaskState.ANSWERED:
        task.light, task.ended = "grey", "已报，待核实"
    else:
        task.light, task.ended = light_of(task.due_on, today, rules), ""
    task.is_late = task.light == "red"
    return task


def present(activity):
    """Who takes part beside the deputies: {"leaders": names, "committees": names, "units": names}, in one query."""
    bodies = (
        ("leaders", User.objects.filter(activities=activity)),
        ("committees", Committee.objects.filter(activities=activity)),
        ("units", Unit.objects.filter(activities=activity)),
    )
    rows = [
        found.order_by().annotate(of=Value(kind, output_field=CharField())).values_list("of", "pk", "name")
        for kind, found in bodies
    ]
    names = defaultdict(list)
    for kind, _, name in sorted(rows[0].union(*rows[1:])):
        names[kind].append(name)
    return names


# --- Blocks of a topic or a case -----------------------------------------------------------------------


@dataclass
class Block:
    """督办活动 and 整改事项 of one topic or one case as this reader sees them, for `_activities.html`, `_tasks.html`.

    `plan_url`: where to plan another one, empty for whoever may not.
    """

    activities: list = field(default_factory=list)
    tasks: list = field(default_factory=list)
    findings: list = field(default_factory=list)
    held: int = 0
    done: int = 0
    plan_url: str = ""


def block_of(user, *, topic=None, proposal=None, is_empty=False):
    """The Block of a topic or of a single case: seven queries, one where there is nothing, none where that is
    known (`is_empty`)."""
    of = {"topic": topic} if topic is not None else {"proposal": proposal}
    kind, pk = ("topics", topic.pk) if topic is not None else ("proposals", proposal.pk)
    manages = manager(user, congress_id=(topic or proposal).congress_id, topic_id=topic.pk if topic else None)
    block = Block(plan_url=f"/{kind}/{pk}/activities/new/" if manages else "")
    if is_empty:
        return block
    found = list(shown_to(user).filter(**of).order_by("on", "pk")[:MOST_IN_A_BLOCK])
    sights = [ActivitySight.of(activity, user) for activity in found]
    names = hidden_in(*found) if any(sight.is_judged for sight in sights) else []
    for activity, sight in zip(found, sights, strict=True):
        prepare(activity, user, sight, names if sight.is_judged else [])
        for finding in activity.shown_findings:
            finding.of = activity
            block.findings.append(finding)
            block.tasks += [(task, finding) for task in finding.shown_tasks]
    block.activities = found
    block.held = sum(activity.is_held for activity in found)
    block.done = sum(task.outcome == TaskOutcome.DONE for task, _ in block.tasks if task.is_closed)
    block.tasks.sort(key=lambda pair: (pair[0].is_closed, pair[0].due_on, pair[0].pk))
    return block


# --- Lists ---------------------------------------------------------------------------------------------


def listed(activities, user):
    """Activities of a list (a queryset) with what their rows show: deputies, units, findings, tasks done. Three
    queries at most."""

    def number(rows, path):
        rows = rows.filter(**{path: OuterRef("pk")}).order_by().values(path)
        return Subquery(rows.annotate(n=Count("pk")).values("n"))

    came = Invitation.objects.filter(Q(came=True) | Q(activity__state="planned", state="accepted"))
    tasks = Task.objects.all()
    rows = list(
        activities.select_related("topic", "proposal").annotate(
            deputies_count=number(came, "activity"),
            units_count=number(Activity.units.through.objects.all(), "activity"),
            findings_count=number(Finding.objects.all(), "activity"),
            tasks_count=number(tasks, "finding__activity"),
            tasks_done=number(tasks.filter(state="closed", outcome="done"), "finding__activity"),
        )
    )
    sights = [ActivitySight.of(row, user, manages=None, with_invitations=False) for row in rows]
    names = hidden_in(*rows) if any(sight.is_judged for sight in sights) else []
    for row, sight in zip(rows, sights, strict=True):
        row.sight = sight
        for name in TEXTS if sight.is_judged else ():
            setattr(row, name, masked(getattr(row, name), names))
        row.people = _people(row)
    return rows


def open_tasks_of(user):
    """The open tasks that this person's own units owe (a queryset)."""
    return Task.objects.filter(unit_id__in=own_units(user), state=TaskState.OPEN)


def own_units(user):
    """The units that this person works for, with those they replaced."""
    return {pk for grant in user.active_grants() if grant.role in UNIT_ROLES for pk in units_of(grant)}


def open_invitations(user):
    """Invitations to activities ahead that this person has not answered yet (a list, soonest first)."""
    deputies = [grant.deputy_id for grant in user.active_grants() if grant.deputy_id]
    if not deputies:
        return []
    rows = Invitation.objects.filter(
        deputy_id__in=deputies,
        state=InvitationState.INVITED,
        activity__state=ActivityState.PLANNED,
        activity__on__gte=timezone.localdate(),
    )
    return list(rows.select_related("activity__topic", "activity__proposal").order_by("activity__on", "pk"))
