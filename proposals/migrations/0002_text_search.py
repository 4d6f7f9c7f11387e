"""The databases' own text index over SearchDoc.tokens: a tsvector on PostgreSQL, FTS5 on SQLite.

The model state is the same on both. Whoever alters the table of SearchDoc later: SQLite then builds it anew
and loses the triggers, so drop the index before that and create it again afterwards.
"""

from django.db import migrations

# Positions are the places of the tokens, written out and cast: the parser behind to_tsvector() would drop
# Chinese in a cluster of locale C. The marks between the parts (¶) take a place but are left out; marked
# tokens (†停放, ‡停) are never part of a phrase and need no place.
POSTGRESQL = [
    "ALTER TABLE proposals_searchdoc ADD COLUMN tsv tsvector",
    # A tenfold sample: without it a rare word is thought frequent, and a page of it sought row by row.
    "ALTER TABLE proposals_searchdoc ALTER COLUMN tsv SET STATISTICS 1000",
    """
    CREATE FUNCTION proposals_searchdoc_index() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.tsv := (
            SELECT coalesce(string_agg(
                quote_literal(token) || CASE WHEN left(token, 1) IN ('†', '‡') THEN '' ELSE ':' || place END, ' '
            ), '')::tsvector
            FROM unnest(string_to_array(NEW.tokens, ' ')) WITH ORDINALITY AS t (token, place)
            WHERE token NOT IN ('', '¶')
        );
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER proposals_searchdoc_index BEFORE INSERT OR UPDATE OF tokens ON proposals_searchdoc
    FOR EACH ROW EXECUTE FUNCTION proposals_searchdoc_index()
    """,
    "UPDATE proposals_searchdoc SET tokens = tokens",
    "CREATE INDEX proposals_searchdoc_tsv ON proposals_searchdoc USING gin (tsv)",
]
POSTGRESQL_BACK = [
    "DROP TRIGGER proposals_searchdoc_index ON proposals_searchdoc",
    "DROP FUNCTION proposals_searchdoc_index()",
    "ALTER TABLE proposals_searchdoc DROP COLUMN tsv",
]

# External content, because a contentless table of SQLite 3.40 refuses DELETE and UPDATE; its rows are taken
# out by naming what they held. The ascii tokenizer cuts at spaces and leaves every character beyond ASCII
# alone, also those which are newer than SQLite's own Unicode tables.
SQLITE_REMOVE = """
    INSERT INTO proposals_searchdoc_fts (proposals_searchdoc_fts, rowid, tokens)
    VALUES ('delete', old.proposal_id, old.tokens);
"""
SQLITE_ADD = "INSERT INTO proposals_searchdoc_fts (rowid, tokens) VALUES (new.proposal_id, new.tokens);"
SQLITE = [
    """
    CREATE VIRTUAL TABLE proposals_searchdoc_fts
    USING fts5(tokens, content='proposals_searchdoc', content_rowid='proposal_id', tokenize='ascii')
    """,
    f"CREATE TRIGGER proposals_searchdoc_ai AFTER INSERT ON proposals_searchdoc BEGIN {SQLITE_ADD} END",
    f"CREATE TRIGGER proposals_searchdoc_ad AFTER DELETE ON proposals_searchdoc BEGIN {SQLITE_REMOVE} END",
    f"""
    CREATE TRIGGER proposals_searchdoc_au AFTER UPDATE ON proposals_searchdoc
    BEGIN {SQLITE_REMOVE} {SQLITE_ADD} END
    """,
    "INSERT INTO proposals_searchdoc_fts (proposals_searchdoc_fts) VALUES ('rebuild')",
]
SQLITE_BACK = [
    "DROP TRIGGER proposals_searchdoc_ai",
    "DROP TRIGGER proposals_searchdoc_ad",
    "DROP TRIGGER proposals_searchdoc_au",
    "DROP TABLE proposals_searchdoc_fts",
]


def create(apps, schema_editor):
    _run(schema_editor, POSTGRESQL, SQLITE)


def drop(apps, schema_editor):
    _run(schema_editor, POSTGRESQL_BACK, SQLITE_BACK)


def _run(schema_editor, postgresql, sqlite):
    for statement in postgresql if schema_editor.connection.vendor == "postgresql" else sqlite:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("proposals", "0001_initial")]

    operations = [migrations.RunPython(create, drop)]
