"""The page of a thread: orders, folds, keyset pages, and what they cost."""

import re

import pytest
from django.urls import reverse

from forum.discussions import actions
from forum.discussions.reading import BRANCH_SHOWN, PAGE_SIZE
from tests.factories import a_reply, a_thread, opening_post

pytestmark = pytest.mark.django_db


def page(client, thread, **query):
    response = client.get(reverse("discussions:thread", args=[thread.pk]), query)
    assert response.status_code == 200
    return response


def numbers(response):
    return [int(n) for n in re.findall(r'data-number="(\d+)"', response.content.decode())]


def test_a_guest_reads_the_whole_conversation(client, bob):
    thread = a_thread(bob, body="Mamy salę na 40 osób.")
    a_reply(bob, thread, "Czy jest podjazd?")
    content = page(client, thread).content.decode()
    assert "Mamy salę na 40 osób." in content
    assert "Czy jest podjazd?" in content
    assert f'data-streams="thread.{thread.pk}:2"' in content


def test_the_tree_puts_answers_under_what_they_answer(client, bob):
    thread = a_thread(bob)
    first = a_reply(bob, thread)
    a_reply(bob, thread)
    a_reply(bob, thread, parent=first)
    assert numbers(page(client, thread)) == [1, 2, 4, 3]
    assert numbers(page(client, thread, order="time")) == [1, 2, 3, 4]


def test_the_chosen_order_is_remembered(client, bob):
    thread = a_thread(bob)
    nested = a_reply(bob, thread, parent=a_reply(bob, thread))
    a_reply(bob, thread, parent=nested)
    page(client, thread, order="time")
    assert page(client, thread).context["order"] == "time"
    page(client, thread, order="tree")
    assert page(client, thread).context["order"] == "tree"


def test_pages_by_time_meet_without_gap_or_overlap(client, bob):
    thread = a_thread(bob)
    for _ in range(2 * PAGE_SIZE):
        a_reply(bob, thread)
    pages = [numbers(page(client, thread, order="time", page=n)) for n in (1, 2, 3)]
    assert sum(pages, []) == list(range(1, 2 * PAGE_SIZE + 2))
    assert [len(p) for p in pages] == [PAGE_SIZE, PAGE_SIZE, 1]


def test_pages_of_the_tree_meet_without_gap_or_overlap(client, bob):
    thread = a_thread(bob)
    roots = [a_reply(bob, thread) for _ in range(2 * PAGE_SIZE)]
    for root in roots[::3]:
        a_reply(bob, thread, parent=root)

    found, response = [], page(client, thread)
    found += numbers(response)
    steps = 0
    while response.context["page"].later_url:
        response = client.get(response.context["page"].later_url)
        found += numbers(response)
        steps += 1
    in_tree = list(thread.posts.order_by("path").values_list("number", flat=True))
    assert found == in_tree
    assert steps == 2

    back = numbers(response)
    while response.context["page"].earlier_url:
        response = client.get(response.context["page"].earlier_url)
        back = numbers(response) + back
    assert back == in_tree


def test_a_long_branch_folds_and_unfolds(client, bob):
    thread = a_thread(bob)
    root = a_reply(bob, thread)
    for _ in range(BRANCH_SHOWN + 3):
        a_reply(bob, thread, parent=root)
    after = a_reply(bob, thread)

    response = page(client, thread)
    assert numbers(response) == [1, 2, 3, 4, 5, 6, after.number]
    (fold,) = [row.fold for row in response.context["rows"] if row.fold]
    assert (fold.root_pk, fold.left) == (root.pk, 3)

    rest = client.get(fold.url, headers={"X-Fragment": "1"})
    assert numbers(rest) == [7, 8, 9]
    assert "<html" not in rest.content.decode()
    assert "<html" in client.get(fold.url).content.decode()


def test_a_branch_of_many_pages_is_read_to_its_end(client, bob):
    thread = a_thread(bob)
    root = a_reply(bob, thread)
    for _ in range(2 * PAGE_SIZE):
        a_reply(bob, thread, parent=root)
    url, found = reverse("discussions:branch", args=[thread.pk, 2]), []
    while url:
        response = client.get(url, headers={"X-Fragment": "1"})
        found += numbers(response)
        url = response.context["page"].later_url
    assert found == list(range(3, 2 * PAGE_SIZE + 3))


@pytest.mark.parametrize("order", ["tree", "time"])
def test_the_address_of_a_post_leads_to_a_page_that_shows_it(client, bob, order):
    thread = a_thread(bob)
    root = a_reply(bob, thread)
    posts = [opening_post(thread), root]
    posts += [a_reply(bob, thread, parent=root) for _ in range(PAGE_SIZE + 5)]
    posts += [a_reply(bob, thread) for _ in range(PAGE_SIZE + 5)]
    client.cookies["order"] = order
    for post in posts:
        response = client.get(post.get_absolute_url())
        assert response.status_code == 302
        assert response["Location"].endswith(f"#post-{post.pk}")
        assert post.number in numbers(client.get(response["Location"]))


def test_a_withdrawn_text_is_on_no_page(client, bob):
    thread = a_thread(bob)
    post = a_reply(bob, thread, "Numer telefonu prezeski")
    assert "Numer telefonu" in page(client, thread).content.decode()
    actions.withdraw(author=bob, post=post)
    for url in (thread.get_absolute_url(), reverse("discussions:post", args=[post.pk])):
        assert "Numer telefonu" not in client.get(url).content.decode()


@pytest.mark.parametrize(
    "query",
    [
        {"page": "0"},
        {"page": "99999"},
        {"page": "-1"},
        {"page": "x", "order": "time"},
        {"page": "²", "order": "time"},
        {"at": "999"},
        {"after": "~~~"},
        {"after": "\x00"},
        {"before": ""},
        {"order": "sideways"},
        {"at": "9" * 400},
    ],
)
def test_a_strange_address_is_answered_with_a_page(client, bob, query):
    page(client, a_thread(bob), **query)


@pytest.mark.parametrize("order", ["tree", "time"])
def test_a_page_costs_the_same_queries_in_a_long_thread(
    client, bob, order, django_assert_max_num_queries
):
    short, long = a_thread(bob), a_thread(bob)
    nested = a_reply(bob, short)
    a_reply(bob, short, parent=nested)
    for _ in range(3):
        root = a_reply(bob, long)
        for _ in range(PAGE_SIZE):
            a_reply(bob, long, parent=root)
    costs = []
    for thread in (short, long):
        page(client, thread, order=order)  # its fragments are kept from here on
        with django_assert_max_num_queries(6) as captured:
            page(client, thread, order=order)
        costs.append(len(captured))
    assert costs[0] == costs[1]


def test_a_members_page_costs_few_queries(client, alice, bob, django_assert_max_num_queries):
    thread = a_thread(bob)
    for _ in range(PAGE_SIZE):
        a_reply(bob, thread)
    client.force_login(alice)
    # And the bell, whether it is followed, what waits; that a visit of thread and forum begins.
    with django_assert_max_num_queries(21):
        page(client, thread)
