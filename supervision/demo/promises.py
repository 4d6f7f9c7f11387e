"""What became of the promises of the demonstration: kept, moved, broken and explained, confirmed or disputed, carried
from year to year, some of them late today."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from accounts.models import Role
from core.dates import SHANGHAI
from proposals.demo.files import make_file
from proposals.models import Assignment, Commitment, Explanation, Proposal
from proposals.status import CLASSES_WITH_COMMITMENTS, AssignmentStatus, CommitmentStatus
from proposals.workflow import Refused, perform

from .moments import next_moment

PROGRESS = (
    "方案已经审定，正在办理用地和资金手续。",
    "已经开工，完成工作量的一半左右，没有新增困难。",
    "先行的两处已经完成，其余正在施工。",
    "已列入年度计划，牵头科室和责任人已经明确，每季度调度一次。",
    "招标完成，施工单位已经进场。",
)
DONE = (
    "已按承诺全部完成，验收单和现场照片见附件。",
    "各处均已投入使用，请代表随时查看。",
    "文件已经印发，执行情况见附件。",
)
SEEN = (
    "现场查看，与报告一致，群众已经在使用。",
    "调阅了验收单和台账，抽查 3 处，都已完成。",
    "电话回访受益群众 12 人，都说已经办到。",
)
LESS = (
    "现场查看，完成了大部分，还有一处没有动工。",
    "抽查 5 处，3 处已完成，2 处设备没有到位。",
)
NOT_DONE = ("现场查看，还没有动工。", "资金没有到位，项目没有启动。")
WHY_MOVED = (
    "施工中发现地下管线与图纸不符，要重新勘察加固，增加工期约三个月；其余部分照原计划推进。",
    "首次招标流标，重新招标已经公告，合同签订后按新的日期完成。",
)
WHY_BROKEN = (
    "用地指标今年没有批下来。已另选地块并通过预审，列入明年第一批计划，完成后再向代表报告。",
    "上级专项资金安排推迟。已完成的部分先投入使用，其余部分列入明年预算，按季度向代表通报。",
)
OBJECTIONS = ("我到现场看了，有两处还锁着门。", "数量够了，但是开放时间和承诺的不一样。")
KEPT_WORDS = ("看过了，办得实在。", "")
NEARLY = 45  # promises due within so many days of today are told apart by hand


@dataclass
class Fate:
    """What becomes of one promise: steps by (day, action, who, what is filled in)."""

    steps: list = field(default_factory=list)

    def add(self, day, action, who, **data):
        self.steps.append((day, action, who, data))
        return self


def tell(desk):
    """Tell what became of every promise of the congress up to today, case by case, in the order of time."""
    rng = random.Random(f"{desk.seed}:{desk.tenant.place.code}:promises")
    mine = Commitment.objects.filter(proposal__congress=desk.tenant.congress, replaced_by=None)
    rows = mine.select_related("unit", "proposal", "reply").order_by("promised_on", "pk")
    unexplained = _newest_broken(list(rows), desk.times.today)
    by_case = {}
    for number, commitment in enumerate(rows):
        if commitment.pk == unexplained:
            steps = _unexplained(commitment, desk.times.today).steps
        else:
            steps = _fate(number, commitment, desk.times.today, rng).steps
        steps += _look_backs(commitment, desk.times.today)
        by_case.setdefault(commitment.proposal_id, []).extend((*step, commitment.pk) for step in steps)
    for pk in sorted(by_case):
        _walk(desk, rng, pk, sorted(by_case[pk], key=lambda step: (step[0], step[-1])))
    _mark_solved(desk)
    lately = desk.times.now - timedelta(days=6)
    told = Explanation.objects.filter(commitment__in=mine, at__lt=lately)
    for explanation in told:
        explanation.read_at = explanation.at + timedelta(hours=26)
        explanation.save(update_fields=["read_at"])


def _newest_broken(rows, today):
    """The promise that is to be seen as just found not kept: the last that fell due and is not quite new."""
    return next((row.pk for row in reversed(rows) if row.promised_on < today - timedelta(10)), None)


def _unexplained(commitment, today):
    """Found not kept a week ago; the unit has not said why."""
    day = max(commitment.promised_on + timedelta(3), today - timedelta(8))
    return Fate().add(day, "verify", "office", outcome=CommitmentStatus.PARTLY.value, words=LESS[0])


def _mark_solved(desk):
    """转为已解决: every second of the answers whose promises were all kept; the others wait for the office."""
    places = Assignment.objects.filter(
        congress=desk.tenant.congress,
        status=AssignmentStatus.ANSWERED,
        reply__reply_class__in=CLASSES_WITH_COMMITMENTS,
        reply__commitments__status=CommitmentStatus.KEPT,
    )
    places = places.exclude(
        reply__commitments__in=Commitment.objects.filter(replaced_by=None).exclude(
            status=CommitmentStatus.KEPT
        )
    )
    officer = desk.tenant.staff[Role.LIAISON][0]
    for place in places.select_related("proposal").distinct().order_by("pk")[::2]:
        day = place.proposal.events.order_by("seq").last().at.astimezone(SHANGHAI).date()
        at = next_moment(desk, place.proposal, desk.times.shift(day, 2))
        if at is None:
            continue
        data = {"reason": "承诺事项已逐项核实兑现，代表没有异议。"}
        try:
            perform("mark_solved", place, actor=officer, data=data, now=at, request_id=desk.fresh_id())
        except Refused:
            continue  # of an earlier round, or the deputy objects


def _walk(desk, rng, proposal_pk, steps):
    """Carry out the steps on the promises of one case, later than all that happened to it."""
    last = Proposal.objects.get(pk=proposal_pk).events.order_by("seq").last()
    at = last.at.astimezone(SHANGHAI)
    for day, action, who, data, pk in steps:
        at = desk.times.moment(max(day, at.date()), rng, after=at)
        if at > desk.times.now:
            return
        commitment = Commitment.objects.select_related("unit", "proposal").get(pk=pk)
        actor = _actor(desk, who, commitment)
        if actor is None and who != "system":
            continue
        filled = {name: value(rng) if callable(value) else value for name, value in data.items()}
        try:
            perform(
                action, commitment, actor=actor, data=filled, version=commitment.version, now=at,
                request_id=desk.fresh_id(),
            )  # fmt: skip
        except Refused:
            continue  # the case took another course meanwhile


def _actor(desk, who, commitment):
    tenant = desk.tenant
    if who == "unit":
        unit = tenant.successors.get(commitment.unit, commitment.unit)
        return tenant.handlers.get(unit) if unit.has_access else None
    if who == "office":
        return tenant.staff[Role.LIAISON][0]
    if who == "deputy" and not commitment.proposal.is_delegations:
        return tenant.deputy_users.get(commitment.proposal.lead)
    return None


def _photo(rng):
    return [make_file("现场照片.png", [], rng), make_file("验收单.pdf", ["验收单", "合格"], rng)]


def _look_backs(commitment, today):
    """列入回头看 at the turn of every year since the reply."""
    years = range(commitment.reply.issued_on.year + 1, today.year + 1)
    return [(date(year, 1, 5), "look_back", "system", {"year": year}) for year in years]


def _fate(number, commitment, today, rng):
    due, fate = commitment.promised_on, Fate()
    made = commitment.reply.issued_on
    middle = made + (due - made) / 2
    if middle < today:
        fate.add(middle, "report_progress", "unit", words=PROGRESS[number % len(PROGRESS)])
    if due > today - timedelta(NEARLY):
        return _recent(number, fate, due, today)
    kind = number % 14
    if kind in (3, 8):
        later = due + timedelta(92)
        fate.add(due - timedelta(12), "move_date", "unit", promised_on=later, words=WHY_MOVED[number % 2])
        due = later
    if kind == 5:
        return _failed(fate, due, CommitmentStatus.PARTLY, LESS, number, settles=number % 4 == 1)
    if kind == 11:
        return _failed(fate, due, CommitmentStatus.BROKEN, NOT_DONE, number, settles=False)
    if kind == 4:
        due = _reopened(fate, due, number)
    _reported(fate, due + timedelta(2 if kind == 2 else -5))
    fate.add(due + timedelta(8), "verify", "office", outcome="kept", words=SEEN[number % len(SEEN)])
    if kind == 6:
        fate.add(
            due + timedelta(14), "confirm", "deputy", outcome="partly", words=OBJECTIONS[number // 14 % 2]
        )
        fate.add(
            due + timedelta(24),
            "verify",
            "office",
            outcome="kept",
            words="与代表一起到现场复核，已经补上，代表在场确认。",
        )
        fate.add(due + timedelta(25), "confirm", "deputy", outcome="kept", words="")
    elif kind != 9:
        words = KEPT_WORDS[number % 2]
        fate.add(due + timedelta(13), "confirm", "deputy", outcome="kept", words=words)
    fate.add(due + timedelta(50), "mark_unconfirmed", "system")
    return fate


def _reported(fate, day):
    fate.add(day, "report_progress", "unit", words=DONE[day.day % len(DONE)], is_done=True, evidence=_photo)


def _reopened(fate, due, number):
    """Found half done, explained, and followed again until a new day, which is returned."""
    later = due + timedelta(110)
    fate.add(due + timedelta(5), "verify", "office", outcome=CommitmentStatus.PARTLY.value, words=LESS[0])
    fate.add(due + timedelta(9), "explain_promise", "unit", words=WHY_BROKEN[number % 2])
    reason = "原因属实，与代表和单位重新约定了完成日期。"
    fate.add(due + timedelta(16), "reopen_promise", "office", promised_on=later, reason=reason)
    return later


def _failed(fate, due, outcome, words, number, *, settles):
    fate.add(due + timedelta(15), "verify", "office", outcome=outcome.value, words=words[number % 2])
    fate.add(due + timedelta(21), "explain_promise", "unit", words=WHY_BROKEN[number % 2])
    fate.add(
        due + timedelta(23), "confirm", "deputy", outcome=outcome.value, words="希望明年按说明的时间办成。"
    )
    fate.add(due + timedelta(60), "mark_unconfirmed", "system")
    if settles:
        fate.add(
            due + timedelta(80),
            "settle_look_back",
            "office",
            words="其余部分已并入明年专项计划，代表同意不再单独跟踪。",
        )
    return fate


def _recent(number, fate, due, today):
    """Near today everything is to be seen: to verify, late, moved, disputed, to confirm, to explain."""
    kind = number % 6
    if due > today:
        if kind == 1:
            later = due + timedelta(92)
            fate.add(today - timedelta(20), "move_date", "unit", promised_on=later, words=WHY_MOVED[1])
        elif kind == 4 and due < today + timedelta(60):
            _reported(fate, today - timedelta(3))
        return fate
    if kind == 0:
        return fate  # late, and nothing reported
    if kind == 1:
        fate.add(due + timedelta(6), "verify", "office", outcome="broken", words=NOT_DONE[0])
        return fate.add(due + timedelta(9), "explain_promise", "unit", words=WHY_BROKEN[0])
    _reported(fate, due - timedelta(2))
    if kind == 2:
        return fate  # waits for verification
    fate.add(due + timedelta(3), "verify", "office", outcome="kept", words=SEEN[0])
    if kind == 3:
        fate.add(due + timedelta(6), "confirm", "deputy", outcome="partly", words=OBJECTIONS[0])
    elif kind == 4:
        fate.add(due + timedelta(6), "confirm", "deputy", outcome="kept", words=KEPT_WORDS[0])
    return fate
