"""The forum of these tests takes mails."""

import shutil

import pytest

from forum.mailbox import hooks
from forum.mailbox.models import DIRECTORY
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
def noted(monkeypatch):
    """The bounces that were handed on."""
    bounces = []
    monkeypatch.setattr(hooks, "bounce_noted", [bounces.append])
    return bounces
