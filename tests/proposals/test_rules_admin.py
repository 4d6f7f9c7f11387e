"""The administration of categories and rule sets: complete, checked, and of one's own congress only."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import NoReverseMatch, reverse

from proposals.models import Category, ClockRule, RuleSet, Waiting
from proposals.presets import SWITCHES
from proposals.rules import load_rules, rules_for_pages
from proposals.status import ClockKind, ProposalStatus
from tests.cast import make_proposal


@pytest.fixture
def rule_set(cast):
    return RuleSet.objects.get(congress=cast.congress)


@pytest.fixture
def page(client, cast):
    """Signed in as the congress's administrator."""
    client.force_login(cast.admin)
    return client


def change_url(rule_set):
    return reverse("admin:proposals_ruleset_change", args=[rule_set.pk])


def fields_of(response):
    """What a browser would send back: every field of the form and its inline rows."""
    form = response.context["adminform"].form
    data = {}
    bound = [form[name] for name in form.fields]
    for formset in response.context["inline_admin_formsets"]:
        parts = [formset.formset.management_form, *formset.formset.forms]
        bound += [part[name] for part in parts for name in part.fields]
    for field in bound:
        value = field.value()
        if value is True:
            data[field.html_name] = "on"
        elif value not in (False, None):
            data[field.html_name] = str(value)
    return data


def row_prefix(response, kind):
    """The prefix of the inline row of one clock."""
    formset = response.context["inline_admin_formsets"][0].formset
    return next(form.prefix for form in formset.forms if form.instance.kind == kind)


def save(page, rule_set, *drop, **changes):
    """Send the whole form with some fields changed; `reply__value` means the row of that clock."""
    shown = page.get(change_url(rule_set))
    data = fields_of(shown)
    for name, value in changes.items():
        kind, _, column = name.partition("__")
        data[f"{row_prefix(shown, kind)}-{column}" if column else name] = value
    for name in drop:
        data.pop(name, None)
    return page.post(change_url(rule_set), data)


def test_the_page_has_every_clock_switch_light_and_letter(page, rule_set):
    response = page.get(change_url(rule_set))
    html = response.content.decode()
    for spec in SWITCHES.values():
        assert spec.label in html
    shown = {form.instance.kind for form in response.context["inline_admin_formsets"][0].formset.forms}
    assert shown == set(ClockKind.values) - {ClockKind.COMMITMENT}
    assert "改动只影响以后开始的期限" in html
    assert "换用预设…" in html
    assert "答复类别的字母和文字" in html


def test_saving_unchanged_changes_nothing(page, rule_set):
    before = load_rules(rule_set.congress_id)
    assert save(page, rule_set).status_code == 302
    assert load_rules(rule_set.congress_id) == before


def test_a_changed_term_holds_for_clocks_that_start_afterwards(
    page, rule_set, cast, django_capture_on_commit_callbacks
):
    running = make_proposal(cast, ProposalStatus.SUBMITTED).proposal.clocks.get(kind="review")
    rules_for_pages(cast.congress.pk)
    with django_capture_on_commit_callbacks(execute=True):
        response = save(page, rule_set, review__value="9", review__article="《本市办法》第九条")
    assert response.status_code == 302
    assert rules_for_pages(cast.congress.pk).clock("review").value == 9
    due_on = running.due_on
    running.refresh_from_db()
    assert (running.due_on, running.rule["value"]) == (due_on, 5)
    newer = make_proposal(cast, ProposalStatus.SUBMITTED).proposal.clocks.get(kind="review")
    assert (newer.rule["value"], newer.rule["article"]) == (9, "《本市办法》第九条")


def test_switches_are_fields_of_their_own(page, rule_set):
    response = save(
        page, rule_set, "switch_two_dimensions", switch_reply_to="lead", switch_opinion_signed="on"
    )
    assert response.status_code == 302
    rules = load_rules(rule_set.congress_id)
    assert rules.switch("two_dimensions") is False
    assert rules.switch("opinion_signed") is True
    assert rules.switch("reply_to") == "lead"


def test_the_change_is_logged_in_words(page, rule_set, cast):
    save(page, rule_set, reply__value="2", switch_reply_to="lead")
    entry = LogEntry.objects.get(user=cast.admin, object_id=str(rule_set.pk))
    assert "答复送达谁" in entry.get_change_message()
    assert "数值" in entry.get_change_message()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reply__value": "0"}, "启用的期限至少为 1"),
        ({"reply__value": "-3"}, "大于或等于"),
        ({"reply__value": "61"}, "最多 60"),
        ({"reply__value": ""}, "必填"),
        ({"reply_complex__value": "2"}, "不能短于"),
        ({"reply__unit": "year"}, "year"),
        ({"reply__start_code": "filed"}, "filed"),
        ({"yellow_days": "5"}, "黄灯要比橙灯早"),
        ({"switch_reply_to": "nobody"}, "nobody"),
        ({"name": ""}, "必填"),
    ],
)
def test_what_makes_no_sense_is_refused_and_kept_on_the_page(page, rule_set, changes, words):
    before = load_rules(rule_set.congress_id)
    response = save(page, rule_set, **changes)
    assert response.status_code == 200
    assert words in response.content.decode()
    assert load_rules(rule_set.congress_id) == before


def test_a_switched_off_term_may_have_no_length(page, rule_set):
    assert save(page, rule_set, f"{'first_contact'}", first_contact__value="0").status_code == 302
    assert load_rules(rule_set.congress_id).clock("first_contact") is None


def test_another_start_brings_its_words_along(page, rule_set):
    save(page, rule_set, assign__start_code="submitted")
    row = ClockRule.objects.get(rule_set=rule_set, kind="assign")
    assert (row.start_code, row.start_event) == ("submitted", "收到建议")


def test_changing_over_to_a_preset_shows_what_changes_and_asks(page, rule_set, cast):
    url = reverse("admin:proposals_ruleset_preset", args=[rule_set.pk])
    assert "看会改动什么" in page.get(url).content.decode()
    preview = page.post(url, {"preset": "chongqing"}).content.decode()
    assert "首次沟通" in preview
    assert "自收到（签收）之日起 20 个工作日" in preview
    assert load_rules(cast.congress.pk).clock("first_contact") is None
    response = page.post(url, {"preset": "chongqing", "confirm": "1"}, follow=True)
    assert "已换用“重庆市”的办法" in response.content.decode()
    assert load_rules(cast.congress.pk).clock("first_contact").value == 20
    assert LogEntry.objects.filter(
        object_id=str(rule_set.pk), change_message__contains="换用预设：重庆市"
    ).exists()


def test_an_unknown_preset_is_refused(page, rule_set):
    url = reverse("admin:proposals_ruleset_preset", args=[rule_set.pk])
    response = page.post(url, {"preset": "atlantis", "confirm": "1"})
    assert response.status_code == 200
    assert RuleSet.objects.get(pk=rule_set.pk).preset == "general"


def test_the_list_tells_how_many_terms_are_not_verified(page, rule_set, cast):
    html = page.get(reverse("admin:proposals_ruleset_changelist")).content.decode()
    assert "未核实" in html
    assert rule_set.name in html
    assert cast.stranger.congress.name not in html


def test_another_congress_does_not_exist(page, cast):
    other = RuleSet.objects.get(congress=cast.stranger.congress)
    category = cast.stranger.category
    for url in (
        change_url(other),
        reverse("admin:proposals_ruleset_preset", args=[other.pk]),
        reverse("admin:proposals_category_change", args=[category.pk]),
    ):
        assert page.get(url).status_code == 404
        assert page.post(url, {"preset": "hunan", "confirm": "1"}).status_code == 404
    assert load_rules(cast.stranger.congress.pk).name == load_rules(cast.congress.pk).name


def test_nobody_removes_or_adds_a_rule_set_here(page, rule_set):
    assert page.post(reverse("admin:proposals_ruleset_delete", args=[rule_set.pk])).status_code == 403
    assert page.get(reverse("admin:proposals_ruleset_add")).status_code == 403


def test_the_operator_gives_a_new_congress_its_rule_set(client, cast, django_user_model):
    RuleSet.objects.filter(congress=cast.stranger.congress).delete()
    operator = django_user_model.objects.create_superuser(
        "root", password="x", name="运维", must_change_password=False
    )
    client.force_login(operator)
    url = reverse("admin:proposals_ruleset_add")
    assert client.get(url).status_code == 200
    response = client.post(url, {"congress": cast.stranger.congress.pk, "preset": "township"})
    assert response.status_code == 302
    assert load_rules(cast.stranger.congress.pk).clock("reply").value == 2


def test_categories_belong_to_the_congress(page, cast):
    url = reverse("admin:proposals_category_add")
    assert page.post(url, {"name": "财政经济", "order": "1", "is_active": "on"}).status_code == 302
    assert Category.objects.get(name="财政经济").congress == cast.congress
    listed = page.get(reverse("admin:proposals_category_changelist")).content.decode()
    assert "教科文卫" in listed
    used = make_proposal(cast, ProposalStatus.FILED).proposal.category
    assert page.post(reverse("admin:proposals_category_delete", args=[used.pk])).status_code == 403


@pytest.mark.parametrize("who", ["su", "chen", "lin", "luo"])
def test_others_find_no_administration(client, cast, rule_set, who):
    client.force_login(getattr(cast, who))
    assert client.get(change_url(rule_set)).status_code == 404


@pytest.mark.parametrize(
    "model", ["proposal", "assignment", "reply", "rating", "clock", "proposalevent", "waiting"]
)
def test_cases_are_never_in_the_administration(model):
    with pytest.raises(NoReverseMatch):
        reverse(f"admin:proposals_{model}_changelist")


def test_what_waits_by_a_switch_waits_on_whom_it_names_now(
    page, rule_set, cast, client, django_capture_on_commit_callbacks
):
    """延期 that the hub only endorsed is its own to decide; 初核 is asked of what has been handed in already."""
    rule_set.switches["extension_endorsed_by_hub"] = True
    rule_set.save()
    extension = make_proposal(cast, ProposalStatus.FILED).dispatch().ask_extension(days=5)
    extension.do("endorse_extension", cast.hub, extension.place("civil"), words="同意。")
    handed_in = make_proposal(cast, ProposalStatus.SUBMITTED)
    with django_capture_on_commit_callbacks(execute=True):
        changes = {"switch_delegation_check": "on"}
        assert save(page, rule_set, "switch_extension_endorsed_by_hub", **changes).status_code == 302
    waits = Waiting.objects.filter(proposal__in=(extension.proposal, handed_in.proposal))
    assert dict(waits.filter(queue__in=("extension", "check")).values_list("queue", "holder_kind")) == {
        "extension": "hub",
        "check": "delegation",
    }
    client.force_login(cast.hub)
    assert extension.proposal.title in client.get("/hub/?queue=extension").content.decode()
