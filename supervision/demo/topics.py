"""Key topics of the demonstration: six of the province, two of the city, each walked to where it stands."""

from dataclasses import dataclass
from datetime import timedelta

from accounts.models import Role
from institutions.models import Committee
from notifications.models import Notice
from proposals.models import Cosignature, Proposal
from proposals.status import CosignState

from .. import topic_sides
from ..models import RoleKind, Topic, TopicRole
from ..topic_actions import LISTABLE, ROWS, late_cases
from ..topic_people import units_of_cases
from ..topics import perform, propose

# Days before the loading on which a topic was named, decided, and its plan printed.
NAMED, DECIDED, PRINTED = 70, 58, 52
# Heads of units (主要负责人) are invented; the first of a name is enough for a unit that stands in several topics.
HEADS = [
    "覃远志",
    "莫向阳",
    "龙在田",
    "向明远",
    "石望山",
    "谭少卿",
    "周如海",
    "彭正涛",
    "易长青",
    "段云飞",
    "贺子安",
    "舒怀瑾",
]
TITLES = {"厅": "厅长", "局": "局长", "室": "主任", "委员会": "主任", "部": "部长", "办公室": "主任"}


@dataclass(frozen=True)
class Plot:
    """One topic. `cases`: words in the titles of its proposals; `steps`: (days from the loading, what, side, done)."""

    title: str
    reason: str
    committee: str
    leader: int
    gov_leader: int
    cases: tuple[str, ...]
    steps: tuple
    # How far it came.
    state: str = "decided"
    names_heads: bool = True


PROVINCE = (
    Plot(
        "老旧小区改造和加装电梯",
        "涉及 4.6 万户居民，加装电梯协商难、维修资金取用慢，代表连续两年提出。",
        "环境与资源保护委员会",
        1,
        1,
        ("加装电梯协商", "老旧小区改造质量", "专项维修资金应急", "公共收益管理"),
        (
            (-50, "入户调研", "committee", -49),
            (-31, "召开座谈会", "office", -30),
            (-12, "逐件听取进展", "committee", -12),
            (6, "现场督办加装电梯样板小区", "leader", None),
            (38, "主任会议听取办理情况汇报", "gov_leader", None),
        ),
    ),
    Plot(
        "农村饮水和水利设施安全",
        "4 件建议涉及水库、灌区末级渠系和小型集中供水，汛前汛后各有险情，与全年乡村建设重点一致。",
        "农业与农村委员会",
        0,
        0,
        ("小型水库除险", "灌区末级渠系", "集中供水工程水质", "山洪灾害预警", "蓄洪垸安全"),
        (
            (-49, "明确六方人员，印发督办方案", "office", -52),
            (-40, "沿渠巡查，查看小型水库", "committee", -38),
            (-21, "召开承办单位座谈会", "office", -20),
            (-3, "书面催办超期件", "office", None),
            (4, "约谈答复超期的承办单位", "leader", None),
            (45, "主任会议听取办理情况汇报", "gov_leader", None),
        ),
    ),
    Plot(
        "基层医疗服务能力提升",
        "儿科夜诊、偏远山区急救、两癌筛查是群众看病反映最集中的几件事。",
        "教育科学文化卫生委员会",
        1,
        1,
        ("儿科夜间门诊", "院前急救站点", "两癌筛查", "检查检验结果互认", "院内制剂调剂"),
        (
            (-48, "走访县医院和乡镇卫生院", "committee", -46),
            (-24, "面商答复", "committee", -23),
            (10, "满意度回访", "office", None),
            (60, "年底回头看", "committee", None),
        ),
    ),
    Plot(
        "中小微企业融资和清欠",
        "无还本续贷、以审计为由拖欠、兑付周期长，直接关系企业周转，三个市州代表团都有建议。",
        "财政经济委员会",
        0,
        0,
        ("无还本续贷", "工程审计为由拖欠", "以旧换新补贴结算"),
        (
            (-45, "企业座谈", "committee", -44),
            (-26, "召开督办推进会", "leader", -26),
            (3, "会同承办单位审核答复稿", "office", None),
            (50, "专题询问", "leader", None),
        ),
        names_heads=False,
    ),
    Plot(
        "学生心理健康和近视防控",
        "心理健康教师缺口大，近视率连续三年在高位，家长和学校反映强烈。",
        "教育科学文化卫生委员会",
        1,
        1,
        ("心理健康教师", "近视防控", "体育场地向社会开放"),
        (
            (-44, "召开师生座谈会", "committee", -43),
            (-15, "抽查 12 所学校", "committee", -13),
            (12, "听取整改情况", "office", None),
            (70, "年底回头看", "committee", None),
        ),
    ),
    Plot(
        "社区养老和老年助餐",
        "助餐点开得起办不久，护理员留不住，涉及每个街道。",
        "社会建设委员会",
        2,
        0,
        ("老年助餐点", "养老护理员", "认知障碍老人", "居家适老化", "农村互助养老"),
        (
            (-46, "实地调研 9 个助餐点", "committee", -45),
            (-18, "与省民政厅面商", "committee", -17),
            (5, "现场督办", "leader", None),
            (42, "主任会议听取办理情况汇报", "gov_leader", None),
        ),
    ),
    Plot(
        "新就业形态劳动者权益保障",
        "外卖骑手、网约车司机职业伤害保障和平台抽成，几件建议集中提出。",
        "社会建设委员会",
        0,
        0,
        ("职业伤害保障", "欠薪"),
        (),
        state="proposed",
    ),
)
CITY = (
    Plot(
        "城区内涝和排水设施整治",
        "麻石巷、麻纺厂片区连年内涝，老旧管网和二次供水一并整治。",
        "城乡建设与环境资源委员会",
        0,
        0,
        ("麻石巷", "麻纺厂片区内涝", "二次供水"),
        (
            (-40, "雨后现场查看", "committee", -39),
            (-9, "听取承办单位汇报", "office", -8),
            (8, "现场督办", "leader", None),
        ),
    ),
    Plot(
        "无障碍环境建设",
        "盲道被占、公厕没有无障碍设施，残疾人代表连续提出。",
        "社会建设委员会",
        0,
        0,
        ("盲道被占", "公共厕所无障碍"),
        ((-38, "与残疾人代表一起走访", "committee", -37), (9, "回访", "office", None)),
        names_heads=False,
    ),
)


def tell(desk):
    """The key topics of one congress, up to the day of loading. Cases that this demonstration lacks are left out."""
    tenant = desk.tenant
    plots = {"xiaonan": PROVINCE, "lanjiang": CITY}.get(tenant.place.code, ())
    for plot in plots:
        cases = _cases(tenant.congress, plot)
        if cases:
            Teller(desk, plot, cases).tell()
    _settle(tenant.congress, desk.times)


def _cases(congress, plot):
    """The newest case for each of the plot's words, none twice."""
    found = {}
    rows = Proposal.objects.filter(congress=congress, status__in=LISTABLE).exclude(number="")
    for words in plot.cases:
        taken = rows.filter(topic_cases__isnull=True).exclude(pk__in=found)
        if case := taken.filter(title__contains=words).order_by("-filed_on", "-pk").first():
            found[case.pk] = case
    return list(found.values())


class Teller:
    """Walks one topic through its actions, each at its time."""

    def __init__(self, desk, plot, cases):
        self.desk, self.plot, self.cases = desk, plot, cases
        self.tenant, self.times = desk.tenant, desk.times
        self.officer = self.tenant.staff[Role.LIAISON][0]
        self.topic, self.last = None, {}

    def tell(self):
        """All of it; a case that came after the decision was added later, by a decision of its own."""
        plot, early, late = self.plot, self._filed_before(True), self._filed_before(False)
        first = early or late
        data = {"title": plot.title, "reason": plot.reason, "cases": first, "year": self.times.today.year}
        made = propose(
            ROWS["propose"],
            self.tenant.congress,
            actor=self.officer,
            data=data,
            now=self._at(NAMED),
            request_id=self.desk.fresh_id(),
        )
        self.topic = made.topic
        if plot.state == "proposed":
            return
        self._do("decide", DECIDED, **self._decision(DECIDED), reason=plot.reason)
        if early and late:
            why = "同属一类问题，一并督办。"
            self._do("add_cases", 9, cases=late, why=why, **self._decision(9))
        self._do("sides", PRINTED, sides=list(self._sides()))
        self._plan()
        self._report()

    def _filed_before(self, is_before):
        day = self.times.ago(DECIDED)
        return [case for case in self.cases if (case.filed_on < day) == is_before]

    def _at(self, days):
        """A moment on the working day so many days ago, after whatever was done that day before."""
        day = self.times.ago(days)
        after = self.last.get(day)
        self.last[day] = at = self.times.moment(day, self.desk.rng, after=after)
        return at

    def _do(self, code, days, *, step=None, **data):
        perform(
            ROWS[code],
            self.topic,
            actor=self.officer,
            data=data,
            step=step,
            now=self._at(days),
            request_id=self.desk.fresh_id(),
        )

    def _decision(self, days):
        """主任会议 of that day, with its number."""
        day = self.times.ago(days)
        number = 40 + (day - self.times.today.replace(month=1, day=1)).days // 12
        place = self.tenant.place
        level = "省" if place.code == "xiaonan" else "市"
        meeting = f"{level}人大常委会第{number}次主任会议"
        return {
            "meeting": meeting,
            "decided_on": day,
            "document_no": f"{place.document_sign}人常主〔{day.year}〕{number - 30}号",
        }

    def _sides(self):
        """Everybody of the six sides, out of the accounts of the demonstration."""
        for kind, role, index in (
            (RoleKind.LEADER, Role.LEADER, self.plot.leader),
            (RoleKind.GOV_LEADER, Role.GOV_LEADER, self.plot.gov_leader),
        ):
            people = self.tenant.staff.get(role, [])
            if people:
                user = people[index % len(people)]
                title = user.grants.filter(role=role).first().title
                contact = "常委会办公室" if kind == RoleKind.LEADER else "政府督查室"
                yield TopicRole(
                    kind=kind,
                    user=user,
                    name=user.name,
                    title=title,
                    contact=contact,
                    contact_phone=f"8866 {self.desk.rng.randint(1001, 1998)}",
                )
        committee = Committee.objects.get(congress=self.tenant.congress, name=self.plot.committee)
        yield TopicRole(
            kind=RoleKind.COMMITTEE,
            committee=committee,
            name=HEADS[committee.pk % len(HEADS)],
            title="主任委员",
        )
        yield TopicRole(
            kind=RoleKind.OFFICE,
            user=self.officer,
            name=self.officer.name,
            contact_phone=self.tenant.congress.liaison_phone,
        )
        for unit in units_of_cases(self.cases):
            yield TopicRole(kind=RoleKind.UNIT, unit=unit, **self._head(unit))
        yield from self._deputies()

    def _head(self, unit):
        if not self.plot.names_heads:
            return {}
        title = next((title for ending, title in TITLES.items() if unit.name.endswith(ending)), "主要负责人")
        return {"name": HEADS[unit.pk % len(HEADS)], "title": title}

    def _deputies(self):
        signed = Cosignature.objects.filter(proposal__in=self.cases, state=CosignState.CONFIRMED)
        deputies = {case.lead_id: case.lead for case in self.cases}
        deputies |= {row.deputy_id: row.deputy for row in signed.select_related("deputy")[:6]}
        for deputy in deputies.values():
            yield TopicRole(kind=RoleKind.DEPUTY, deputy=deputy, name=deputy.name)

    def _plan(self):
        for days, words, kind, _ in self.plot.steps:
            who = list(self.topic.roles.filter(kind=kind))
            planned_on = self.times.workday(self.times.today + timedelta(days=days))
            self._do("add_step", PRINTED - 1, planned_on=planned_on, words=words, who=who)
        self._do("print_plan", PRINTED - 2, on=self.times.ago(PRINTED - 2))
        for (_, _, _, done), step in zip(self.plot.steps, self.topic.milestones.order_by("pk"), strict=True):
            if done is not None:
                self._do("done", -done, step=step, on=self.times.ago(-done), words="纪要已存档。")

    def _report(self):
        """The leader is told of the latest case, where one is late."""
        day = self.times.ago(1)
        if late := late_cases(self.topic, day):
            self._do("report", 1, case=late[0], words="承办单位还没有说明原因，建议约谈。")


def _settle(congress, times):
    """Notices of topics get the time of their line of history; those of earlier days were read."""
    for topic in Topic.objects.filter(congress=congress):
        for event in topic.events.all():
            read_at = event.at + timedelta(hours=3) if event.at < times.now - timedelta(days=4) else None
            Notice.objects.filter(key=f"topic:{event.pk}").update(created_at=event.at, read_at=read_at)
        topic_sides.ensure_units(topic)
