"""What a story does off the main road: each method is one step of the action table by whoever takes it."""

from datetime import timedelta

from accounts.models import Role
from core.workdays import add_months
from institutions.succession import forget_successors

from .. import drafts
from ..models import Contact, Cosignature, Proposal
from ..status import AssignmentRole, ContactMode, ContactStage, DeclineOutcome, RecallKind, ReplyClass
from ..workflow import merging, rebuilding
from . import sentences

SCAN = "签名扫描件.pdf"


class Detours:
    """Mixed into Story. Units and deputies are named by their names."""

    def unit(self, name):
        return self.tenant.units[name]

    def scan(self, name=SCAN):
        """A signed paper, ready to be handed in."""
        return [self.file_of(name)]

    def brought(self, unit):
        """What goes with an entry on a unit's behalf (代录): its sealed paper; nothing where it enters itself."""
        return {} if unit.has_access else {"files": self.scan("单位盖章材料.pdf")}

    def worker(self, unit):
        """Who works on a unit's place: its handler, stand-in or successor, the hub's staff, or the office (代录)."""
        if not unit.has_access:
            return self.officer
        if unit.is_hub:
            return self.tenant.staff[Role.HUB][0]
        unit = self.tenant.successors.get(unit, unit)
        if self.plan.is_stood_in and unit in self.tenant.stand_ins:
            return self.tenant.stand_ins[unit]
        return self.tenant.handlers[unit]

    def placements(self, lead="", co=(), separate=()):
        """The placement as the workflow takes it."""
        roles = {AssignmentRole.LEAD: (lead,) if lead else (), AssignmentRole.CO: co}
        roles[AssignmentRole.SEPARATE] = separate
        return [{"unit": self.unit(name), "role": role} for role, names in roles.items() for name in names]

    def decider(self, place):
        """The assigning side: the hub above a place, else the office."""
        return self.tenant.staff[Role.HUB][0] if place.parent_id else self.officer

    # --- The units ------------------------------------------------------------------------------------------

    def sign_for(self, unit):
        self.accept(self.unit(unit))

    def speak(self, unit, words, mode=ContactMode.MEETING, stage=ContactStage.BEFORE):
        self.contact(self.unit(unit), stage, mode, "", words)

    def progress(self, unit, words):
        self.note(self.unit(unit), words)

    def opine(self, unit, words):
        self.give_opinion(self.unit(unit), words)

    def hand_back(self, unit, reason, basis, suggested=""):
        """申请退回."""
        unit = self.unit(unit)
        self.do(
            "ask_return", self.worker(unit), self.place(unit), reason=reason, basis=basis, suggested=suggested
        )

    def let_go(self, unit, reason, lead="", co=(), separate=()):
        """同意调整; the placement is that of the whole level."""
        place = self.place(self.unit(unit))
        wanted = self.placements(lead, co, separate)
        self.do("approve_return", self.decider(place), place, placements=wanted, reason=reason)

    def keep(self, unit, reason):
        """不同意调整."""
        place = self.place(self.unit(unit))
        self.do("refuse_return", self.decider(place), place, reason=reason)

    def ask_time(self, unit, days, reason, progress):
        """申请延期 by so many days."""
        unit = self.unit(unit)
        place = self.place(unit)
        self.do(
            "ask_extension", self.worker(unit), place, until=self.later(place, days), reason=reason,
            progress=progress,
        )  # fmt: skip

    def later(self, place, days):
        """A working day about so many days after the place's date."""
        return self.times.workday(place.due_on + timedelta(days))

    def endorse(self, unit, words):
        place = self.place(self.unit(unit))
        self.do("endorse_extension", self.tenant.staff[Role.HUB][0], place, words=words)

    def give_time(self, unit, days, reason):
        place = self.place(self.unit(unit))
        actor = self.officer if self.tenant.switch("extension_endorsed_by_hub") else self.decider(place)
        self.do(
            "decide_extension", actor, place, is_granted=True, until=self.later(place, days), reason=reason
        )

    def deny_time(self, unit, reason):
        place = self.place(self.unit(unit))
        actor = self.officer if self.tenant.switch("extension_endorsed_by_hub") else self.decider(place)
        self.do("decide_extension", actor, place, is_granted=False, until=None, reason=reason)

    def reject_opinion(self, unit, reason):
        """退回会办意见, by the lead's handler."""
        lead = self.unit(self.lead_name)
        self.do("return_opinion", self.worker(lead), self.place(self.unit(unit)), reason=reason)

    def take_back(self, unit=""):
        unit = self.unit(unit or self.lead_name)
        self.do("take_back", self.worker(unit), self.place(unit))

    def recall(self, reason, kind=RecallKind.CORRECTION):
        """更正 or 退回重答 of the lead's reply."""
        place = self.place(self.unit(self.lead_name))
        self.do("recall_reply", self.decider(place), place, recall=kind, reason=reason)

    def mend(self, words):
        """The recalled reply, put right and sent for signing again."""
        unit = self.unit(self.lead_name)
        place = self.place(unit)
        fields = {"opening": f"{place.reply.opening}{words}"}
        drafts.save_reply(
            place, fields, draft_version=place.reply.draft_version, user=self.worker(unit), now=self.at
        )
        self.do("draft_reply", self.worker(unit), place)

    def issue_again(self):
        self.issue(self.unit(self.lead_name))

    def answer_urge(self, words, unit=""):
        unit = self.unit(unit or self.lead_name)
        self.do("answer_urge", self.worker(unit), self.place(unit), words=words)

    # --- The hub --------------------------------------------------------------------------------------------

    def pass_on(self, lead="", co=(), separate=(), words=""):
        """分办."""
        hub = self.tenant.hub
        wanted = self.placements(lead, co, separate)
        self.do("dispatch", self.worker(hub), self.place(hub), placements=wanted, words=words)

    def urge_as(self, role, words):
        self.do("urge", self.tenant.staff[role][0], words=words)

    def instruct(self, role, words):
        """批示."""
        self.do("instruct", self.tenant.staff[role][0], words=words)

    # --- The proposer and the co-signers -----------------------------------------------------------------------

    def deputy(self, name):
        return next(deputy for deputy in self.tenant.deputies if deputy.name == name)

    def deputy_user(self, name):
        return self.tenant.deputy_users[self.deputy(name)]

    def stop_waiting(self, name):
        """不再等待 a deputy who was invited."""
        asked = Cosignature.objects.get(proposal=self.proposal, deputy=self.deputy(name))
        self.do("drop", self.author, cosignature=asked)

    def withdraw(self, reason):
        self.do("withdraw", self.author, reason=reason)

    def consent(self, name):
        self.do("consent_withdraw", self.deputy_user(name))

    def oppose(self, name, reason):
        self.do("refuse_withdraw", self.deputy_user(name), reason=reason)

    def object_to_unit(self, unit, words):
        place = self.place(self.unit(unit))
        self._object(f"unit:{place.pk}", f"{unit}：不该由它承办，或者漏了单位", words)

    def object_to_contact(self, words):
        contact = Contact.objects.filter(assignment__proposal=self.proposal).latest("pk")
        about = f"{contact.on:%-m月%-d日}{contact.get_mode_display()}的沟通记录：没有这次沟通，或内容有出入"
        self._object(f"contact:{contact.pk}", about, words)

    def _object(self, about, about_text, words):
        self.do("object", self.author, about=about, about_text=about_text, words=words)

    def answer_objection(self, words):
        self.do("answer_objection", self.officer, words=words, objection=None)

    def ask_to_lead(self, name, reason):
        """变更领衔: a co-signer is asked."""
        self.do("change_lead", self.officer, deputy=self.deputy(name), reason=reason)

    def take_lead(self, name):
        self.do("take_lead", self.deputy_user(name))
        self.lead, self.author = self.deputy(name), self.deputy_user(name)

    def decline_lead(self, name, reason):
        self.do("refuse_lead", self.deputy_user(name), reason=reason)

    def rate_late(self, attitude, result, words=""):
        """逾期测评, after 未表态."""
        place = self.place(self.unit(self.lead_name))
        self.do("rate", self.author, place, attitude=attitude, result=result, words=words)

    # --- The office ------------------------------------------------------------------------------------------

    def check(self):
        """代表团初核, unless the office was quicker."""
        if self.fresh().status == Proposal.Status.SUBMITTED:
            checker = self.tenant.delegation_staff[self.lead.delegation]
            self.do("check", checker, words=self.desk.say(sentences.CHECKS))

    def undo_review(self, reason):
        self.do("undo_review", self.officer, reason=reason)

    def turn_down(self, outcome, reason):
        """不作建议处理."""
        self.do("decline", self.officer, outcome=DeclineOutcome(outcome), reason=reason)

    def amend(self, reason, **fields):
        if "category" in fields:
            fields["category"] = self.tenant.categories[fields["category"]]
        self.do("amend", self.officer, reason=reason, **fields)

    def fresh(self):
        """The proposal as it stands now: the one at hand was loaded when the story began."""
        return Proposal.objects.get(pk=self.proposal.pk)

    def merge_with(self, code):
        """并案 with another story of this congress."""
        other, ids = self.desk.stories[code].fresh(), self.desk.fresh_id()
        merging.merge(self.fresh(), other, actor=self.officer, now=self.at, request_id=ids)

    def unmerge(self, reason):
        data, ids = {"reason": reason}, self.desk.fresh_id()
        merging.unmerge(self.fresh(), actor=self.officer, data=data, now=self.at, request_id=ids)

    def propose_plan(self, lead="", co=(), separate=(), words="", asks_views=True):
        """拟办."""
        wanted = self.placements(lead, co, separate)
        self.do("plan", self.officer, placements=wanted, asks_views=asks_views, words=words)

    def give_view(self, unit, agrees, words=""):
        self.do("give_view", self.worker(self.unit(unit)), agrees=agrees, words=words)

    def adjust(self, reason, lead="", co=(), separate=(), *, is_reform=False, below_hub=False):
        hub = self.place(self.tenant.hub) if below_hub else None
        actor = self.worker(self.tenant.hub) if below_hub else self.officer
        self.do(
            "adjust", actor, placements=self.placements(lead, co, separate), reason=reason,
            is_reform=is_reform, parent_id=hub.pk if hub else None,
        )  # fmt: skip

    def abolish(self, unit, successor):
        """机构改革: the unit is no more; whoever takes over its work inherits its cases."""
        old, new = self.unit(unit), self.unit(successor)
        old.is_active, old.successor, old.abolished_on = False, new, self.today
        old.save(update_fields=["is_active", "successor", "abolished_on"])
        self.tenant.successors[old] = new
        forget_successors()
        rebuilding.hand_over({old.pk})

    def correct_class(self, reply_class, reason, what="", months=6, owner=""):
        promised = add_months(self.today, months).isoformat()
        promises = [{"what": what, "promised_on": promised, "owner": owner}] if what else []
        place = self.place(self.unit(self.lead_name))
        self.do(
            "correct_class", self.officer, place, reply_class=ReplyClass(reply_class), commitments=promises,
            reason=reason,
        )  # fmt: skip

    def rate_proxy(self, attitude, result, words=""):
        """代录测评 from the signed form."""
        place = self.place(self.unit(self.lead_name))
        self.do(
            "rate_proxy", self.officer, place, attitude=attitude, result=result, words=words,
            files=self.scan("征询意见表签名件.pdf"),
        )  # fmt: skip

    def publish(self):
        """公开, where deputy and unit agreed and the case is closed indeed."""
        if self.fresh().status == Proposal.Status.CLOSED:
            self.do("publish", self.officer, has_looked=True)

    def unpublish(self, reason):
        self.do("unpublish", self.officer, reason=reason)
