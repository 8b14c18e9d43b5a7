"""Lists of threads: order, keyset pages and their cost."""

import re

import pytest
from django.urls import reverse

from forum.discussions.listing import PAGE_SIZE
from tests.factories import a_category, a_reply, a_thread

pytestmark = pytest.mark.django_db


def listed(response):
    return [int(pk) for pk in re.findall(r'id="thread-(\d+)"', response.content.decode())]


def test_the_thread_written_in_last_comes_first(client, bob):
    category = a_category()
    first, second = a_thread(bob, category), a_thread(bob, category)
    url = reverse("discussions:latest")
    assert listed(client.get(url)) == [second.pk, first.pk]
    a_reply(bob, first)
    assert listed(client.get(url)) == [first.pk, second.pk]


def test_pages_of_a_list_meet_without_gap_or_overlap(client, bob):
    category = a_category()
    threads = [a_thread(bob, category) for _ in range(PAGE_SIZE * 2 + 1)]
    url, found = reverse("discussions:category", args=[category.pk]), []
    while url:
        response = client.get(url)
        found += listed(response)
        url = response.context["page"].later_url
    assert found == [thread.pk for thread in reversed(threads)]


def test_a_category_lists_only_its_own(client, bob):
    mine, other = a_thread(bob), a_thread(bob)
    response = client.get(reverse("discussions:category", args=[mine.category_id]))
    assert listed(response) == [mine.pk]
    assert other.pk in listed(client.get(reverse("discussions:latest")))


@pytest.mark.parametrize("before", ["", "x", "1_x", "9" * 40 + "_1", "1.5_2", "\x00"])
def test_a_strange_place_is_answered_with_the_first_page(client, bob, before):
    thread = a_thread(bob)
    response = client.get(reverse("discussions:latest"), {"before": before})
    assert listed(response) == [thread.pk]


@pytest.mark.parametrize("name", ["overview:home", "discussions:latest"])
def test_a_list_costs_the_same_queries_for_many_threads(
    client, bob, name, django_assert_max_num_queries
):
    category = a_category()
    a_thread(bob, category)
    costs = []
    for _ in range(2):
        # Two of the first page are how fast questions are answered, kept for ten minutes.
        with django_assert_max_num_queries(10) as captured:
            assert client.get(reverse(name)).status_code == 200
        costs.append(len(captured))
        for _ in range(PAGE_SIZE):
            a_reply(bob, a_thread(bob, category))
    assert costs[0] >= costs[1]


def test_an_empty_forum_says_what_to_do_next(client, bob):
    category = a_category()
    for name, args in (("discussions:latest", []), ("discussions:category", [category.pk])):
        response = client.get(reverse(name, args=args))
        assert response.status_code == 200
        assert not listed(response)
    client.force_login(bob)
    start = reverse("discussions:start", args=[category.pk])
    response = client.get(reverse("discussions:category", args=[category.pk]))
    assert start in response.content.decode()
