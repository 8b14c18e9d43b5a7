"""What the databases look terms up in: FTS5 on SQLite, tsvector on PostgreSQL."""

from django.db import migrations

# Titles have a table of their own: few rows have one, and a word of most texts is found in them at
# once. Rows without a title are not in it, so they must not be taken out of it either.
TABLE = """CREATE VIRTUAL TABLE search_{column}s USING fts5(
    {column}_terms, content='search_entry', content_rowid='id', detail=none,
    tokenize="unicode61 remove_diacritics 0 tokenchars '_'")"""
ADD = """INSERT INTO search_{column}s(rowid, {column}_terms)
    SELECT new.id, new.{column}_terms WHERE new.{column}_terms <> ''"""
REMOVE = """INSERT INTO search_{column}s(search_{column}s, rowid, {column}_terms)
    SELECT 'delete', old.id, old.{column}_terms WHERE old.{column}_terms <> ''"""
TRIGGERS = [
    f"CREATE TRIGGER search_{{column}}_made AFTER INSERT ON search_entry BEGIN {ADD}; END",
    f"CREATE TRIGGER search_{{column}}_gone AFTER DELETE ON search_entry BEGIN {REMOVE}; END",
    f"""CREATE TRIGGER search_{{column}}_changed AFTER UPDATE OF {{column}}_terms ON search_entry
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
POSTGRESQL = [
    """ALTER TABLE search_entry
        ADD COLUMN title_words tsvector GENERATED ALWAYS AS
            (array_to_tsvector(string_to_array(title_terms, ' '))) STORED,
        ADD COLUMN text_words tsvector GENERATED ALWAYS AS
            (array_to_tsvector(string_to_array(text_terms, ' '))) STORED""",
    "CREATE INDEX search_title_words ON search_entry USING gin (title_words)",
    "CREATE INDEX search_text_words ON search_entry USING gin (text_words)",
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
