"""What the databases look terms up in: FTS5 on SQLite, tsvector on PostgreSQL.

Beside its terms an entry has marks: its category, whom it is of, when it was written. They are
terms like the others (forum/search/narrowing.py), so that a filter costs what a word costs.
Source: docs/decisions/0039-polish-search.md.
"""

from django.db import migrations

# Marks begin with two underscores, words with at most one.
SQLITE_MARKS = """' __c' || coalesce({row}.category_id, 0) || ' __a' || coalesce({row}.author_id, 0)
    || ' __o' || coalesce({row}.organization_id, 0) || ' __g' || {row}.gmina
    || CASE WHEN {row}.is_official THEN ' __official' ELSE '' END
    || CASE WHEN {row}.has_files THEN ' __files' ELSE '' END
    || ' __t' || substr({row}.at, 1, 4) || substr({row}.at, 6, 2)"""
# Titles have a table of their own: few rows have one, and a word of most texts is found in them at
# once. Rows without a title are not in it, so they must not be taken out of it either. The tables
# keep no texts. Their tokenizer takes every letter beyond ASCII as one, whatever Unicode it knows.
TABLE = """CREATE VIRTUAL TABLE search_{column}s USING fts5(
    terms, content='', detail=none, tokenize="ascii tokenchars '_'")"""
ADD = f"""INSERT INTO search_{{column}}s(rowid, terms)
    SELECT new.id, new.{{column}}_terms || {SQLITE_MARKS.format(row="new")}
    WHERE new.{{column}}_terms <> ''"""
REMOVE = f"""INSERT INTO search_{{column}}s(search_{{column}}s, rowid, terms)
    SELECT 'delete', old.id, old.{{column}}_terms || {SQLITE_MARKS.format(row="old")}
    WHERE old.{{column}}_terms <> ''"""
MARKED = "category_id, author_id, organization_id, gmina, is_official, has_files, at"
TRIGGERS = [
    f"CREATE TRIGGER search_{{column}}_made AFTER INSERT ON search_entry BEGIN {ADD}; END",
    f"CREATE TRIGGER search_{{column}}_gone AFTER DELETE ON search_entry BEGIN {REMOVE}; END",
    f"""CREATE TRIGGER search_{{column}}_changed
        AFTER UPDATE OF {{column}}_terms, {MARKED} ON search_entry
        BEGIN {REMOVE}; {ADD}; END""",
]
COLUMNS = ("title", "text")
SQLITE = [each.format(column=column) for column in COLUMNS for each in [TABLE, *TRIGGERS]]
SQLITE_BACK = [
    *(
        f"DROP TRIGGER search_{column}_{what}"
        for column in COLUMNS
        for what in ("changed", "gone", "made")
    ),
    *(f"DROP TABLE search_{column}s" for column in COLUMNS),
]

# PostgreSQL reads an index of words from its end only by fetching every hit of a common word. So a
# word is kept once for every 8,192 entries, as `12:word`: the newest of these books is opened
# first, and the others where it was not enough (forum/search/engine.py).
POSTGRESQL_MARKS = """' __c' || coalesce(category_id, 0)::text
    || ' __a' || coalesce(author_id, 0)::text || ' __o' || coalesce(organization_id, 0)::text
    || ' __g' || gmina || CASE WHEN is_official THEN ' __official' ELSE '' END
    || CASE WHEN has_files THEN ' __files' ELSE '' END
    || ' __t' || (extract(year FROM at AT TIME ZONE 'UTC') * 100
        + extract(month FROM at AT TIME ZONE 'UTC'))::int::text"""
WORDS = f"""CASE WHEN {{column}}_terms = '' THEN ''::tsvector ELSE array_to_tsvector(
    string_to_array((id >> 13)::text || ':' || replace(
        {{column}}_terms || {POSTGRESQL_MARKS}, ' ', ' ' || (id >> 13)::text || ':'), ' ')) END"""
# Without fastupdate: every question would read the list of what is not in the index yet, once for
# every book.
POSTGRESQL = [
    "ALTER TABLE search_entry "
    + ", ".join(
        f"ADD COLUMN {column}_words tsvector"
        f" GENERATED ALWAYS AS ({WORDS.format(column=column)}) STORED"
        for column in COLUMNS
    ),
    *(
        f"CREATE INDEX search_{column}_words ON search_entry"
        f" USING gin ({column}_words) WITH (fastupdate = off)"
        for column in COLUMNS
    ),
]
POSTGRESQL_BACK = ["ALTER TABLE search_entry DROP COLUMN title_words, DROP COLUMN text_words"]


def make(apps, schema_editor):
    _run(schema_editor, SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL)


def take_back(apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    _run(schema_editor, SQLITE_BACK if is_sqlite else POSTGRESQL_BACK)


def _run(schema_editor, statements):
    for statement in statements:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(make, take_back)]
