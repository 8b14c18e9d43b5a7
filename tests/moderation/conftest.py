"""An elected moderator and a post of Bob's, for whoever asks."""

import pytest

from tests.factories import a_category, a_reply, a_thread
from tests.moderation.world import SECRET, an_elected


@pytest.fixture
def frank(db):
    """Elected by the organizations."""
    return an_elected()


@pytest.fixture
def category(db):
    return a_category("Rozmowy")


@pytest.fixture
def thread(alice, category):
    return a_thread(alice, category, title="Lokal na spotkania")


@pytest.fixture
def post(bob, thread):
    """What is reported and decided about in most tests."""
    return a_reply(bob, thread, f"Sąsiedzi to {SECRET}.")
