"""Whoever makes the index anew, and whoever writes meanwhile, leave one that says what is there."""

import random

import pytest
from django.core.management import call_command
from django.db import transaction

from forum.discussions import actions
from forum.discussions.actions import attaching, hiding, managing
from forum.discussions.models import Attachment, Post
from forum.discussions.searching import FILE
from forum.search.models import Entry
from tests import documents
from tests.factories import a_reply, a_thread, an_attachment
from tests.moderation.world import at_once
from tests.search.keeping import entries, run_jobs

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 12


def test_posts_are_changed_while_the_index_is_made_anew(alice, bob, carol):
    thread = a_thread(bob)
    posts = [a_reply(bob, thread, f"Słowo {n}.") for n in range(10)]
    chance = random.Random(7)

    def write():
        for n in range(ROUNDS):
            post = Post.objects.get(pk=chance.choice(posts).pk)
            put(post, Post.State.PUBLISHED)
            post.refresh_from_db()
            actions.edit(author=bob, post=post, body=f"Zdanie {n}.", body_format="markdown")
            put(chance.choice(posts), chance.choice([Post.State.HIDDEN, Post.State.PUBLISHED]))

    def lead():
        for n in range(ROUNDS):
            managing.retitle(author=carol, thread=thread, title=f"Tytuł {n}")
            a_reply(alice, thread, f"Odpowiedź {n}.")

    def renew():
        for _ in range(ROUNDS):
            call_command("reindex", all=True)

    at_once(write, lead, renew)
    assert_in_step()


def test_a_file_that_is_taken_away_or_hidden_while_it_is_read_is_not_found(bob):
    thread = a_thread(bob)
    content = documents.pdf(["Skarbniczka"])
    posts = [a_reply(bob, thread, f"Plik {n}.") for n in range(4)]
    files = [an_attachment(bob, post, content=content) for post in posts]

    def take_away():
        for file, post in zip(files[:2], posts[:2], strict=True):
            enclosed = attaching.Enclosed(detach=frozenset([file.key]))
            actions.edit(
                author=bob, post=Post.objects.get(pk=post.pk), body="Bez pliku.",
                body_format="markdown", enclosed=enclosed,
            )  # fmt: skip
        put(posts[2], Post.State.HIDDEN)

    at_once(take_away, run_jobs)
    assert list(Entry.objects.filter(kind=FILE).values_list("object_pk", flat=True)) == [
        files[3].pk
    ]
    assert Attachment.objects.count() == 2
    assert_in_step()


def put(post, state):
    with transaction.atomic():
        hiding.put(post=Post.objects.get(pk=post.pk), state=state)


def assert_in_step():
    run_jobs()
    kept = entries()
    call_command("reindex", all=True)
    assert entries() == kept
