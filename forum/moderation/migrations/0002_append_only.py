"""The database itself refuses to change or delete decisions; of their words, only that they are
emptied when a member is erased. Source: docs/decisions/0029-decisions.md.

On PostgreSQL TRUNCATE passes, as it does for `flush`; SQLite's own `flush` lifts the triggers
(forum_site/sqlite3/base.py). A later migration that makes the table anew on SQLite loses them and
must run this again; `verify_log` says where they are missing.
"""

from typing import Any

from django.db import migrations

DECISIONS = "moderation_decision"
STATEMENTS = "moderation_statement"
SENTENCE = "decisions are never changed or deleted"
EMPTIED = "NEW.facts = '' AND NEW.own_words = '' AND NEW.decision_id = OLD.decision_id"

SQLITE = {
    "append_only_decision_update": f"BEFORE UPDATE ON {DECISIONS}",
    "append_only_decision_delete": f"BEFORE DELETE ON {DECISIONS}",
    "append_only_statement_update": f"BEFORE UPDATE ON {STATEMENTS} WHEN NOT ({EMPTIED})",
    "append_only_statement_delete": f"BEFORE DELETE ON {STATEMENTS}",
}
POSTGRESQL = {
    "append_only_decision": f"BEFORE UPDATE OR DELETE ON {DECISIONS} FOR EACH ROW",
    "append_only_statement_update": (
        f"BEFORE UPDATE ON {STATEMENTS} FOR EACH ROW WHEN (NOT ({EMPTIED}))"
    ),
    "append_only_statement_delete": f"BEFORE DELETE ON {STATEMENTS} FOR EACH ROW",
}
FUNCTION = "moderation_refuse"


def guard(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for name, when in SQLITE.items():
            schema_editor.execute(
                f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
            )
        return
    schema_editor.execute(
        f"CREATE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{SENTENCE}'; END $$"
    )
    for name, when in POSTGRESQL.items():
        schema_editor.execute(f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION {FUNCTION}()")


def lift(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for name in SQLITE:
            schema_editor.execute(f"DROP TRIGGER {name}")
        return
    for name, when in POSTGRESQL.items():
        table = STATEMENTS if STATEMENTS in when else DECISIONS
        schema_editor.execute(f"DROP TRIGGER {name} ON {table}")
    schema_editor.execute(f"DROP FUNCTION {FUNCTION}()")


class Migration(migrations.Migration):
    dependencies = [("moderation", "0001_initial")]

    operations = [migrations.RunPython(guard, lift)]
