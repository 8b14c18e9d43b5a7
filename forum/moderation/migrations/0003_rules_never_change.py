"""The database itself refuses to change or delete a published version of the rules.

Lifted by `flush` as those of 0002_append_only are. A later migration that makes a table anew on
SQLite loses its triggers and must run this again.
"""

from typing import Any

from django.db import migrations

TABLES = {"rulebook": "moderation_rulebook", "section": "moderation_rulesection"}
SENTENCE = "published rules are never changed or deleted"
FUNCTION = "moderation_refuse_rules"


def guard(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for name, table in TABLES.items():
            for deed in ("update", "delete"):
                schema_editor.execute(
                    f"CREATE TRIGGER append_only_{name}_{deed} BEFORE {deed} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
                )
        return
    schema_editor.execute(
        f"CREATE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{SENTENCE}'; END $$"
    )
    for name, table in TABLES.items():
        schema_editor.execute(
            f"CREATE TRIGGER append_only_{name} BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {FUNCTION}()"
        )


def lift(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for name in TABLES:
            for deed in ("update", "delete"):
                schema_editor.execute(f"DROP TRIGGER append_only_{name}_{deed}")
        return
    for name, table in TABLES.items():
        schema_editor.execute(f"DROP TRIGGER append_only_{name} ON {table}")
    schema_editor.execute(f"DROP FUNCTION {FUNCTION}()")


class Migration(migrations.Migration):
    dependencies = [("moderation", "0002_append_only")]

    operations = [migrations.RunPython(guard, lift)]
