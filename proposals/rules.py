"""The rule set (办法) of a congress as the workflow reads it: plain values, loaded once.

Pages may use a copy that is up to half a minute old; the workflow always reads the database.
"""

from dataclasses import dataclass, field

from django.core.cache import cache
from django.db import transaction

from institutions.models import Congress

from .models import ClockRule, ReplyLetter, RuleSet
from .phrases import seed_phrases
from .presets import SWITCHES, Preset, find_preset
from .status import ReplyClass

CACHE_SECONDS = 30


@dataclass(frozen=True)
class ClockTerms:
    """One time limit: so many `unit`s after `start_event`, by `article`. `is_on` is False where there is none."""

    kind: str
    value: int
    unit: str
    start_code: str
    start_event: str
    article: str
    is_verified: bool
    is_on: bool = True

    @property
    def length_text(self):
        """The length in words: 3 个月, 5 个工作日, 10 日."""
        unit = {"day": "日", "workday": "个工作日", "month": "个月"}[self.unit]
        return f"{self.value} {unit}"


@dataclass(frozen=True)
class Rules:
    """A rule set in force."""

    name: str
    clocks: dict[str, ClockTerms]
    switches: dict[str, object]
    letters: dict[str, tuple[str, str]]
    yellow_days: int = 15
    orange_days: int = 5
    scope: str = field(default="")

    def clock(self, kind):
        """The terms of a clock, or None where this rule set has none (off)."""
        terms = self.clocks.get(kind)
        return terms if terms and terms.is_on else None

    def switch(self, code):
        """The value of a switch; its default where the rule set is silent."""
        return self.switches.get(code, SWITCHES[code].default)

    def letter(self, reply_class):
        """The printed letter of a stored reply class, such as A or 甲."""
        return self.letters.get(reply_class, ("", ""))[0]

    def class_words(self, reply_class):
        """The printed words of a stored reply class."""
        return self.letters.get(reply_class, ("", ReplyClass(reply_class).label))[1]

    def class_text(self, reply_class):
        """Letter and words of a stored reply class: B 正在解决."""
        return f"{self.letter(reply_class)} {self.class_words(reply_class)}".strip()


def load_rules(congress_id):
    """The rules of a congress from the database (2 queries and one for its letters)."""
    rule_set = (
        RuleSet.objects.filter(congress_id=congress_id)
        .select_related("congress")
        .prefetch_related("clocks", "letters")
        .first()
    )
    if rule_set is None:
        return rules_of_preset(find_preset("general"))
    return Rules(
        name=rule_set.name,
        clocks={
            rule.kind: ClockTerms(
                rule.kind,
                rule.value,
                rule.unit,
                rule.start_code,
                rule.start_event,
                rule.article,
                rule.is_verified,
                rule.is_on,
            )
            for rule in rule_set.clocks.all()
        },
        switches=dict(rule_set.switches),
        letters={letter.reply_class: (letter.letter, letter.words) for letter in rule_set.letters.all()},
        yellow_days=rule_set.yellow_days,
        orange_days=rule_set.orange_days,
        scope=rule_set.congress.code,
    )


def rules_for_pages(congress_id):
    """The rules of a congress for showing; may be CACHE_SECONDS old. Never for deciding."""
    key = f"rules:{congress_id}"
    rules = cache.get(key)
    if rules is None:
        rules = load_rules(congress_id)
        cache.set(key, rules, CACHE_SECONDS)
    return rules


def forget_rules(congress_id):
    """Drop this process's copy after a change."""
    cache.delete(f"rules:{congress_id}")


def rules_of_preset(preset: Preset) -> Rules:
    """A preset as rules in force, without a database."""
    return Rules(
        name=preset.name,
        clocks={
            kind: ClockTerms(
                kind,
                spec.value,
                spec.unit,
                spec.start_code,
                spec.start_event,
                spec.article,
                spec.verified,
                spec.is_on,
            )
            for kind, spec in preset.clocks.items()
        },
        switches={code: setting.value for code, setting in preset.switches.items()},
        letters=dict(preset.letters),
        yellow_days=preset.lights.yellow,
        orange_days=preset.lights.orange,
    )


@transaction.atomic
def install_preset(congress: Congress, name: str) -> RuleSet:
    """Give a congress the rule set of a preset, replacing what it had, and words to urge with where it has none.
    Returns the rule set.

    Clocks already running keep the rule they were computed with. Raises KeyError for an unknown preset.
    """
    preset = find_preset(name)
    rules = rules_of_preset(preset)
    rule_set, _ = RuleSet.objects.update_or_create(
        congress=congress,
        defaults={
            "preset": preset.code,
            "name": rules.name,
            "switches": rules.switches,
            "yellow_days": rules.yellow_days,
            "orange_days": rules.orange_days,
        },
    )
    rule_set.clocks.all().delete()
    rule_set.letters.all().delete()
    ClockRule.objects.bulk_create(
        ClockRule(
            rule_set=rule_set,
            kind=terms.kind,
            is_on=terms.is_on,
            value=terms.value,
            unit=terms.unit,
            start_code=terms.start_code,
            start_event=terms.start_event,
            article=terms.article,
            is_verified=terms.is_verified,
        )
        for terms in rules.clocks.values()
    )
    ReplyLetter.objects.bulk_create(
        ReplyLetter(rule_set=rule_set, reply_class=reply_class, letter=letter, words=words)
        for reply_class, (letter, words) in rules.letters.items()
    )
    seed_phrases(congress)
    forget_rules(congress.pk)
    return rule_set
