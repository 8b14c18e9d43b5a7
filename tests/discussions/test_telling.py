"""How a new reply is told: one reading after the commit for the hub, the lists and its author."""

import pytest
from django.core.cache import caches
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from forum.discussions.actions.writing import Said, write_reply
from forum.discussions.live import Telling, fragments_of_post, row_of_thread
from forum.discussions.mentioning import words_for
from forum.discussions.models import Post, Thread
from tests.cast import logged_in
from tests.factories import a_category, a_reaction, a_reply, a_thread, an_attachment
from tests.live.hearing import heard

pytestmark = pytest.mark.django_db

# The session, its member, that they stay (PostgreSQL); rights; the guards; the post with all that
# follows from it (its words in the index, the event of which followers are told); the reading of
# what is told. A reply of a member who has read in the thread before.
REPLY_QUERIES = 21 if connection.vendor == "postgresql" else 20
FRAME = ("BEGIN", "COMMIT")


@pytest.fixture
def listeners():
    """Somebody has the thread open, and somebody a list."""
    with heard("thread", "category"):
        yield


def reply_to(member: User, thread: Thread, words: str) -> tuple[dict[str, object], int]:
    """What the page's script is answered, and how many queries that took."""
    client = logged_in(member)
    sent = {"body": words, "body_format": "markdown"}
    with CaptureQueriesContext(connection) as captured:
        response = client.post(
            reverse("discussions:reply", args=[thread.pk]), sent, headers={"X-Fragment": "1"}
        )
    assert response.status_code == 201
    asked = [each["sql"] for each in captured if not each["sql"].startswith(FRAME)]
    return response.json(), len(asked)


@pytest.mark.usefixtures("listeners")
@pytest.mark.django_db(transaction=True)
def test_the_author_is_answered_what_the_listeners_are_told(bob, carol, starostwo):
    thread = a_thread(bob)
    a_reply(carol, thread, voice=starostwo)
    told = []
    for words in ("Pierwsza odpowiedź.", "Druga odpowiedź."):
        answer, _ = reply_to(bob, thread, words)
        post = Post.objects.latest("pk")
        told.append(answer["html"])
        caches["fragments"].clear()
        with translation.override("pl"):
            assert answer["html"] == fragments_of_post(post.pk, thread.pk, head=True)
        assert (answer["seq"], answer["stream"]) == (post.seq, f"thread.{thread.pk}")
        assert words in answer["html"]
        assert "Starostwo" in answer["html"]  # the head, with what the office says
    assert told[0] != told[1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("heard_by", ["nobody", "listeners"])
def test_a_reply_costs_the_same_queries_however_long_the_thread(bob, alice, heard_by, request):
    if heard_by != "nobody":
        request.getfixturevalue(heard_by)
    thread = a_thread(bob)
    counts = []
    for _ in range(2):
        reply_to(alice, thread, "Odpowiedź, której słowa są tu nowe.")
        counts.append(reply_to(alice, thread, "Odpowiedź, której słowa nie są tu nowe.")[1])
        for _ in range(30):
            a_reply(bob, thread)
    assert counts == [REPLY_QUERIES, REPLY_QUERIES]


def test_a_telling_shows_reactions_and_attachments(alice, bob, thread_of_bob):
    post = a_reply(bob, thread_of_bob)
    plain = Telling(post.pk, thread_of_bob.pk).fragments()
    a_reaction(alice, post)
    an_attachment(bob, post=post, name="uchwala.pdf")
    post.refresh_from_db()
    with CaptureQueriesContext(connection) as captured:
        full = Telling(post.pk, thread_of_bob.pk).fragments()
    assert len(captured) == 3  # the post, who reacted, the files
    assert "uchwala.pdf" in full
    assert "uchwala.pdf" not in plain
    assert alice.display_name in full
    assert alice.display_name not in plain
    caches["fragments"].clear()
    assert full == fragments_of_post(post.pk, thread_of_bob.pk)


def test_a_telling_of_a_plain_post_asks_once_for_it(bob, thread_of_bob, django_assert_num_queries):
    post = a_reply(bob, thread_of_bob)
    with django_assert_num_queries(1):
        Telling(post.pk, thread_of_bob.pk).fragments()
    telling = Telling(post.pk, thread_of_bob.pk, head=True)
    rows = {}
    with django_assert_num_queries(2):
        for language in ("pl", "en", "pl"):
            with translation.override(language):
                telling.fragments()
                rows[language] = telling.row(thread_of_bob.category_id)
    with translation.override("en"):
        assert rows["en"] == row_of_thread(thread_of_bob.pk, thread_of_bob.category_id)
    assert rows["en"] != rows["pl"]


def test_a_row_is_told_to_no_other_category(bob, thread_of_bob):
    post = a_reply(bob, thread_of_bob)
    telling = Telling(post.pk, thread_of_bob.pk, head=True)
    assert telling.row(a_category().pk) == ""
    assert Telling(post.pk, a_thread(bob).pk, head=True).fragments() == ""


@pytest.fixture
def thread_of_bob(bob):
    return a_thread(bob)


def test_a_thread_read_without_its_lock_takes_no_reply(alice, thread_of_bob):
    """Its number would be one that the thread never reaches: no page would learn of the post."""
    stale = Thread.objects.get(pk=thread_of_bob.pk)
    a_reply(alice, thread_of_bob)
    stale.last_number += 1  # only the change number is an old one
    said = Said(
        author=alice,
        voice=None,
        words=words_for(stale.category, "Z nieaktualnego.", "markdown"),
        body_format="markdown",
    )
    with pytest.raises(RuntimeError, match="without its lock"), transaction.atomic():
        write_reply(stale, said, None)
    assert not Post.objects.filter(source="Z nieaktualnego.").exists()
