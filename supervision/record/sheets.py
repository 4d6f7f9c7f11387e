"""The table of all units as rows for a spreadsheet."""

from .figures import FIGURES

# The figures that a file holds, in its order.
EXPORTED = (
    *("lead", "co", "redo", "reassigned", "passed_on", "sign_on_time", "sign_due", "contacted", "contacts"),
    *("replied", "reply_on_time", "reply_on_first_date", "reply_due", "reply_late", "reply_overdue"),
    *("opinion_on_time", "opinion_due", "opinion_returned"),
    *("return_asked", "return_granted", "return_refused", "return_repeated"),
    *("extension_asked", "extension_granted", "extension_refused", "recalled", "corrected"),
    *(code for code in FIGURES if code.startswith(("class_", "first_", "final_"))),
    *(
        "proxied",
        "promised",
        "promise_due",
        "promise_kept",
        "promise_partly",
        "promise_broken",
        "promise_moved",
    ),
    *("urged", "urge_answered", "quiet", "tasks", "tasks_due", "tasks_done"),
)


def columns(scope, formula):
    """The heads of the columns."""
    last = ["等次"] if formula.grades else ["得分", "暂不计分的项目"]
    ranks = ["排名"] if scope.is_open else []
    return ["单位", *(FIGURES[code].label for code in EXPORTED), *last, *ranks, "评议结果"]


def sheet_rows(records, scope, formula):
    """One row per record."""
    for record in records:
        score = record.score
        last = [score.grade] if formula.grades else [score.total, "、".join(score.left_out_names)]
        ranks = [record.standing] if scope.is_open else []
        vote = record.vote.get_result_display() if record.vote else ""
        yield [record.unit.name, *(record.numbers[code] for code in EXPORTED), *last, *ranks, vote]
