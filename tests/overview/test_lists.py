"""The lists across categories: unread, unanswered, official; their pages, rights and costs."""

import re

import pytest
from django.core.cache import caches
from django.db import connection
from django.urls import reverse

from forum.categories.models import Category
from forum.discussions import actions, listing
from forum.discussions.listing import PAGE_SIZE
from forum.lib.ranges import Ranges
from tests.cast import logged_in
from tests.factories import a_category, a_reply, a_thread

pytestmark = pytest.mark.django_db

LISTS = ("latest", "unread_list", "unanswered", "official")


def listed(response):
    return [int(pk) for pk in re.findall(r'id="thread-(\d+)"', response.content.decode())]


def shown(browser, name):
    return listed(browser.get(reverse(f"discussions:{name}")))


def pages_of(browser, name):
    """The threads of all pages, and how many pages there were."""
    url, found, count = reverse(f"discussions:{name}"), [], 0
    while url:
        response = browser.get(url)
        found += listed(response)
        url, count = response.context["page"].later_url, count + 1
    return found, count


# --- What stands in which list --------------------------------------------------------------------
def test_unread_is_what_has_posts_one_has_not_read(client, alice, bob):
    category = a_category()
    known, half, never = (a_thread(bob, category) for _ in range(3))
    a_reply(bob, half)
    client.force_login(alice)
    actions.mark_thread_read(user=alice, thread=known)
    actions.mark_read(user=alice, thread=half, numbers=Ranges.parse("1"))
    assert shown(client, "unread_list") == [half.pk, never.pk][
        :: 1 if half.pk > never.pk else -1
    ] or [
        half.pk,
        never.pk,
    ]
    a_reply(bob, known)
    assert shown(client, "unread_list")[0] == known.pk
    assert set(shown(client, "unread_list")) == {known.pk, half.pk, never.pk}
    actions.mark_all_read(user=alice)
    assert shown(client, "unread_list") == []
    assert set(shown(logged_in(bob), "unread_list")) == set()  # one's own words are read


def test_unanswered_is_what_waits_for_a_first_reply(client, bob, carol, starostwo):
    category = a_category()
    waits, answered = a_thread(bob, category), a_thread(bob, category)
    a_reply(carol, answered)
    a_thread(carol, category, voice=starostwo)
    a_thread(carol, a_category(writers=Category.Writers.STAFF))
    assert shown(client, "unanswered") == [waits.pk]


def test_official_is_where_the_office_speaks(client, alice, bob, carol, starostwo, fundacja):
    category = a_category()
    a_thread(bob, category)
    a_thread(alice, category, voice=fundacja)
    answered = a_thread(bob, category)
    begun = a_thread(carol, category, voice=starostwo)
    a_reply(carol, begun)
    assert shown(client, "official") == [begun.pk]
    position = a_reply(carol, answered, voice=starostwo)
    assert shown(client, "official") == [answered.pk, begun.pk]
    a_reply(carol, begun, voice=starostwo)  # begun and answered, and yet once
    assert shown(client, "official") == [begun.pk, answered.pk]
    actions.withdraw(author=carol, post=position)
    assert shown(client, "official") == [begun.pk]


@pytest.mark.parametrize("name", LISTS)
def test_a_merged_thread_stands_in_no_list(client, alice, bob, carol, starostwo, name):
    category = a_category()
    goes = a_thread(carol, category, voice=starostwo)
    asked = a_thread(bob, category)
    client.force_login(alice)
    stays = a_thread(bob, category)
    before = shown(client, name)
    assert {goes.pk, asked.pk} & set(before)
    actions.merge(staff=carol, thread=goes, into=stays)
    actions.merge(staff=carol, thread=asked, into=stays)
    assert not {goes.pk, asked.pk} & set(shown(client, name))


# --- Who may see it -------------------------------------------------------------------------------
@pytest.mark.parametrize("name", LISTS)
def test_a_list_shows_what_the_reader_may_read(alice, carol, starostwo, name):
    category = a_category(readers=Category.Readers.STAFF)
    thread = a_thread(carol, category, voice=starostwo if name == "official" else None)
    staff = carol if name != "unread_list" else make_colleague(carol)
    assert shown(logged_in(staff), name) == [thread.pk]
    assert shown(logged_in(alice), name) == []
    category.readers = Category.Readers.EVERYBODY
    category.save()
    assert shown(logged_in(alice), name) == [thread.pk]


def make_colleague(carol):
    """Another of the staff, who has read nothing."""
    colleague = type(carol).objects.create_user("adam@example.org", display_name="Adam Lis")
    type(carol).objects.filter(pk=colleague.pk).update(is_staff=True)
    return colleague


def test_guests_have_no_unread_list(client, bob):
    a_thread(bob)
    assert "/accounts/login/" in client.get(reverse("discussions:unread_list"))["Location"]
    page = client.get(reverse("discussions:latest")).content.decode()
    assert reverse("discussions:unread_list") not in page
    for name in ("unanswered", "official"):
        assert reverse(f"discussions:{name}") in page


@pytest.mark.parametrize("name", LISTS)
def test_each_list_says_which_one_it_is(client, alice, name):
    client.force_login(alice)
    page = client.get(reverse(f"discussions:{name}")).content.decode()
    current = re.findall(r'<a href="([^"]+)" aria-current="page"', page)
    assert reverse(f"discussions:{name}") in current


@pytest.mark.parametrize("name", LISTS)
def test_an_empty_list_says_so(client, alice, name):
    client.force_login(alice)
    page = client.get(reverse(f"discussions:{name}")).content.decode()
    assert 'class="empty"' in page


# --- Pages ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", LISTS)
def test_pages_meet_without_gap_or_overlap(client, alice, bob, carol, starostwo, name):
    category = a_category()
    author, voice = (carol, starostwo) if name == "official" else (bob, None)
    threads = [a_thread(author, category, voice=voice) for _ in range(PAGE_SIZE + 3)]
    if name == "official":  # of both kinds, by turns
        threads += [a_thread(bob, category) for _ in range(PAGE_SIZE)]
        for thread in threads[-PAGE_SIZE:]:
            a_reply(carol, thread, voice=starostwo)
    client.force_login(alice)
    found, count = pages_of(client, name)
    assert found == [thread.pk for thread in reversed(threads)]
    assert count == -(-len(threads) // PAGE_SIZE)


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize(
    "before", ["x", "1_x", "9" * 40 + "_1", "\x00", "0_-" + "9" * 20, "9" * 16 + "_" + "9" * 20]
)
def test_a_strange_place_is_answered_with_the_first_page(client, alice, bob, carol, name, before):
    thread = a_thread(bob)
    client.force_login(alice)
    response = client.get(reverse(f"discussions:{name}"), {"before": before})
    assert response.status_code == 200
    assert listed(response) == ([thread.pk] if name != "official" else [])


def test_the_look_for_unread_threads_goes_on_where_it_ended(client, alice, bob, monkeypatch):
    """A page looks through so many threads and no more, and yet nothing is forgotten."""
    monkeypatch.setattr(listing, "LOOKED_THROUGH", 4)
    category = a_category()
    old = [a_thread(bob, category) for _ in range(3)]
    for _ in range(9):
        actions.mark_thread_read(user=alice, thread=a_thread(bob, category))
    client.force_login(alice)
    first = client.get(reverse("discussions:unread_list"))
    assert listed(first) == []
    assert first.context["page"].later_url
    found, count = pages_of(client, "unread_list")
    assert found == [thread.pk for thread in reversed(old)]
    assert count <= 4


# --- What it costs --------------------------------------------------------------------------------
COSTS = {"latest": 7, "unread_list": 8, "unanswered": 7, "official": 9}
GUESTS_COSTS = {"latest": 2, "unanswered": 2, "official": 3}


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("count", [1, PAGE_SIZE])
def test_a_list_costs_the_same_queries_for_many_threads(
    client, alice, bob, carol, starostwo, name, count, django_assert_num_queries
):
    """Session, member, visit, categories, the list, read marks, the bell."""
    category = a_category()
    a_thread(carol, category, voice=starostwo)
    for _ in range(count):
        a_thread(bob, category)
    client.force_login(alice)
    client.get(reverse("discussions:latest"))
    caches["pages"].clear()
    with django_assert_num_queries(COSTS[name]):
        client.get(reverse(f"discussions:{name}"))


@pytest.mark.parametrize("name", sorted(GUESTS_COSTS))
def test_a_guests_list_costs_little(client, bob, name, django_assert_num_queries):
    a_thread(bob)
    with django_assert_num_queries(GUESTS_COSTS[name]):
        client.get(reverse(f"discussions:{name}"))


INDEXES = {
    "unanswered": "thread_without_reply",
    "official": "thread_with_official_answer",
    "latest": "thread_by_activity",
}


@pytest.mark.parametrize("name", sorted(INDEXES))
def test_a_list_walks_its_index(bob, name):
    """Both databases can read the list in its order; on a few rows PostgreSQL sees no need to."""
    threads = {
        "unanswered": listing.latest(bob).unanswered(),
        "official": listing.latest(bob).filter(has_official_answer=True),
        "latest": listing.latest(bob),
    }[name]
    a_thread(bob)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for way in ("seqscan", "sort", "hashjoin", "bitmapscan"):
                cursor.execute(f"SET LOCAL enable_{way} = off")
    plan = threads[:21].explain()
    assert INDEXES[name] in plan, plan
