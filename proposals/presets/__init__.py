"""Preset rule sets (预设办法): pure data, each value with its article or marked 未核实. No Django here.

A congress starts from one of them; its liaison staff may then edit their own copy. A `verified` value was
read in the text of its article; where a place's text has none, the value of 通用 stands in, not verified.
"""

from collections.abc import Mapping
from types import MappingProxyType

from .beijing import BEIJING
from .catalogue import CLOCKS, REPLY_CLASSES, START_EVENTS, SWITCHES, clean_switches
from .chongqing import CHONGQING
from .general import GENERAL
from .henan import HENAN
from .hunan import HUNAN
from .qingdao import QINGDAO
from .shandong import SHANDONG
from .shanghai import SHANGHAI
from .spec import Act, ClockSpec, Lights, Preset, ReplyLetter, SwitchSpec, SwitchValue, UnknownRule
from .township import TOWNSHIP
from .zhejiang import ZHEJIANG

__all__ = [
    "CLOCKS",
    "PRESETS",
    "REPLY_CLASSES",
    "START_EVENTS",
    "SWITCHES",
    "Act",
    "ClockSpec",
    "Lights",
    "Preset",
    "ReplyLetter",
    "SwitchSpec",
    "SwitchValue",
    "UnknownRule",
    "clean_switches",
    "find_preset",
]

PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        preset.code: preset
        for preset in (
            GENERAL, HUNAN, BEIJING, SHANGHAI, SHANDONG, QINGDAO, HENAN, ZHEJIANG, CHONGQING, TOWNSHIP,
        )
    }
)  # fmt: skip


def find_preset(name_or_code: str) -> Preset:
    """The preset of that code (`hunan`), name (湖南) or title (湖南省); blanks and case do not matter.

    Raises UnknownRule, whose text is a Chinese sentence that lists the names.
    """
    wanted = name_or_code.strip().casefold().replace("(", "（").replace(")", "）")
    for preset in PRESETS.values():
        if wanted in (preset.code, preset.name, preset.title):
            return preset
    names = "、".join(preset.name for preset in PRESETS.values())
    raise UnknownRule(f"没有名为“{name_or_code}”的办法。可选：{names}。")
