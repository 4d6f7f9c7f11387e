"""Multiplies what was told, inside the database: every further block of proposals is a copy with rows,
numbers and dates of its own and the text of its original. Telling each would take an hour.
"""

from django.db import connection, models, transaction

from proposals.models import Proposal, SearchDoc
from proposals.status import ENDED

from .stories import ORDER

# Copies of closed proposals stand so many days further back.
DAYS_BACK = 3


def multiply(last, blocks, say):
    """Make `blocks` further copies of all rows; `last` is the highest key per model, equal to their number."""
    tables = [Proposal, SearchDoc, *ORDER[1:]]
    _trigger("DISABLE")
    for block in range(1, blocks + 1):
        with transaction.atomic(), connection.cursor() as cursor:
            for model in tables:
                cursor.execute(_copy(model, last, block))
        say(f"{(block + 1) * last[Proposal]} 件")
    _trigger("ENABLE")


def _trigger(verb):
    """PostgreSQL's trigger would work out again what is copied."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE proposals_searchdoc {verb} TRIGGER proposals_searchdoc_index")


def _copy(model, last, block):
    """INSERT … SELECT for one block of one table."""
    quote = connection.ops.quote_name
    fields = model._meta.concrete_fields
    names = [quote(field.column) for field in fields]
    values = [_value(model, field, quote(field.column), last, block) for field in fields]
    if model is SearchDoc and connection.vendor == "postgresql":
        names, values = [*names, "tsv"], [*values, "tsv"]
    key, table = quote(model._meta.pk.column), quote(model._meta.db_table)
    told = last[Proposal] if model is SearchDoc else last[model]
    # Names out of the models and integers only.
    return f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)} FROM {table} WHERE {key} <= {told}"


def _value(model, field, column, last, block):
    """What stands in a column of the copy: keys move on, numbers are new, dates of the ended go back."""
    target = field.remote_field.model if field.remote_field else model if field.primary_key else None
    if target in ORDER:
        return f"{column} + {block * last[target]}"
    if model is Proposal and field.name == "number":
        return _number(column, block * last[Proposal])
    if field.name == "key":
        return f"{column} || ':{block}'"
    if (
        isinstance(field, models.DateField)
        and not isinstance(field, models.DateTimeField)
        and model is Proposal
    ):
        states = ", ".join(f"'{status}'" for status in sorted(ENDED))
        return f"CASE WHEN status IN ({states}) THEN {_earlier(column, block * DAYS_BACK)} ELSE {column} END"
    return column


def _number(column, offset):
    pad = "lpad({}::text, 6, '0')" if connection.vendor == "postgresql" else "printf('%06d', {})"
    counted = pad.format(f"(CAST(substr({column}, 6) AS integer) + {offset})")
    return f"CASE {column} WHEN '' THEN '' ELSE substr({column}, 1, 5) || {counted} END"


def _earlier(column, days):
    return f"{column} - {days}" if connection.vendor == "postgresql" else f"date({column}, '-{days} days')"
