"""How a new reply is told: one reading after the commit for the hub, the lists and its author."""

import time

import pytest
from django.core.cache import caches
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from forum.discussions.actions.writing import Said, write_reply
from forum.discussions.drafts import context_of
from forum.discussions.live import Telling, fragments_of_post, row_of_thread
from forum.discussions.mentioning import words_for
from forum.discussions.models import Post, Thread
from forum.discussions.rendering import with_fragments
from forum.lib import fragments
from forum.lib.answers import Refused
from tests.cast import logged_in
from tests.discussions.attaching_world import a_reply_with
from tests.factories import (
    a_category,
    a_reaction,
    a_reply,
    a_thread,
    a_waiting_picture,
    an_attachment,
)
from tests.live.hearing import heard

pytestmark = pytest.mark.django_db

# The session, its member, that they stay (PostgreSQL); rights; the guards; the post with all that
# follows from it (its words in the index, the event of which followers are told). A reply of a
# member who has read in the thread before; nothing is read to tell of it, but the row for lists.
REPLY_QUERIES = 13 if connection.vendor == "postgresql" else 12
READ_FOR_LISTS = 1
READ_TO_TELL = 2
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
@pytest.mark.parametrize(("heard_by", "read"), [("nobody", 0), ("listeners", READ_FOR_LISTS)])
def test_a_reply_costs_the_same_queries_however_long_the_thread(
    bob, alice, heard_by, read, request
):
    if heard_by != "nobody":
        request.getfixturevalue(heard_by)
    thread = a_thread(bob)
    counts = []
    for _ in range(2):
        reply_to(alice, thread, "Odpowiedź, której słowa są tu nowe.")
        counts.append(reply_to(alice, thread, "Odpowiedź, której słowa nie są tu nowe.")[1])
        for _ in range(30):
            a_reply(bob, thread)
    assert counts == [REPLY_QUERIES + read] * 2


@pytest.mark.django_db(transaction=True)
def test_where_a_name_may_have_changed_all_is_read_once_more(bob, alice):
    """The author was read before somebody was called something else, and would be kept so."""
    thread = a_thread(bob)
    reply_to(alice, thread, "Odpowiedź.")
    fragments.forget_names()
    assert reply_to(alice, thread, "Odpowiedź.")[1] == REPLY_QUERIES + READ_TO_TELL
    keep_names_settled()
    assert reply_to(alice, thread, "Odpowiedź.")[1] == REPLY_QUERIES
    caches[fragments.ALIAS].clear()
    assert reply_to(alice, thread, "Odpowiedź.")[1] == REPLY_QUERIES + READ_TO_TELL


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", ["pl", "en"])
def test_what_was_not_read_again_is_told_as_if_it_were(alice, bob, carol, starostwo, language):
    """Of every kind of reply: what is kept for the pages to come, and the head of its thread."""
    keep_names_settled()
    thread = a_thread(bob)
    parent = a_reply(bob, thread, "Pytanie.")
    called = f"@[{bob.display_name}](member-{bob.pk}) i **wszyscy**"
    written = [
        a_reply(alice, thread, "Zwykła."),
        a_reply(alice, thread, "Do kogoś.", parent=parent),
        a_reply(alice, thread, called),
        a_reply(carol, thread, "W imieniu.", voice=starostwo),
        a_reply(alice, thread, "Po urzędzie.", parent=parent),
    ]
    for post in written:
        assert post.told.__self__._new is post
    post = written[-1]
    with translation.override(language):
        told = post.told()
        kept = with_fragments([Post.objects.get(pk=post.pk)])[0].fragment
        assert kept in told
        caches[fragments.ALIAS].clear()
        assert told == fragments_of_post(post.pk, thread.pk, head=True)
        for each in written[:-1]:
            keep_names_settled()
            told = each.told()
            caches[fragments.ALIAS].clear()
            assert told.endswith(fragments_of_post(each.pk, thread.pk))


def test_what_has_something_attached_is_read(alice, thread_of_bob):
    keep_names_settled()
    file = a_waiting_picture(alice, context_of(thread_of_bob))
    post = a_reply_with(alice, thread_of_bob, file)
    assert str(file.key) in post.told()


def test_a_thread_that_is_gone_takes_no_reply(alice, thread_of_bob):
    """It was deleted after the page was read: what was typed is refused, and so kept."""
    gone = Thread.objects.select_related("category").get(pk=thread_of_bob.pk)
    Thread.objects.filter(pk=gone.pk).update(last_post=None)
    gone.posts.all().delete()
    Thread.objects.filter(pk=gone.pk).delete()
    with pytest.raises(Refused):
        a_reply(alice, gone)


def keep_names_settled():
    """As in a forum where nobody was renamed for a minute."""
    number = time.time_ns() - fragments.SETTLED_NS
    caches[fragments.ALIAS].set(fragments.NAMES, number, timeout=None)


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
