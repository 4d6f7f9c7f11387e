"""督办活动 of the demonstration: held with photos and minutes, planned with answers, tasks in all stages."""

from datetime import timedelta

from django.db.models import Max
from django.utils import timezone

from accounts.models import Grant, Role
from core.dates import SHANGHAI
from notifications.models import Notice
from proposals.demo.files import make_file
from proposals.models import Assignment
from proposals.status import AssignmentStatus

from .. import activities, findings
from ..activities import perform
from ..models import ActivityStep, Finding, RoleKind, Topic, TopicState
from .moments import workdays_ago

# By the topic: (what was found, what is asked for), three of each; others take the last.
FOUND = {
    "老旧小区改造和加装电梯": (
        ("东风里 3 栋电梯井道停工 4 个月，没有围挡", "恢复施工，先把围挡和警示灯做好"),
        ("维修资金应急支取要跑 5 个窗口", "并到一个窗口，公布材料清单"),
        ("小区公共收益账目三年没有公示", "补齐三年账目，按季公示"),
    ),
    "农村饮水和水利设施安全": (
        ("青石水库溢洪道被种菜占用 60 米", "清退种植，设界桩"),
        ("末级渠系 1.8 公里没有衬砌，跑水严重", "列入今冬水利项目，先抢修险段"),
        ("6 处集中供水点没有水质检测记录", "补齐检测设备，每月公示"),
    ),
    "基层医疗服务能力提升": (
        ("三家县医院夜间没有儿科医生在岗", "排出夜诊班表，向社会公布"),
        ("急救站点到最远的村要 55 分钟", "增设 2 处急救站点"),
        ("筛查阳性的 41 人没有随访记录", "逐人随访，建立台账"),
    ),
    "城区内涝和排水设施整治": (
        ("麻石巷雨水口有 9 处被水泥封死", "全部打开，装防臭格栅"),
        ("麻纺厂片区泵站备用电源不能启动", "更换电池，每月试机"),
        ("老管网没有普查图纸", "完成 12 公里管网普查"),
    ),
    "": (
        ("台账只记到上半年，进度说不清", "补齐台账，每月 5 日前更新"),
        ("窗口没有一次告知，群众来回跑", "公布办事清单，一次告知"),
        ("经费已下达，项目还没有开工", "明确开工日期和责任人"),
    ),
}
# 整改进展: of works on the ground, and of papers and procedures (whose findings stand in PAPERS).
SITE = (
    "已经进场，完成一半，正在抢工期。",
    "施工队伍和材料已经到位，先做险处，其余月底前做完。",
    "已经清出现场，完成六成，雨天停了三天，正在赶。",
)
PAPER = (
    "已经梳理一半，正在同有关科室逐条核对。",
    "初稿已经形成，正在征求意见，下周上会。",
    "牵头科室和责任人已经明确，材料补了三分之二。",
)
PARTLY = ("只做了主要的一处，其余还没有动。", "只补了今年的，往年的还没有补。")
PAPERS = frozenset(
    {
        "维修资金应急支取要跑 5 个窗口",
        "小区公共收益账目三年没有公示",
        "6 处集中供水点没有水质检测记录",
        "三家县医院夜间没有儿科医生在岗",
        "筛查阳性的 41 人没有随访记录",
        "老管网没有普查图纸",
        "台账只记到上半年，进度说不清",
        "窗口没有一次告知，群众来回跑",
        "经费已下达，项目还没有开工",
    }
)
# What comes next, by the topic's number: kind, days from today, name, purpose.
AHEAD = (
    ("summons", 6, "约谈进度滞后的单位", "逐项说清没有完成的原因和完成的日期。"),
    ("revisit", 12, "回访第一批整改点", "看整改后的样子，听附近居民怎么说。"),
    ("hearing", 8, "听取承办单位阶段汇报", "逐件对照督办计划说进度，列出下一步和责任人。"),
    ("on_site", 15, "现场督办重点点位", "看进度，当场商定卡住的事由谁解决。"),
    ("summons", 20, "约谈整改超期的单位", "说清超期的原因，明确完成日期。"),
    ("on_site", 10, "邀请代表集中视察", "请领衔代表看办理的实际效果。"),
)
OPINION = "现场看过，比去年好，但路口那一段还没有做，请盯住。"


def tell(desk):
    """Activities of each decided topic of one congress, and one of a single case that its committee supervises."""
    topics = Topic.objects.filter(congress=desk.tenant.congress, state=TopicState.DECIDED).order_by("pk")
    for number, topic in enumerate(topics):
        Teller(desk, topic, number).tell()
    _single_case(desk)
    _settle(desk)


def _people(congress, role, **target):
    """The users of a role in the congress, in order."""
    grants = Grant.objects.in_force().filter(congress=congress, role=role, **target)
    return [grant.user for grant in grants.select_related("user").order_by("pk")]


class Teller:
    """Walks the activities of one topic (or of one case) through their steps, each at its time."""

    def __init__(self, desk, topic, number, proposal=None, actor=None):
        self.desk, self.topic, self.number, self.proposal = desk, topic, number, proposal
        self.congress, self.times = desk.tenant.congress, desk.times
        self.officer = actor or desk.tenant.staff[Role.LIAISON][0]
        sides = list(topic.roles.select_related("unit", "deputy", "user").order_by("pk")) if topic else []
        self.units = [side.unit for side in sides if side.unit_id]
        self.deputies = [side.deputy for side in sides if side.deputy_id]
        self.leaders = [side for side in sides if side.kind == RoleKind.LEADER and side.user_id]
        found = FOUND.get(topic.title, FOUND[""]) if topic else FOUND[""]
        self.words = list(found)

    def tell(self):
        """A visit with findings and tasks, a talk, and what is planned next."""
        visit = self._hold(self._plan("on_site", 30, "现场查看"), 30, self.words[:2], 2)
        for finding, stage in zip(visit.findings.order_by("pk"), ("done", "late"), strict=False):
            self._task(finding, 30, stage)
        talk = self._hold(self._plan("talk", 13, "承办单位座谈会"), 13, self.words[2:], 1)
        stage = ("answered", "partly", "open")[self.number % 3]
        for finding in talk.findings.all():
            self._task(finding, 13, stage)
        self._opinion(visit)
        self._planned()

    def _day(self, days):
        return self.times.ago(days)

    def _at(self, days):
        return self.times.moment(self._day(days), self.desk.rng)

    def _do(self, step, activity, days, *, actor=None, **options):
        """One step so many days ago, on the newest version of what it is about."""
        subject = options.get("task") or activity
        subject.refresh_from_db()
        return perform(
            step,
            activity,
            actor=actor or self.officer,
            version=subject.version,
            now=self._at(days),
            request_id=self.desk.fresh_id(),
            **options,
        )

    def _plan(self, kind, days, name, **more):
        """An activity planned a week before its day; days below 0 lie ahead."""
        on = self._day(days) if days >= 0 else self.times.workday(self.times.today - timedelta(days=days))
        leader = self.leaders[0] if self.leaders else None
        data = {
            "kind": kind,
            "name": name,
            "on": on,
            "place": "现场" if kind == "on_site" else f"{self.congress.office_name}会议室",
            "chair": f"{leader.name}{leader.title}带队" if leader else self.congress.liaison_name,
            "units": self.units,
            "leaders": [leader.user] if leader else [],
            "deputies": self.deputies[:4],
            **more,
        }
        step = activities.plan(
            actor=self.officer,
            data=data,
            topic=self.topic,
            proposal=self.proposal,
            now=self._at(max(days, 0) + 6),
            request_id=self.desk.fresh_id(),
        )
        return step.activity

    def _hold(self, activity, days, found, photos):
        for invitation in activity.invitations.filter(state="invited").select_related("deputy"):
            people = _people(self.congress, Role.DEPUTY, deputy=invitation.deputy)
            if people:
                answer = {"comes": True, "reason": ""}
                self._do(
                    activities.ANSWER, activity, days + 3, actor=people[0], thing=invitation, data=answer
                )
        rng = self.desk.rng
        files = [make_file(f"{activity}{n}.png", [], rng) for n in range(1, photos + 1)]
        files.append(make_file(f"{activity}纪要.pdf", [f"{activity}纪要", *(w for w, _ in found)], rng))
        data = {
            "on": activity.on,
            "chair": activity.chair,
            "words": f"看了 {3 + self.number} 处，听取 {len(self.units)} 家单位说明，当场交办 {len(found)} 项。",
            "came": self.deputies[: 3 if activity.kind == "on_site" else 2],
            "findings": [words for words, _ in found],
            "files": files,
            "shares_minutes": self.number % 2 == 0,
        }
        self._do(activities.HOLD, activity, days, data=data)
        activity.refresh_from_db()
        return activity

    def _task(self, finding, given, stage):
        """The finding given to a unit so many days ago, and how far it came."""
        worked = [unit for unit in self.units if _people(self.congress, Role.HANDLER, unit=unit)]
        if not worked:
            return
        unit = worked[(self.number + finding.pk) % len(worked)]
        due = {"done": given - 18, "late": 6, "answered": -3, "partly": 2, "open": -12}[stage]
        data = {
            "unit": unit,
            "demand": dict(self.words)[finding.words],
            "due_on": self.times.workday(self.times.today - timedelta(days=due)),
            "responsible": "分管负责人",
        }
        given_on = self._do(findings.GIVE, finding.activity, given - 1, thing=finding, data=data)
        task, handler = given_on.task, _people(self.congress, Role.HANDLER, unit=unit)[0]
        self._go_on(task, handler, stage)

    def _go_on(self, task, handler, stage):
        activity = task.finding.activity
        choices = PAPER if task.finding.words in PAPERS else SITE
        words = {"words": choices[(self.number + task.pk) % len(choices)]}
        self._do(findings.PROGRESS, activity, 9, actor=handler, task=task, data=words)
        if stage in ("late", "open"):
            return
        evidence = make_file("整改后.png", [], self.desk.rng)
        done = "办法和台账已经补齐并公布" if choices is PAPER else "按要求整改完成"
        report = {"words": f"{done}，附照片。", "files": [evidence]}
        self._do(findings.REPORT, activity, 5, actor=handler, task=task, data=report)
        if stage == "done":
            data = {"outcome": "done", "words": "联工委到现场核实，属实。"}
            self._do(findings.VERIFY, activity, 3, task=task, data=data)
        elif stage == "partly":
            until = self.times.workday(self.times.today + timedelta(days=25))
            data = {"outcome": "partly", "words": PARTLY[choices is PAPER], "due_on": until}
            self._do(findings.VERIFY, activity, 2, task=task, data=data)

    def _opinion(self, activity):
        Finding.objects.filter(activity=activity).update(is_shown=self.number % 2 == 0)
        for invitation in activity.invitations.filter(came=True).select_related("deputy")[:1]:
            people = _people(self.congress, Role.DEPUTY, deputy=invitation.deputy)
            if people:
                self._do(
                    activities.OPINION,
                    activity,
                    20,
                    actor=people[0],
                    thing=invitation,
                    data={"words": OPINION},
                )

    def _planned(self):
        """What comes next, with one deputy who comes, one who cannot, and others who have not said yet."""
        kind, days, name, purpose = AHEAD[self.number % len(AHEAD)]
        activity = self._plan(kind, -days, name, purpose=purpose)
        answers = ({"comes": True, "reason": ""}, {"comes": False, "reason": "当天在外地培训"})
        rows = activity.invitations.select_related("deputy").order_by("pk")
        for invitation, answer in zip(rows, answers, strict=False):
            people = _people(self.congress, Role.DEPUTY, deputy=invitation.deputy)
            if people and self.number:
                self._do(activities.ANSWER, activity, 1, actor=people[0], thing=invitation, data=answer)


def _single_case(desk):
    """A committee supervises one case by itself: a visit back, with one task of its lead unit."""
    congress = desk.tenant.congress
    members = _people(congress, Role.COMMITTEE)
    places = Assignment.objects.filter(
        congress=congress,
        status=AssignmentStatus.ACCEPTED,
        unit__grants__role=Role.HANDLER,
        proposal__hides_proposer=False,
        proposal__topic_cases=None,
    ).exclude(role="co")
    # What happened lately would stand before its time in the history.
    places = places.annotate(last_at=Max("proposal__events__at")).order_by("last_at", "pk")
    place = places.select_related("unit", "proposal__congress", "proposal__lead").first()
    if place is None or not members:
        return
    teller = _OfCase(desk, None, 1, proposal=place.proposal, actor=members[0])
    teller.units, teller.deputies = [place.unit], [place.proposal.lead]
    teller.last = place.last_at.astimezone(SHANGHAI)
    activity = teller._hold(teller._plan("revisit", 3, "回访"), 3, teller.words[:1], 1)
    finding = activity.findings.first()
    due_on = desk.times.workday(desk.times.today + timedelta(days=16))
    data = {"unit": place.unit, "demand": dict(teller.words)[finding.words], "due_on": due_on}
    teller._do(findings.GIVE, activity, 1, thing=finding, data=data)


class _OfCase(Teller):
    """Counts working days, and each step is later than the last: the case's own history runs on in time."""

    last = None

    def _day(self, days):
        return workdays_ago(self.desk, days)

    def _at(self, days):
        day = max(self._day(days), self.last.date())
        self.last = self.times.moment(day, self.desk.rng, after=self.last)
        return self.last


def _settle(desk):
    """Notices of activities get the time of their step; those of earlier days were read."""
    for step in ActivityStep.objects.filter(activity__congress=desk.tenant.congress):
        read_at = step.at + timedelta(hours=3) if step.at < timezone.now() - timedelta(days=4) else None
        Notice.objects.filter(key=f"activity:{step.pk}").update(created_at=step.at, read_at=read_at)
