"""What a preset rule set (预设办法) consists of: frozen data, each value with the article it comes from."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

# Shown where a value is our own default, since no text says it.
DEFAULT_SOURCE = "通用默认"


class UnknownRule(KeyError):
    """No such preset, clock or switch; `str()` is the Chinese sentence for the user."""

    def __str__(self):
        return self.args[0]


@dataclass(frozen=True)
class Act:
    """A law or regulation that was read: its full title, and which version."""

    title: str
    version: str

    def at(self, *articles: str) -> str:
        """《title》第二十条、第二十一条."""
        return f"《{self.title}》{'、'.join(articles)}"


@dataclass(frozen=True)
class ClockSpec:
    """One term (期限): `value` `unit`s counted from `start_event`.

    `unit` is day (自然日), workday (工作日) or month (月).  `start_code` is one of `catalogue.START_EVENTS`,
    `start_event` the words for it, as they stand before 之日.  `verified`: value, unit and start were read in
    the article itself.
    """

    kind: str
    value: int
    unit: str
    start_code: str
    start_event: str
    article: str
    verified: bool
    note: str = ""
    is_on: bool = True


@dataclass(frozen=True)
class SwitchSpec:
    """A switch (开关) that rule sets may set: yes or no, one of `choices` (value, words), or a number up to `most`
    of `unit`s, where 0 turns it off."""

    code: str
    label: str
    default: bool | str | int
    choices: tuple[tuple[str, str], ...] = ()
    help: str = ""
    most: int = 0
    unit: str = ""

    def clean(self, value: object) -> bool | str | int:
        """The value if this switch knows it; raises ValueError with a Chinese sentence if not."""
        if self.most:
            if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= self.most:
                return value
            raise ValueError(f"“{self.label}”请填 0 到 {self.most} 的整数，0 是不用。")
        if not self.choices:
            if isinstance(value, bool):
                return value
            raise ValueError(f"“{self.label}”只能是“是”或“否”。")
        if isinstance(value, str) and value in dict(self.choices):
            return value
        options = "、".join(f"{code}（{words}）" for code, words in self.choices)
        raise ValueError(f"“{self.label}”没有这个选项：{value}。可选：{options}。")

    def words(self, value: bool | str | int) -> str:
        """How a value of this switch is shown: 是, 否, the words of the choice, or the number with its unit."""
        if self.most:
            return f"{value} {self.unit}" if value else "不用"
        return dict(self.choices)[value] if self.choices else ("是" if value else "否")


@dataclass(frozen=True)
class SwitchValue:
    """What a preset sets a switch to, and where that stands."""

    code: str
    value: bool | str | int
    article: str
    verified: bool
    note: str = ""


class ReplyLetter(NamedTuple):
    """How a reply class is printed: the letter at the top right of the reply, and its words."""

    letter: str
    words: str


@dataclass(frozen=True)
class Lights:
    """The lights (红黄绿灯) of an open term, in calendar days left: yellow and orange up to and including."""

    yellow: int = 15
    orange: int = 5

    def colour(self, days_left: int) -> str:
        """green, yellow, orange, or red once the due date is over (0 is the due date itself)."""
        if days_left < 0:
            return "red"
        if days_left <= self.orange:
            return "orange"
        return "yellow" if days_left <= self.yellow else "green"


@dataclass(frozen=True)
class Preset:
    """A complete rule set to start from; every clock, switch and reply class has a value.

    `letters_source` says where the letters are from.  They are local practice and never verified: the
    regulations that were read sort replies by words at most.
    """

    code: str
    name: str
    title: str
    sources: tuple[Act, ...]
    clocks: Mapping[str, ClockSpec]
    switches: Mapping[str, SwitchValue]
    letters: Mapping[str, ReplyLetter]
    letters_source: str
    lights: Lights = Lights()

    def clock(self, kind: str) -> ClockSpec:
        """The term of that clock code; raises UnknownRule, whose text is for the user."""
        try:
            return self.clocks[kind]
        except KeyError:
            raise UnknownRule(f"没有名为“{kind}”的期限。可用的期限：{'、'.join(self.clocks)}。") from None

    def switch(self, code: str) -> bool | str | int:
        """The value of that switch; raises UnknownRule, whose text is for the user."""
        try:
            return self.switches[code].value
        except KeyError:
            raise UnknownRule(f"没有名为“{code}”的开关。可用的开关：{'、'.join(self.switches)}。") from None


def unverified(spec, note: str = ""):
    """A clock or switch of 通用 as another place takes it over: marked 未核实, with 通用's article."""
    return replace(spec, verified=False, note=note or spec.note)
