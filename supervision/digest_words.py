"""The words that a person's digest and a unit's have in common."""

from itertools import groupby


def by_day(lines):
    """Replies that fall due soon, drawn together by date."""
    return [
        {
            "due": due,
            "left": left,
            "light": light,
            "cases": [{"number": c.number, "url": c.url} for c in cases],
        }
        for (due, left, light), cases in groupby(lines, key=lambda line: (line.due, line.left, line.light))
        for cases in [list(cases)]
    ]


def headline(todo, overdue, wait):
    """今天有 3 件要您办，其中 1 件超期。"""
    if todo:
        return f"今天有 {todo} 件要您办，其中 {overdue} 件超期。" if overdue else f"今天有 {todo} 件要您办。"
    return f"今天没有要您办的，{wait} 件在等别人。" if wait else "您有没写完的草稿。"
