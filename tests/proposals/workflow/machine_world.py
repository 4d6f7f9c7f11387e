"""Where the machine's cases lie: the cast with more people in it, its rules, and what changes around the cases."""

from datetime import date

from django.test import TestCase

from accounts.models import Grant, Role, User
from core.calendars import save_year
from deputies.models import Deputy
from institutions.models import Unit, UnitSystem
from institutions.succession import succession_changed
from proposals import drafts
from proposals.models import Proposal, RuleSet
from proposals.rules import install_preset
from proposals.workflow import perform
from tests.cast import TEXT, make_user

PRESETS = ("general", "shanghai", "chongqing", "henan", "beijing", "township")
SWITCHES = ("delegation_check", "withdraw_needs_cosigners", "opinion_signed", "extension_endorsed_by_hub")


class World:
    """What `Machine` draws people, units and deputies from; it brings `cast`, `now` and `done` along."""

    def begin_world(self, dice):
        """Everything around the cases, the first time; returns in words which rules hold."""
        cast = self.cast
        court = Unit.objects.create(
            congress=cast.congress, name="市中级人民法院", system=UnitSystem.COURT, has_access=False
        )
        self.hub, self.foreign_unit = cast.units["hub"], cast.stranger.unit
        self.units = [*Unit.objects.filter(congress=cast.congress, is_hub=False).exclude(pk=court.pk), court]
        self.deputies = list(Deputy.objects.filter(congress=cast.congress).order_by("pk"))
        self.categories, self.session = list(cast.categories.values()), cast.session
        # 莫大同 of 市教育局 stands in for 陈晓岚 until autumn; 唐伯安, who co-signs, works at 市财政局.
        stand_in = {"stands_in_for": cast.chen, "ends_on": date(2026, 9, 30)}
        self.grant(cast.mo, Role.HANDLER, unit=cast.units["civil"], **stand_in)
        self.grant(cast.tang, Role.HANDLER, unit=cast.units["finance"])
        for key, role in (("shi", Role.HANDLER), ("meng", Role.SIGNER)):
            self.grant(make_user(key, f"交通局{key}"), role, unit=cast.units["transport"])
        # 肖立诚's delegation has staff too: whoever takes the lead brings their delegation.
        self.grant(
            make_user("kou", "溪口代工"), Role.DELEGATION_STAFF, delegation=cast.deputies["xiao"].delegation
        )
        words = self.set_rules(dice)
        self.meet_people()
        self.theirs = self.begin_theirs()
        return words

    def set_rules(self, dice):
        preset = dice.choice(PRESETS)
        install_preset(self.cast.congress, preset)
        rules = RuleSet.objects.get(congress=self.cast.congress)
        turned = {code: dice.random() < 0.5 for code in SWITCHES}
        rules.switches |= turned | {"reply_clock_on_adjust": dice.choice(("keep", "restart"))}
        rules.save()
        return f"{preset} {rules.switches}"

    def grant(self, user, role, **more):
        Grant.objects.create(user=user, role=role, congress=self.cast.congress, **more)

    def meet_people(self):
        """Everybody anew: what they may do is kept with the user, and depends on the day."""
        ours = {user.pk: key for key, user in self.cast.people.items()}
        everybody = User.objects.in_bulk()
        self.people = {ours.get(pk, user.username): user for pk, user in sorted(everybody.items())}

    def begin_theirs(self):
        """A case of the other congress, which must come to no harm."""
        stranger = self.cast.stranger
        proposal = drafts.create_draft(stranger.deputy_row, category=stranger.category, **TEXT)
        for action, actor, data in (
            ("submit", stranger.deputy, {}),
            ("file", stranger.liaison, {"category": stranger.category}),
            ("assign", stranger.liaison, {"placements": [{"unit": stranger.unit, "role": "lead"}]}),
        ):
            perform(action, proposal, actor=actor, data=data)
        return proposal

    # --- To choose from ---------------------------------------------------------------------------------

    def units_with_hub(self, dice):
        """Units to choose from on the congress's level: most with the hub in sight."""
        return [*self.units, self.hub] if dice.random() < 0.6 else list(self.units)

    def units_below(self):
        return [unit for unit in self.units if unit.system == UnitSystem.GOVERNMENT]

    def merge_partners(self, proposal):
        ours = Proposal.objects.filter(congress=proposal.congress_id).exclude(number="")
        return list(ours.exclude(pk=proposal.pk).order_by("pk"))

    # --- Changes ----------------------------------------------------------------------------------------

    def change_world(self, dice):
        """What may happen beside the cases, each once a run; returns it in words, empty on most days."""
        changes = {
            self.publish_calendar: self.now.date() >= date(2026, 11, 1),
            self.abolish_unit: dice.random() < 0.1,
            self.deputy_leaves: dice.random() < 0.05,
        }
        due = [change for change, is_due in changes.items() if is_due and not self.done[change.__name__]]
        self.done.update(change.__name__ for change in due)
        return "".join(f"，{change()}" for change in due)

    def publish_calendar(self):
        save_year(2027, {date(2027, 1, 1): (False, "元旦"), date(2027, 1, 4): (False, "元旦")})
        return "公布次年节假日"

    def abolish_unit(self):
        """机构改革: 市卫生健康委员会 goes, 市教育局 takes over."""
        unit = self.cast.units["health"]
        with TestCase.captureOnCommitCallbacks(execute=True):
            gone = {
                "is_active": False,
                "abolished_on": self.now.date(),
                "successor": self.cast.units["education"],
            }
            Unit.objects.filter(pk=unit.pk).update(**gone)
            succession_changed(unit.pk)
        self.units = [each for each in self.units if each.pk != unit.pk]
        return "卫健委撤销"

    def deputy_leaves(self):
        Deputy.objects.filter(pk=self.deputies[1].pk).update(in_office=False, left_on=self.now.date())
        self.deputies[1].refresh_from_db()
        return f"{self.deputies[1]}离任"
