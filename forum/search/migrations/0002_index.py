"""What the databases look terms up in: FTS5 on SQLite, tsvector on PostgreSQL."""

from django.db import migrations

SQLITE = [
    """CREATE VIRTUAL TABLE search_index USING fts5(
        title_terms, text_terms, content='search_entry', content_rowid='id', detail=column,
        tokenize="unicode61 remove_diacritics 0 tokenchars '_'")""",
    """CREATE TRIGGER search_entry_made AFTER INSERT ON search_entry BEGIN
        INSERT INTO search_index(rowid, title_terms, text_terms)
        VALUES (new.id, new.title_terms, new.text_terms); END""",
    """CREATE TRIGGER search_entry_gone AFTER DELETE ON search_entry BEGIN
        INSERT INTO search_index(search_index, rowid, title_terms, text_terms)
        VALUES ('delete', old.id, old.title_terms, old.text_terms); END""",
    """CREATE TRIGGER search_entry_changed AFTER UPDATE OF title_terms, text_terms ON search_entry
        BEGIN
        INSERT INTO search_index(search_index, rowid, title_terms, text_terms)
        VALUES ('delete', old.id, old.title_terms, old.text_terms);
        INSERT INTO search_index(rowid, title_terms, text_terms)
        VALUES (new.id, new.title_terms, new.text_terms); END""",
]
SQLITE_BACK = [
    "DROP TRIGGER search_entry_changed",
    "DROP TRIGGER search_entry_gone",
    "DROP TRIGGER search_entry_made",
    "DROP TABLE search_index",
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
