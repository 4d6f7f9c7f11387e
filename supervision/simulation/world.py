"""The invented congress of a simulated year: units, deputies, staff and their accounts."""

from dataclasses import dataclass, field
from datetime import date

from accounts.models import Grant, Role, User
from core.calendars import seed_calendar
from deputies.models import Delegation, Deputy, Session, Term
from institutions.models import Committee, Congress, Level, Unit
from proposals.models import Category
from proposals.rules import install_preset

CODE = "simulated"
DELEGATION_SIZE = 50
CATEGORIES = ("工业经济", "农业农村", "城建环保", "交通运输", "财政金融", "教科文卫", "社会建设", "政法")
NO_PASSWORD = "!"  # as set_unusable_password writes it, without a query or a hash for each


@dataclass
class World:
    """Who is there; accounts by what they act for."""

    congress: Congress
    session: Session = None
    hub: Unit = None
    units: list = field(default_factory=list)
    deputies: list = field(default_factory=list)
    categories: list = field(default_factory=list)
    handlers: dict = field(default_factory=dict)  # by the unit's key
    signers: dict = field(default_factory=dict)
    deputy_users: dict = field(default_factory=dict)  # by the deputy's key
    officer: User = None
    hub_user: User = None


def build(year, *, units, deputies):
    """Make the congress with so many units and deputies; returns its World."""
    seed_calendar()
    congress = Congress.objects.create(
        code=CODE, name="模拟省人民代表大会", office_name="模拟省人大常委会", level=Level.PROVINCE
    )
    install_preset(congress, "general")
    world = World(congress)
    term = Term.objects.create(congress=congress, number=14, name="第十四届", starts_on=date(year - 3, 1, 1))
    world.session = Session.objects.create(
        congress=congress,
        term=term,
        number=4,
        name="十四届人大四次会议",
        year=year,
        opens_on=date(year, 1, 26),
        closes_on=date(year, 1, 30),
    )
    world.categories = [
        Category.objects.create(congress=congress, name=name, order=order)
        for order, name in enumerate(CATEGORIES)
    ]
    _add_units(world, units)
    _add_deputies(world, term, deputies)
    _add_staff(world)
    return world


def _add_units(world, number):
    world.hub = Unit.objects.create(congress=world.congress, name="省政府督查室", is_hub=True)
    for index in range(1, number + 1):
        world.units.append(Unit.objects.create(congress=world.congress, name=f"省模拟第{index:03d}局"))
    for role, found in ((Role.HANDLER, world.handlers), (Role.SIGNER, world.signers)):
        users = _accounts([(f"{role}-{unit.pk}", f"{unit.name}{role.label[-2:]}") for unit in world.units])
        _grant(world, role, zip(users, ({"unit": unit} for unit in world.units), strict=True))
        found |= {unit.pk: user for unit, user in zip(world.units, users, strict=True)}


def _add_deputies(world, term, number):
    delegations = [
        Delegation.objects.create(congress=world.congress, name=f"第{index + 1:02d}代表团")
        for index in range(-(-number // DELEGATION_SIZE))
    ]
    world.deputies = Deputy.objects.bulk_create(
        Deputy(
            congress=world.congress,
            term=term,
            delegation=delegations[index // DELEGATION_SIZE],
            name=f"模拟代表{index + 1:04d}",
            card_no=f"14{index + 1:05d}",
        )
        for index in range(number)
    )
    users = _accounts([(f"deputy-{deputy.pk}", deputy.name) for deputy in world.deputies])
    _grant(world, Role.DEPUTY, zip(users, ({"deputy": deputy} for deputy in world.deputies), strict=True))
    world.deputy_users = {deputy.pk: user for deputy, user in zip(world.deputies, users, strict=True)}


def _add_staff(world):
    committee = Committee.objects.create(congress=world.congress, name="社会建设委员会")
    world.officer, world.hub_user, member, leader = _accounts(
        [
            ("liaison", "联工委干部"),
            ("hub", "督查室干部"),
            ("committee", "专委会委员"),
            ("leader", "常委会副主任"),
        ]
    )
    _grant(world, Role.LIAISON, [(world.officer, {})])
    _grant(world, Role.HUB, [(world.hub_user, {"unit": world.hub})])
    _grant(world, Role.COMMITTEE, [(member, {"committee": committee})])
    _grant(world, Role.LEADER, [(leader, {})])


def _accounts(names):
    """One account each of (login part, name), with an address that leads nowhere (RFC 2606)."""
    return User.objects.bulk_create(
        User(
            username=f"sim-{login}",
            name=name,
            email=f"{login}@simulated.invalid",
            password=NO_PASSWORD,
            must_change_password=False,
        )
        for login, name in names
    )


def _grant(world, role, holders):
    Grant.objects.bulk_create(
        Grant(user=user, role=role, congress=world.congress, **target) for user, target in holders
    )
