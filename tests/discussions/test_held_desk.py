"""Texts that wait, as moderators meet them at the desk: what they see, decide, undo and answer."""

import pytest
from django.core import mail

from accounts import erasing
from accounts.personal_data import Texts
from forum.categories.models import Category
from forum.discussions import actions as discussing
from forum.discussions.actions import judging, waiting
from forum.discussions.actions.attaching import Enclosed
from forum.discussions.drafts import context_of
from forum.discussions.models import Attachment, Draft, HeldText, Post
from forum.lib.answers import Refused
from forum.moderation import actions, reviewing
from forum.moderation.measures import Measure
from forum.moderation.models import Case, Decision
from tests.discussions.waiting_world import case_of, guards_on, send, start
from tests.factories import a_category, a_reply, a_thread, a_waiting_picture
from tests.moderation.world import a_clerk, a_verdict, an_elected

pytestmark = pytest.mark.django_db

HELD = reviewing.find("held")


@pytest.fixture
def thread(carol):
    return a_thread(carol)


@pytest.fixture(autouse=True)
def _on(db):
    guards_on()


@pytest.fixture
def held(bob, thread):
    return send(bob, thread, "Dzień *dobry* wszystkim.")


def decide(moderator, held, measure, *, version=None, **fields):
    case = case_of(held)
    return actions.decide(
        moderator=moderator,
        case=case,
        case_version=case.version if version is None else version,
        verdict=a_verdict(measure, **fields),
    )


def state_of(held):
    return HeldText.objects.get(pk=held.pk).state


# --- What the desk sees ---------------------------------------------------------------------------
def test_the_case_says_what_waits_and_why(held, bob):
    case = case_of(held)
    assert (case.state, case.reasons, case.author) == ("waiting", "held", bob)
    assert (case.title, case.excerpt) == ("Lokal na spotkania", "Dzień dobry wszystkim.")
    assert not case.is_about_office


def test_the_subject_shows_the_text_in_its_place(held, bob, carol, thread):
    parent = a_reply(carol, thread, "Pytanie")
    below = send(bob, thread, "Odpowiedź", parent=parent)
    subject = HELD.subject(below.pk)
    assert (subject.author, subject.words, subject.is_visible) == (bob, "Odpowiedź", False)
    assert [each.pk for each in subject.before][-1] == parent.pk
    assert subject.crumbs[-1] == (thread.title, thread.get_absolute_url())
    assert subject.measures == {Measure.PUBLISH, Measure.REFUSE_HELD, Measure.ASK_CORRECTION}


def test_a_new_thread_is_shown_with_its_title_and_fields(bob):
    category = a_category(templates=["question"])
    filled = {"about": "law", "tried": "Dzwoniliśmy."}
    held = start(bob, category, template="question", filled=filled, title="Umowa użyczenia")
    subject = HELD.subject(held.pk)
    assert subject.title == "Umowa użyczenia"
    assert "Dzwoniliśmy." in subject.words
    assert (subject.before, subject.thread_pk) == ((), None)


def test_an_edit_is_shown_beside_the_post_as_it_stands(bob, thread):
    guards_on(holds_first_texts=False)
    post = a_reply(bob, thread, "Przed zmianą")
    held = HeldText.objects.create(
        author=bob, context=context_of(post), thread=thread, edited=post, html="<p>Po zmianie</p>"
    )
    (before,) = HELD.subject(held.pk).before
    assert (before.pk, "Przed zmianą" in before.html) == (post.pk, True)


def test_who_reads_where_it_stands_reads_it_and_only_moderators(held, alice, bob, carol):
    frank = an_elected()
    readers = [m for m in (alice, bob, carol, frank) if HELD.may_read(m, held.pk)]
    assert readers == [carol, frank]
    assert case_of(held) in Case.objects.readable_by(frank)
    held.thread.category.readers = Category.Readers.STAFF
    held.thread.category.save()
    assert not HELD.may_read(frank, held.pk)
    assert case_of(held) not in Case.objects.readable_by(frank)
    assert not HELD.lines([held.pk])[held.pk].is_open


def test_what_is_about_the_office_needs_two(bob, carol, thread):
    held = send(bob, thread, is_about_office=True)
    assert case_of(held).is_about_office
    proposal = decide(carol, held, Measure.REFUSE_HELD)
    assert state_of(held) == "waiting"
    actions.confirm(moderator=an_elected(), proposal=proposal)
    assert state_of(held) == "refused"


def test_what_its_author_marked_is_about_the_office_when_reported(alice, bob, carol, thread):
    guards_on(holds_first_texts=False)
    post = send(bob, thread, "Urząd nie odpowiada.", is_about_office=True)
    actions.report(reporter=alice, kind="post", subject_pk=post.pk, reason="offensive", words="")
    assert Case.objects.get(kind="post").is_about_office
    closed = a_category(readers=Category.Readers.STAFF)
    with pytest.raises(Refused):
        discussing.move(staff=carol, thread=thread, category=closed)


# --- Decisions ------------------------------------------------------------------------------------
def test_published_from_the_desk(held, bob, carol, thread):
    decision = decide(carol, held, Measure.PUBLISH)
    post = thread.posts.get(author=bob)
    assert decision.effects == {"post": post.pk}
    assert not case_of(held).is_open
    assert [letter.to for letter in mail.outbox] == [[bob.email]]  # one letter, ours


def test_refused_with_the_reasons_in_a_letter(held, bob, carol, thread):
    decide(carol, held, Measure.REFUSE_HELD)
    assert (state_of(held), thread.posts.count()) == ("refused", 1)
    (letter,) = mail.outbox
    assert letter.to == [bob.email]


def test_returned_to_be_corrected(held, bob, carol, thread):
    decide(carol, held, Measure.ASK_CORRECTION)
    assert state_of(held) == "returned"
    assert Draft.objects.get(user=bob).body == "Dzień *dobry* wszystkim."
    assert len(mail.outbox) == 1
    send(bob, thread, "Dobry wieczór.")
    case = case_of(held)
    assert (case.is_open, case.reasons) == (True, "corrected")
    decide(carol, held, Measure.PUBLISH)
    assert thread.posts.get(author=bob).source == "Dobry wieczór."


def test_what_changed_meanwhile_is_a_conflict(held, bob, carol, thread):
    seen = case_of(held).version
    decide(carol, held, Measure.ASK_CORRECTION)
    send(bob, thread, "Inny tekst")
    with pytest.raises(actions.Conflict):
        decide(a_clerk(), held, Measure.PUBLISH, version=seen)
    assert thread.posts.count() == 1


def test_what_the_author_took_back_is_not_published(held, bob, carol):
    seen = case_of(held)
    waiting.take_back(author=bob, held=held)
    with pytest.raises(Refused):
        decide(carol, held, Measure.PUBLISH, version=seen.version)
    assert HELD.subject(held.pk) is None
    assert HELD.measures(held.pk) == frozenset()


def test_whose_author_was_erased_is_not_published(held, bob, carol):
    seen = case_of(held)
    erasing.erase_account(member=bob, texts=Texts.KEEP)
    with pytest.raises(Refused):
        decide(carol, held, Measure.PUBLISH, version=seen.version)
    assert HELD.subject(held.pk) is None
    assert Post.objects.filter(author=bob).count() == 0


def test_decided_about_after_its_thread_was_merged(held, bob, carol, thread):
    other = a_thread(carol)
    discussing.merge(staff=carol, thread=thread, into=other)
    decide(carol, held, Measure.PUBLISH)
    assert other.posts.get(author=bob).thread == other


# --- Undo and appeal ------------------------------------------------------------------------------
@pytest.mark.parametrize("measure", [Measure.REFUSE_HELD, Measure.ASK_CORRECTION])
def test_what_is_undone_waits_again(held, bob, carol, thread, measure):
    decision = decide(carol, held, measure)
    actions.undo(moderator=a_clerk(), decision=decision)
    assert (state_of(held), case_of(held).is_open) == ("waiting", True)
    decide(carol, held, Measure.PUBLISH)
    assert thread.posts.filter(author=bob).count() == 1


def test_an_upheld_appeal_publishes_it(held, bob, carol, thread):
    decision = decide(carol, held, Measure.REFUSE_HELD)
    appeal = actions.appeal(member=bob, decision=decision, words="Nikogo to nie obraża.")
    actions.answer_appeal(moderator=a_clerk(), appeal=appeal, upheld=True, own_words="Racja.")
    assert state_of(held) == "published"
    assert thread.posts.get(author=bob).html == "<p>Dzień <em>dobry</em> wszystkim.</p>"
    assert not case_of(held).is_open


def test_undoing_takes_the_files_along(bob, carol, thread):
    picture = a_waiting_picture(bob, context_of(thread))
    held = send(bob, thread, enclosed=judging_enclosed(picture))
    effects = HELD.apply(moderator=carol, pk=held.pk, measure=Measure.ASK_CORRECTION, place={})
    assert Attachment.objects.unsent_by(bob).exists()
    restore(carol, held, Measure.ASK_CORRECTION, effects, waits=True)
    assert (state_of(held), held.attachments.get()) == ("waiting", picture)


def test_what_was_sent_again_stays_as_it_is(held, bob, carol, thread):
    effects = HELD.apply(moderator=carol, pk=held.pk, measure=Measure.ASK_CORRECTION, place={})
    send(bob, thread, "Poprawiony tekst")
    restore(carol, held, Measure.ASK_CORRECTION, effects, waits=True)
    again = HeldText.objects.get(pk=held.pk)
    assert (again.state, again.source) == ("waiting", "Poprawiony tekst")


def test_publishing_undone_hides_the_post(held, bob, carol, thread):
    decision = decide(carol, held, Measure.PUBLISH)
    actions.undo(moderator=a_clerk(), decision=decision)
    assert thread.posts.get(author=bob).state == "hidden"
    assert Decision.objects.filter(undoes=decision).exists()


def restore(moderator, held, measure, effects, **options):
    HELD.restore(moderator=moderator, pk=held.pk, measure=measure, effects=effects, **options)


def judging_enclosed(picture):
    return Enclosed(attach=frozenset([picture.key]))


def test_a_published_text_asks_nothing_more(held, carol):
    judging.publish(staff=carol, held=held)
    assert HELD.measures(held.pk) == {Measure.LEAVE}
