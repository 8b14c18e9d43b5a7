"""A visit: it ends after half an hour away, and what was before it stays the same all through."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from forum.discussions import actions
from forum.discussions.actions.visiting import VISIT_GAP, VISIT_STEP
from forum.discussions.models import Visit
from tests.cast import logged_in
from tests.factories import a_reply, a_thread

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
AFTER = timedelta(minutes=1)


def here_at(member, moment):
    with time_machine.travel(moment, tick=False):
        return actions.be_here(user=member)


def test_the_first_visit_has_none_before_it(alice):
    assert here_at(alice, MONDAY) is None
    assert here_at(alice, MONDAY + timedelta(minutes=20)) is None


def test_the_visit_before_ended_with_its_last_sign(alice):
    here_at(alice, MONDAY)
    last = MONDAY + timedelta(minutes=20)
    here_at(alice, last)
    assert here_at(alice, last + VISIT_GAP + AFTER) == last


def test_it_stays_the_same_all_through_a_long_visit(alice):
    here_at(alice, MONDAY)
    back = MONDAY + timedelta(days=30)
    signs = [here_at(alice, back + number * timedelta(minutes=29)) for number in range(10)]
    assert signs == [MONDAY] * 10


def test_each_member_has_their_own(alice, bob):
    here_at(alice, MONDAY)
    assert here_at(bob, MONDAY + timedelta(days=1)) is None
    assert here_at(alice, MONDAY + timedelta(days=2)) == MONDAY


def test_it_is_written_once_a_minute(alice, django_assert_num_queries):
    here_at(alice, MONDAY)
    with django_assert_num_queries(1):
        here_at(alice, MONDAY + VISIT_STEP / 2)
    with django_assert_num_queries(2):
        here_at(alice, MONDAY + VISIT_STEP)


@pytest.mark.parametrize(
    "name", ["thread", "overview:home", "discussions:latest", "discussions:unread_list"]
)
def test_reading_is_being_here(alice, bob, name):
    thread = a_thread(bob)
    address = thread.get_absolute_url() if name == "thread" else reverse(name)
    browser = logged_in(alice)
    with time_machine.travel(MONDAY, tick=False):
        assert browser.get(address).status_code == 200
    assert Visit.objects.get(user=alice).at == MONDAY


def test_a_guest_leaves_no_trace(client, bob):
    a_thread(bob)
    client.get(reverse("overview:home"))
    assert not Visit.objects.exists()


# --- On the first page ----------------------------------------------------------------------------
def home_at(member, moment):
    with time_machine.travel(moment, tick=False):
        return logged_in(member).get(reverse("overview:home"))


def at(moment, make, *args, **fields):
    with time_machine.travel(moment, tick=False):
        return make(*args, **fields)


@pytest.fixture
def two(bob):
    """Two threads of Sunday."""
    return [at(MONDAY - timedelta(days=1), a_thread, bob, title=f"Stary {n}") for n in (1, 2)]


def test_the_line_stands_under_what_is_new(alice, bob, two):
    home_at(alice, MONDAY)
    new = at(MONDAY + timedelta(hours=1), a_thread, bob, title="Nowy")
    page = home_at(alice, MONDAY + timedelta(days=1))
    latest = page.context["latest"]
    assert [thread.title for thread in latest.threads] == ["Nowy", "Stary 2", "Stary 1"]
    assert (latest.news, latest.line_before) == (1, two[1].pk)
    html = page.content.decode()
    marks = [f'id="thread-{new.pk}"', "data-since=", f'id="thread-{two[1].pk}"']
    assert sorted(marks, key=html.index) == marks


def test_the_line_stays_while_one_reads_and_the_count_falls(alice, bob, two):
    home_at(alice, MONDAY)
    new = at(MONDAY + timedelta(hours=1), a_thread, bob, title="Nowy")
    tuesday = MONDAY + timedelta(days=1)
    home_at(alice, tuesday)
    at(tuesday, actions.mark_thread_read, user=alice, thread=new)
    latest = home_at(alice, tuesday + timedelta(minutes=25)).context["latest"]
    assert (latest.news, latest.line_before, latest.since) == (0, two[1].pk, MONDAY)
    # The next day everything there is has been there before.
    latest = home_at(alice, tuesday + timedelta(days=1)).context["latest"]
    assert (latest.news, latest.line_before) == (0, new.pk)


def test_ones_own_words_are_no_news(alice, bob, two):
    home_at(alice, MONDAY)
    at(MONDAY + timedelta(hours=1), a_reply, alice, two[0])
    latest = home_at(alice, MONDAY + timedelta(days=1)).context["latest"]
    assert latest.news == 0


def test_the_first_visit_has_no_line(alice, two):
    page = home_at(alice, MONDAY)
    assert page.context["latest"].line_before == 0
    assert "data-since" not in page.content.decode()
