"""Makes a congress of the demonstration with everybody in it: units, deputies, staff, their accounts."""

import csv
from dataclasses import dataclass, field
from datetime import date

from django.contrib.auth.hashers import make_password

from accounts.models import ROLE_TARGET, Grant, Role, User
from deputies.models import Delegation, Deputy, Session, Term
from institutions.models import Committee, Congress, Unit

from ..models import Category, RuleSet
from ..rules import install_preset, load_rules
from ..status import ClockKind
from . import accounts
from .places import CATEGORIES
from .timetable import FIRST_TERM, FIRST_YEAR, TERM_YEARS, meetings_until, numeral
from .topics import FOLDER

# Surnames on the first line, given names on the second.
_SURNAMES, _GIVEN = (line.split() for line in (FOLDER / "names.txt").read_text(encoding="utf-8").splitlines())
# In place of a user name: a deputy without an account, who works on paper.
NO_ACCOUNT = "-"
_HANDLER_TITLES = (
    "综合处处长",
    "办公室主任科员",
    "四级调研员",
    "建议提案办主任",
    "业务处副处长",
    "一级主任科员",
)


@dataclass
class Tenant:
    """A congress of the demonstration as the stories need it: rows and accounts by name."""

    place: object
    congress: Congress
    sessions: dict = field(default_factory=dict)  # by year
    units: dict = field(default_factory=dict)
    specs: dict = field(default_factory=dict)  # UnitSpec by the unit's primary key
    categories: dict = field(default_factory=dict)
    deputies: list = field(default_factory=list)
    authors: dict = field(default_factory=dict)  # deputy by the code of the topic
    deputy_users: dict = field(default_factory=dict)  # by deputy
    handlers: dict = field(default_factory=dict)  # by unit
    signers: dict = field(default_factory=dict)
    staff: dict = field(default_factory=dict)  # users by role
    delegation_staff: dict = field(default_factory=dict)  # by delegation
    stand_ins: dict = field(default_factory=dict)  # handlers for a while, by unit
    successors: dict = field(default_factory=dict)  # of units abolished in the course of the stories
    rules: object = None
    hub: Unit | None = None

    def switch(self, code):
        """The value of a switch of the congress's rule set."""
        return self.rules.switch(code)

    @property
    def silent_after(self):
        """Working days after a reply when a deputy who said nothing is 未表态."""
        window, grace = (self.rules.clock(kind) for kind in (ClockKind.RATING, ClockKind.RATING_GRACE))
        return window.value + grace.value + 1

    @property
    def latest(self):
        """The newest session."""
        return self.sessions[max(self.sessions)]


class Registrar:
    """Makes accounts: one password hash for all of them, no name and no phone number twice."""

    def __init__(self, rng):
        self.rng = rng
        self.password = make_password(accounts.PASSWORD)
        self.names = set()

    def account(self, username, name, phone=None):
        self.names.add(name)
        return User.objects.create(
            username=username,
            name=name,
            phone=phone,
            email=f"{username}@{accounts.MAIL_DOMAIN}",
            password=self.password,
            must_change_password=False,
        )

    def fresh_name(self):
        """An invented name that nobody in the demonstration has."""
        while True:
            name = self.rng.choice(_SURNAMES) + self.rng.choice(_GIVEN)
            if name not in self.names:
                self.names.add(name)
                return name


def grant(user, role, congress, target=None, title=""):
    """Give an account a role; `target` is the unit, delegation, committee or deputy that the role needs."""
    reference = {ROLE_TARGET[role]: target} if target is not None else {}
    return Grant.objects.create(user=user, role=role, congress=congress, title=title, **reference)


def build_tenant(place, today, registrar):
    """Make one congress and everybody in it; returns its Tenant."""
    congress = Congress.objects.create(
        code=place.code,
        name=f"{place.name}人民代表大会",
        office_name=f"{place.name}人大常委会",
        liaison_phone=place.liaison_phone,
        level=place.level,
        is_public=place.is_public,
    )
    install_preset(congress, place.preset)
    _set_switches(congress, place.switches)
    tenant = Tenant(place, congress, rules=load_rules(congress.pk))
    _add_sessions(tenant, today)
    tenant.categories = {
        name: Category.objects.create(congress=congress, name=name, order=order)
        for order, name in enumerate(CATEGORIES, start=1)
    }
    delegations = {
        name: Delegation.objects.create(congress=congress, name=f"{name}代表团") for name in place.delegations
    }
    committees = {name: Committee.objects.create(congress=congress, name=name) for name in place.committees}
    _add_deputies(tenant, delegations, registrar)
    _add_units(tenant, registrar)
    for username, name, role, title, target in place.staff:
        user = registrar.account(username, name)
        at = delegations.get(target) or committees.get(target) or tenant.units.get(target)
        held = grant(user, role, congress, at, title)
        tenant.staff.setdefault(role, []).append(user)
        if role == Role.DELEGATION_STAFF:
            tenant.delegation_staff[held.delegation] = user
    for username, name, unit in place.stand_ins:
        _add_stand_in(tenant, registrar.account(username, name), tenant.units[unit])
    return tenant


def _set_switches(congress, switches):
    """What the office set otherwise than its preset."""
    rule_set = RuleSet.objects.get(congress=congress)
    rule_set.switches |= switches
    rule_set.save(update_fields=["switches"])


def _add_stand_in(tenant, user, unit):
    """代班 for the unit's handler. Its days are set when all stories are told: grants count by the real date."""
    handler = tenant.handlers[unit]
    reference = {ROLE_TARGET[Role.HANDLER]: unit}
    title = handler.grants.get().title
    Grant.objects.create(
        user=user,
        role=Role.HANDLER,
        congress=tenant.congress,
        title=title,
        stands_in_for=handler,
        **reference,
    )
    tenant.stand_ins[unit] = user


def _add_sessions(tenant, today):
    terms = {}
    for meeting in meetings_until(today, tenant.place.first_monday_from):
        if meeting.term not in terms:
            starts = FIRST_YEAR + (meeting.term - FIRST_TERM) * TERM_YEARS
            terms[meeting.term] = Term.objects.create(
                congress=tenant.congress,
                number=meeting.term,
                name=f"第{numeral(meeting.term)}届",
                starts_on=date(starts, 1, 1),
                ends_on=date(starts + TERM_YEARS - 1, 12, 31),
            )
        tenant.sessions[meeting.year] = Session.objects.create(
            congress=tenant.congress,
            term=terms[meeting.term],
            number=meeting.number,
            name=tenant.place.meeting.format(numeral(meeting.term), numeral(meeting.number)),
            year=meeting.year,
            opens_on=meeting.opens_on,
            closes_on=meeting.closes_on,
        )


def _add_deputies(tenant, delegations, registrar):
    place, congress = tenant.place, tenant.congress
    term = tenant.latest.term
    with (FOLDER / place.deputies_file).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    registrar.names |= {row["name"] for row in rows}
    for number, row in enumerate(rows, start=1):
        is_on_paper = row["username"] == NO_ACCOUNT
        username = row["username"].strip(NO_ACCOUNT) or f"{place.user_prefix}db{number:03d}"
        phone = f"{place.phone_prefix}{number:04d}"
        deputy = Deputy.objects.create(
            congress=congress,
            term=term,
            delegation=delegations[row["delegation"]],
            name=row["name"],
            card_no=f"{term.number}{number:04d}",
            constituency=place.constituency.format(row["constituency"]),
            position=row["position"],
            phone=phone,
            email="" if is_on_paper else f"{username}@{accounts.MAIL_DOMAIN}",
        )
        if not is_on_paper:
            tenant.deputy_users[deputy] = user = registrar.account(username, row["name"], phone)
            grant(user, Role.DEPUTY, congress, deputy)
        tenant.deputies.append(deputy)
        tenant.authors |= dict.fromkeys(row["topics"].split(), deputy)


def _add_units(tenant, registrar):
    place, congress = tenant.place, tenant.congress
    for spec in place.units:
        unit = Unit.objects.create(
            congress=congress,
            name=spec.name,
            system=spec.system,
            is_hub=spec.is_hub,
            has_access=spec.code not in place.on_paper,
        )
        tenant.units[spec.name] = unit
        tenant.specs[unit.pk] = spec
        if spec.is_hub:
            tenant.hub = unit
            continue
        if not unit.has_access:
            continue
        username = place.user_prefix + spec.code
        handler = registrar.account(username, registrar.fresh_name())
        grant(handler, Role.HANDLER, congress, unit, registrar.rng.choice(_HANDLER_TITLES))
        signer = registrar.account(f"{username}-qianfa", registrar.fresh_name())
        grant(signer, Role.SIGNER, congress, unit, spec.deputy_head)
        tenant.handlers[unit], tenant.signers[unit] = handler, signer


def add_second_grant(province, city):
    """One person, two grants in two congresses: a provincial deputy who also signs for a city unit."""
    user = User.objects.get(username="liangjian")
    unit = city.units["市卫生健康委员会"]
    grant(user, Role.SIGNER, city.congress, unit, city.specs[unit.pk].deputy_head)
