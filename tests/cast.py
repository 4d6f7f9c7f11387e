"""The people of the tests, and proposals that walked to their state through `perform`.

澜江市 is the congress; 溪山县 the stranger beside it. 林秀芝 proposes, 唐伯安 is asked to co-sign, 肖立诚 is
another deputy; 苏婉仪 is liaison staff; 市民政局 leads, 市财政局 and 市卫健委 assist; 市教育局 looks on. 杜克明
of 市政府督查室 passes cases on; 市档案馆 works on paper.
"""

import uuid
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import SimpleNamespace

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Grant, Role, User
from core.calendars import load_calendar
from core.workdays import workday_from
from deputies.models import Delegation, Deputy, Session, Term
from institutions.models import Committee, Congress, Level, Unit
from proposals import drafts
from proposals.models import Assignment, Category, Commitment, Proposal
from proposals.rules import install_preset
from proposals.status import AssignmentRole, AssignmentStatus, ProposalStatus
from proposals.workflow import perform

PASSWORD = "Lanjiang-2026"

UNITS = {
    "civil": "市民政局",
    "finance": "市财政局",
    "health": "市卫生健康委员会",
    "education": "市教育局",
    "transport": "市交通运输局",
    "hub": "市政府督查室",
    "archive": "市档案馆",  # does not use the system
}
PEOPLE = {
    # name in tests: (姓名, role, target)
    "lin": ("林秀芝", Role.DEPUTY, "lin"),
    "tang": ("唐伯安", Role.DEPUTY, "tang"),
    "xiao": ("肖立诚", Role.DEPUTY, "xiao"),
    "su": ("苏婉仪", Role.LIAISON, None),
    "chen": ("陈晓岚", Role.HANDLER, "civil"),
    "zou": ("邹立新", Role.HANDLER, "civil"),
    "fang": ("方志远", Role.SIGNER, "civil"),
    "gao": ("高文博", Role.HANDLER, "finance"),
    "he": ("何敬之", Role.SIGNER, "finance"),
    "wei": ("韦冬梅", Role.HANDLER, "health"),
    "lu": ("陆春生", Role.SIGNER, "health"),
    "qin": ("秦月", Role.HANDLER, "education"),
    "mo": ("莫大同", Role.SIGNER, "education"),
    "hub": ("杜克明", Role.HUB, "hub"),
    "gov": ("常市长", Role.GOV_LEADER, None),
    "jiang": ("蒋可", Role.COMMITTEE, "social"),
    "luo": ("罗主任", Role.LEADER, None),
    "zhang": ("张代工", Role.DELEGATION_STAFF, "east"),
    "admin": ("管理员", Role.ADMIN, None),
}


@dataclass
class Cast:
    """Users by their short names, and what they belong to."""

    congress: Congress
    stranger: SimpleNamespace
    units: dict = field(default_factory=dict)
    deputies: dict = field(default_factory=dict)
    categories: dict = field(default_factory=dict)
    people: dict = field(default_factory=dict)
    session: Session = None
    delegation: Delegation = None
    committee: Committee = None

    def __getattr__(self, name):
        try:
            return self.__dict__["people"][name]
        except KeyError:
            raise AttributeError(name) from None


def make_user(username, name, **fields):
    """A user who may sign in with PASSWORD and need not change it."""
    user = User(username=username, name=name, must_change_password=False, **fields)
    user.set_password(PASSWORD)
    user.save()
    return user


def build_cast(preset="general"):
    """Make the two congresses and everybody in them."""
    congress = _congress("lanjiang", "澜江市", preset)
    cast = Cast(congress=congress, stranger=_strangers())
    term = Term.objects.create(congress=congress, number=16, name="第十六届", starts_on=date(2022, 1, 10))
    cast.session = Session.objects.create(
        congress=congress,
        term=term,
        number=5,
        name="十六届人大五次会议",
        year=2026,
        opens_on=date(2026, 1, 26),
        closes_on=date(2026, 1, 30),
    )
    cast.delegation = Delegation.objects.create(congress=congress, name="澜东代表团")
    other_delegation = Delegation.objects.create(congress=congress, name="溪口代表团")
    cast.committee = Committee.objects.create(congress=congress, name="社会建设委员会")
    cast.units = {
        key: Unit.objects.create(
            congress=congress, name=name, is_hub=key == "hub", has_access=key != "archive"
        )
        for key, name in UNITS.items()
    }
    cast.categories = {
        name: Category.objects.create(congress=congress, name=name) for name in ("社会建设", "教科文卫")
    }
    for index, key in enumerate(("lin", "tang", "xiao"), start=1):
        cast.deputies[key] = Deputy.objects.create(
            congress=congress,
            term=term,
            delegation=other_delegation if key == "xiao" else cast.delegation,
            name=PEOPLE[key][0],
            card_no=f"16{index:04d}",
            phone=f"1380000{index:04d}",
        )
    targets = {**cast.units, **cast.deputies, "social": cast.committee, "east": cast.delegation}
    columns = {
        Role.DEPUTY: "deputy",
        Role.HANDLER: "unit",
        Role.SIGNER: "unit",
        Role.HUB: "unit",
        Role.COMMITTEE: "committee",
        Role.DELEGATION_STAFF: "delegation",
    }
    for key, (name, role, target) in PEOPLE.items():
        user = make_user(key, name, email=f"{key}@example.test")
        reference = {columns[role]: targets[target]} if role in columns else {}
        Grant.objects.create(user=user, role=role, congress=congress, **reference)
        cast.people[key] = user
    return cast


def _congress(code, name, preset):
    congress = Congress.objects.create(
        code=code, name=f"{name}人民代表大会", office_name=f"{name}人大常委会", level=Level.CITY
    )
    install_preset(congress, preset)
    return congress


def _strangers():
    """Another tenant: its liaison officer, a unit with handler and signer, a deputy."""
    congress = _congress("xishan", "溪山县", "general")
    term = Term.objects.create(congress=congress, number=16, name="第十六届", starts_on=date(2022, 1, 10))
    delegation = Delegation.objects.create(congress=congress, name="城关代表团")
    deputy = Deputy.objects.create(
        congress=congress, term=term, delegation=delegation, name="外县代表", card_no="1"
    )
    unit = Unit.objects.create(congress=congress, name="县民政局")
    category = Category.objects.create(congress=congress, name="社会建设")
    people = SimpleNamespace(congress=congress, unit=unit, deputy_row=deputy, category=category)
    for key, role, reference in (
        ("liaison", Role.LIAISON, {}),
        ("handler", Role.HANDLER, {"unit": unit}),
        ("deputy", Role.DEPUTY, {"deputy": deputy}),
        ("admin", Role.ADMIN, {}),
    ):
        user = make_user(f"xishan-{key}", f"外县{key}")
        Grant.objects.create(user=user, role=role, congress=congress, **reference)
        setattr(people, key, user)
    return people


TEXT = {
    "title": "关于在城区社区推广老年助餐服务的建议",
    "situation": "今年春天走访了城南、河东两个街道的 6 个社区，独居老人中午多是对付一顿。",
    "analysis": "一是社区食堂少，二是补助没有分档，三是食品安全检查不公开。",
    "points": ["每个街道至少建成 1 个社区食堂。", "对 70 岁以上老人用餐分档补助。"],
}
CONTACT = {
    "stage": "before",
    "mode": "visit",
    "people": "副局长 邓佩文等 3 人",
    "words": "听取对助餐点选址的意见",
}


def scan(name="签名件.pdf"):
    """A signed paper as it is uploaded."""
    return SimpleUploadedFile(name, b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n")


RETURN = {"reason": "助餐点的消防验收不归我局", "basis": "三定规定第四条", "suggested": "市卫生健康委员会"}
EXTENSION = {"reason": "招标流标，要重新组织", "progress": "已选定 3 处场地"}


def workday(cast, day):
    """`day`, or the next working day: on which a date by decision falls."""
    return workday_from(day, load_calendar(cast.congress.code))


class Walk:
    """Drives one proposal through its life; every step is an action of its own actor.

    `days` passes time between steps, so that dates differ; `now` is the time of the next step.
    """

    def __init__(self, cast, *, now=None, text=None):
        self.cast = cast
        self.now = now or timezone.now() - timedelta(days=1)
        self.proposal = drafts.create_draft(
            cast.deputies["lin"], category=cast.categories["社会建设"], **(text or TEXT)
        )

    def days(self, number):
        self.now += timedelta(days=number)
        return self

    def do(self, action, actor, subject=None, **data):
        """Perform one action; returns self."""
        self.now += timedelta(minutes=1)
        subject = subject or self.proposal
        if isinstance(subject, Assignment | Commitment):
            subject.refresh_from_db()
        else:
            subject = Proposal.objects.get(pk=subject.pk)
        perform(
            action, subject, actor=actor, data=data, version=subject.version, now=self.now,
            request_id=uuid.uuid4(),
        )  # fmt: skip
        self.proposal.refresh_from_db()
        return self

    def place(self, unit):
        """The newest place of a unit, by its short name."""
        return Assignment.objects.filter(proposal=self.proposal, unit=self.cast.units[unit]).latest("pk")

    def cosigned(self, *keys):
        for key in keys or ("tang",):
            self.do("invite", self.cast.lin, deputy=self.cast.deputies[key])
            self.do("cosign", self.cast.people[key], text_hash=self.proposal.text_hash)
        return self

    def submit(self):
        return self.do("submit", self.cast.lin)

    def file(self):
        return self.do("file", self.cast.su, category=self.cast.categories["社会建设"])

    def placements(self, **roles):
        return [{"unit": self.cast.units[key], "role": role} for key, role in roles.items()]

    def assign(self, **roles):
        """Default: 市民政局 leads, 市财政局 assists."""
        roles = roles or {"civil": AssignmentRole.LEAD, "finance": AssignmentRole.CO}
        return self.do("assign", self.cast.su, placements=self.placements(**roles))

    def dispatch(self, **roles):
        """Assigned to the hub, which passes it on; default: 市民政局 leads, 市财政局 assists."""
        if self.proposal.status == ProposalStatus.FILED:
            self.assign(hub=AssignmentRole.LEAD)
        roles = roles or {"civil": AssignmentRole.LEAD, "finance": AssignmentRole.CO}
        return self.do("dispatch", self.cast.hub, self.place("hub"), placements=self.placements(**roles))

    def ask_return(self, unit="civil", *, actor=None):
        return self.do("ask_return", actor or self.handler(unit), self.place(unit), **RETURN)

    def ask_extension(self, unit="civil", *, days=30):
        """Ask for so many days beyond the present date; accepts the place first."""
        if self.place(unit).status == AssignmentStatus.PENDING:
            self.accept(unit)
        place = self.place(unit)
        until = workday(self.cast, place.due_on + timedelta(days=days))
        return self.do("ask_extension", self.handler(unit), place, until=until, **EXTENSION)

    def accept(self, unit="civil"):
        return self.do("accept", self.handler(unit), self.place(unit))

    def contact(self, unit="civil"):
        on = timezone.localdate(self.now)
        actor = self.cast.su if self.proposal.hides_proposer else self.handler(unit)
        return self.do("log_contact", actor, self.place(unit), on=on, **CONTACT)

    def opinion(self, unit="finance"):
        return self.do("give_opinion", self.handler(unit), self.place(unit), words="补助资金已列入预算。")

    def write_reply(self, unit="civil", **fields):
        """Save a complete reply draft."""
        place = self.place(unit)
        complete = {
            "answers": [
                {"state": "doing", "text": f"第 {number} 条：已安排。"}
                for number, _ in enumerate(self.proposal.points, start=1)
            ],
            "reply_class": "solved",
            "doc_no": "澜民函〔2026〕56号",
            "contact_person": "陈晓岚",
            "contact_phone": "8866 1032",
            "late_opinions": {
                str(pk): "补助分担比例待审定"
                for pk in Assignment.objects.filter(
                    proposal=self.proposal, round=place.round, role=AssignmentRole.CO
                ).values_list("pk", flat=True)
            },
        } | fields
        reply = getattr(place, "reply", None)
        drafts.save_reply(
            place,
            complete,
            draft_version=reply.draft_version if reply else None,
            user=self.handler(unit),
            now=self.now,
        )
        return self

    def sign(self, unit="civil", **fields):
        """Accept, contact, write, send and issue the reply of one unit."""
        if self.place(unit).status == AssignmentStatus.PENDING:
            self.accept(unit)
        self.contact(unit).write_reply(unit, **fields)
        self.do("draft_reply", self.handler(unit), self.place(unit))
        return self.do("issue", self.signer(unit), self.place(unit))

    def rate(self, result="satisfied", attitude="satisfied", unit="civil", words=""):
        if "dissatisfied" in (result, attitude) and not words:
            words = "食堂没有按期开餐。"
        place = self.place(unit)
        return self.do("rate", self.cast.lin, place, attitude=attitude, result=result, words=words)

    def handler(self, unit):
        return getattr(
            self.cast, {"civil": "chen", "finance": "gao", "health": "wei", "education": "qin"}[unit]
        )

    def signer(self, unit):
        return getattr(self.cast, {"civil": "fang", "finance": "he", "health": "lu", "education": "mo"}[unit])


def make_proposal(cast, status=ProposalStatus.DRAFT, *, now=None, text=None):
    """A Walk whose proposal reached `status` the ordinary way (one lead, one co; one co-signer)."""
    walk = Walk(cast, now=now, text=text)
    steps = {
        ProposalStatus.DRAFT: (),
        ProposalStatus.SUBMITTED: ("cosigned", "submit"),
        ProposalStatus.FILED: ("cosigned", "submit", "file"),
        ProposalStatus.HANDLING: ("cosigned", "submit", "file", "assign"),
        ProposalStatus.REPLIED: ("cosigned", "submit", "file", "assign", "sign"),
        ProposalStatus.CLOSED: ("cosigned", "submit", "file", "assign", "sign", "rate"),
    }
    if status in steps:
        for step in steps[status]:
            getattr(walk, step)()
        return walk
    if status == ProposalStatus.RETURNED:
        walk.cosigned().submit()
        return walk.do("return", cast.su, reason="第 2 条没有具体要求，请写明补助标准。")
    if status == ProposalStatus.DECLINED:
        walk.submit()
        return walk.do("decline", cast.su, outcome="letter", reason="属于个人事务，转来信处理。")
    for step in (*steps[ProposalStatus.REPLIED],):
        getattr(walk, step)()
    walk.rate("dissatisfied")
    if status == ProposalStatus.DISPUTED:
        return walk
    walk.do(
        "order_redo",
        cast.su,
        placements=walk.placements(civil=AssignmentRole.LEAD),
        cause="dissatisfied",
        reason="代表反映的问题没有解决。",
    )
    if status == ProposalStatus.REDO:
        return walk
    if status == ProposalStatus.COORDINATION:
        return walk.sign().rate("dissatisfied")
    raise AssertionError(f"no walk to {status}")
