"""Two small congresses that must not see each other, for the tests below the workflow."""

from datetime import date
from types import SimpleNamespace

from accounts.models import Grant, Role, User
from deputies.models import Delegation, Deputy, Term
from institutions.models import Committee, Congress, Unit

PASSWORD = "湖畔-四月-2026"


def make_congress(code, name, level="city"):
    """Return a congress with one unit, committee, delegation, term and deputy, as a namespace."""
    congress = Congress.objects.create(
        code=code,
        name=f"{name}人民代表大会",
        office_name=f"{name}人大常委会",
        level=level,
        liaison_phone="8866 0101",
    )
    unit = Unit.objects.create(congress=congress, name=f"{name}民政局")
    committee = Committee.objects.create(congress=congress, name=f"{name}社会建设委员会")
    delegation = Delegation.objects.create(congress=congress, name=f"{name}代表团")
    term = Term.objects.create(
        congress=congress, number=16, name=f"{name}第十六届", starts_on=date(2024, 1, 1)
    )
    deputy = Deputy.objects.create(
        congress=congress,
        term=term,
        delegation=delegation,
        name=f"{name}代表",
        card_no="001",
        phone="13800000009",
    )
    return SimpleNamespace(
        congress=congress, unit=unit, committee=committee, delegation=delegation, term=term, deputy=deputy
    )


def make_user(username, role=None, place=None, *, name="", phone=None, must_change=False, **targets):
    """Return a user with PASSWORD and, where `role` is given, one grant at `place` (from make_congress)."""
    user = User.objects.create_user(
        username, password=PASSWORD, name=name or username, phone=phone, must_change_password=must_change
    )
    if role:
        give(user, role, place, **targets)
    return user


def give(user, role, place, **targets):
    """Grant the role at `place`; roles of units, delegations and so on take the place's own."""
    own = {"deputy": "deputy", "delegation_staff": "delegation", "committee": "committee"}.get(role, "")
    if role in (Role.HUB, Role.HANDLER, Role.SIGNER):
        own = "unit"
    if own and not targets:
        targets = {own: getattr(place, own)}
    return Grant.objects.create(user=user, role=role, congress=place.congress, **targets)
