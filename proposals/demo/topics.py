"""The demonstration's texts: one TOML file each for a proposal with its reply and co-opinions."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).parent
HUNAN = "hunan"


@dataclass(frozen=True)
class Topic:
    """A proposal's text and what was answered. `code` is the first part of its file's name (a01, hunan)."""

    code: str
    level: str
    title: str
    category: str
    lead: str
    co: tuple[str, ...]
    situation: str
    analysis: str
    points: tuple[str, ...]
    contact: str
    reply: dict
    opinions: dict = field(default_factory=dict)

    @property
    def length(self):
        """Characters of the proposal's own text, blanks left out."""
        return len("".join((self.situation + self.analysis + "".join(self.points)).split()))

    def progress(self, number):
        """A progress note on one request: the first two sentences of what is answered later."""
        answers = self.reply["answers"]
        text = answers[number % len(answers)]["text"]
        return "。".join(text.split("。")[:2]).rstrip("。") + "。"


def read_topic(path):
    """The Topic in one file; raises KeyError or tomllib.TOMLDecodeError for a malformed one."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return Topic(
        code=path.stem.split("-")[0],
        level=data["level"],
        title=data["title"],
        category=data["category"],
        lead=data["lead"],
        co=tuple(data["co"]),
        situation=data["situation"].strip(),
        analysis=data["analysis"].strip(),
        points=tuple(data["points"]),
        contact=data["contact"],
        reply=data["reply"],
        opinions=data.get("opinions", {}),
    )


def load_topics():
    """All topics by code, in the order of their file names; 湖南's story last."""
    paths = [*sorted((FOLDER / "topics").glob("*.toml")), FOLDER / f"{HUNAN}.toml"]
    return {topic.code: topic for topic in map(read_topic, paths)}
