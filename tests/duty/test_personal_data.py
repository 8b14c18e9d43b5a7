"""What is kept of the person who entered an organization, given out and forgotten."""

import pytest

from accounts.personal_data import Erasure, Texts
from forum.duty.holdings import ENTRIES
from forum.duty.models import Entry
from tests.duty.world import a_club, willing

pytestmark = pytest.mark.django_db


def test_who_entered_it_is_given_out_and_forgotten():
    organization, member = a_club("Orzeł")
    willing(organization, member)
    assert list(ENTRIES.rows(member)) == list(Entry.objects.all())
    ENTRIES.erase(Erasure(member, Texts.KEEP))
    assert not ENTRIES.rows(member).exists()
    assert Entry.objects.get().organization == organization
