"""The beginning of a story: drafting, co-signing, handing in, and what the review makes of it."""

from functools import partial

from .. import drafts
from ..attachments import attach
from ..models import Cosignature
from ..status import CosignState, DeclineOutcome
from . import sentences
from .files import make_file
from .planner import LEFT_OFFICE


class Beginnings:
    """Mixed into Story."""

    def draft(self):
        plan, topic = self.plan, self.topic
        points = list(topic.points)
        if (plan.returned and not plan.resubmitted) or plan.resubmitted:
            points = points[:-1]  # what the review will miss
        if plan.is_unfinished:
            points = []
        self.proposal = drafts.create_draft(
            self.lead,
            title=topic.title,
            situation=topic.situation,
            analysis="" if plan.is_unfinished else topic.analysis,
            points=points,
            category=self.tenant.categories[topic.category],
            source=plan.source,
            session=plan.session,
            suggested_units=topic.lead if self.rng.random() < 0.4 else "",
            open_wanted=self.rng.random() < 0.9 or plan.published is not None,
            hides_proposer=plan.is_hidden,
            is_delegations=plan.is_delegations,
            entered_by=self.officer if plan.is_paper else None,
            created_at=self.at,
            edited_at=self.at,
        )
        if plan.is_paper or plan.is_delegations:
            name = "团长签名的建议.pdf" if plan.is_delegations else "代表签名的纸质建议.pdf"
            self.attach(name, self.officer if plan.is_paper else self.author, is_scan=True)
        elif self.rng.random() < 0.3:
            self.attach(self.rng.choice(sentences.ATTACHMENT_NAMES), self.author)

    def attach(self, name, user, **owner):
        """Keep one small file, of the time of the story."""
        kept = attach(self.file_of(name), proposal=self.proposal, user=user, **owner)
        kept.uploaded_at = self.at
        kept.save(update_fields=["uploaded_at"])

    def file_of(self, name):
        title = self.topic.title
        lines = [f"《{title}》", name.rsplit(".", 1)[0], "演示文件，内容为虚构。", *self.topic.points]
        return make_file(name, [line[:40] for line in lines], self.rng)

    def _cosign_steps(self):
        """Invitations and their answers between the draft and its submission."""
        plan, found = self.plan, []
        names = {*plan.still_asked, *plan.named}
        others = [
            deputy
            for deputy in self.tenant.deputy_users
            if deputy != self.lead and deputy.name not in names and deputy.name not in LEFT_OFFICE
        ]
        neighbours = [deputy for deputy in others if deputy.delegation_id == self.lead.delegation_id]
        if self.rng.random() < 0.7 and len(neighbours) >= plan.cosigners:
            others = neighbours
        chosen = self.rng.sample(others, min(plan.cosigners, len(others)))
        day = self.times.shift(plan.begins, 1)
        last = max(day, plan.submitted or self.times.today)
        for deputy in chosen:
            answer = self.cosign if self.rng.random() < 0.93 else self.refuse
            answered = min(self.times.shift(day, self.rng.randint(0, 4)), last)
            found.append((day, lambda d=deputy: self.invite(d)))
            found.append((answered, lambda d=deputy, a=answer: a(d)))
        for deputy in map(self.deputy, plan.named):
            found += [
                (day, partial(self.invite, deputy)),
                (min(self.times.shift(day, 1), last), partial(self.cosign, deputy)),
            ]
        return found

    def _still_asked(self, day):
        """Invitations that nobody has answered yet."""
        asked = [deputy for deputy in self.tenant.deputies if deputy.name in self.plan.still_asked]
        return [(day, lambda d=deputy: self.invite(d)) for deputy in asked]

    def invite(self, deputy):
        self.do("invite", self.author, deputy=deputy)

    def cosign(self, deputy):
        text = self.fresh().text_hash
        self.do("cosign", self.tenant.deputy_users[deputy], text_hash=text)

    def refuse(self, deputy):
        self.do("refuse_cosign", self.tenant.deputy_users[deputy])

    def submit(self):
        self.do("submit", self.officer if self.plan.is_paper else self.author)

    def send_back(self):
        self.do("return", self.officer, reason=self.desk.say(sentences.RETURN_REASONS))

    def improve(self):
        """The missing request is written, and whoever had co-signed the shorter text signs again."""
        proposal = self.fresh()
        fields = {"points": list(self.topic.points)}
        drafts.save_draft(
            proposal, fields, draft_version=proposal.draft_version, reask_by=self.author, now=self.at
        )
        for asked in Cosignature.objects.filter(proposal=proposal, state=CosignState.INVITED):
            self.cosign(asked.deputy)

    def decline(self):
        outcome, reason = sentences.DECLINES[self.topic.code]
        self.do("decline", self.officer, outcome=DeclineOutcome(outcome), reason=reason)

    def file(self):
        self.do("file", self.officer, category=self.tenant.categories[self.topic.category])
