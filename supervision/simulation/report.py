"""What a simulated year came to, counted from the rows of the database."""

from collections import Counter
from statistics import median

from django.db.models import Count, F, Q

from notifications.models import Delivery, Digest, Notice
from proposals.models import Assignment, Clock, Commitment, Proposal, Rating, Reply
from proposals.status import AssignmentRole, AssignmentStatus, ClockKind
from supervision.models import Reminder

REPLY_CLOCKS = (ClockKind.REPLY, ClockKind.REDO)


def report(year, last_day):
    """The lines to print: sent per stage, escalations, late items, rounds, commitments, the job's time.

    `year` is the Year that was lived through, `last_day` its end (a Shanghai date).
    """
    yield from _steps(year)
    yield from _reminders()
    yield from _sent()
    yield from _late(last_day)
    yield from _outcomes()
    yield from _commitments(last_day)
    yield from _time(year)


def _steps(year):
    yield f"走了 {sum(year.actions.values())} 步，被拒 {sum(year.refused.values())} 次。"
    yield from (f"  被拒 {count} 次：{words}" for words, count in year.refused.most_common(5))


def _reminders():
    """Per stage, and what of it went past the holder (escalation): the signer's first day over, the office."""
    yield "提醒（阶段：条数）"
    stages = Reminder.objects.order_by("-stage").values_list("stage").annotate(Count("pk"))
    grouped = Counter()
    for stage, count in stages:
        grouped[f"提前 {stage} 天" if stage > 0 else "当天" if stage == 0 else f"超期 {-stage} 天"] += count
    yield from (f"  {words}：{count}" for words, count in grouped.items())
    overdue = Reminder.objects.filter(stage__lt=0)
    signers = overdue.filter(user__grants__role="signer").count()
    sides = overdue.filter(clock__assignment__isnull=False, user__grants__role__in=("liaison", "hub")).count()
    yield f"升级：告知签发人 {signers} 条，告知交办方 {sides} 条。"


def _sent():
    states = dict(Delivery.objects.order_by().values_list("state").annotate(Count("pk")))
    people = Digest.objects.values("user").distinct().count()
    yield (
        f"站内消息 {Notice.objects.count()} 条，每日汇总 {Digest.objects.count()} 份（{people} 人），"
        f"投递：{'，'.join(f'{Delivery.State(state).label} {count}' for state, count in states.items())}。"
    )


def _late(last_day):
    answered = Clock.objects.filter(kind__in=REPLY_CLOCKS, assignment__parent__isnull=True)
    met = answered.filter(met_on__isnull=False)
    late = met.filter(met_on__gt=F("due_on"))
    still = answered.filter(met_on__isnull=True, voided_on__isnull=True, due_on__lt=last_day)
    delays = [(met_on - due_on).days for met_on, due_on in late.values_list("met_on", "due_on")]
    worst = f"，最长 {max(delays)} 天，中位 {median(delays):.0f} 天" if delays else ""
    yield f"答复：{met.count()} 件次，超期答复 {late.count()} 件次{worst}；年末仍超期 {still.count()} 件次。"
    signed = Clock.objects.filter(kind=ClockKind.ACCEPT, met_on__isnull=False)
    yield f"签收：{signed.count()} 次，超期 {signed.filter(met_on__gt=F('due_on')).count()} 次。"


def _outcomes():
    rounds = Proposal.objects.order_by("round").values_list("round").annotate(Count("pk"))
    yield f"轮次：{'，'.join(f'第 {number} 轮 {count} 件' for number, count in rounds)}。"
    statuses = Counter(Proposal.objects.values_list("status", flat=True))
    labels = dict(Proposal._meta.get_field("status").choices)
    yield f"年末状态：{'，'.join(f'{labels[code]} {count}' for code, count in statuses.most_common())}。"
    silent = Reply.objects.filter(silent_on__isnull=False).count()
    bad = Rating.objects.filter(Q(result="dissatisfied") | Q(attitude="dissatisfied")).count()
    yield f"测评：已测评 {Rating.objects.count()}，其中不满意 {bad}；未表态 {silent}。"
    never = Assignment.objects.filter(
        role=AssignmentRole.CO, status=AssignmentStatus.RELEASED, answered_on__isnull=True
    )
    yield f"会办意见未提交：{never.count()} 件次。"


def _commitments(last_day):
    """All that still stand; of those due by then, what became of them (落实)."""
    all_of_them = Commitment.objects.filter(replaced_by__isnull=True)
    due = all_of_them.filter(promised_on__lte=last_day)
    outcomes = Counter(due.values_list("status", flat=True))
    labels = dict(Commitment._meta.get_field("status").choices)
    moved = all_of_them.filter(moves__gt=0).count()
    yield (
        f"承诺：{all_of_them.count()} 项，改过期 {moved} 项；年内到期 {due.count()} 项："
        f"{'，'.join(f'{labels[code]} {count}' for code, count in outcomes.most_common())}。"
    )


def _time(year):
    seconds = sorted(year.job_seconds)
    if seconds:
        yield (
            f"每日任务：{year.workdays} 个工作日，中位 {median(seconds):.2f} 秒，最长 {seconds[-1]:.2f} 秒；"
            f"新提醒 {year.jobs['reminders']} 条，汇总 {year.jobs['digests']} 份，"
            f"记为未表态 {year.jobs['silent']} 件，发出 {year.jobs['sent']} 封。"
        )
