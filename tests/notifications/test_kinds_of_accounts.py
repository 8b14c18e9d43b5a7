"""What is told of organizations: to whom, and until when."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts import actions
from accounts.models import Mandate
from forum.notifications import kinds
from forum.notifications.kinds_of_accounts import ALL
from forum.notifications.links import change_url
from forum.notifications.models import Notification
from tests.accounts.cases import State, a_claim, decide
from tests.accounts.mandate_world import a_request, an_invitation
from tests.cast import a_mandate
from tests.notifications.world import titles, told, work

pytestmark = pytest.mark.django_db


def test_whoever_has_the_invited_address_is_told_until_they_answer(alice, bob, dana, fundacja):
    invitation, _ = an_invitation(alice, fundacja, "bob@example.org")
    assert told(bob) == [("invitation", 1)]
    assert titles(bob) == ["Zaproszenie czeka na odpowiedź"]
    assert told(dana) == []
    actions.accept_invitation(member=bob, invitation=invitation)
    assert ("invitation", 1) not in told(bob)


def test_a_revoked_invitation_disappears(alice, bob, fundacja):
    invitation, _ = an_invitation(alice, fundacja, "bob@example.org")
    assert told(bob) == [("invitation", 1)]
    actions.revoke_invitation(actor=alice, invitation=invitation)
    assert told(bob) == []


def test_an_invitation_to_nobody_known_tells_nobody(alice, bob, fundacja):
    an_invitation(alice, fundacja, "nikt@example.org")
    work()
    assert not Notification.objects.exists()


def test_a_request_to_join_is_told_to_who_answers_and_the_answer_to_who_asked(
    alice, bob, carol, fundacja
):
    request = a_request(bob, fundacja)
    assert told(alice) == [("join_request", 1)]
    assert titles(alice) == ["Bob Kowalski prosi o przyjęcie"]
    assert told(carol) == []
    actions.decline_request(actor=alice, request=request, reason="Nie teraz.")
    assert told(alice) == []
    assert told(bob) == [("join_answer", 1)]
    assert titles(bob) == ["Na prośbę o przyjęcie odpowiedziano odmownie"]


def test_a_request_taken_back_waits_for_nobody(alice, bob, fundacja):
    request = a_request(bob, fundacja)
    assert told(alice) == [("join_request", 1)]
    actions.withdraw_request(member=bob, request=request)
    assert told(alice) == []


def test_whoever_stops_representing_answers_no_more(alice, bob, dana, fundacja):
    a_mandate(dana, fundacja)
    a_request(bob, fundacja)
    assert told(dana) == [("join_request", 1)]
    Mandate.objects.filter(user=dana).update(revoked_at=timezone.now())
    assert titles(dana) == []
    assert told(alice) == [("join_request", 1)]


def test_a_case_waits_for_the_adviser_and_its_decision_for_who_opened_it(bob, carol):
    case = a_claim(bob)
    assert told(carol) == [("case_waiting", 1)]
    decide(carol, case, State.ASKED, "Prosimy o uchwałę.")
    assert (told(carol), titles(bob)) == ([], ["Doradca prosi o uzupełnienie"])
    actions.answer(member=bob, case=case, text="Oto ona.")
    assert told(carol)[0][0] == "case_waiting"
    assert told(bob) == []
    decide(carol, case, State.ACCEPTED)
    assert told(carol) == []
    assert "Twoja organizacja została zweryfikowana" in titles(bob)


def test_a_mandate_is_told_to_its_holder_and_its_end_too(alice, bob, fundacja):
    term = actions.Term.from_today(Mandate.Role.PROXY)
    mandate = actions.grant(
        actor=alice, organization=fundacja, member=bob, term=term, ground="resolution"
    )
    assert told(bob) == [("mandate", 1)]
    assert titles(bob) == ["Twoje umocowanie: pełnomocnik"]
    actions.end_mandate(actor=alice, mandate=mandate)
    assert told(bob) == [("mandate_over", 1)]


def test_a_mandate_that_ends_soon_is_told_to_holder_and_representatives(alice, bob, fundacja):
    begin = timezone.now()
    mandate = a_mandate(bob, fundacja, valid_to=timezone.localdate() + timedelta(days=60))
    with time_machine.travel(begin + timedelta(days=45), tick=False):
        assert actions.remind_of_ends() == 1
        assert told(bob) == told(alice) == [("mandate_ends", 1)]
        assert titles(alice)[0].endswith("Bob Kowalski")
        actions.end_mandate(actor=alice, mandate=mandate)
        assert told(alice) == []


def test_an_organization_left_alone_is_told_to_the_adviser(alice, carol, fundacja):
    mandate = Mandate.objects.get(user=alice)
    actions.leave_to_adviser(member=alice, mandate=mandate)
    assert told(carol) == [("succession", 1)]
    term = actions.Term.from_today(Mandate.Role.REPRESENTATIVE)
    actions.grant(actor=carol, organization=fundacja, member=alice, term=term, ground="adviser")
    assert titles(carol) == []


def test_what_one_answers_for_is_changed_in_the_settings(alice, bob, fundacja):
    a_request(bob, fundacja)
    work()
    row = Notification.objects.get(user=alice)
    assert change_url(row) == "/notifications/settings/"
    assert kinds.get(row.kind).why(row)


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.name)
def test_every_kind_is_registered_and_says_in_which_chapter_it_stands(kind):
    assert kinds.get(kind.name) is kind
    assert kind.chapter in {"new", "answer", "decided", "deadlines"}
    assert kind.is_personal
