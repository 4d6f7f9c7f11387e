"""Tables that people open in a spreadsheet program (CSV), safe against formulas hidden in names and titles."""

import csv
from io import StringIO

# What a spreadsheet takes for the beginning of a formula, also behind spaces or a line end.
STARTERS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# So that Excel reads the file as UTF-8.
BOM = "\ufeff"


def safe_cell(value):
    """The value as text that no spreadsheet computes: what looks like a formula gets an apostrophe before it.

    Numbers stay numbers, negative ones too; None becomes an empty cell.
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        return value
    return f"'{value}" if value.lstrip(" ").startswith(STARTERS) else value


def csv_text(rows):
    """Rows of cells as the text of a CSV file with a byte order mark."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return BOM + out.getvalue()
