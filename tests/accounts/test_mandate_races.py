"""What two people do to the same organization in the same second: one wins, the other is told."""

import threading
from collections.abc import Callable

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from accounts import actions, rules
from accounts.models import Invitation, Mandate, MandateReminder, OrganizationEvent
from forum.lib.answers import Refused
from tests.accounts.mandate_world import a_member_of, a_request, an_invitation
from tests.cast import a_mandate

pytestmark = pytest.mark.django_db(transaction=True)

Role = Mandate.Role


def at_once(*works: Callable[[], object]) -> list[object]:
    """What each gave, or the sentence that refused it; all begin together."""
    barrier = threading.Barrier(len(works))
    results: list[object] = [None] * len(works)

    def run(number: int) -> None:
        barrier.wait()
        try:
            results[number] = works[number]()
        except Refused as refused:
            results[number] = str(refused.refusal.sentence)
        except Exception as error:
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def refusals(results: list[object]) -> list[str]:
    assert not [result for result in results if isinstance(result, Exception)]
    return [result for result in results if isinstance(result, str)]


@pytest.fixture
def own(alice):
    return alice.mandates.get()


@pytest.fixture
def bobs(bob, fundacja):
    return a_mandate(bob, fundacja)


def test_two_representatives_who_remove_each_other(alice, bob, own, bobs, fundacja):
    results = at_once(
        lambda: actions.end_mandate(actor=alice, mandate=bobs),
        lambda: actions.end_mandate(actor=bob, mandate=own),
    )
    assert len(refusals(results)) == 1
    assert rules.representatives_of(fundacja).count() == 1


def test_the_last_two_who_leave(alice, bob, own, bobs, fundacja):
    results = at_once(
        lambda: actions.leave(member=alice, mandate=own),
        lambda: actions.leave(member=bob, mandate=bobs),
    )
    assert len(refusals(results)) == 1
    assert rules.representatives_of(fundacja).count() == 1


def test_one_leaves_while_the_other_is_lowered(alice, bob, own, bobs, fundacja):
    term = actions.Term(Role.MEMBER, bobs.valid_from)
    at_once(
        lambda: actions.leave(member=alice, mandate=own),
        lambda: actions.change_mandate(actor=bob, mandate=bobs, term=term),
    )
    assert rules.representatives_of(fundacja).count() == 1


def test_an_invitation_accepted_in_two_tabs_makes_one_mandate(alice, bob, fundacja):
    invitation, _ = an_invitation(alice, fundacja, "bob@example.org")
    results = at_once(
        *(lambda: actions.accept_invitation(member=bob, invitation=invitation) for _ in range(3))
    )
    assert len(refusals(results)) == 2
    assert bob.mandates.count() == 1


def test_an_invitation_withdrawn_while_it_is_accepted(alice, bob, fundacja):
    invitation, _ = an_invitation(alice, fundacja, "bob@example.org")
    at_once(
        lambda: actions.accept_invitation(member=bob, invitation=invitation),
        lambda: actions.revoke_invitation(actor=alice, invitation=invitation),
    )
    invitation.refresh_from_db()
    assert bool(invitation.accepted_at) != bool(invitation.revoked_at)
    assert bob.mandates.exists() == bool(invitation.accepted_at)


def test_two_who_invite_the_same_address(alice, bob, own, bobs, fundacja):
    given = {"organization": fundacja, "emails": ["ola@example.org"]}
    term = actions.Term.from_today(Role.MEMBER)
    results = at_once(
        lambda: actions.invite(actor=alice, term=term, **given),
        lambda: actions.invite(actor=bob, term=term, **given),
    )
    assert sorted(len(done.sent) for done in results) == [0, 1]
    assert Invitation.objects.count() == 1


def test_a_request_asked_in_two_tabs_is_one(alice, bob, fundacja):
    results = at_once(*(lambda: a_request(bob, fundacja) for _ in range(2)))
    assert len(refusals(results)) == 1


def test_a_request_accepted_and_declined(alice, bob, dana, own, fundacja):
    a_mandate(dana, fundacja)
    asked = a_request(bob, fundacja)
    term = actions.Term.from_today(Role.MEMBER)
    results = at_once(
        lambda: actions.accept_request(actor=alice, request=asked, term=term),
        lambda: actions.decline_request(actor=dana, request=asked, reason="Nie."),
    )
    assert len(refusals(results)) == 1
    asked.refresh_from_db()
    assert bob.mandates.exists() == (asked.answer == "accepted")


def test_handing_over_while_the_successor_leaves(alice, bob, own, fundacja):
    to = a_member_of(fundacja, bob)
    given = {"mandate": own, "to": to, "afterwards": actions.Afterwards.LEAVES}
    at_once(
        lambda: actions.hand_over(actor=alice, **given),
        lambda: actions.leave(member=bob, mandate=to),
    )
    assert rules.representatives_of(fundacja).count() == 1


def test_two_workers_send_one_reminder(alice, bob, own, fundacja, time_machine):
    time_machine.move_to("2026-01-05 10:00:00+00:00", tick=False)
    own.confirmed_on = timezone.localdate()
    own.save()
    last = timezone.localdate().replace(month=6, day=30)
    a_mandate(bob, fundacja, Role.PROXY, valid_from=timezone.localdate(), valid_to=last)
    time_machine.move_to("2026-05-31 10:00:00+00:00", tick=False)
    mail.outbox.clear()
    results = at_once(actions.remind_of_ends, actions.remind_of_ends, actions.remind_of_ends)
    assert sorted(results) == [0, 0, 1]
    assert MandateReminder.objects.count() == 1
    assert len(mail.outbox) == 2  # Bob and Alice


def test_an_organization_is_marked_once(alice, own, bob, carol, fundacja):
    Mandate.objects.filter(pk=own.pk).update(valid_to=own.valid_from)
    results = at_once(actions.mark_abandoned, actions.mark_abandoned)
    refusals(results)
    kind = OrganizationEvent.Kind.SUCCESSION_NEEDED
    assert OrganizationEvent.objects.filter(kind=kind).count() == 1
