"""Attached documents are found by the words in them, by whoever may read their post."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse

from accounts.personal_data import Erasure, Texts
from forum.discussions import actions
from forum.discussions.actions import attaching, erasing, hiding, judging, managing, moving
from forum.discussions.actions.reading_files import read_file
from forum.discussions.models import Attachment, FileText, Post
from forum.discussions.searching import FILE
from forum.jobs.models import Job
from forum.lib.private_files import private_storage
from forum.lib.uploads import Accepted
from forum.search import queries
from forum.search.finding import Filters, find
from forum.search.models import Entry
from forum.search.snippets import Piece
from tests import documents
from tests.discussions.waiting_world import guards_on
from tests.factories import a_category, a_reply, a_thread, an_attachment
from tests.search.keeping import entries, run_jobs

pytestmark = pytest.mark.django_db
GUEST = AnonymousUser()
PROTOCOL = documents.pdf(["Protokół zebrania", "Wybrano skarbniczkę koła."])


def found(text, viewer=GUEST):
    results = find(viewer, queries.read(text), Filters())
    return [(hit.entry.kind, hit.entry.object_pk) for hit in results.hits]


@pytest.fixture
def post(bob):
    return a_reply(bob, a_thread(bob, title="Po zebraniu"), "W załączniku to, co ustalono.")


@pytest.fixture
def protocol(bob, post):
    file = an_attachment(bob, post, name="protokol.pdf", content=PROTOCOL)
    run_jobs()
    return file


def put(post, state):
    with transaction.atomic():
        hiding.put(post=Post.objects.get(pk=post.pk), state=state)


# --- What is found ------------------------------------------------------------------------------
@pytest.mark.parametrize("text", ["skarbniczka", "wybrano skarbniczke", '"skarbniczkę koła"'])
def test_a_file_is_found_by_its_words(text, protocol):
    assert found(text) == [(FILE, protocol.pk)]


def test_the_result_says_in_which_file_and_leads_to_the_post(client, post, protocol):
    (hit,) = find(GUEST, queries.read("skarbniczka"), Filters()).hits
    assert Piece("skarbniczkę", is_marked=True) in hit.text
    assert hit.shown.names["file"] == protocol
    assert hit.shown.url == post.get_absolute_url()
    page = client.get(reverse("overview:search"), {"q": "skarbniczka"}).content.decode()
    assert 'class="hit__file"' in page
    assert "protokol.pdf" in page
    assert "<mark>skarbniczkę</mark>" in page


def test_it_is_found_by_its_name_before_it_is_read(bob, post):
    file = an_attachment(bob, post, name="sprawozdanie.pdf", content=PROTOCOL)
    assert found("sprawozdania") == [(FILE, file.pk)]
    assert found("skarbniczka") == []
    run_jobs()
    assert found("skarbniczka") == [(FILE, file.pk)]


def test_office_files_are_found_as_well(bob, post):
    content = documents.a_docx("Lista rzeczy", "dziesięć krzeseł")
    kept = attaching.upload(
        uploader=bob, context=f"post-{post.pk}", file=Accepted("docx", "lista.docx", content)
    )
    enclosed = attaching.Enclosed(attach=frozenset([kept.key]))
    actions.edit(author=bob, post=post, body="Lista.", body_format="markdown", enclosed=enclosed)
    run_jobs()
    assert found("krzesło") == [(FILE, kept.pk)]


def test_a_long_file_is_found_by_what_stands_at_its_end(bob, post):
    lines = [f"wiersz {number}" for number in range(7_000)]
    kept = an_attachment(bob, post, content=documents.pages(
        *(documents.drawn(" ".join(lines[first : first + 100])) for first in range(0, 7_000, 100)),
        documents.drawn("Skarbniczka"),
    ))  # fmt: skip
    run_jobs()
    assert found("skarbniczki") == [(FILE, kept.pk)]
    (hit,) = find(GUEST, queries.read("skarbniczki"), Filters()).hits
    assert Piece("Skarbniczka", is_marked=True) in hit.text


# --- By whom ------------------------------------------------------------------------------------
def test_only_those_who_may_read_the_post_find_it(bob, carol, post, protocol):
    closed = a_category(readers="staff")
    managing.move(staff=carol, thread=post.thread, category=closed)
    assert found("skarbniczka", carol) == [(FILE, protocol.pk)]
    assert found("skarbniczka", bob) == found("skarbniczka") == []
    # A wrong category in the index shows nothing either: the room is asked again.
    Entry.objects.update(category=a_category())
    assert found("skarbniczka") == []


def test_a_hidden_post_takes_its_files_out_and_brings_them_back(post, protocol):
    put(post, Post.State.HIDDEN)
    assert not Entry.objects.filter(kind=FILE).exists()
    put(post, Post.State.PUBLISHED)
    assert found("skarbniczka") == [(FILE, protocol.pk)]
    # It was not read again for that.
    assert Job.objects.filter(kind=read_file.kind).count() == 1


def test_a_withdrawn_post_takes_its_files_out(bob, post, protocol):
    actions.withdraw(author=bob, post=post)
    assert not Entry.objects.filter(kind=FILE).exists()


def test_a_file_that_is_taken_away_is_found_no_more(bob, post, protocol):
    enclosed = attaching.Enclosed(detach=frozenset([protocol.key]))
    with transaction.atomic():
        actions.edit(author=bob, post=post, body="Bez.", body_format="markdown", enclosed=enclosed)
        assert not Entry.objects.filter(kind=FILE).exists()
        transaction.set_rollback(True)
    # In the same transaction: what did not happen left it where it was.
    assert found("skarbniczka") == [(FILE, protocol.pk)]
    actions.edit(author=bob, post=post, body="Bez.", body_format="markdown", enclosed=enclosed)
    assert not Entry.objects.filter(kind=FILE).exists()
    assert not FileText.objects.exists()


def test_erased_words_take_their_files_along(bob, protocol):
    with transaction.atomic():
        erasing.erase_words(Erasure(bob, Texts.WITHDRAW))
    assert not Entry.objects.exists()
    assert not FileText.objects.exists()


def test_the_files_of_a_text_that_waits_are_not_read_until_it_is_published(carol, dana):
    guards_on()
    thread = a_thread(carol, title="Pytanie")
    kept = attaching.upload(
        uploader=dana,
        context=f"thread-{thread.pk}",
        file=Accepted("pdf", "protokol.pdf", PROTOCOL, has_text=True),
    )
    enclosed = attaching.Enclosed(attach=frozenset([kept.key]))
    held = actions.reply(
        author=dana, voice=None, thread=thread, body="Oto on.", body_format="markdown",
        enclosed=enclosed,
    )  # fmt: skip
    run_jobs()
    assert (found("protokół"), FileText.objects.count()) == ([], 0)
    published = judging.publish(staff=carol, held=held)
    run_jobs()
    assert found("skarbniczka") == [(FILE, kept.pk)]
    assert Entry.objects.get(kind="post", object_pk=published.pk).has_files


# --- What cannot be read ------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("content", "ending"),
    [
        (b"%PDF-1.4", "broken"),
        (documents.locked(["Skarbniczka"], password="tajne"), "locked"),
        (documents.a_docx("Skarbniczka"), "broken"),
    ],
    ids=["damaged", "locked", "something else"],
)
def test_a_file_that_cannot_be_read_is_tried_once(content, ending, bob, post):
    file = an_attachment(bob, post, name="protokol.pdf", content=content)
    run_jobs()
    assert FileText.objects.get(attachment=file).ending == ending
    assert (found("skarbniczka"), found("protokol")) == ([], [(FILE, file.pk)])
    put(post, Post.State.HIDDEN)
    put(post, Post.State.PUBLISHED)
    call_command("reindex")
    assert Job.objects.filter(kind=read_file.kind).count() == 1


def test_another_reader_tries_again(bob, protocol):
    FileText.objects.update(reader=0, text="", ending="broken")
    Entry.objects.filter(kind=FILE).update(text="", text_terms="")
    call_command("reindex")
    assert found("skarbniczka") == [(FILE, protocol.pk)]


def test_a_lost_file_is_asked_for_again_and_stops_nothing(bob, post):
    lost = an_attachment(bob, post, name="pierwszy.pdf", content=PROTOCOL)
    private_storage().delete(str(lost.file.name))
    with pytest.raises(FileNotFoundError):
        read_file.call(lost.pk)
    second = an_attachment(bob, post, name="drugi.pdf", content=PROTOCOL)
    call_command("reindex")
    assert found("skarbniczka") == [(FILE, second.pk)]
    assert not FileText.objects.filter(attachment=lost).exists()


def test_a_file_that_is_gone_when_the_worker_comes_is_nothing(bob, post):
    file = an_attachment(bob, post, content=PROTOCOL)
    with transaction.atomic():
        attaching.remove(Attachment.objects.filter(pk=file.pk))
    run_jobs()
    assert not FileText.objects.exists()


def test_a_post_that_is_hidden_while_its_file_is_read_is_not_found(bob, post):
    an_attachment(bob, post, content=PROTOCOL)
    put(post, Post.State.HIDDEN)
    run_jobs()
    assert FileText.objects.get().ending == "read"
    assert not Entry.objects.filter(kind=FILE).exists()


# --- In step ------------------------------------------------------------------------------------
def test_files_go_where_their_posts_go(bob, carol, post, protocol):
    other = moving.split(
        staff=carol, thread=post.thread, numbers=[2], title="Protokół",
        category=a_category(readers="staff"),
    )  # fmt: skip
    entry = Entry.objects.get(kind=FILE)
    assert (entry.place, entry.category_id) == (other.pk, other.category_id)
    kept = entries()
    call_command("reindex", all=True)
    assert entries() == kept


def test_a_reply_without_files_asks_nothing_of_them(bob, post, django_assert_max_num_queries):
    thread = post.thread
    with django_assert_max_num_queries(200) as asked:
        a_reply(bob, thread, "Dziękuję.")
    assert not [each for each in asked if "filetext" in each["sql"]]
