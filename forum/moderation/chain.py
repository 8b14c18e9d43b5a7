"""The chain of decisions: each holds the hash of its own content and of the one before.

Source: docs/decisions/0029-decisions.md.
"""

import hashlib
import json
import secrets
from datetime import UTC, datetime

from django.db import connection

from forum.moderation.models import Decision, Statement

BEFORE_THE_FIRST = "0" * 64
# Everything of the row but its pk and its own hash, in this order.
SEALED = (
    "number",
    "previous_hash",
    "case_id",
    "member_id",
    "measure",
    "until",
    "rule_version",
    "section",
    "law",
    "place",
    "on_report",
    "is_about_office",
    "decided_by_id",
    "second_id",
    "undoes_id",
    "effects",
    "waited_seconds",
    "statement_hash",
    "at",
)

# What migration 0002 made, and where each database says that it is there.
GUARDS = {
    "sqlite": {
        "append_only_decision_update",
        "append_only_decision_delete",
        "append_only_statement_update",
        "append_only_statement_delete",
    },
    "postgresql": {
        "append_only_decision",
        "append_only_statement_update",
        "append_only_statement_delete",
    },
}
TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'",
}


def seal(decision: Decision, statement: Statement) -> None:
    """Give the decision its number, its place in the chain and its hash; not saved.

    Queries: one. Locks: the caller holds the desk, so that no other one takes the same number.
    """
    last = Decision.objects.order_by("-number").values_list("number", "hash").first()
    number, previous = last or (0, BEFORE_THE_FIRST)
    decision.number = number + 1
    decision.previous_hash = previous
    statement.salt = secrets.token_hex(16)
    decision.statement_hash = hash_of_statement(statement)
    decision.hash = hash_of(decision)


def hash_of(decision: Decision) -> str:
    """The hash of what the decision says, whichever database keeps it."""
    return _digest({name: _plain(getattr(decision, name)) for name in SEALED})


def hash_of_statement(statement: Statement) -> str:
    return _digest([statement.salt, statement.facts, statement.own_words])


def first_broken() -> int | None:
    """The number of the first decision that is missing, changed, or does not follow the one
    before; None where the chain holds. Queries: one, read in parts.
    """
    expected, previous = 1, BEFORE_THE_FIRST
    decisions = Decision.objects.order_by("number").select_related("statement")
    for decision in decisions.iterator(chunk_size=500):
        if decision.number != expected or not _holds(decision, previous):
            return expected
        expected, previous = expected + 1, decision.hash
    return None


def guards_missing() -> list[str]:
    """The triggers that should keep decisions unchanged and are not there. Queries: one."""
    with connection.cursor() as cursor:
        cursor.execute(TRIGGERS[connection.vendor])
        there = {name for (name,) in cursor.fetchall()}
    return sorted(GUARDS[connection.vendor] - there)


def _holds(decision: Decision, previous: str) -> bool:
    if decision.previous_hash != previous or decision.hash != hash_of(decision):
        return False
    statement = getattr(decision, "statement", None)
    if statement is None:
        return False
    if statement.erased_at is not None:
        return not (statement.facts or statement.own_words)
    return bool(decision.statement_hash == hash_of_statement(statement))


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value


def _digest(content: object) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
