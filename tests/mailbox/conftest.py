"""The forum of these tests takes mails."""

import shutil

import pytest

from forum.mailbox.models import DIRECTORY
from forum.notifications.models import Bundle, Channels
from tests.mailbox.letters import ADDRESS


@pytest.fixture(autouse=True)
def _takes_mails(settings):
    settings.REPLY_ADDRESS = ADDRESS
    settings.MAIL_DELIVERY_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    # Originals of the test before.
    shutil.rmtree(settings.FILES_DIR / DIRECTORY, ignore_errors=True)


@pytest.fixture(autouse=True)
def _no_periodic_work(monkeypatch):
    """Daily work is not what these tests are about."""
    monkeypatch.setattr("forum.jobs.worker.enqueue_periods", lambda: None)


@pytest.fixture
def came_back(bob):
    """Whether the forum has noted that the mail of samples/bounce.eml, to Bob, did not arrive."""
    named = "<notification-77.mail@forum.example.org>"
    Bundle.objects.create(user=bob, place="", message_id=named, email=bob.email, state="sent")

    def is_noted() -> bool:
        channels = Channels.objects.filter(user=bob).first()
        return channels is not None and channels.is_dead(bob.email)

    return is_noted
