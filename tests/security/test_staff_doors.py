"""Every door of the staff asks for a proof of the last half hour, whatever stands behind it."""

import pytest
from django.conf import settings
from django.urls import reverse

from accounts.models import User
from tests.cast import just_logged_in, logged_in
from tests.factories import a_category, a_thread
from tests.security.walking import addresses

pytestmark = pytest.mark.django_db

PROOF = "/account/confirm/"
# Where one comes in and goes out; it shows nothing, and changes nothing but the session.
OPEN = {"admin:login", "admin:logout", "admin:jsi18n"}
OF_A_THREAD = ("pin", "close", "retitle", "pace", "move", "merge", "split")


@pytest.fixture
def administrator():
    return User.objects.create_superuser("root@example.org", display_name="Administrator")


def staff_doors(thread):
    """Name and path of each; of a thread that is there, since the rule asks what it is about."""
    for name, path in addresses():
        if name.startswith(settings.STAFF_DOORS) and name not in OPEN:
            yield name, path.replace("/threads/1/", f"/threads/{thread.pk}/")


def asked(client, path):
    """What the door answers by the method that it has."""
    answer = client.get(path)
    return client.post(path) if answer.status_code == 405 else answer


def is_asked_for_proof(answer):
    return answer.status_code == 302 and answer.url.startswith(PROOF)


def test_each_asks_for_a_proof_and_is_open_after_it(administrator, bob):
    doors = list(staff_doors(a_thread(bob)))
    names = [name for name, _path in doors]
    walked = {door for door in settings.STAFF_DOORS if any(n.startswith(door) for n in names)}
    assert walked == set(settings.STAFF_DOORS)
    old, fresh = logged_in(administrator), just_logged_in(administrator)
    assert [name for name, path in doors if not is_asked_for_proof(asked(old, path))] == []
    assert [name for name, path in doors if is_asked_for_proof(asked(fresh, path))] == []


@pytest.mark.parametrize("name", OF_A_THREAD)
def test_without_a_proof_nothing_of_a_thread_changes(carol, bob, name):
    thread, there = a_thread(bob, title="Tak, jak było"), a_category()
    into = a_thread(bob, there)
    form = {"on": "1", "title": "Zupełnie inny", "category": there.pk, "slow_minutes": "5"}
    client = logged_in(carol)
    answer = client.post(reverse(f"discussions:{name}", args=[thread.pk]), form | {"into": into.pk})
    assert is_asked_for_proof(answer)
    after = type(thread).objects.get(pk=thread.pk)
    assert after.seq == thread.seq
    assert (after.title, after.category_id) == (thread.title, thread.category_id)


def test_whoever_started_a_thread_gives_it_another_title_without_one(bob):
    thread, client = a_thread(bob), logged_in(bob)
    assert client.get(reverse("discussions:manage", args=[thread.pk])).status_code == 200
    answer = client.post(
        reverse("discussions:retitle", args=[thread.pk]), {"title": "Jaśniejszy tytuł"}
    )
    assert (answer.status_code, answer.url) == (303, thread.get_absolute_url())


def test_members_are_told_no_and_are_asked_for_nothing(bob, alice):
    thread = a_thread(bob)
    for name in OF_A_THREAD:
        answer = logged_in(alice).post(reverse(f"discussions:{name}", args=[thread.pk]))
        assert answer.status_code == 403, name
