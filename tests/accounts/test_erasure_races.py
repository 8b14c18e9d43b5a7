"""Two who leave in the same moment do not leave an organization with nobody."""

import threading

import pytest
from django.db import connection

from accounts import erasing
from accounts.models import Mandate, User
from accounts.personal_data import Texts
from forum.lib.answers import Refused
from tests.cast import a_mandate, a_member


@pytest.mark.django_db(transaction=True)
def test_of_two_last_representatives_one_stays(alice, fundacja):
    other = a_member("Frank", "Lis")
    a_mandate(other, fundacja)
    together = threading.Barrier(2)
    outcomes = []

    def leave(member):
        together.wait()
        try:
            erasing.erase_account(member=member, texts=Texts.KEEP)
            outcomes.append("erased")
        except Refused:
            outcomes.append("refused")
        finally:
            connection.close()

    runs = [threading.Thread(target=leave, args=[member]) for member in (alice, other)]
    for each in runs:
        each.start()
    for each in runs:
        each.join()
    assert sorted(outcomes) == ["erased", "refused"]
    assert User.objects.filter(erased_at=None).count() == 1
    assert Mandate.objects.current().filter(organization=fundacja).count() == 1
