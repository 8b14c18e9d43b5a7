"""A page of a large thread: the queries of a small one, and none that reads the whole thread."""

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Organization
from forum.discussions import actions
from forum.discussions.live import ThreadStream
from forum.discussions.models import Post, Thread
from forum.discussions.reading import place_url
from forum.discussions.unread import next_unread, read_state
from forum.lib.ranges import Ranges
from tests.cast import logged_in
from tests.factories import a_reply

pytestmark = pytest.mark.django_db

POSTS = 3_000
OF_POSTS = re.compile(r'FROM "discussions_post"|JOIN "discussions_post"')

# PostgreSQL takes the smaller of two indexes by the voice while the office wrote little.
BY_VOICE = re.compile("post_by_voice|discussions_post_organization_id")


@pytest.fixture
def threads():
    """One of 20 posts, one of 3,000; the office said nothing in either."""
    for posts in (20, POSTS):
        call_command("fill", threads=1, posts=posts, seed=3, anyway=True, stdout=StringIO())
    Thread.objects.update(has_official_answer=False)
    return Thread.objects.order_by("last_number")


def places(large):
    """What asks for the first page, one in the middle, and the last, in both orders."""
    roots = large.posts.filter(depth=0).order_by("path").values_list("path", flat=True)
    return [
        *({"order": "tree", **at} for at in ({}, {"after": roots[50]}, {"before": "~"})),
        *({"order": "time", **at} for at in ({}, {"page": 75}, {"page": 150})),
    ]


@pytest.mark.parametrize("who", ["guest", "member", "member who read some"])
def test_a_page_costs_the_queries_of_a_small_thread(threads, alice, who):
    small, large = threads
    browser = Client() if who == "guest" else logged_in(alice)
    if who == "member who read some":
        for thread in threads:
            odd = range(1, thread.last_number + 1, 2)  # as many ranges as can be
            actions.mark_read(user=alice, thread=thread, numbers=Ranges.of(odd))

    def cost(thread, query):
        for _ in range(2):  # its fragments are kept from here on, and the visit has begun
            browser.get(thread.get_absolute_url(), query)
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(thread.get_absolute_url(), query).status_code == 200
        return len(captured)

    for query in places(large):
        of_small = cost(small, {"order": query["order"]})
        assert of_small > 0
        assert cost(large, query) == of_small, query


def test_no_query_of_a_page_reads_the_whole_thread(threads, alice, carol, starostwo):
    """Not its pages, nor what is unread, nor where a post stands, nor what changed."""
    _small, large = threads
    position = a_reply(carol, large, voice=starostwo)
    assert starostwo.kind == Organization.Kind.OFFICE
    for number in range(3):
        a_reply(carol, large, f"Odpowiedź {number}")
    large.refresh_from_db()
    browser = logged_in(alice)
    root = large.posts.filter(depth=0).order_by("-branch_count").first()
    deep = large.posts.filter(depth__gt=2).last()
    branch = reverse("discussions:branch", args=[large.pk, root.number])
    with CaptureQueriesContext(connection) as captured:
        for query in places(large):
            assert browser.get(large.get_absolute_url(), query).status_code == 200
        assert browser.get(branch).status_code == 200
        place_url(deep, "tree")
        place_url(position, "time")
        for text in ("", f"1-{POSTS - 100}", f"1-{POSTS - 600}"):
            actions.mark_read(user=alice, thread=large, numbers=Ranges.parse(text))
            for order in ("tree", "time"):
                next_unread(read_state(alice, large), 20, order)
        ThreadStream().changes(large.pk, large.seq - 5)
    asked = {each["sql"] for each in captured if OF_POSTS.search(each["sql"])}
    assert len(asked) > 20
    if connection.vendor == "postgresql":
        # Else it plans by what it learned of the rows of some other test.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE discussions_post, discussions_thread, accounts_organization")
    for sql in asked:
        assert not reads_all_posts(plan(sql)), sql
    positions = [sql for sql in asked if '"beginning"' in sql]
    assert positions
    for sql in positions:
        assert BY_VOICE.search(plan(sql)), sql


def test_a_query_that_reads_all_is_found(threads):
    """The look at the plans above sees a scan where there is one."""
    everything = Post.objects.filter(source_format="html")
    with CaptureQueriesContext(connection) as captured:
        list(everything)
    assert reads_all_posts(plan(captured[0]["sql"]))


def plan(sql):
    """How the database goes about it, with indexes wherever there are any to use."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Without fresh numbers the planner guesses, by what earlier tests left behind.
            cursor.execute("ANALYZE discussions_post, accounts_organization")
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {sql}")
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


def reads_all_posts(plan):
    return re.search(r"SCAN discussions_post|Seq Scan on discussions_post\b", plan) is not None
