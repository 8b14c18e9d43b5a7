"""A text that waits: what it keeps, what becomes of it, and what its author may do meanwhile."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from accounts import erasing
from accounts.personal_data import Texts
from forum.categories.models import Category
from forum.discussions import actions
from forum.discussions.actions import attaching, drafting, judging, waiting
from forum.discussions.actions.attaching import Enclosed
from forum.discussions.drafts import context_of
from forum.discussions.models import Attachment, Draft, HeldText, Mention, Post, Thread
from forum.lib.answers import Refused
from forum.moderation.models import ListedWord
from tests.discussions.moving_world import assert_branch_counts, assert_dense
from tests.discussions.waiting_world import case_of, change, guards_on, send, start
from tests.factories import a_category, a_reply, a_thread, a_waiting_picture, opening_post
from tests.moderation.world import an_elected

pytestmark = pytest.mark.django_db


@pytest.fixture
def thread(carol):
    return a_thread(carol)


@pytest.fixture(autouse=True)
def _on(db):
    guards_on()


@pytest.fixture
def known(bob, thread):
    """Bob, whose texts appear at once, but for listed words."""
    guards_on(holds_first_texts=False, newcomer_days=0)
    a_reply(bob, thread, "Pierwszy wpis")
    ListedWord.objects.create(words="pożycz*")
    return bob


def fresh(row):
    return type(row).objects.get(pk=row.pk)


# --- Publishing -----------------------------------------------------------------------------------
def test_a_published_reply_takes_its_place_at_that_moment(bob, carol, thread):
    parent = a_reply(carol, thread)
    held = send(bob, thread, "Chętnie *we* wtorki.", parent=parent)
    later = a_reply(carol, thread, "Tymczasem inny wpis")
    with time_machine.travel(timezone.now() + timedelta(hours=3), tick=False):
        post = judging.publish(staff=carol, held=held)
        assert post.created_at == timezone.now()
    assert (post.number, post.parent, post.author, post.state) == (4, parent, bob, "published")
    assert post.html == "<p>Chętnie <em>we</em> wtorki.</p>"
    assert post.number > later.number
    thread.refresh_from_db()
    assert (thread.last_post, thread.last_number) == (post, 4)
    assert_dense(thread)
    assert_branch_counts(thread)


def test_what_was_published_is_not_kept_twice(bob, carol, thread):
    held = send(bob, thread, "Dzień dobry.")
    post = judging.publish(staff=carol, held=held)
    held = fresh(held)
    assert (held.state, held.post, held.source, held.html) == ("published", post, "", "")
    assert judging.publish(staff=carol, held=held) == post
    assert thread.posts.count() == 2


def test_a_published_thread_is_a_thread_of_that_moment(bob, carol):
    category = a_category(templates=["question"])
    filled = {"about": "law", "tried": "Dzwoniliśmy."}
    held = start(bob, category, template="question", filled=filled, title="Umowa użyczenia")
    post = judging.publish(staff=carol, held=held)
    thread = post.thread
    category.refresh_from_db()
    assert (thread.title, thread.template, thread.author) == ("Umowa użyczenia", "question", bob)
    assert (post.number, post.template, post.filled) == (1, "question", filled)
    assert (category.threads_count, category.seq, thread.listing_seq) == (1, 1, 1)
    assert thread in Thread.objects.saying_in_fields("dzwoniliśmy")


def test_a_published_edit_replaces_the_text_and_keeps_the_earlier_one(known, carol, thread):
    post = send(known, thread, "Przed zmianą")
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        held = change(known, post, "Tanie pożyczki")
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        judging.publish(staff=carol, held=held)
    post = fresh(post)
    assert (post.source, post.revisions_count) == ("Tanie pożyczki", 1)
    assert post.revisions.get().source == "Przed zmianą"


def test_an_edit_of_a_post_that_went_is_not_published(known, carol, thread):
    post = send(known, thread, "Przed zmianą")
    held = change(known, post, "Tanie pożyczki")
    actions.withdraw(author=known, post=post)
    with pytest.raises(Refused):
        judging.publish(staff=carol, held=held)


def test_the_author_gets_a_letter_when_it_is_published(bob, carol, thread):
    held = send(bob, thread)
    post = judging.publish(staff=carol, held=held)
    (letter,) = mail.outbox
    assert letter.to == [bob.email]
    assert thread.title in letter.subject
    assert post.get_absolute_url() in letter.body


def test_the_second_text_appears_at_once(bob, carol, thread):
    judging.publish(staff=carol, held=send(bob, thread))
    assert isinstance(send(bob, thread, "I jeszcze jedno."), Post)


def test_whom_it_mentions_is_judged_when_it_is_published(bob, carol, alice, thread):
    held = send(bob, thread, f"@[Alice Nowak](member:{alice.pk}) pomoże?")
    assert not Mention.objects.exists()
    post = judging.publish(staff=carol, held=held)
    assert list(post.mentions.values_list("user", flat=True)) == [alice.pk]


def test_what_waited_while_the_thread_was_closed_is_still_published(bob, carol, thread):
    held = send(bob, thread)
    actions.close(staff=carol, thread=thread, on=True)
    assert judging.publish(staff=carol, held=held).thread == thread


def test_it_follows_its_thread_and_the_post_it_answers(bob, carol, thread):
    root = a_reply(carol, thread)
    below, beside = send(bob, thread, "Pod wpisem", parent=root), send(bob, thread, "Obok")
    split = actions.split(
        staff=carol, thread=thread, numbers=[2], title="Nowy wątek", category=thread.category
    )
    assert fresh(below).thread == split
    assert fresh(beside).thread == thread
    other = a_thread(carol)
    actions.merge(staff=carol, thread=split, into=other)
    assert fresh(below).thread == other
    assert fresh(below).context == context_of(other)
    post = judging.publish(staff=carol, held=fresh(below))
    assert (post.thread, post.parent) == (other, root)
    assert_dense(other)
    # Whoever read the text before the merging locks the wrong thread, and is told.
    actions.merge(staff=carol, thread=thread, into=other)
    with pytest.raises(Refused):
        judging.publish(staff=carol, held=beside)
    assert judging.publish(staff=carol, held=fresh(beside)).thread == other


def test_a_voice_that_was_lost_meanwhile_does_not_speak(alice, fundacja, carol, thread):
    held = send(alice, thread, voice=fundacja)
    alice.mandates.update(revoked_at=timezone.now())
    with pytest.raises(Refused):
        judging.publish(staff=carol, held=held)
    assert fresh(held).is_waiting


def test_nobody_decides_about_their_own_text_or_without_being_a_moderator(
    alice, bob, carol, thread
):
    held = send(bob, thread)
    for nobody in (alice, bob):
        for decide in (judging.publish, judging.refuse, judging.give_back):
            with pytest.raises(Refused):
                decide(staff=nobody, held=held)
    bob.is_staff = True
    bob.save()
    with pytest.raises(Refused):
        judging.publish(staff=bob, held=fresh(held))
    assert fresh(held).is_waiting


def test_a_moderator_decides_only_about_places_they_read(bob, fundacja, alice):
    category = a_category(readers=Category.Readers.ORGANIZATIONS)
    category.organizations.add(fundacja)
    held = start(alice, category)
    with pytest.raises(Refused):
        judging.refuse(staff=an_elected(), held=held)


# --- Other ends -----------------------------------------------------------------------------------
def test_a_refused_text_stays_its_authors(bob, carol, thread):
    held = judging.refuse(staff=carol, held=send(bob, thread, "Nie dla wszystkich"))
    assert (held.state, held.source) == ("refused", "Nie dla wszystkich")
    assert judging.refuse(staff=carol, held=held).is_refused
    with pytest.raises(Refused):
        waiting.take_back(author=bob, held=held)
    # An appeal may still have it published.
    assert judging.publish(staff=carol, held=held).author == bob


def test_a_returned_text_is_a_draft_and_comes_back_to_the_same_case(known, carol, thread):
    held = send(known, thread, "Tanie pożyczki")
    case = case_of(held)
    judging.give_back(staff=carol, held=held)
    draft = Draft.objects.get(user=known)
    assert (draft.context, draft.body) == (context_of(thread), "Tanie pożyczki")
    again = send(known, thread, "Tanie przysługi", draft=draft.version)
    assert (again.pk, again.reasons, again.source) == (held.pk, ["corrected"], "Tanie przysługi")
    assert "corrected" in fresh(case).reasons
    assert not Draft.objects.exists()
    judging.publish(staff=carol, held=again)
    assert isinstance(send(known, thread, "Następny wpis"), Post)


def test_a_returned_text_goes_below_what_was_begun_meanwhile(known, carol, thread):
    held = send(known, thread, "Tanie pożyczki")
    text = drafting.Text(body="Zaczęte potem")
    drafting.keep(user=known, context=context_of(thread), version=0, text=text)
    judging.give_back(staff=carol, held=held)
    assert Draft.objects.get().body == "Zaczęte potem\n\nTanie pożyczki"


def test_the_author_takes_it_back(bob, thread):
    picture = a_waiting_picture(bob, context_of(thread))
    enclosed = Enclosed(attach=frozenset([picture.key]))
    held = send(bob, thread, "Jednak nie", enclosed=enclosed, is_about_office=True)
    taken = waiting.take_back(author=bob, held=held)
    draft = Draft.objects.get(user=bob)
    assert (draft.body, draft.is_about_office, taken.state) == ("Jednak nie", True, "withdrawn")
    assert fresh(held).html == ""
    assert list(Attachment.objects.unsent_by(bob)) == [picture]
    assert not case_of(held).is_open
    assert waiting.take_back(author=bob, held=fresh(held)).state == "withdrawn"
    assert Draft.objects.count() == 1


def test_nobody_else_takes_it_back_and_nobody_after_it_was_published(alice, bob, carol, thread):
    held = send(bob, thread)
    with pytest.raises(Refused):
        waiting.take_back(author=alice, held=held)
    judging.publish(staff=carol, held=held)
    with pytest.raises(Refused):
        waiting.take_back(author=bob, held=held)
    assert not Draft.objects.exists()


def test_a_thread_taken_back_is_a_draft_of_its_form(bob):
    category = a_category(templates=["question"])
    held = start(bob, category, template="question", filled={"about": "law"}, title="Umowa")
    waiting.take_back(author=bob, held=held)
    draft = Draft.objects.get()
    assert draft.context == context_of(category, "question")
    assert (draft.title, draft.filled, draft.category) == ("Umowa", {"about": "law"}, category)


# --- The form sent twice --------------------------------------------------------------------------
def test_the_same_form_sent_twice_makes_one(bob, carol, thread):
    form = {"once": uuid.uuid4(), "body": "Tylko raz."}
    first = send(bob, thread, **form)
    assert send(bob, thread, **form) == first
    assert HeldText.objects.count() == 1
    post = judging.publish(staff=carol, held=first)
    assert send(bob, thread, **form) == post
    assert thread.posts.count() == 2


def test_the_same_form_of_a_thread_sent_twice_makes_one(bob, carol):
    category, form = a_category(), {"once": uuid.uuid4()}
    held = start(bob, category, **form)
    assert start(bob, category, **form) == held
    thread = judging.publish(staff=carol, held=held).thread
    assert start(bob, category, **form) == thread


def test_another_text_under_the_same_mark_is_a_text_of_its_own(bob, thread):
    once = uuid.uuid4()
    first, second = send(bob, thread, "Raz", once=once), send(bob, thread, "Dwa", once=once)
    assert first.pk != second.pk
    assert second.once is None


# --- Files ----------------------------------------------------------------------------------------
def test_files_wait_with_their_text_and_go_with_it(bob, carol, alice, thread):
    picture = a_waiting_picture(bob, context_of(thread))
    enclosed = Enclosed(attach=frozenset([picture.key]), alts={picture.key: "Plan sali"})
    once = uuid.uuid4()
    held = send(bob, thread, "Oto plan", enclosed=enclosed, once=once)
    assert send(bob, thread, "Oto plan", enclosed=enclosed, once=once) == held
    assert not Attachment.objects.unsent_by(bob).exists()
    readers = {m for m in (alice, bob, carol) if Attachment.objects.readable_by(m).exists()}
    assert readers == {bob, carol}  # its author, and who decides
    post = judging.publish(staff=carol, held=held)
    kept = post.attachments.get()
    assert (kept.pk, kept.alt, kept.held) == (picture.pk, "Plan sali", None)
    assert Attachment.objects.readable_by(alice).exists()


def test_a_waiting_edit_changes_no_file_before_it_is_published(known, carol, thread):
    old, new = (a_waiting_picture(known, context_of(thread)) for _ in range(2))
    post = send(known, thread, "Oto plan", enclosed=Enclosed(attach=frozenset([old.key])))
    Attachment.objects.filter(pk=new.pk).update(context=context_of(post))
    enclosed = Enclosed(attach=frozenset([new.key]), detach=frozenset([old.key]))
    held = change(known, post, "Tanie pożyczki", enclosed=enclosed)
    assert list(post.attachments.all()) == [old]
    assert list(held.attachments.all()) == [new]
    judging.publish(staff=carol, held=held)
    assert list(post.attachments.all()) == [new]


def test_a_waiting_file_is_not_tidied_away(bob, thread):
    picture = a_waiting_picture(bob, context_of(thread))
    send(bob, thread, "Plan", enclosed=Enclosed(attach=frozenset([picture.key])))
    attaching.clear(timezone.now() + timedelta(days=60))
    assert Attachment.objects.filter(pk=picture.pk).exists()


# --- Erasure and tidying --------------------------------------------------------------------------
def test_an_erased_member_leaves_nothing_that_waits(bob, carol, thread):
    picture = a_waiting_picture(bob, context_of(thread))
    held = send(bob, thread, "Plan", enclosed=Enclosed(attach=frozenset([picture.key])))
    other = start(bob, thread.category, title="Tytuł")
    erasing.erase_account(member=bob, texts=Texts.KEEP)
    for row in (fresh(held), fresh(other)):
        assert (row.state, row.title, row.source, row.html) == ("withdrawn", "", "", "")
        assert not case_of(row).is_open
        with pytest.raises(Refused):
            judging.publish(staff=carol, held=row)
    assert not Attachment.objects.exists()


def test_what_was_decided_long_ago_is_removed(bob, carol, thread):
    refused = judging.refuse(staff=carol, held=send(bob, thread, "Nie"))
    waits = send(bob, thread, "Jeszcze nie")
    waiting.clear(timezone.now() + timedelta(days=200))
    assert HeldText.objects.count() == 2
    waiting.clear(timezone.now() + timedelta(days=215))
    assert list(HeldText.objects.all()) == [waits]
    assert refused.pk != waits.pk


def test_opening_posts_are_answered_without_a_parent(bob, carol, thread):
    held = send(bob, thread, parent=opening_post(thread))
    assert held.parent is None
    assert judging.publish(staff=carol, held=held).depth == 0
