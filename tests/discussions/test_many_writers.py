"""Sixteen writers in one thread: numbers have no gaps and a reader by numbers misses none."""

import threading

import pytest
from django.db import connection

from forum.discussions.models import Post, Thread
from tests.factories import a_reply, a_thread

WRITERS = 16
POSTS_EACH = 10


def _write(author, thread, failures):
    try:
        for _ in range(POSTS_EACH):
            a_reply(author, thread)
    except Exception as error:
        failures.append(error)
    finally:
        connection.close()


def _read(thread_pk, writers, found):
    """Follow the thread as a page does: everything after the number seen last, until the end."""
    seen = 1
    writing = True
    while writing:
        writing = any(writer.is_alive() for writer in writers)
        seq = Thread.objects.values_list("seq", flat=True).get(pk=thread_pk)
        posts = Post.objects.filter(thread=thread_pk, seq__gt=seen, seq__lte=seq)
        found += posts.values_list("seq", flat=True)
        seen = seq


@pytest.mark.django_db(transaction=True)
def test_a_reader_by_numbers_misses_none_of_sixteen_writers(bob):
    thread = a_thread(bob)
    failures, found = [], []
    writers = [
        threading.Thread(target=_write, args=(bob, thread, failures)) for _ in range(WRITERS)
    ]
    for writer in writers:
        writer.start()
    _read(thread.pk, writers, found)
    for writer in writers:
        writer.join()

    assert not failures
    assert sorted(found) == list(range(2, WRITERS * POSTS_EACH + 2))
    numbers = thread.posts.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, WRITERS * POSTS_EACH + 2))
    thread.refresh_from_db()
    assert thread.last_number == thread.seq == WRITERS * POSTS_EACH + 1
