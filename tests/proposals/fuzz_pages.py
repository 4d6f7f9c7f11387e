"""Forms of supervision as their pages show them: fetched, read as a browser reads them, filled in."""

from dataclasses import dataclass
from datetime import timedelta
from html.parser import HTMLParser

from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone

from supervision.models import Invitation, Review
from supervision.topic_actions import ROWS
from supervision.topic_forms import FORM_FOR as TOPIC_FORMS
from supervision.views.activities import STEPS as ACTIVITY_STEPS
from supervision.views.tasks import STEPS as TASK_STEPS
from tests.cast import make_proposal
from tests.test_urls import supervised

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
WORDS = ("已安排。", "请在本月底前办好。", "情况属实，同意。", "Line 1\nLine 2")


@dataclass
class Page:
    """Where a form is sent, who has it, and the page that shows it (its own address where none is named)."""

    path: str
    people: tuple
    shown_on: str = ""

    @property
    def route(self):
        return resolve(self.path.partition("?")[0]).view_name


def supervision_pages(cast):
    """Every page of supervision with a form, around a case in handling with a topic, an activity and a task."""
    walk = make_proposal(cast, "handling").accept()
    case = walk.proposal
    numbers = supervised(cast, case, walk.place("civil").unit)
    numbers["review"] = Review.objects.create(
        congress=cast.congress,
        year=2026,
        meeting="常委会会议",
        held_on=timezone.localdate(),
        made_by="苏婉仪",
    ).pk
    Invitation.objects.create(
        activity_id=numbers["activity"], deputy=cast.deputies["lin"], state="accepted", came=True
    )

    def at(name, *keys):
        return reverse(f"supervision:{name}", args=[numbers.get(key, key) for key in keys])

    office, both, unit = ("su",), ("su", "jiang"), ("chen",)
    invited = {"answer": ("lin",), "opinion": ("lin",)}
    task_people = {"progress": unit, "report": unit, "verify": both, "move": both}
    return [
        *(Page(at("activity_step", "activity", name), invited.get(name, both)) for name in ACTIVITY_STEPS),
        *(Page(at("finding_step", "finding", name), both) for name in ("give", "show")),
        *(Page(at("task_step", "task", name), task_people.get(name, both)) for name in TASK_STEPS),
        *(
            Page(at("step_action" if ROWS[name].of_step else "topic_action", kind, name), both)
            for name in TOPIC_FORMS
            for kind in [("step" if ROWS[name].of_step else "topic")]
        ),
        Page(at("plan_of_topic", "topic"), both),
        Page(at("plan_of_case", case.pk), both),
        Page(at("propose"), both),
        Page(at("formula_edit"), office),
        Page(at("reviews"), office),
        Page(at("review", "review"), office),
        Page(at("review_release", "review"), office, at("review", "review")),
        Page(at("reminders_sending"), office),
        Page(at("reminder_plan", "reply"), office),
        Page(at("committee_fields"), office),
        Page(at("follow", case.pk), ("luo", "jiang"), reverse("proposals:case", args=[case.pk])),
        Page(at("instruct_topic", "topic"), ("luo",)),
        Page(at("instruction_answer", "sent"), unit),
        Page(at("instruction_mark", "instruction"), ("luo", "su")),
        Page(at("reassign"), office, at("look_back")),
        Page(at("try_again"), ("admin",), at("operations")),
        Page(f"{reverse('proposals:urge')}?case={case.pk}", both),
        Page(reverse("proposals:urge_phrases"), office),
        Page(reverse("notifications:preferences"), ("lin", "su", "chen")),
    ]


# --- Reading a page ---------------------------------------------------------------------------------------


class _Reader(HTMLParser):
    """The forms of a page that are posted: `found` holds (action, [field]), a field (kind, name, value, chosen)."""

    def __init__(self):
        super().__init__()
        self.found, self._fields, self._text, self._select = [], None, None, None

    def handle_starttag(self, tag, attributes):
        has = dict(attributes)
        if tag == "form":
            self._fields = []
            if (has.get("method") or "").lower() == "post":
                self.found.append((has.get("action") or "", self._fields))
        if self._fields is None or "disabled" in has:
            return
        name, value = has.get("name"), has.get("value") or ""
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            self._fields.append(("option", self._select, value, "selected" in has))
        elif tag == "textarea" and name:
            self._text = [name, ""]
        elif tag == "input" and name:
            self._fields.append((has.get("type") or "text", name, value, "checked" in has))
        elif tag == "button" and name:
            self._fields.append(("submit", name, value, False))

    def handle_data(self, data):
        if self._text:
            self._text[1] += data

    def handle_endtag(self, tag):
        if tag == "textarea" and self._text and self._fields is not None:
            self._fields.append(("textarea", *self._text, False))
            self._text = None
        elif tag == "select":
            self._select = None
        elif tag == "form":
            self._fields = None


def forms_of(html, path, shown_on):
    """The fields of each form on the page that is sent to `path`."""
    reader = _Reader()
    reader.feed(html)
    bare = path.partition("?")[0]
    return [fields for action, fields in reader.found if (action or shown_on).partition("?")[0] == bare]


def fetch(page, user):
    """(status, forms) of the page that shows the form."""
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user)
    shown_on = page.shown_on or page.path
    response = client.get(shown_on, follow=True)
    if response.streaming:
        return response.status_code, []
    return response.status_code, forms_of(response.content.decode(), page.path, shown_on)


# --- Filling in -------------------------------------------------------------------------------------------


def filled(rng, fields):
    """The form as somebody would send it: [(name, value)], files as (name, content, type)."""
    sent, groups, buttons = [], {}, []
    for kind, name, value, chosen in fields:
        if kind in ("radio", "option"):
            groups.setdefault(name, []).append((value, chosen))
        elif kind == "submit":
            buttons.append((name, value))
        elif kind == "checkbox":
            sent += [(name, value or "on")] if chosen or rng.random() < 0.3 else []
        elif kind == "file":
            sent += [(name, ("签名件.pdf", PDF, "application/pdf"))] if rng.random() < 0.4 else []
        else:
            sent.append((name, _value(rng, kind, value)))
    for name, choices in groups.items():
        chosen = [value for value, is_chosen in choices if is_chosen and value]
        if not chosen or rng.random() < 0.3:
            chosen = [rng.choice([value for value, _ in choices if value] or [""])]
        sent.append((name, chosen[0]))
    if buttons and rng.random() < 0.7:
        sent.append(rng.choice(buttons))
    return sent


def _value(rng, kind, value):
    if kind == "date":
        days = rng.choice((-3, 0, 1, 20, 100))
        return value or (timezone.localdate() + timedelta(days=days)).isoformat()
    if kind == "number":
        return value or str(rng.randrange(1, 60))
    if kind in ("text", "textarea", "search", "tel"):
        return value if value and rng.random() < 0.6 else rng.choice(WORDS)
    return value
