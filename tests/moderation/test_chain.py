"""Decisions are sealed, and the database refuses to change them."""

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from forum.moderation import actions, chain
from forum.moderation.measures import Measure
from forum.moderation.models import Decision, Statement
from tests.factories import a_reply
from tests.moderation.world import found, numbers

pytestmark = pytest.mark.django_db


@pytest.fixture
def decisions(bob, carol, thread):
    made = [found(carol, a_reply(bob, thread, f"wpis {n}")) for n in range(3)]
    return [*made, actions.undo(moderator=carol, decision=made[1])]


@pytest.fixture
def unguarded(db):
    """As whoever owns the database can do: the triggers taken off, until the rollback."""

    def run(sql, *values):
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                for name in chain.GUARDS["sqlite"]:
                    cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            else:
                # What the foreign keys wait with until the commit would be in the way.
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("ALTER TABLE moderation_decision DISABLE TRIGGER USER")
                cursor.execute("ALTER TABLE moderation_statement DISABLE TRIGGER USER")
            cursor.execute(sql, values)

    return run


def test_numbers_have_no_gaps_and_each_holds_the_hash_before(decisions):
    assert numbers() == [1, 2, 3, 4]
    rows = list(Decision.objects.order_by("number"))
    assert rows[0].previous_hash == chain.BEFORE_THE_FIRST
    for before, after in zip(rows, rows[1:], strict=False):
        assert after.previous_hash == before.hash
    assert chain.first_broken() is None


@pytest.mark.parametrize(
    "change",
    [
        lambda: Decision.objects.filter(number=2).update(measure=Measure.LEAVE),
        lambda: Decision.objects.filter(number=2).update(hash="0" * 64),
        lambda: Decision.objects.filter(number=4)._raw_delete("default"),
        lambda: Statement.objects.filter(decision__number=1).update(facts="inne"),
        lambda: Statement.objects.filter(decision__number=1)._raw_delete("default"),
    ],
    ids=["measure", "hash", "delete", "facts", "delete-words"],
)
def test_the_database_refuses(decisions, change):
    with pytest.raises(DatabaseError), transaction.atomic():
        change()
    assert chain.first_broken() is None


def test_words_may_be_emptied_and_the_chain_still_holds(decisions):
    words = Statement.objects.filter(decision__number=1)
    words.update(facts="", own_words="", erased_at=timezone.now())
    assert chain.first_broken() is None


@pytest.mark.parametrize(
    ("sql", "broken"),
    [
        ("UPDATE moderation_decision SET measure = 'leave' WHERE number = 2", 2),
        ("UPDATE moderation_decision SET until = NULL, law = 'x' WHERE number = 3", 3),
        ("UPDATE moderation_statement SET facts = 'x'", 1),
        ("UPDATE moderation_decision SET previous_hash = 'x' WHERE number = 1", 1),
        ("UPDATE moderation_decision SET number = 9 WHERE number = 4", 4),
    ],
    ids=["measure", "law", "facts", "first", "gap"],
)
def test_a_change_behind_the_forums_back_is_found(decisions, unguarded, sql, broken):
    unguarded(sql)
    assert chain.first_broken() == broken


def test_one_taken_out_of_the_middle_is_found(decisions, unguarded):
    unguarded("DELETE FROM moderation_statement WHERE decision_id = %s", decisions[0].pk)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM moderation_decision WHERE id = %s", [decisions[0].pk])
    assert chain.first_broken() == 1


def test_the_command_says_that_the_chain_holds(decisions, capsys):
    call_command("verify_log")
    lines = capsys.readouterr().out.splitlines()
    assert "4" in lines[0]
    assert lines[1] == Decision.objects.get(number=4).hash


def test_the_command_ends_with_the_first_broken_number(decisions, unguarded):
    unguarded("UPDATE moderation_decision SET measure = 'leave' WHERE number = 2")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE moderation_decision ENABLE TRIGGER USER")
            cursor.execute("ALTER TABLE moderation_statement ENABLE TRIGGER USER")
    with pytest.raises(CommandError) as refused:
        call_command("verify_log")
    assert refused.value.returncode == 1
    if connection.vendor == "postgresql":
        assert "2" in str(refused.value)


def test_the_command_notices_missing_guards(decisions, unguarded):
    unguarded("SELECT 1")
    with pytest.raises(CommandError, match="append_only"):
        call_command("verify_log")


def test_before_the_first_decision_nothing_is_broken(db, capsys):
    call_command("verify_log")
    assert capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_flushing_empties_them_and_puts_the_guards_back(carol, post):
    found(carol, post)
    call_command("flush", interactive=False, verbosity=0)
    assert not Decision.objects.exists()
    assert chain.guards_missing() == []
