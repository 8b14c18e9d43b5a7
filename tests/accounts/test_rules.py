from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import rules
from accounts.models import Mandate
from tests.cast import a_mandate

pytestmark = pytest.mark.django_db

GUEST = AnonymousUser()


def voices(member):
    return [organization.name for organization in rules.voices_of(member)]


def test_everybody_active_speaks_in_their_own_voice(alice, bob, carol, dana):
    for member in (alice, bob, carol, dana):
        assert rules.may_speak(member, None) is True


def test_the_cast_speaks_for_its_organizations_only(
    alice, bob, carol, dana, fundacja, starostwo, orlik
):
    allowed = {alice: fundacja, carol: starostwo, dana: orlik}
    for member in (alice, bob, carol, dana):
        for organization in (fundacja, starostwo, orlik):
            answer = bool(rules.may_speak(member, organization))
            assert answer == (allowed.get(member) == organization)
            assert answer == (organization in rules.voices_of(member))


def test_a_suspended_member_has_no_voice_at_all(erin, fundacja):
    for voice in (None, fundacja):
        refusal = rules.may_speak(erin, voice)
        assert not refusal
        assert str(refusal.sentence)


def test_a_guest_has_no_voice_and_is_told_why(fundacja):
    for voice in (None, fundacja):
        assert str(rules.may_speak(GUEST, voice).sentence)
    assert voices(GUEST) == []


def test_a_plain_member_of_an_organization_does_not_speak_for_it(bob, fundacja):
    a_mandate(bob, fundacja, Mandate.Role.MEMBER)
    assert not rules.may_speak(bob, fundacja)
    assert voices(bob) == []


# The day turns at midnight in Warsaw: 23:00 UTC in winter, 22:00 UTC in summer.
@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-02-28 22:59:59+00:00", False),  # 23:59:59 in Warsaw, the day before
        ("2026-02-28 23:00:00+00:00", True),  # midnight in Warsaw, the first day
        ("2026-06-30 21:59:59+00:00", True),  # the last second of the last day (summer time)
        ("2026-06-30 22:00:00+00:00", False),
    ],
)
def test_a_mandate_counts_from_its_first_day_to_its_last(
    bob, fundacja, time_machine, moment, expected
):
    mandate = a_mandate(bob, fundacja, valid_from=date(2026, 3, 1), valid_to=date(2026, 6, 30))
    time_machine.move_to(moment, tick=False)
    assert bool(rules.may_speak(bob, fundacja)) == expected
    assert (mandate.standing == Mandate.Standing.CURRENT) == expected
    assert (mandate in Mandate.objects.current()) == expected


def test_a_revoked_mandate_is_silent_at_once(alice, fundacja):
    assert rules.may_speak(alice, fundacja)
    alice.mandates.update(revoked_at=timezone.now())
    assert not rules.may_speak(alice, fundacja)
    assert alice.mandates.get().standing == Mandate.Standing.REVOKED


def test_terms_follow_each_other_and_name_the_organization_once(bob, fundacja):
    a_mandate(bob, fundacja, valid_to=date(2099, 1, 1))
    a_mandate(bob, fundacja, Mandate.Role.PROXY, valid_to=date(2098, 1, 1))
    assert voices(bob) == [fundacja.name]


def test_one_open_mandate_for_an_organization_is_enough(alice, fundacja):
    with pytest.raises(IntegrityError), transaction.atomic():
        a_mandate(alice, fundacja)


def test_a_mandate_does_not_end_before_it_begins(bob, fundacja):
    with pytest.raises(IntegrityError), transaction.atomic():
        a_mandate(bob, fundacja, valid_from=date(2026, 3, 2), valid_to=date(2026, 3, 1))
