"""Every form of the site, filled in properly from a scene of cases in all states, to be spoilt afterwards.

A `Form` is one address with one set of fields; each function here makes one, `any_form` any of them.
"""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django import forms
from django.utils import timezone

from accounts import set_aside
from notifications.models import Notice
from proposals.forms import FORM_FOR
from proposals.models import Cosignature, Opinion, Proposal, SecretStub
from proposals.status import Queue
from proposals.workflow import Case
from proposals.workflow.table import ASSIGNMENT, COMMITMENT, PROPOSAL, TABLE
from tests.cast import PASSWORD
from tests.proposals.fuzz_pages import fetch, filled
from tests.proposals.fuzz_scene import ANON
from tests.proposals.fuzz_values import FILE_BODIES, odd_file

PREFIXES = {PROPOSAL: "proposal", ASSIGNMENT: "place", COMMITMENT: "promise"}
PROPER_FILE = ("签名件.pdf", FILE_BODIES[0], "application/pdf")


# --- Filling in -----------------------------------------------------------------------------------------


@dataclass
class Form:
    """One address as one person sends it: `fields` a list of (name, value), a value text or a file."""

    route: str
    who: str
    path: str
    fields: list
    method: str = "post"


def number_of_request(rng):
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


def action_form(rng, scene):
    """An action's form: mostly one that is offered, sometimes anybody's on anything."""
    if rng.random() < 0.7 and scene.offers:
        who, code, subject = rng.choice(scene.offers)
    else:
        code = rng.choice(list(TABLE))
        subject = rng.choice(scene.subjects(TABLE[code].subject))
        who = rng.choice(list(scene.people))
    kind = TABLE[code].subject
    path = f"/{kind}s/{subject.pk}/{code}/"
    return Form(f"{PREFIXES[kind]}:{code}", who, path, action_fields(rng, scene, code, subject, who))


def action_fields(rng, scene, code, subject, who):
    """The form of an action as its page shows it, filled in; its bare fields where it cannot be shown."""
    model = type(subject)
    fresh = model.objects.filter(pk=subject.pk).first()
    if code not in FORM_FOR or fresh is None or scene.people[who] is None:
        return [("version", "1"), ("request_id", number_of_request(rng))]
    case = Case.load(fresh.pk if model is Proposal else fresh.proposal_id)
    subject = case.subject(model._meta.model_name, fresh.pk)
    try:
        form = FORM_FOR[code](case=case, subject=subject, user=scene.people[who])
        declared, initial = form.fields, form.initial
    except Exception:  # somebody who never sees this form: what it declares will do
        declared, initial = FORM_FOR[code].base_fields, {}
    filled = []
    for name, each in declared.items():
        filled += [(name, value) for value in proper(rng, scene, name, each, initial.get(name))]
    return filled


def proper(rng, scene, name, declared, initial):
    """Values that the field takes: a list, since some take several and others may be left out."""
    if name == "version":
        return [str(initial or 1)]
    if name == "request_id":
        return [number_of_request(rng)]
    if isinstance(declared, forms.FileField):
        return [odd_file(rng) if rng.random() < 0.3 else PROPER_FILE] if rng.random() < 0.8 else []
    if not declared.required and rng.random() < 0.3:
        return []
    if isinstance(declared, forms.ModelMultipleChoiceField):
        keys = list(declared.queryset.values_list("pk", flat=True)[:8])
        return [str(pk) for pk in rng.sample(keys, min(len(keys), rng.choice((0, 1, 1, 2))))]
    if isinstance(declared, forms.ModelChoiceField):
        keys = list(declared.queryset.values_list("pk", flat=True)[:8])
        return [str(rng.choice(keys))] if keys else []
    if isinstance(declared, forms.ChoiceField):
        keys = [key for key, _ in declared.choices if key]
        return [str(rng.choice(keys))] if keys else []
    if isinstance(declared, forms.DateField):
        return [(timezone.localdate() + timedelta(days=rng.choice((-3, 0, 1, 20, 100, 150)))).isoformat()]
    if isinstance(declared, forms.BooleanField):
        return ["on"] if rng.random() < 0.6 else []
    if isinstance(declared, forms.IntegerField):
        return [str(rng.randrange(1, 60))]
    return [_words(rng, scene, name, initial)]


def _words(rng, scene, name, initial):
    if initial and (name.endswith("hash") or rng.random() < 0.3):
        return str(initial)
    if name in ("deputy", "invitee"):
        return rng.choice([*(d.name for d in scene.cast.deputies.values()), "外县代表"])
    if name == "other":
        return rng.choice([p.number for p in scene.proposals if p.number] or ["2026-001"])
    if "phone" in name:
        return "8866 1032"
    return rng.choice(("已安排。", "请在本月底前办好。", "情况属实，同意。", "Line 1\nLine 2"))


def _proposal(rng, scene, *statuses):
    found = [p for p in scene.proposals if p.status in statuses] if rng.random() < 0.8 else []
    return rng.choice(found or scene.proposals)


def _someone(rng, scene, *likely):
    return rng.choice(likely) if rng.random() < 0.8 else rng.choice(list(scene.people))


def _keys(rng, scene, rows):
    """Keys as ticked boxes send them: most of what is there, seldom of what is not."""
    keys = [str(row.pk) for row in rows]
    return rng.sample(keys, min(len(keys), rng.choice((0, 1, 2, 3))))


def _units(rng, scene):
    units = [*scene.cast.units.values(), scene.cast.stranger.unit]
    return str(rng.choice(units).pk)


def writing(rng, scene):
    drafts = [p for p in scene.proposals if p.status in ("draft", "returned")]
    proposal = rng.choice(drafts) if drafts and rng.random() < 0.85 else rng.choice(scene.proposals)
    fresh = Proposal.objects.filter(pk=proposal.pk).first() or proposal
    signed = Cosignature.objects.filter(proposal=proposal).values_list("pk", flat=True)
    do = [
        "save",
        "submit",
        "preview",
        "autosave",
        "invite",
        "add",
        "up-2",
        "down-1",
        "del-1",
        "rm-1",
        "drop-1",
    ]
    do += [f"drop-{pk}" for pk in signed] + (["delete"] if rng.random() < 0.1 else [])
    fields = [
        ("title", fresh.title or "关于老年助餐的建议"),
        ("situation", rng.choice((fresh.situation, "走访了 6 个社区。"))),
        ("analysis", fresh.analysis or "食堂少。"),
        *(("point", point) for point in fresh.points or ["建成 1 个食堂。"]),
        ("category", str(rng.choice(list(scene.cast.categories.values())).pk)),
        ("suggested_units", "市民政局"),
        ("source", rng.choice(("recess", "station", "session"))),
        ("session", str(scene.cast.session.pk)),
        ("open_wanted", rng.choice("10")),
        ("draft_version", str(fresh.draft_version)),
        ("request_id", number_of_request(rng)),
        ("invitee", rng.choice(("唐伯安", "肖立诚", "林秀芝", "外县代表"))),
        ("do", rng.choice(do)),
    ]
    if rng.random() < 0.2:
        fields.append((rng.choice(("files", "scans")), odd_file(rng)))
    who = _someone(rng, scene, "lin", "lin", "tang", "su")
    return Form("proposals:write", who, f"/proposals/{proposal.pk}/write/", fields)


def reply(rng, scene):
    at_work = [p for p in scene.places if p.status == "accepted"]
    place = rng.choice(at_work) if at_work and rng.random() < 0.85 else rng.choice(scene.places)
    case = Case.load(place.proposal_id)
    place = case.place(place.pk)
    kept = case.reply(place)
    fields = [
        ("draft_version", str(kept.draft_version) if kept else ""),
        ("version", str(place.version)),
        ("request_id", number_of_request(rng)),
        ("opening", "您提出的建议收悉。"),
        ("reply_class", rng.choice(("solved", "in_progress", "planned", "reference"))),
        ("doc_no", "澜民函〔2026〕56号"),
        ("contact_person", "陈晓岚"),
        ("contact_phone", "8866 1032"),
        ("is_public", rng.choice("10")),
        ("no_contact_reason", "代表出国，已电话约定。"),
    ]
    for number, _ in enumerate(case.proposal.points, start=1):
        fields += [(f"state_{number}", rng.choice(("done", "doing"))), (f"answer_{number}", "已安排。")]
    for co in case.co_places(place):
        fields.append((f"late_{co.pk}", "补助分担比例待审定"))
    for _ in range(rng.choice((0, 0, 1, 2))):
        on = (timezone.localdate() + timedelta(days=rng.choice((-1, 200, 5000)))).isoformat()
        fields += [("commitment_what", "建成食堂"), ("commitment_on", on), ("commitment_owner", "养老科")]
    opinions = [str(pk) for pk in Opinion.objects.values_list("pk", flat=True)[:3]] or ["1"]
    button = rng.choice(
        [("do", do) for do in ("send", "send", "save", "preview", "autosave", "add_commitment", "copy")]
        + [("drop_commitment", "1"), ("quote", rng.choice(opinions)), ("remove_file", "1")]
    )
    fields += [button, (f"quote_to_{rng.choice(opinions)}", rng.choice("12"))]
    if rng.random() < 0.15:
        fields.append(("files", odd_file(rng)))
    who = _someone(rng, scene, "chen", "zou", "gao", "su", "qin")
    return Form("proposals:reply", who, f"/assignments/{place.pk}/reply/", fields)


def batch_file(rng, scene):
    rows = [p for p in scene.proposals if p.status in ("submitted", "filed")]
    fields = [("case", key) for key in _keys(rng, scene, rows)] + [
        (f"version-{p.pk}", str(p.version)) for p in rows
    ]
    fields.append(("request_id", number_of_request(rng)))
    return Form("proposals:batch_file", _someone(rng, scene, "su"), "/work/file/", fields)


def assign_board(rng, scene):
    rows = [p for p in scene.proposals if p.status in ("filed", "submitted")]
    fields = [("request_id", number_of_request(rng))]
    for row in rows:
        fields += [
            ("row", str(row.pk)),
            (f"version-{row.pk}", str(row.version)),
            (f"lead-{row.pk}", _units(rng, scene)),
        ]
        fields += [(f"co-{row.pk}", _units(rng, scene)) for _ in range(rng.choice((0, 0, 1)))]
    fields += [("case", key) for key in _keys(rng, scene, rows)[:1]]
    return Form("proposals:assign_board", _someone(rng, scene, "su"), "/work/assign/", fields)


def inbox_accept(rng, scene):
    rows = [p for p in scene.places if p.status == "pending"] or scene.places
    row = rng.choice(rows)
    name = rng.choice(("place", "place", "one"))
    fields = [
        (name, f"{row.pk}:{row.version}"),
        ("request_id", number_of_request(rng)),
        ("next", "/inbox/?tab=all"),
    ]
    return Form(
        "proposals:inbox_accept", _someone(rng, scene, "chen", "gao", "wei"), "/inbox/accept/", fields
    )


def hub_dispatch(rng, scene):
    rows = [p for p in scene.places if p.status == "dispatching"] or scene.places[:3]
    fields = [("request_id", number_of_request(rng))]
    for row in rows:
        fields += [
            ("place", str(row.pk)),
            (f"version-{row.pk}", str(row.version)),
            (f"lead-{row.pk}", _units(rng, scene)),
        ]
        fields += [(f"{rng.choice(('co', 'separate'))}-{row.pk}", _units(rng, scene))]
    return Form("proposals:hub_dispatch", _someone(rng, scene, "hub"), "/hub/dispatch/", fields)


def reform(rng, scene):
    unit = (
        scene.cast.units["transport"] if rng.random() < 0.8 else rng.choice(list(scene.cast.units.values()))
    )
    rows = [p for p in scene.places if p.unit_id == unit.pk]
    fields = [("place", str(row.pk)) for row in rows if rng.random() < 0.3]
    fields += [(f"version-{row.pk}", str(row.proposal.version)) for row in rows]
    fields += [("reason", "机构改革。"), ("request_id", number_of_request(rng))]
    return Form("proposals:reform", _someone(rng, scene, "su", "hub"), f"/units/{unit.pk}/reform/", fields)


def issue_together(rng, scene):
    rows = [p for p in scene.places if p.status == "signing"] or scene.places
    row = rng.choice(rows)
    fields = [("also", str(rng.choice(scene.places).pk)), (f"version-{row.pk}", str(row.version))]
    fields.append(("request_id", number_of_request(rng)))
    return Form(
        "proposals:issue_together",
        _someone(rng, scene, "fang"),
        f"/assignments/{row.pk}/sign/together/",
        fields,
    )


def enter(rng, scene):
    fields = [
        ("kind", rng.choice(("deputy", "delegation"))),
        ("deputy", rng.choice(("林秀芝", "唐伯安 160002"))),
    ]
    return Form("proposals:enter", _someone(rng, scene, "su", "zhang"), "/proposals/enter/", fields)


def secret(rng, scene):
    series = f"{scene.cast.congress.pk}-{rng.choice((0, scene.cast.session.pk))}"
    fields = [
        ("series", series),
        ("on", timezone.localdate().isoformat()),
        ("request_id", number_of_request(rng)),
    ]
    return Form("proposals:secret", _someone(rng, scene, "su"), "/work/secret/", fields)


def secret_mark(rng, scene):
    stub = SecretStub.objects.order_by("-pk").values_list("pk", flat=True).first() or 1
    fields = [("closed", rng.choice("10")), ("request_id", number_of_request(rng))]
    return Form("proposals:secret_mark", _someone(rng, scene, "su"), f"/work/secret/{stub}/", fields)


def new(rng, scene):
    return Form("proposals:new", _someone(rng, scene, "lin", "tang", "xiao"), "/proposals/new/", [])


def login(rng, scene):
    fields = [
        ("username", rng.choice(("lin", "su", "13800000001"))),
        ("password", rng.choice((PASSWORD, "错的"))),
    ]
    return Form("accounts:login", ANON, "/login/", [*fields, ("next", "/my/")])


def logout(rng, scene):
    return Form("accounts:logout", _someone(rng, scene, "lin", ANON), "/logout/", [])


def profile(rng, scene):
    return Form(
        "accounts:profile", rng.choice(list(scene.people)), "/me/", [("email", "someone@example.test")]
    )


def password(rng, scene):
    new_one = rng.choice(("Lanjiang-2027", "123", PASSWORD))
    fields = [("old_password", PASSWORD), ("new_password1", new_one), ("new_password2", new_one)]
    return Form("accounts:password_change", rng.choice(list(scene.people)), "/me/password/", fields)


def big_type(rng, scene):
    return Form(
        "accounts:big_type", rng.choice(list(scene.people)), "/me/big-type/", [("big", "1"), ("next", "/my/")]
    )


def discard(rng, scene):
    return Form(
        "accounts:discard_set_aside",
        rng.choice(list(scene.people)),
        "/me/set-aside/1/discard/",
        [("next", "/")],
    )


def mark_all_read(rng, scene):
    newest = Notice.objects.order_by("-pk").values_list("pk", flat=True).first() or 1
    fields = [("newest", str(newest)), ("page", "1")]
    return Form("notifications:mark_all_read", rng.choice(list(scene.people)), "/notices/read/", fields)


def mark_read(rng, scene):
    notice = Notice.objects.order_by("pk")[rng.randrange(Notice.objects.count())]
    who = next((who for who, user in scene.people.items() if user and user.pk == notice.user_id), "su")
    return Form("notifications:mark_read", who, f"/notices/{notice.pk}/read/", [("next", "/notices/")])


def shown_form(rng, scene, page=None):
    """A form of supervision as its page shows it to somebody; a bare post where the page shows none."""
    page = page or rng.choice(scene.pages)
    who = _someone(rng, scene, *page.people)
    status, forms = fetch(page, scene.people[who])
    if status >= 500:  # sent again, and told, as any other
        return Form(page.route, who, page.shown_on or page.path, [], "get")
    fields = filled(rng, rng.choice(forms)) if forms else [("request_id", number_of_request(rng))]
    return Form(page.route, who, page.path.partition("?")[0], fields)


def expired(rng, scene):
    """A form of somebody whose session has ended: kept for them, carried out by nobody."""
    form = rng.choice((action_form, writing, reply))(rng, scene)
    user = scene.people.get(form.who) or scene.cast.lin
    form.fields.append(("_who", set_aside.token(user, form.path)))
    return Form(form.route, ANON, form.path, form.fields)


QUESTIONS = {
    "/registry/": "words status session unit delegation deputy category light reply_class result attitude source role "
    "mark due_from due_to filed_from filed_to page size sort",
    "/search/": "words page",
    "/work/": "queue page words delegation category source range sort",
    "/work/hints/": "case",
    "/work/assign/": "case",
    "/hub/": "queue page",
    "/inbox/": "tab q role step light unit page tick",
    "/signing/": "page",
    "/my/": "tab page",
    "/overview/": "page session",
    "/notices/": "page",
    "/notices/digests/": "page",
    "/public/": "page",
    "/topics/": "year tab page",
    "/topics/screen/": "year at",
    "/activities/": "tab page",
    "/my/activities/": "tab page",
    "/tasks/": "tab unit topic late page",
    "/commitments/": "tab unit year page words due_from due_to status",
    "/commitments/cases/": "unit year page",
    "/commitments/lookback/": "year page",
    "/units/record/": "year congress sort page",
    "/units/record/formula/": "year congress",
    "/units/record/formula/edit/": "year preset",
    "/units/record/reviews/": "congress page",
    "/leader/": "page tab",
    "/instructions/": "tab page",
    "/committee/": "tab page field",
    "/following/": "page",
    "/urge/": "case place from queue",
    "/work/phrases/": "edit",
    "/me/messages/": "next",
    "/operations/deliveries/": "state channel page",
    "/public/lanjiang/": "words year category unit reply_class sort page",
}


def question(rng, scene):
    """A list with conditions, a card that is worked out while something is typed, a page beside."""
    if rng.random() < 0.25:
        proposal, place = rng.choice(scene.proposals), rng.choice(scene.places)
        path, names = rng.choice(
            (
                (f"/proposals/{proposal.pk}/effects/", "lead co separate reply_due_on is_complex"),
                (f"/proposals/{proposal.pk}/similar/", "title"),
                (f"/proposals/{proposal.pk}/write/", "points"),
                (f"/proposals/{proposal.pk}/", "tab next"),
                (f"/assignments/{place.pk}/reply/", "blank"),
                (f"/public/lanjiang/{proposal.number or '2026-001'}/", "page"),
            )
        )
    else:
        path = rng.choice(list(QUESTIONS))
        names = QUESTIONS[path]
    queues = [str(queue) for queue in Queue]
    asked = rng.sample(names.split(), min(len(names.split()), rng.choice((1, 2, 4))))
    values = (
        "1",
        "2",
        "handling",
        "助餐",
        "市民政局",
        "due",
        "lead",
        timezone.localdate().isoformat(),
        *queues,
    )
    fields = [(name, rng.choice(values)) for name in asked]
    return Form("get", rng.choice(list(scene.people)), path, fields, "get")


# How often each comes; the actions are most of the site.
MAKERS = (
    [action_form] * 55
    + [writing] * 9
    + [reply] * 9
    + [question] * 9
    + [shown_form] * 14
    + [batch_file, assign_board, inbox_accept, hub_dispatch, reform, issue_together, enter, expired]
    + [
        secret,
        secret_mark,
        new,
        login,
        logout,
        profile,
        password,
        big_type,
        discard,
        mark_all_read,
        mark_read,
    ]
)


def any_form(rng, scene):
    """One form of the site, properly filled in."""
    return rng.choice(MAKERS)(rng, scene)
