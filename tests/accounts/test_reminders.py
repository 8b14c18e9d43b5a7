"""Letters before a mandate ends, at a frozen time; each goes out once."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from accounts import actions
from accounts.models import Mandate, MandateReminder
from forum.jobs.tasks import TASKS
from tests.cast import a_mandate, a_member

pytestmark = pytest.mark.django_db

END = date(2026, 6, 30)
Role = Mandate.Role


@pytest.fixture
def ending(bob, fundacja, time_machine):
    """Bob's proxy, granted in January and valid to the last day of June."""
    time_machine.move_to("2026-01-05 10:00:00+00:00", tick=False)
    return a_mandate(bob, fundacja, Role.PROXY, valid_from=date(2026, 1, 5), valid_to=END)


@pytest.fixture
def on(time_machine):
    """Lets the forum look at its mandates on a day; gives the letters of that day."""

    def look(day, hour=10):
        time_machine.move_to(f"{day} {hour:02}:00:00+00:00", tick=False)
        mail.outbox.clear()
        TASKS["accounts.look_after_mandates"].call()
        return sorted(letter.to[0] for letter in mail.outbox)

    return look


@pytest.fixture(autouse=True)
def _confirmed(alice, time_machine):
    """Alice's own mandate is in order, so that nobody writes about it."""
    alice.mandates.update(confirmed_on=date(2026, 1, 5))


BOTH = ["alice@example.org", "bob@example.org"]


def test_thirty_and_seven_days_before_the_end_once_each(ending, alice, on):
    assert on("2026-05-30") == []  # 31 days
    assert on("2026-05-31") == BOTH  # 30 days
    assert on("2026-05-31") == []
    assert on("2026-06-22") == []  # 8 days
    assert on("2026-06-23") == BOTH  # 7 days
    assert on("2026-06-24") == on("2026-06-30") == on("2026-07-01") == []


def test_the_letter_says_when_and_what_to_do(ending, alice, on):
    on("2026-06-23")
    to_bob = next(letter for letter in mail.outbox if letter.to == ["bob@example.org"])
    assert "za 7 dni" in to_bob.subject
    assert "30 czerwca 2026" in to_bob.body
    to_alice = next(letter for letter in mail.outbox if letter.to == ["alice@example.org"])
    assert "Bob Kowalski" in to_alice.subject
    assert f"/organizations/{ending.organization_id}/people/" in to_alice.body


def test_a_day_on_which_the_worker_stood_still_costs_nothing(ending, alice, on):
    assert on("2026-06-04") == BOTH
    assert on("2026-06-28") == BOTH


def test_where_both_are_due_one_letter_goes(ending, alice, on):
    assert on("2026-06-25") == BOTH
    assert on("2026-06-26") == []


def test_another_end_is_reminded_of_anew(ending, alice, bob, fundacja, on, time_machine):
    on("2026-06-23")
    term = actions.Term(Role.PROXY, ending.valid_from, date(2026, 12, 31))
    actions.change_mandate(actor=alice, mandate=ending, term=term)
    assert on("2026-06-30") == []
    assert on("2026-12-01") == BOTH


def test_a_short_mandate_is_not_reminded_of_on_its_first_day(alice, bob, fundacja, on):
    on("2026-06-10")
    a_mandate(bob, fundacja, Role.PROXY, valid_from=date(2026, 6, 10), valid_to=END)
    assert on("2026-06-11") == []
    assert on("2026-06-23") == BOTH


def test_a_mandate_with_a_successor_needs_no_letter(ending, alice, bob, fundacja, on):
    a_mandate(bob, fundacja, Role.PROXY, valid_from=date(2026, 7, 1), valid_to=date(2027, 1, 1))
    assert on("2026-06-23") == []


def test_a_revoked_mandate_needs_none(ending, alice, on):
    Mandate.objects.filter(pk=ending.pk).update(revoked_at=timezone.now())
    assert on("2026-06-23") == []


def test_a_suspended_holder_gets_none_but_the_representatives_do(ending, alice, bob, on):
    bob.is_active = False
    bob.save()
    assert on("2026-06-23") == ["alice@example.org"]


def test_letters_go_out_by_day(ending, alice, on):
    assert on("2026-06-23", hour=2) == []  # 4 in the morning in Warsaw
    assert on("2026-06-23", hour=21) == []  # 23
    assert on("2026-06-23", hour=5) == BOTH  # 7 in the morning


def test_a_row_keeps_a_second_worker_from_writing(ending, alice, on):
    """The race itself: tests/accounts/test_mandate_races.py."""
    on("2026-06-23")
    kept = set(MandateReminder.objects.values_list("kind", "about"))
    assert kept == {("week", END), ("month", END)}


def test_a_mandate_without_an_end_is_confirmed_once_a_year(alice, on):
    assert on("2027-01-04") == []
    assert on("2027-01-05") == ["alice@example.org"]
    assert "potwierdź" in mail.outbox[0].body
    assert on("2027-01-06") == []
    actions.confirm_mandate(actor=alice, mandate=alice.mandates.get())
    assert on("2027-12-01") == []
    assert on("2028-01-06") == ["alice@example.org"]


def test_plain_members_and_ends_are_not_asked_to_confirm(alice, bob, ending, fundacja, on):
    a_mandate(a_member("Ewa", "Lis"), fundacja, Role.MEMBER)
    assert on("2026-03-02") == []


def test_an_organization_whose_representatives_day_passed_is_marked_once(
    alice, carol, fundacja, on
):
    carol.mandates.update(confirmed_on=date(2026, 1, 5))
    alice.mandates.update(valid_to=END, created_at=timezone.now() - timedelta(days=900))
    on("2026-06-30")
    fundacja.refresh_from_db()
    assert fundacja.needs_succession_since is None
    assert on("2026-07-01") == [carol.email]
    fundacja.refresh_from_db()
    assert fundacja.needs_succession_since
    assert on("2026-07-02") == []
