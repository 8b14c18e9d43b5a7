"""Load data: as if it had been written live, and more of it at every run."""

from collections import Counter
from io import StringIO
from random import Random

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.db.models import F
from django.urls import reverse

from forum.categories.models import Category
from forum.discussions.models import Post, Reaction, Thread
from forum.discussions.searching import POST
from forum.lib.markup import render
from forum.lib.paths import segment
from forum.search import actions as search
from forum.search import queries
from forum.search.finding import Filters, find
from forum.search.models import Entry
from forum_site.filling import CATEGORY, grow, sizes

pytestmark = pytest.mark.django_db


def fill(**options):
    given = {"threads": 3, "posts": 150, "thread_of": 120, "seed": 7, "anyway": True}
    call_command("fill", **{**given, **options}, stdout=StringIO())


@pytest.mark.parametrize("runs", [1, 2])
def test_what_it_writes_is_what_the_actions_would_have_left(runs):
    for run in range(runs):
        fill(seed=run)
    assert Post.objects.count() == 150 * runs
    for thread in Thread.objects.all():
        posts = list(thread.posts.select_related("parent", "organization").order_by("number"))
        branches = Counter(post.root_path for post in posts if post.depth)
        assert [post.number for post in posts] == list(range(1, thread.last_number + 1))
        assert posts == sorted(posts, key=lambda post: post.created_at)
        assert (thread.last_post, thread.last_post_at) == (posts[-1], posts[-1].created_at)
        assert (thread.author_id, thread.organization) == (
            posts[0].author_id,
            posts[0].organization,
        )
        assert thread.has_official_answer == any(post.is_official for post in posts[1:])
        reactions = Reaction.objects.filter(post__thread=thread).count()
        seqs = [post.seq for post in posts]
        assert thread.seq == len(posts) + reactions == max(seqs)
        assert len(set(seqs)) == len(seqs)
        for post in posts:
            assert post.path == (post.parent.path if post.parent else "") + segment(post.number)
            assert post.depth == (post.parent.depth + 1 if post.parent else 0)
            assert post.parent is None or 1 < post.parent.number < post.number
            assert post.branch_count == (0 if post.depth else branches[post.path])
            assert post.html == render(post.source, post.source_format)


def test_the_category_counts_its_threads_and_the_changes_of_their_lists():
    fill()
    fill()
    category = Category.objects.get(name=CATEGORY)
    listed = category.threads.order_by("last_post_at").values_list("listing_seq", flat=True)
    assert category.threads_count == category.threads.count() == 6
    assert category.seq == Post.objects.count() == max(listed)
    assert list(listed) == sorted(set(listed))
    assert not Reaction.objects.filter(user=F("post__author")).exists()


def test_members_go_on_writing_in_it(client, alice):
    fill()
    thread = Thread.objects.get(last_number=120)
    client.force_login(alice)
    url = reverse("discussions:reply", args=[thread.pk])
    assert client.post(url, {"body": "I ja.", "parent": "119"}).status_code == 303
    assert thread.posts.get(number=121).parent.number == 119


def test_the_tree_of_a_large_thread_is_deep():
    depths = [place.depth for place in grow(20_000, Random(1))]
    assert 7 < sum(depths) / len(depths) < 16


def test_the_posts_are_shared_out():
    assert sizes(1, 5, 5) == [5]
    assert sizes(4, 100, 91) == [3, 3, 3, 91]


@pytest.mark.parametrize("numbers", [(0, 5, None), (5, 3, None), (3, 10, 9), (2, 5, -1)])
def test_a_thread_without_a_post_is_refused(numbers):
    threads, posts, thread_of = numbers
    with pytest.raises(CommandError, match="Every thread needs a post"):
        fill(threads=threads, posts=posts, thread_of=thread_of)


def test_it_refuses_where_debug_is_off():
    with pytest.raises(CommandError, match="--anyway"):
        fill(anyway=False)
    assert not Thread.objects.exists()


def test_what_it_writes_is_found():
    fill()
    asked = queries.read(Thread.objects.get(last_number=120).title)
    assert find(AnonymousUser(), asked, Filters()).count
    assert Entry.objects.filter(kind="post").count() == Post.objects.count()


def test_the_index_is_what_renewing_all_of_it_would_write():
    """Texts are taken apart once and copied: the rows are those of posting one by one."""
    fill()
    fill(threads=2, posts=700, thread_of=650, seed=8)  # more than a slice of the copying
    written = rows_of_index()
    assert len(written) == 850
    for _step in search.steps(POST, is_all=True):
        pass
    assert rows_of_index() == written


def rows_of_index():
    fields = [field.attname for field in Entry._meta.concrete_fields if not field.primary_key]
    return list(Entry.objects.filter(kind=POST).order_by("object_pk").values_list(*fields))
