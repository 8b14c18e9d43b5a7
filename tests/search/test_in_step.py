"""The index follows every change of a post, in the same transaction."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db import transaction

from accounts.personal_data import Erasure, Texts
from forum.discussions import actions
from forum.discussions.actions import erasing, managing, moving
from forum.discussions.models import Post
from forum.jobs.models import Job
from forum.lib.word_forms import VERSION
from forum.moderation import actions as moderation
from forum.search import queries
from forum.search.actions import index
from forum.search.actions.indexing import take_apart
from forum.search.finding import Filters, find
from forum.search.models import Entry
from tests.factories import a_category, a_reply, a_thread, an_attachment, opening_post
from tests.moderation import world
from tests.search.keeping import run_jobs

pytestmark = pytest.mark.django_db


def found(text, viewer=None):
    results = find(viewer or AnonymousUser(), queries.read(text), Filters())
    return [hit.entry.object_pk for hit in results.hits]


def rows():
    return list(
        Entry.objects.order_by("object_pk").values(
            "object_pk", "place", "category", "title", "text_terms", "has_files", "is_accepted"
        )
    )


def assert_in_step():
    """What the index holds is what it would hold if it were made anew."""
    kept = rows()
    call_command("reindex", all=True)
    assert rows() == kept


@pytest.fixture
def thread(bob):
    return a_thread(bob, title="Remont świetlicy", body="Szukamy farby.")


def test_a_thread_and_a_reply_are_found_at_once(alice, thread):
    reply = a_reply(alice, thread, "Mamy rusztowania.")
    assert found("farba") == [opening_post(thread).pk]
    assert found("rusztowanie") == [reply.pk]
    assert_in_step()


def test_an_edit_is_found_by_its_new_words_only(bob, thread):
    post = opening_post(thread)
    actions.edit(author=bob, post=post, body="Szukamy pędzli.", body_format="markdown")
    assert (found("farba"), found("pędzel")) == ([], [post.pk])
    assert_in_step()


def test_what_is_withdrawn_is_not_found(bob, thread):
    actions.withdraw(author=bob, post=opening_post(thread))
    assert found("farba") == []
    assert_in_step()


def test_what_moderators_hide_is_not_found_until_it_is_restored(alice, carol, bob, thread):
    reply = a_reply(alice, thread, "Mamy rusztowania.")
    world.a_report(bob, reply)
    decision = world.decide(carol, reply)
    assert found("rusztowanie") == []
    assert_in_step()
    moderation.undo(moderator=carol, decision=decision, own_words="Pomyłka.")
    assert found("rusztowanie") == [reply.pk]


def test_a_new_title_is_found(bob, thread):
    managing.retitle(author=bob, thread=thread, title="Malowanie sali")
    assert (found("remont"), found("malowanie")) == ([], [opening_post(thread).pk])
    assert_in_step()


def test_a_thread_that_moves_is_found_by_those_who_read_there(bob, carol, thread):
    closed = a_category(readers="staff")
    managing.move(staff=carol, thread=thread, category=closed)
    assert (found("farba", bob), found("farba", carol)) == ([], [opening_post(thread).pk])
    assert_in_step()


def test_posts_that_go_to_another_thread_are_found_there(alice, bob, carol, thread):
    reply = a_reply(alice, thread, "Mamy rusztowania.")
    other = moving.split(
        staff=carol, thread=thread, numbers=[2], title="Rusztowania", category=thread.category
    )
    assert found("rusztowanie") == [reply.pk]
    assert Entry.objects.get(object_pk=reply.pk).place == other.pk
    assert_in_step()
    moving.merge(staff=carol, thread=other, into=thread)
    assert Entry.objects.get(object_pk=reply.pk).place == thread.pk
    assert_in_step()


def test_the_accepted_answer_and_files_are_known(alice, bob, thread):
    reply = a_reply(alice, thread, "Mamy rusztowania.")
    actions.accept(author=bob, post=reply, on=True)
    an_attachment(alice, reply)
    entry = Entry.objects.get(object_pk=reply.pk)
    assert (entry.is_accepted, entry.has_files) == (True, True)
    assert_in_step()


def test_an_accepted_answer_that_comes_to_a_thread_with_another_is_none_there(bob, carol, thread):
    other = a_thread(bob, thread.category, title="Farba")
    for each in (thread, other):
        actions.accept(author=bob, post=a_reply(carol, each, "Mamy drabinę."), on=True)
    moving.merge(staff=carol, thread=other, into=thread)
    assert Entry.objects.filter(is_accepted=True).count() == 1
    assert_in_step()


def test_erased_words_are_not_found(bob, thread):
    with transaction.atomic():
        erasing.erase_words(Erasure(bob, Texts.WITHDRAW))
    assert found("farba") == []
    assert_in_step()


def test_what_is_not_kept_is_not_found(bob, thread):
    with transaction.atomic():
        a_reply(bob, thread, "Drabina.")
        transaction.set_rollback(True)
    assert found("drabina") == []
    assert Post.objects.count() == Entry.objects.count() == 1


def test_a_long_text_is_taken_apart_by_the_worker(bob, thread):
    reply = a_reply(bob, thread, "słowo " * 1_500 + "Drabina.")
    assert found("drabina") == []
    job = Job.objects.get(kind=take_apart.kind)
    take_apart.call(**job.args)
    assert found("drabina") == [reply.pk]
    assert_in_step()


def test_a_long_text_that_was_changed_is_found_by_its_title_until_the_worker_comes(bob, thread):
    post = opening_post(thread)
    long = "słowo " * 1_500
    actions.edit(author=bob, post=post, body=f"{long} Drabina.", body_format="markdown")
    run_jobs()
    assert found("drabina") == [post.pk]
    actions.edit(author=bob, post=post, body=f"{long} Wiadro.", body_format="markdown")
    assert (found("drabina"), found("wiadro"), found("remont")) == ([], [], [post.pk])
    run_jobs()
    assert (found("drabina"), found("wiadro"), found("remont")) == ([], [post.pk], [post.pk])


def test_a_long_text_that_is_taken_apart_anew_is_found_meanwhile(bob, thread):
    post = opening_post(thread)
    actions.edit(author=bob, post=post, body="słowo " * 1_500 + "Drabina.", body_format="markdown")
    run_jobs()
    Entry.objects.update(analyser=VERSION - 1)
    index("post", [post.pk])
    assert Entry.objects.get().analyser == 0
    assert found("drabina") == [post.pk]


def test_a_new_title_of_a_long_text_is_found_at_once(bob, thread):
    post = opening_post(thread)
    actions.edit(author=bob, post=post, body="słowo " * 1_500, body_format="markdown")
    run_jobs()
    managing.retitle(author=bob, thread=thread, title="Malowanie sali")
    assert (found("remont"), found("malowanie")) == ([], [post.pk])
