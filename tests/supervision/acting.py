"""A decided topic with its case, and 督办活动 and 整改事项 of it, told through the pages that the people have."""

import re
import uuid
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from core.calendars import load_calendar
from core.workdays import workday_from
from supervision.models import Activity, Finding, RoleKind, Task, Topic, TopicCase, TopicRole, TopicState
from tests.cast import make_proposal, scan

# The smallest real picture: one grey dot.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a494441"
    "54789c636800000082008177cd72b60000000049454e44ae426082"
)


def photo(name="溪口码头.png"):
    return SimpleUploadedFile(name, PNG)


class Acting:
    """One decided topic with one case in handling (主办市民政局, 会办市财政局, 领衔林秀芝, 附议唐伯安).

    苏婉仪 is the office; 社会建设委员会 (蒋可) supervises the topic. `of` "case": activities of the case alone.
    """

    def __init__(self, cast, of="topic"):
        self.cast, self.of = cast, of
        self.walk = make_proposal(cast, "filed")
        self.walk.assign()
        self.proposal = self.walk.proposal
        self.today = timezone.localdate()
        self.topic = None
        if of == "topic":
            self.topic = Topic.objects.create(
                congress=cast.congress,
                year=2026,
                rank=1,
                title="老年助餐",
                reason="代表连续三年提出。",
                state=TopicState.DECIDED,
                decided_on=self.today - timedelta(days=40),
                meeting="第五十八次主任会议",
            )
            TopicCase.objects.create(topic=self.topic, proposal=self.proposal, year=2026)
            TopicRole.objects.create(topic=self.topic, kind=RoleKind.COMMITTEE, committee=cast.committee)

    def client(self, who):
        client = Client()
        client.force_login(self.cast.people.get(who) or getattr(self.cast.stranger, who))
        return client

    def workday(self, days):
        """A working day at least so many days from today, as forms take it."""
        return workday_from(self.today + timedelta(days=days), load_calendar(self.cast.congress.code))

    @property
    def plan_path(self):
        if self.topic:
            return f"/topics/{self.topic.pk}/activities/new/"
        return f"/proposals/{self.proposal.pk}/activities/new/"

    def post(self, who, path, *, version=None, request_id=None, **fields):
        data = {"version": version or "", "request_id": request_id or uuid.uuid4(), **fields}
        return self.client(who).post(path, {name: value for name, value in data.items() if value is not None})

    def fields(self, **more):
        return {
            "kind": "on_site",
            "name": "沿江巡查",
            "on": self.today + timedelta(days=5),
            "begins_at": "09:30",
            "place": "溪口码头",
            "chair": "罗主任带队",
            "purpose": "看助餐点建到哪一步。",
            "leaders": [self.cast.luo.pk],
            "units": [self.cast.units["civil"].pk],
            "deputies": [self.cast.deputies["lin"].pk],
            **more,
        }

    def plan(self, who="su", **more):
        response = self.post(who, self.plan_path, **self.fields(**more))
        assert response.status_code == 302, response.content.decode()[:3000]
        return Activity.objects.latest("pk")

    def step(self, who, activity, action, /, *, status=302, **fields):
        """Post one step of an activity with its present version; the response."""
        activity.refresh_from_db()
        fields.setdefault("version", activity.version)
        response = self.post(who, f"/activities/{activity.pk}/{action}/", **fields)
        assert response.status_code == status, (response.status_code, response.content.decode()[:3000])
        return response

    def held(self, who="su", *, came=("lin",), findings="码头堆放点距江不足 20 米", **more):
        """An activity of the day before yesterday with minutes, a photo and findings."""
        activity = self.plan(who, on=self.today - timedelta(days=2))
        self.hold(activity, who, came=came, findings=findings, **more)
        activity.refresh_from_db()
        return activity

    def hold(self, activity, who="su", *, came=("lin",), findings="码头堆放点距江不足 20 米", **more):
        fields = {
            "on": self.today - timedelta(days=2),
            "chair": "罗主任带队",
            "words": "看了 3 个助餐点，当场交办 1 项。",
            "came": [self.cast.deputies[key].pk for key in came],
            "findings": findings,
            "files": [photo()],
        }
        return self.step(who, activity, "hold", **(fields | more))

    def give(self, activity=None, who="su", unit="civil", days=20, **more):
        """The first finding given to a unit; returns the Task."""
        activity = activity or self.held()
        finding = Finding.objects.filter(activity=activity).first()
        fields = {"unit": self.cast.units[unit].pk, "due_on": self.workday(days), "responsible": "邓佩文"}
        response = self.post(who, f"/findings/{finding.pk}/give/", **(fields | more))
        assert response.status_code == 302, response.content.decode()[:3000]
        return Task.objects.latest("pk")

    def do(self, who, task, name, *, status=302, **fields):
        """Post one step of a task with its present version; the response."""
        task.refresh_from_db()
        fields.setdefault("version", task.version)
        response = self.post(who, f"/tasks/{task.pk}/{name}/", **fields)
        assert response.status_code == status, (response.status_code, response.content.decode()[:3000])
        task.refresh_from_db()
        return response

    def report(self, task, who="chen", **more):
        fields = {"words": "围挡做完，硬化 300 平方米。", "files": [photo("围挡.png")]}
        return self.do(who, task, "report", **(fields | more))

    def verify(self, task, who="jiang", outcome="done", **more):
        return self.do(who, task, "verify", **({"outcome": outcome, "words": "到现场看过。"} | more))

    def page(self, who, path, status=200):
        """A page as plain text."""
        response = self.client(who).get(path)
        assert response.status_code == status, (who, path, response.status_code)
        text = re.sub(r"<(script|style)\b.*?</\1>", " ", response.content.decode(), flags=re.S)
        return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def paper():
    return scan("整改情况（盖章）.pdf")
