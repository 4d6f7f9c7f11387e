"""What the people of a simulated year do when it is their turn: one method per queue, each an action of the table."""

from datetime import timedelta

from core.workdays import add_months, workday_from, workdays_between
from proposals import drafts
from proposals.models import Assignment, Proposal
from proposals.status import CLASSES_WITH_COMMITMENTS, AssignmentRole, AssignmentStatus, Queue, RedoCause
from proposals.workflow import perform

from . import habits


class People:
    """Acts for whoever a case waits on. `rng` is the year's one generator of chances."""

    def __init__(self, world, rng, calendar):
        self.world, self.rng, self.calendar = world, rng, calendar
        self.idle = {unit.pk for unit in world.units if rng.random() < habits.IDLE_UNIT}
        self.spoken_to = set()  # places whose first contact was made
        self.acts = {
            Queue.REVISE: self.submit,
            Queue.REVIEW: self.review,
            Queue.ASSIGN: self.assign,
            Queue.DISPATCH: self.dispatch,
            Queue.ACCEPT: self.accept,
            Queue.RETURN: self.decide_return,
            Queue.HANDLE: self.handle,
            Queue.EXTENSION: self.decide_extension,
            Queue.OPINION: self.give_opinion,
            Queue.SIGN: self.sign,
            Queue.RATE: self.rate,
            Queue.JUDGE: self.judge,
            Queue.COORDINATE: self.settle,
            Queue.ANSWER_URGE: self.answer_urge,
            Queue.PROMISE: self.keep_promise,
            Queue.VERIFY: self.verify,
            Queue.CONFIRM: self.confirm,
            Queue.EXPLAIN: self.explain,
        }

    # --- When ------------------------------------------------------------------------------------------------

    def delay(self, row, today):
        """Working days from `today` until the holder of a waiting row acts; None: never."""
        rng = self.rng
        if row.queue == Queue.RATE and rng.random() < habits.NEVER_RATES:
            return None
        if row.queue == Queue.OPINION and rng.random() < habits.NEVER_GIVES_OPINION:
            return None
        is_idle = row.assignment_id is not None and row.holder_id in self.idle
        if row.queue == Queue.PROMISE:
            return self._until_promised(row, today, is_idle)
        if row.queue == Queue.HANDLE and row.assignment_id in self.spoken_to:
            return self._until_reply(row, today, is_idle)
        days = rng.randint(*habits.PATIENCE[row.queue])
        return days * 2 if is_idle else days

    def _until_reply(self, row, today, is_idle):
        """Most replies are sent some weeks before their date, some a few days after it."""
        left = workdays_between(today, row.due_on, self.calendar) if row.due_on and row.due_on > today else 0
        late = habits.LATE_WHEN_IDLE if is_idle else habits.LATE
        if self.rng.random() < late:
            return left + self.rng.randint(*habits.DAYS_LATE)
        return max(1, left - self.rng.randint(*habits.DAYS_EARLY))

    def _until_promised(self, row, today, is_idle):
        """Around the promised date: a little before it, or too late."""
        left = workdays_between(today, row.due_on, self.calendar) if row.due_on > today else 0
        is_late = self.rng.random() < (habits.LATE_WHEN_IDLE if is_idle else habits.LATE)
        return max(1, left + (1 if is_late else -1) * self.rng.randint(*habits.AROUND_PROMISE))

    # --- Writing and review ----------------------------------------------------------------------------------

    def propose(self, number, session, now):
        """A deputy writes and hands in a proposal; returns it."""
        world, rng = self.world, self.rng
        deputy = rng.choice(world.deputies)
        proposal = drafts.create_draft(
            deputy,
            title=f"关于第 {number} 号模拟事项的建议",
            situation="走访了几处地方，群众反映办事要跑几趟。",
            analysis="一是标准不一，二是信息不通，三是责任不清。",
            points=["统一办理标准。", "打通部门数据。"][: rng.randint(1, 2)],
            category=rng.choice(world.categories),
            source="session" if session else "recess",
            session=session,
            created_at=now,
            edited_at=now,
        )
        actor = world.deputy_users[deputy.pk]
        for other in rng.sample(world.deputies, rng.choice((0, 0, 1, 2, 3))):
            if other.pk != deputy.pk:
                self._do("invite", proposal, actor, now, deputy=other)
                text = Proposal.objects.get(pk=proposal.pk).text_hash
                self._do("cosign", proposal, world.deputy_users[other.pk], now, text_hash=text)
        self._do("submit", proposal, actor, now)
        return proposal

    def submit(self, case, place, now):
        self._do("submit", case, self.world.deputy_users[case.lead_id], now)

    def review(self, case, place, now):
        chance = self.rng.random()
        if chance < habits.DECLINED:
            self._do("decline", case, self.world.officer, now, outcome="letter", reason="属于个人事务。")
        elif chance < habits.DECLINED + habits.RETURNED_FOR_REVISION:
            self._do("return", case, self.world.officer, now, reason="请写明具体要求。")
        else:
            self._do("file", case, self.world.officer, now, category=case.category)

    # --- Assignment ------------------------------------------------------------------------------------------

    def _placements(self):
        """One lead, perhaps with others; now and then two who answer separately."""
        rng = self.rng
        if rng.random() < habits.IS_SEPARATE:
            return [{"unit": u, "role": AssignmentRole.SEPARATE} for u in rng.sample(self.world.units, 2)]
        lead, *co = rng.sample(self.world.units, rng.choice((2, 3)) if rng.random() < habits.HAS_CO else 1)
        found = [{"unit": lead, "role": AssignmentRole.LEAD}]
        return found + [{"unit": unit, "role": AssignmentRole.CO} for unit in co]

    def assign(self, case, place, now):
        placements = self._placements()
        if self.rng.random() < habits.THROUGH_HUB:
            placements = [{"unit": self.world.hub, "role": AssignmentRole.LEAD}]
        self._do("assign", case, self.world.officer, now, placements=placements)

    def dispatch(self, case, place, now):
        self._do("dispatch", place, self.world.hub_user, now, placements=self._placements())

    def accept(self, case, place, now):
        handler = self.world.handlers[place.unit_id]
        if place.round == 1 and self.rng.random() < habits.ASKS_RETURN:
            self._do(
                "ask_return", place, handler, now, reason="不属于我局职责。", basis="三定规定", suggested=""
            )
        else:
            self._do("accept", place, handler, now)

    def decide_return(self, case, place, now):
        decider = self.world.hub_user if place.parent_id else self.world.officer
        others = Assignment.objects.filter(proposal=case, round=place.round, parent=place.parent_id).exclude(
            status=AssignmentStatus.RELEASED
        )
        kept = [{"unit": other.unit, "role": other.role} for other in others.select_related("unit")]
        taken = {entry["unit"].pk for entry in kept}
        if place.unit_id not in self.world.handlers or self.rng.random() > habits.RETURN_GRANTED:
            self._do("refuse_return", place, decider, now, reason="职责在你局，请办理。")
            return
        heir = self.rng.choice([unit for unit in self.world.units if unit.pk not in taken])
        wanted = [
            {"unit": heir, "role": entry["role"]} if entry["unit"].pk == place.unit_id else entry
            for entry in kept
        ]
        self._do("approve_return", place, decider, now, placements=wanted, reason="同意调整。")

    # --- Handling --------------------------------------------------------------------------------------------

    def handle(self, case, place, now):
        """Contact first, the reply some weeks later; now and then more time is asked for before it is due."""
        handler = self.world.handlers[place.unit_id]
        if place.pk not in self.spoken_to:
            self.spoken_to.add(place.pk)
            self._do(
                "log_contact", place, handler, now, stage="before", mode="visit", on=now.date(),
                people="副局长等 3 人", words="听取代表意见。", deputy=None, files=[],
            )  # fmt: skip
            return
        asks = place.round == 1 and self.rng.random() < habits.ASKS_EXTENSION
        if asks and place.due_on and now.date() <= place.due_on and place.role != AssignmentRole.CO:
            until = workday_from(place.due_on + timedelta(days=30), self.calendar)
            self._do(
                "ask_extension", place, handler, now, until=until, reason="要重新招标", progress="已完成设计"
            )
            return
        self._write_reply(case, place, handler, now)
        self._do("draft_reply", place, handler, now)

    def _write_reply(self, case, place, handler, now):
        reply_class = self.rng.choice(habits.CLASSES)
        promises = []
        if reply_class in CLASSES_WITH_COMMITMENTS:
            months = self.rng.choice((2, 3, 4, 6, 9))
            on = workday_from(add_months(now.date(), months), self.calendar)
            promises = [{"what": "完成试点并推开", "owner": "综合处", "promised_on": on.isoformat()}]
        missing = Assignment.objects.filter(
            proposal=case, round=place.round, role=AssignmentRole.CO, answered_on__isnull=True
        )
        fields = {
            "opening": "您的建议收悉，现答复如下。",
            "answers": [{"state": "doing", "text": "已安排办理。"} for _ in case.points],
            "reply_class": reply_class,
            "doc_no": f"模函〔{now.year}〕{place.pk}号",
            "contact_person": handler.name,
            "contact_phone": "8866 1001",
            "late_opinions": {str(co.pk): "催过两次，尚未提交" for co in missing},
            "planned_commitments": promises,
        }
        reply = getattr(place, "reply", None)
        version = reply.draft_version if reply else None
        drafts.save_reply(place, fields, draft_version=version, user=handler, now=now)

    def decide_extension(self, case, place, now):
        pending = case.requests.get(kind="extension", assignment=place, state="open")
        decider = self.world.hub_user if place.parent_id else self.world.officer
        granted = self.rng.random() < habits.EXTENSION_GRANTED
        until = now.date().fromisoformat(pending.details["until"]) if granted else None
        self._do(
            "decide_extension", place, decider, now, is_granted=granted, until=until, reason="按实际进度办。"
        )

    def give_opinion(self, case, place, now):
        handler = self.world.handlers[place.unit_id]
        self._do(
            "give_opinion", place, handler, now, words="补助资金已列入预算。", doc_no="",
            contact_person=handler.name, contact_phone="8866 1001",
        )  # fmt: skip

    def sign(self, case, place, now):
        signer = self.world.signers[place.unit_id]
        if self.rng.random() < habits.REWORKED:
            self._do("rework", place, signer, now, reason="数据再核一遍。")
        else:
            self._do("issue", place, signer, now)

    def answer_urge(self, case, place, now):
        self._do("answer_urge", place, self._worker(place), now, words="正在抓紧办理。")

    def _worker(self, place):
        return self.world.handlers.get(place.unit_id, self.world.hub_user)

    # --- Rating and after ------------------------------------------------------------------------------------

    def rate(self, case, place, now):
        attitude, result = self.rng.choice(habits.RATINGS)
        words = "问题还在。" if result == habits.D else ""
        actor = self.world.deputy_users[case.lead_id]
        self._do("rate", place, actor, now, attitude=attitude, result=result, words=words)

    def judge(self, case, place, now):
        if self.rng.random() > habits.REDO_ORDERED:
            self._do("close_disputed", case, self.world.officer, now, reason="已向代表说明。")
            return
        self._do(
            "order_redo", case, self.world.officer, now, placements=self._placements(),
            reason="代表反映的问题没有解决。", cause=RedoCause.DISSATISFIED,
        )  # fmt: skip

    def settle(self, case, place, now):
        self._do("settle", case, self.world.officer, now, record="三方面商，形成一致意见。")

    # --- What was promised -----------------------------------------------------------------------------------

    def keep_promise(self, case, promise, now):
        """Done and reported; now and then the date is moved, with an explanation."""
        handler = self.world.handlers[promise.unit_id]
        if self.rng.random() < habits.PROMISE_MOVED:
            later = workday_from(max(promise.promised_on, now.date()) + timedelta(days=60), self.calendar)
            self._do("move_date", promise, handler, now, promised_on=later, words="用地手续比预计晚两个月。")
        else:
            self._do("report_progress", promise, handler, now, words="已经建成并投入使用。", is_done=True)

    def verify(self, case, promise, now):
        outcome = self.rng.choice(habits.OUTCOMES)
        self._do("verify", promise, self.world.officer, now, outcome=outcome, words="到现场看过。")

    def confirm(self, case, promise, now):
        actor = self.world.deputy_users[case.lead_id]
        self._do("confirm", promise, actor, now, outcome=promise.status, words="情况属实。")

    def explain(self, case, promise, now):
        handler = self.world.handlers[promise.unit_id]
        self._do("explain_promise", promise, handler, now, words="资金没有到位，明年列入预算。")

    def urge(self, case, now):
        """催办 by the office."""
        self._do("urge", case, self.world.officer, now, words="已超期，请抓紧办理并回复。")

    @staticmethod
    def _do(action, subject, actor, now, **data):
        """One action; the version is read now, since nobody looked at a page. Raises workflow.Refused."""
        subject = type(subject).objects.get(pk=subject.pk)
        perform(action, subject, actor=actor, data=data, version=subject.version, now=now)
