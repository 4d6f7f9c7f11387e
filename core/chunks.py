"""Reading many rows while writing."""


def in_chunks(rows, size):
    """The rows of a queryset in lists of at most `size`, by primary key. No reading is open while a list is worked
    on: SQLite refuses to write where one is and another process has written since. What changed meanwhile so that
    it is not among the rows any more is left out.
    """
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), size):
        yield list(rows.filter(pk__in=keys[start : start + size]).order_by("pk"))
