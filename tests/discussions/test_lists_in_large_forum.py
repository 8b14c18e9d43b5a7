"""Lists in a large forum: no query of theirs reads more threads than it shows."""

import json
import re
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.db import connection
from django.db.models import OuterRef, Subquery
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from forum.categories.models import Category
from forum.discussions.listing import LOOKED_THROUGH
from forum.discussions.models import Post, ReadMark, Thread, Visit
from forum.overview.member_home import NEWS_LOOKED_THROUGH
from tests.cast import logged_in

pytestmark = pytest.mark.django_db

THREADS = 6_000
SHOWN = 60  # what a list shows, and a little more
READS_THREADS = re.compile('"discussions_thread"')


@pytest.fixture
def forum(bob, carol, starostwo):
    """Threads of one post in two categories; every hundredth is the office's."""
    now = timezone.now()
    categories = [Category.objects.create(name=name) for name in ("Sala", "Dotacje")]
    threads = Thread.objects.bulk_create(
        Thread(
            category=categories[number % 2],
            title=f"Wątek {number}",
            author=bob if number % 3 else carol,
            organization=None if number % 100 else starostwo,
            last_number=2,
            last_post_at=now - timedelta(minutes=number),
        )
        for number in range(THREADS)
    )
    Post.objects.bulk_create(
        Post(
            thread=thread,
            number=2,
            path="12",
            author=bob,
            source="Tak.",
            source_format=Post.Format.MARKDOWN,
            html="<p>Tak.</p>",
            seq=2,
        )
        for thread in threads
    )
    last = Post.objects.filter(thread=OuterRef("pk")).order_by("-number").values("pk")
    Thread.objects.update(last_post=Subquery(last[:1]))
    return threads


@pytest.fixture
def readers(alice, dana, forum):
    """A guest, a member who has read nothing, one who has read all but three old threads; both were
    here a year ago."""
    ReadMark.objects.bulk_create(
        ReadMark(user=dana, thread=each, ranges="1-2", read_count=2, visited_number=2)
        for each in forum[:-3]
    )
    now = timezone.now()
    for member in (alice, dana):
        Visit.objects.create(user=member, at=now, since=now - timedelta(days=365))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return {"guest": Client(), "alice": logged_in(alice), "dana": logged_in(dana)}


def test_no_list_reads_all_threads(readers, forum):
    lists = {
        reverse("discussions:latest"): SHOWN,
        reverse("discussions:latest") + f"?before={key(forum[3_000])}": SHOWN,
        reverse("discussions:category", args=[forum[0].category_id]): 2 * SHOWN,  # every second
        reverse("discussions:unanswered"): SHOWN,
        reverse("discussions:official"): SHOWN,
        reverse("discussions:unread_list"): LOOKED_THROUGH + SHOWN,
        reverse("overview:home"): 2 * NEWS_LOOKED_THROUGH,
    }
    for who, browser in readers.items():
        for address, most in lists.items():
            if who == "guest" and address == reverse("discussions:unread_list"):
                continue
            asked = queries_of_threads(browser, address)
            assert asked, address
            for sql in asked:
                assert_reads_at_most(most, sql)


def test_a_query_that_reads_all_is_found(readers, forum):
    with CaptureQueriesContext(connection) as captured:
        list(Thread.objects.filter(title__endswith="7").order_by("title")[:20])
    with pytest.raises(AssertionError):
        assert_reads_at_most(SHOWN, captured[0]["sql"])


def key(thread):
    return f"{thread.last_post_at.isoformat()}_{thread.pk}"


def queries_of_threads(browser, address):
    caches["pages"].clear()
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(address).status_code == 200
    return [each["sql"] for each in captured if READS_THREADS.search(each["sql"])]


def assert_reads_at_most(most, sql):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
            found = cursor.fetchone()[0]
            top = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
            read = max(rows_read(top), default=0)
            assert read <= most, f"{read} threads: {sql}"
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            steps = [row[-1] for row in cursor.fetchall()]
            scans = [each for each in steps if re.match("SCAN discussions_thread(?! USING)", each)]
            assert not scans, (steps, sql)
            assert "USE TEMP B-TREE FOR ORDER BY" not in steps, (steps, sql)


def rows_read(plan):
    """How many rows of threads each step of the plan looked at."""
    if plan.get("Relation Name") == "discussions_thread":
        removed = plan.get("Rows Removed by Filter", 0)
        yield (plan["Actual Rows"] + removed) * plan["Actual Loops"]
    for each in plan.get("Plans", []):
        yield from rows_read(each)
