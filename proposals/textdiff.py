"""What a co-signer must look at again: the text confirmed before beside the text as it stands."""

import re
from difflib import SequenceMatcher

LABELS = {"title": "标题", "situation": "情况", "analysis": "分析"}
# A piece is a Han character, a run of digits or letters, or one sign: nobody reads changes inside a number.
PIECE = re.compile(r"\d+|[A-Za-z]+|.", re.DOTALL)
KEEP, DELETE, INSERT = "keep", "del", "ins"
CRUMB = 2


def changes(before, after):
    """The parts that differ between two text snapshots (Proposal.text_snapshot).

    Returns a list of (label, pieces); pieces are (keep, del or ins, text) in reading order.
    """
    found = [
        (label, pieces(before.get(name, ""), after[name]))
        for name, label in LABELS.items()
        if before.get(name, "") != after[name]
    ]
    return found + _point_changes(before.get("points", []), after["points"])


def _point_changes(old, new):
    found = []
    matcher = SequenceMatcher(a=old, b=new, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            continue
        for index in range(max(b - a, d - c)):
            was = old[a + index] if a + index < b else ""
            now = new[c + index] if c + index < d else ""
            label = f"第 {c + index + 1} 条" if now else f"原第 {a + index + 1} 条（已删）"
            found.append((label if was else f"{label}（新加）", pieces(was, now)))
    return found


def pieces(old, new):
    """Two texts as one sequence of (keep, del or ins, text), in stretches that read as words."""
    a, b = PIECE.findall(old), PIECE.findall(new)
    runs = []  # (kept, removed, added)
    for kind, a1, a2, b1, b2 in SequenceMatcher(a=a, b=b, autojunk=False).get_opcodes():
        was, now = "".join(a[a1:a2]), "".join(b[b1:b2])
        runs.append((was, "", "") if kind == "equal" else ("", was, now))
    found = []
    for kept, removed, added in _without_crumbs(runs):
        found += [(kind, text) for kind, text in ((KEEP, kept), (DELETE, removed), (INSERT, added)) if text]
    return found


def _without_crumbs(runs):
    """A character or two that happen to be equal between two changes belong to the change."""
    merged = []
    for index, (kept, removed, added) in enumerate(runs):
        is_crumb = kept and len(kept) <= CRUMB and 0 < index < len(runs) - 1
        if is_crumb:
            removed = added = kept
        if merged and not merged[-1][0] and (is_crumb or not kept):
            _, removed_before, added_before = merged[-1]
            merged[-1] = ("", removed_before + removed, added_before + added)
        else:
            merged.append(("", removed, added) if is_crumb else (kept, removed, added))
    return merged
