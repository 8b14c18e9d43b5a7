"""An account is erased while the desk is at work: whoever waits keeps nobody else waiting."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from accounts import erasing
from accounts.personal_data import Texts
from forum.moderation.actions.holding import hold_case, hold_desk
from forum.moderation.measures import Measure
from forum.moderation.models import Decision
from tests.blocking import BY_ANYBODY, elsewhere, wait_until_blocked
from tests.factories import a_reply
from tests.moderation.world import a_report, case_of, decide, fresh

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


def erase(member):
    erasing.erase_account(member=member, texts=Texts.WITHDRAW)


@pytest.mark.parametrize("measure", [Measure.SUSPEND, Measure.SLOW, Measure.HIDE])
def test_a_decision_that_was_begun_is_taken_and_then_the_account_is_erased(
    dana, carol, post, bob, measure
):
    """It holds thread and case before it writes on the member's row."""
    a_report(dana, post)
    with ThreadPoolExecutor(2) as others:
        with transaction.atomic():
            hold_desk()
            deciding = elsewhere(others, lambda: decide(carol, post, measure))
            wait_until_blocked(deciding)
            erased = elsewhere(others, lambda: erase(fresh(bob)))
            wait_until_blocked(erased, by=BY_ANYBODY, waiting=2)
        deciding.result()
        erased.result()
    assert Decision.objects.get().measure == measure
    assert (fresh(bob).erased_at is not None, fresh(bob).suspended_until) == (True, None)
    assert fresh(post).state == "withdrawn"


def test_the_desk_is_not_held_while_a_case_is_waited_for(dana, alice, post, bob, thread):
    """Whoever reports holds the case and waits for the desk."""
    second = a_reply(bob, thread, "drugi")
    for each in (post, second):
        a_report(dana, each)
    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            hold_case(case_of(second).pk)
            erased = elsewhere(other, lambda: erase(fresh(bob)))
            wait_until_blocked(erased)
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '500ms'")
                hold_desk()
        erased.result()
    assert {case_of(each).excerpt for each in (post, second)} == {""}
