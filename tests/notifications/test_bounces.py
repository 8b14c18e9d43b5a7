"""Mail that comes back: the member is told on their page, the representative in the list."""

import smtplib

import pytest
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from accounts import actions as accounts
from accounts.models import Invitation
from forum.jobs.mail import QueuedBackend
from forum.notifications.bounces import is_dead, note_bounce
from forum.notifications.models import Bundle, Channels
from tests.cast import just_logged_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def bundle(alice):
    return Bundle.objects.create(
        user=alice, place="thread.1", message_id="<a@localhost>", email=alice.email, state="sent"
    )


def test_a_report_with_our_message_id_is_believed(alice, bundle):
    assert note_bounce(message_id="<a@localhost>", reason="5.1.1\nno such user") == 1
    channels = Channels.objects.get(user=alice)
    assert channels.is_dead(alice.email)
    assert channels.dead_reason == "5.1.1 no such user"
    assert note_bounce(message_id="<a@localhost>", reason="again") == 0
    assert Channels.objects.get(user=alice).dead_reason == "5.1.1 no such user"


def test_a_report_about_a_mail_we_never_sent_is_not_believed(alice):
    """Anybody could send it, with anybody's address in it."""
    assert note_bounce(message_id="<b@localhost>", address=alice.email) == 0
    assert not Channels.objects.exists()


def test_what_comes_back_for_a_while_changes_nothing(alice, bundle):
    assert note_bounce(message_id="<a@localhost>", is_permanent=False) == 0
    assert note_bounce() == 0
    assert not Channels.objects.exists()


def test_an_address_that_was_changed_since_is_alive(alice, bundle):
    alice.email = "nowa@example.org"
    alice.save()
    assert note_bounce(message_id="<a@localhost>") == 0


def test_another_address_is_alive_again(alice, bundle):
    note_bounce(message_id="<a@localhost>")
    assert not Channels.objects.get(user=alice).is_dead("nowa@example.org")


def test_the_member_reads_it_and_has_it_tried_again(alice, bundle):
    note_bounce(message_id="<a@localhost>", reason="550 no such user")
    browser = just_logged_in(alice)
    assert "550 no such user" in browser.get("/notifications/").content.decode()
    page = browser.get("/notifications/settings/").content.decode()
    assert alice.email in page
    assert "550 no such user" in page
    assert browser.post("/notifications/channels/again/").status_code == 303
    assert "550 no such user" not in browser.get("/notifications/settings/").content.decode()


class Refusing(BaseEmailBackend):
    def send_messages(self, messages):
        (address,) = messages[0].to
        raise smtplib.SMTPRecipientsRefused({address: (550, b"5.1.1 no such user")})


def test_an_invitation_that_bounces_is_shown_to_its_organization(
    alice, fundacja, settings, work, clock
):
    settings.MAIL_DELIVERY_BACKEND = f"{__name__}.Refusing"
    settings.EMAIL_BACKEND = "forum.jobs.mail.QueuedBackend"  # as outside of tests
    accounts.invite(
        actor=alice,
        organization=fundacja,
        emails=["nikt@example.org"],
        term=accounts.Term.from_today("member"),
    )
    work()
    assert Invitation.objects.get().bounced_at is not None


def test_a_login_code_that_bounces_is_known_too(alice, settings, work, clock):
    settings.MAIL_DELIVERY_BACKEND = f"{__name__}.Refusing"
    EmailMessage("Kod", "1234", to=[alice.email], connection=QueuedBackend()).send()
    work()
    assert Channels.objects.get(user=alice).is_dead(alice.email)


@pytest.mark.parametrize(
    ("code", "reply", "answer"),
    [
        (550, "5.1.1 no such user", True),
        (550, "5.1.10 null MX", True),
        (550, "5.2.1 disabled", True),
        (554, "5.2.2 over quota", False),
        (550, "5.7.26 unauthenticated", False),
        (550, "no such user", True),
        (552, "quota", False),
        (554, "transaction failed", False),
        (450, "4.1.1 try later", False),
        (421, "no such user", False),
    ],
)
def test_only_a_missing_mailbox_is_a_dead_address(code, reply, answer):
    assert is_dead(code, reply) is answer
