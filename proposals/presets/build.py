"""How a preset is put together: what the place's text says, and 通用 for the rest, marked 未核实."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from .catalogue import CLOCKS, REPLY_CLASSES, START_EVENTS, SWITCHES
from .spec import DEFAULT_SOURCE, Act, ClockSpec, Preset, ReplyLetter, SwitchValue, unverified


def found(
    kind: str, value: int, unit: str, article: str, *, start: str = "", words: str = "", note: str = ""
) -> ClockSpec:
    """A term that the cited article states. `start` is one of the clock's starting events (else its usual
    one), `words` the article's own words for it, without 之日."""
    start = start or CLOCKS[kind][1][0]
    return ClockSpec(kind, value, unit, start, words or START_EVENTS[start], article, True, note)


def chosen(
    kind: str, value: int, unit: str, *, article: str = DEFAULT_SOURCE, note: str = "", is_on: bool = True
) -> ClockSpec:
    """A term that no text states: this system's default, 未核实."""
    start = CLOCKS[kind][1][0]
    return ClockSpec(kind, value, unit, start, START_EVENTS[start], article, False, note, is_on)


def letters(*printed: tuple[str, str]) -> dict[str, ReplyLetter]:
    """Letter and words of each reply class, given in the order of `REPLY_CLASSES`."""
    return {code: ReplyLetter(*pair) for code, pair in zip(REPLY_CLASSES, printed, strict=True)}


def stated(code: str, value: bool | str | int, article: str, note: str = "") -> SwitchValue:
    """A switch that the cited article decides."""
    return SwitchValue(code, value, article, True, note)


def preset(
    *,
    code: str,
    name: str,
    title: str,
    sources: tuple[Act, ...],
    clocks: Iterable[ClockSpec],
    switches: Iterable[SwitchValue],
    letters: Mapping[str, ReplyLetter],
    letters_source: str = DEFAULT_SOURCE,
    base: Preset | None = None,
    notes: Mapping[str, str] = MappingProxyType({}),
) -> Preset:
    """The preset, complete and in the order of the catalogue.

    What `clocks` and `switches` do not give is taken from `base`, unverified; without `base` (通用 itself) a
    switch falls back to its default. `notes` says, by clock or switch code, what the place's text has in
    place of a value. Raises ValueError for a code that is not in the catalogue, or both given and noted.
    """
    own_clocks = {spec.kind: spec for spec in clocks}
    own_switches = {value.code: value for value in switches}
    stray = ({*own_clocks} - {*CLOCKS}) | ({*own_switches} - {*SWITCHES}) | ({*notes} - {*CLOCKS, *SWITCHES})
    stray |= {*notes} & {*own_clocks, *own_switches}
    if stray:
        raise ValueError(f"{code}: unknown or doubled codes {sorted(stray)}")

    def clock(kind: str) -> ClockSpec:
        return own_clocks.get(kind) or unverified(base.clocks[kind], notes.get(kind, ""))

    def switch(key: str) -> SwitchValue:
        if key in own_switches:
            return own_switches[key]
        if base:
            return unverified(base.switches[key], notes.get(key, ""))
        return SwitchValue(key, SWITCHES[key].default, DEFAULT_SOURCE, False, notes.get(key, ""))

    return Preset(
        code=code,
        name=name,
        title=title,
        sources=sources,
        clocks=MappingProxyType({kind: clock(kind) for kind in CLOCKS}),
        switches=MappingProxyType({key: switch(key) for key in SWITCHES}),
        letters=MappingProxyType({key: letters[key] for key in REPLY_CLASSES}),
        letters_source=letters_source,
    )
