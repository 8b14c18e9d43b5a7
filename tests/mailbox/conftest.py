"""The forum of these tests takes mails."""

import pytest

from forum.jobs import periods
from tests.mailbox.letters import ADDRESS


@pytest.fixture(autouse=True)
def _takes_mails(settings, tmp_path):
    settings.REPLY_ADDRESS = ADDRESS
    settings.FILES_DIR = tmp_path / "files"
    settings.MAIL_DELIVERY_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    # Periodic work is not what these tests are about: none of it is due.
    periods._enqueued.clear()


@pytest.fixture(autouse=True)
def _no_periodic_work(monkeypatch):
    monkeypatch.setattr("forum.jobs.worker.enqueue_periods", lambda: None)


@pytest.fixture
def noted(monkeypatch):
    """The bounces that were handed on."""
    from forum.mailbox import hooks

    bounces = []
    monkeypatch.setattr(hooks, "bounce_noted", [bounces.append])
    return bounces
