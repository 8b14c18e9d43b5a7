"""The member's own stream: who listens, and what changed since N."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from forum.live import rules
from forum.notifications.actions import choose, mark_read, read_all
from forum.notifications.bell import bell_of
from forum.notifications.models import Notification, Tray
from forum.notifications.stream import MemberStream
from tests.cast import logged_in
from tests.factories import a_reply, a_thread
from tests.notifications.world import work

pytestmark = pytest.mark.django_db
STREAM = MemberStream()


@pytest.fixture
def told(alice, bob):
    """Bob was told of replies in two threads."""
    threads = [a_thread(bob, title=title) for title in ("Pierwsza", "Druga")]
    for thread in threads:
        a_reply(alice, thread)
        work()
    return threads


def test_only_the_member_listens(alice, bob, carol, erin, told):
    name = f"member.{bob.pk}"
    assert rules.may_listen(bob, name)
    for other in (alice, carol, AnonymousUser()):
        assert not rules.may_listen(other, name)
    assert not rules.may_listen(erin, f"member.{erin.pk}")


def test_the_door_of_changes_is_the_members_own(client, alice, bob, told):
    address = f"/live/member.{bob.pk}/changes/?since=0"
    assert client.get(address).status_code == 404
    assert logged_in(alice).get(address).status_code == 404
    answer = logged_in(bob).get(address).json()
    assert (answer["seq"], answer["more"]) == (2, False)
    assert 'id="bell-count"' in answer["html"]
    assert "Pierwsza" in answer["html"]


def test_whoever_was_told_nothing_yet_listens_from_nought(bob):
    assert STREAM.seqs([bob.pk]) == {bob.pk: 0}
    assert STREAM.changes(bob.pk, 0).html == ""


def test_only_the_places_that_changed_are_told(bob, told):
    changes = STREAM.changes(bob.pk, 1)
    assert "Druga" in changes.html
    assert "Pierwsza" not in changes.html
    assert 'data-count="2"' in changes.html


def test_reading_is_a_change(bob, told):
    row = Notification.objects.filter(user=bob).earliest("pk")
    mark_read(member=bob, pks=[row.pk])
    changes = STREAM.changes(bob.pk, 2)
    assert changes.seq == 3
    assert "Pierwsza" in changes.html
    assert 'data-count="1"' in changes.html


def test_what_is_gone_is_told_as_gone(bob, told):
    Notification.objects.filter(place=f"thread.{told[0].pk}").update(count=0, seq=3)
    Tray.objects.filter(pk=bob.pk).update(seq=3)
    html = STREAM.changes(bob.pk, 2).html
    assert f'id="notifications-thread-{told[0].pk}"' in html
    assert "data-gone" in html


def test_the_sound_is_a_change_of_the_bell(bob):
    choose(member=bob, preset="concerning", has_sound=True)
    assert "data-sound" in STREAM.changes(bob.pk, 0).html


def test_many_changes_come_in_parts_that_miss_nothing(alice, bob, monkeypatch):
    monkeypatch.setattr("forum.notifications.stream.CHANGES_LIMIT", 3)
    for _ in range(8):
        a_reply(alice, a_thread(bob))
        work()
    read_all(member=bob)  # one number for all of them
    for _ in range(2):
        a_reply(alice, a_thread(bob))
        work()
    since, places, parts, more = 0, set(), 0, True
    while more:
        changes = STREAM.changes(bob.pk, since)
        assert changes.seq > since
        since, more, parts = changes.seq, changes.more, parts + 1
        places |= set(changes.html.split('id="notifications-')[1:])
    assert (since, len({place.split('"')[0] for place in places})) == (11, 10)
    assert parts > 1


def test_a_change_speaks_the_readers_language(bob, told):
    client = logged_in(bob)
    bob.language = "en"
    bob.save(update_fields=["language"])
    html = client.get(f"/live/member.{bob.pk}/changes/?since=0").json()["html"]
    assert "1 new reply" in html


def test_the_bell_costs_one_query_and_nothing_for_a_guest(bob, told):
    bell_of(bob)
    for viewer, cost in ((bob, 1), (AnonymousUser(), 0)):
        with CaptureQueriesContext(connection) as asked:
            bell_of(viewer)
        assert len(asked) == cost
    assert (bell_of(bob).count, bell_of(bob).seq) == (2, 2)
