"""What a member has read: exact, in both orders, against a slow model that is plainly right."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from forum.categories.models import Category
from forum.discussions import actions, unread
from forum.discussions.actions.reading import VISIT_GAP
from forum.discussions.models import Post, ReadMark
from forum.discussions.unread import next_unread, read_state, track
from forum.lib.answers import Refused
from forum.lib.paths import segment
from forum.lib.ranges import Ranges
from tests import cast
from tests.factories import a_category, a_reply, a_thread

pytestmark = pytest.mark.django_db
LONG = 3000


@pytest.fixture
def thread(bob):
    """By Bob, four replies of his: 3 answers 2, the others the thread."""
    thread = a_thread(bob)
    a_reply(bob, thread, parent=a_reply(bob, thread))
    a_reply(bob, thread)
    a_reply(bob, thread)
    thread.refresh_from_db()
    return thread


def unread_of(user, thread):
    thread.refresh_from_db()
    state = read_state(user, thread)
    assert state.unread_count == state.missing.count
    mark = ReadMark.objects.filter(user=user, thread=thread).first()
    assert (mark.read_count if mark else 0) == state.read.count
    return str(state.missing)


def read(user, thread, text):
    return actions.mark_read(user=user, thread=thread, numbers=Ranges.parse(text))


def test_everything_is_unread_until_it_is_read(alice, thread):
    assert unread_of(alice, thread) == "1-5"
    read(alice, thread, "2-3 5")
    assert unread_of(alice, thread) == "1 4"
    read(alice, thread, "2")
    assert unread_of(alice, thread) == "1 4"


def test_numbers_the_thread_has_not_are_left_out(alice, thread, bob):
    read(alice, thread, "4-9999999999")
    a_reply(bob, thread)
    assert unread_of(alice, thread) == "1-3 6"


def test_ones_own_posts_are_read(alice, bob, thread):
    a_reply(alice, thread)
    assert unread_of(alice, thread) == "1-5"
    assert unread_of(bob, thread) == "6"


def test_unread_from_here_reaches_to_the_end(alice, thread):
    actions.mark_thread_read(user=alice, thread=thread)
    assert unread_of(alice, thread) == ""
    actions.mark_unread(user=alice, thread=thread, number=3)
    assert unread_of(alice, thread) == "3-5"
    actions.mark_unread(user=alice, thread=thread, number=3)
    assert unread_of(alice, thread) == "3-5"


def test_what_one_may_not_read_one_cannot_mark(bob, carol):
    thread = a_thread(carol, a_category(readers=Category.Readers.STAFF))
    for refused in (
        lambda: read(bob, thread, "1"),
        lambda: actions.mark_unread(user=bob, thread=thread, number=1),
        lambda: actions.mark_thread_read(user=bob, thread=thread),
    ):
        with pytest.raises(Refused):
            refused()
    actions.mark_all_read(user=bob)
    assert not ReadMark.objects.filter(user=bob).exists()


def test_all_of_a_category_and_then_everything(alice, bob, thread):
    other, third = a_thread(bob), a_thread(bob)
    read(alice, thread, "2")
    actions.mark_all_read(user=alice, category=thread.category)
    assert [unread_of(alice, t) for t in (thread, other, third)] == ["", "1", "1"]
    actions.mark_all_read(user=alice)
    assert [unread_of(alice, t) for t in (thread, other, third)] == ["", "", ""]
    a_reply(bob, other)
    assert unread_of(alice, other) == "2"


def test_marks_do_not_age(alice, bob, thread):
    read(alice, thread, "1-4")
    with time_machine.travel(timezone.now() + timedelta(days=5000)):
        assert unread_of(alice, thread) == "5"


def test_all_read_costs_the_same_for_many_threads(alice, bob, django_assert_max_num_queries):
    category = a_category()
    for _ in range(3):
        read(alice, a_thread(bob, category), "1")
        a_thread(bob, category)
    with django_assert_max_num_queries(9):
        actions.mark_all_read(user=alice)


@pytest.mark.parametrize("few", [0, 500])
@pytest.mark.parametrize("order", ["tree", "time"])
def test_next_unread_goes_on_in_the_readers_order(alice, thread, order, few, monkeypatch):
    monkeypatch.setattr(unread, "FEW_UNREAD", few)
    a_reply(alice, thread, parent=thread.posts.get(number=3))
    thread.refresh_from_db()
    actions.mark_unread(user=alice, thread=thread, number=1)
    read(alice, thread, "1-2")
    state = read_state(alice, thread)
    expected = {"tree": {0: 3, 3: 6, 6: 4, 5: 3}, "time": {0: 3, 3: 4, 5: 6, 6: 3}}[order]
    assert {after: next_unread(state, after, order) for after in expected} == expected
    actions.mark_thread_read(user=alice, thread=thread)
    assert next_unread(read_state(alice, thread), 0, order) == 0


@pytest.fixture
def long_thread(bob):
    thread = a_thread(bob)
    Post.objects.bulk_create(
        Post(
            thread=thread, number=n, path=segment(n), author=bob,
            source="x", source_format="markdown", html="<p>x</p>", seq=1,
        )
        for n in range(2, LONG + 1)
    )  # fmt: skip
    type(thread).objects.filter(pk=thread.pk).update(last_number=LONG)
    thread.refresh_from_db()
    return thread


@pytest.mark.parametrize("text", ["", f"1-{LONG - 1}", f"1-{LONG - 600}", f"1-{LONG}", "1-5 9"])
@pytest.mark.parametrize("order", ["tree", "time"])
def test_the_way_to_the_unread_costs_few_queries_in_a_long_thread(
    client, alice, long_thread, order, text, django_assert_max_num_queries
):
    client.force_login(alice)
    client.cookies["order"] = order
    read(alice, long_thread, text)
    with django_assert_max_num_queries(14):
        response = client.get(reverse("discussions:unread", args=[long_thread.pk]))
    first = Ranges.parse(text).first_missing()
    post = long_thread.posts.get(number=min(first, LONG))
    assert response["Location"].endswith(f"#post-{post.pk}")


def test_the_track_shows_where_the_unread_are():
    assert track(Ranges.parse("1-1000"), 1000) == [(0, 100)]
    assert track(Ranges.parse("1000"), 1000) == [(99, 1)]
    assert track(Ranges.parse("1 500"), 1000) == [(0, 1), (49, 1)]
    assert track(Ranges.parse("1"), 1) == [(0, 100)]
    assert track(Ranges(), 5) == []


# --- Pages ---------------------------------------------------------------------------------------
def line_before(response):
    found = re.search(r'id="since-line".*?data-number="(\d+)"', response.content.decode(), re.S)
    return int(found[1]) if found else None


@pytest.mark.parametrize("order", ["tree", "time"])
def test_the_line_stands_all_through_a_visit(client, alice, bob, thread, order):
    client.force_login(alice)
    address = reverse("discussions:thread", args=[thread.pk])
    start = timezone.now()
    with time_machine.travel(start):
        assert line_before(client.get(address, {"order": order})) is None
        a_reply(bob, thread)
    with time_machine.travel(start + 2 * VISIT_GAP):
        assert line_before(client.get(address, {"order": order})) == 6
        actions.mark_thread_read(user=alice, thread=thread)
    with time_machine.travel(start + 2 * VISIT_GAP + timedelta(minutes=20)):
        assert line_before(client.get(address, {"order": order})) == 6
    with time_machine.travel(start + 4 * VISIT_GAP):
        assert line_before(client.get(address, {"order": order})) is None


def test_the_page_marks_what_is_unread_without_scripts(client, alice, thread):
    read(alice, thread, "1-2 4")
    client.force_login(alice)
    page = client.get(thread.get_absolute_url(), {"order": "time"})
    assert page.content.decode().count('class="unread-mark"') == 2
    assert page.context["shown_numbers"] == "1-5"
    answer = client.post(
        reverse("discussions:read", args=[thread.pk]), {"numbers": page.context["shown_numbers"]}
    )
    assert answer.status_code == 303
    assert unread_of(alice, thread) == ""


def test_a_guest_has_a_rail_and_no_marks(client, thread):
    content = client.get(thread.get_absolute_url()).content.decode()
    assert "jump-rail" in content
    assert "<read-marks" not in content
    assert "unread-mark" not in content


def test_the_script_hears_what_is_left(client, alice, thread):
    client.force_login(alice)
    address = reverse("discussions:read", args=[thread.pk])
    answer = client.post(address, {"numbers": "1-3"}, headers={"X-Fragment": "1"})
    assert answer.json() == {
        "thread": thread.pk, "read": 3, "last": 5, "unread": 2, "track": [[60, 40]],
    }  # fmt: skip


@pytest.mark.parametrize("numbers", ["x", "3-1", "1\x00", "1 " * 20_000, "²", "0"])
@pytest.mark.parametrize("headers", [{}, {"X-Fragment": "1"}])
def test_bad_numbers_get_a_sentence(client, alice, thread, numbers, headers):
    client.force_login(alice)
    address = reverse("discussions:read", args=[thread.pk])
    assert client.post(address, {"numbers": numbers}, headers=headers).status_code == 422
    assert unread_of(alice, thread) == "1-5"


def test_too_many_reports_are_refused(client, alice, thread, monkeypatch):
    monkeypatch.setattr("forum.discussions.views.reading_marks.READS_PER_MINUTE", 1)
    client.force_login(alice)
    address = reverse("discussions:read", args=[thread.pk])
    codes = [client.post(address, {"numbers": "1"}).status_code for _ in range(3)]
    assert 429 in codes


def test_forms_mark_all_and_unread(client, alice, bob, thread):
    client.force_login(alice)
    client.post(reverse("discussions:read", args=[thread.pk]), {"all": "1"})
    assert unread_of(alice, thread) == ""
    third = thread.posts.get(number=3)
    address = reverse("discussions:unread_from", args=[third.pk])
    assert address in client.get(reverse("discussions:post", args=[third.pk])).content.decode()
    client.post(address)
    assert unread_of(alice, thread) == "3-5"
    client.post(reverse("discussions:read_category", args=[thread.category_id]))
    assert unread_of(alice, thread) == ""
    other = a_thread(bob)
    client.post(reverse("discussions:read_everything"))
    assert unread_of(alice, other) == ""


@pytest.mark.parametrize("name", ["overview:home", "discussions:latest", "discussions:category"])
def test_lists_know_the_exact_numbers_at_a_constant_cost(
    client, alice, bob, name, django_assert_max_num_queries
):
    category = a_category()
    address = reverse(name, args=[category.pk] if name.endswith("category") else [])
    thread = a_thread(bob, category)
    a_reply(bob, thread)
    read(alice, thread, "1")
    client.force_login(alice)
    costs = []
    for _ in range(2):
        # The first page asks more than a list: tests/overview/test_home.py says what.
        with django_assert_max_num_queries(20) as captured:
            response = client.get(address)
        costs.append(len(captured))
        found = {t.pk: n for t, n in response.context["list_reading"].unread}
        assert found[thread.pk] == (1 if len(costs) == 1 else 2)
        for _ in range(6):
            a_thread(bob, category)
        a_reply(bob, thread)
        thread.refresh_from_db()
    assert costs[0] >= costs[1]


# --- Random lives against the model --------------------------------------------------------------
steps = st.lists(
    st.one_of(
        st.tuples(st.just("read"), st.integers(1, 12), st.integers(0, 6)),
        st.tuples(st.just("unread"), st.integers(1, 12)),
        st.tuples(st.just("bob"), st.integers(0, 11)),
        st.tuples(st.just("alice"), st.integers(0, 11)),
        st.tuples(st.just("all")),
    ),
    max_size=14,
)


class TestAgainstTheModel(TestCase):
    """The model: a set of the numbers read, and the posts sorted anew for every question."""

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(steps)
    def test_random_lives(self, steps):
        alice, bob = cast.make_alice(), cast.make_bob()
        thread, known = a_thread(bob), set()
        for name, *rest in steps:
            thread.refresh_from_db()
            self.step(name, rest, thread, known, {"alice": alice, "bob": bob})
            thread.refresh_from_db()
            self.compare(alice, thread, known)

    def step(self, name, rest, thread, known, people):
        alice, last = people["alice"], thread.last_number
        if name == "read":
            numbers = range(rest[0], rest[0] + rest[1] + 1)
            actions.mark_read(user=alice, thread=thread, numbers=Ranges.of(numbers))
            known.update(n for n in numbers if n <= last)
        elif name == "unread":
            actions.mark_unread(user=alice, thread=thread, number=rest[0])
            known.difference_update(range(rest[0], 99))
        elif name == "all":
            actions.mark_all_read(user=alice)
            known.update(range(1, last + 1))
        else:
            parent = thread.posts.filter(number=rest[0]).first()
            post = a_reply(people[name], thread, parent=parent)
            known.update({post.number} if name == "alice" else ())

    def compare(self, alice, thread, known):
        state = read_state(alice, thread)
        assert state.unread_count == thread.last_number - len(known)
        for order, key in (("time", "number"), ("tree", "path")):
            everything = sorted(thread.posts.all(), key=lambda post: getattr(post, key))
            line = [post.number for post in everything]
            for at, after in enumerate(line):
                rest = [n for n in line[at + 1 :] + line if n not in known]
                assert next_unread(state, after, order) == (rest[0] if rest else 0)
