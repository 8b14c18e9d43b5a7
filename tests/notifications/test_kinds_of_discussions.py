"""Who is told of threads and posts, as what, and what it says."""

import pytest
from django.utils import translation

from forum.categories.models import Category
from forum.discussions import actions, quoting
from forum.notifications import kinds
from forum.notifications.actions import choose, follow
from forum.notifications.models import Follow, Notification, Preference
from tests.cast import a_mandate
from tests.factories import a_category, a_reply, a_thread
from tests.notifications.world import titles, told, work

pytestmark = pytest.mark.django_db


def mention(somebody) -> str:
    kind = "member" if hasattr(somebody, "display_name") else "organization"
    name = getattr(somebody, "display_name", "") or somebody.called
    return f"@[{name}]({kind}:{somebody.pk})"


@pytest.fixture
def thread(bob):
    return a_thread(bob, title="Sala we wtorki")


def test_whoever_starts_a_thread_hears_of_replies_counted(alice, bob, dana, thread):
    for author in (alice, dana, alice):
        a_reply(author, thread)
    assert told(bob) == [("reply", 3)]
    assert titles(bob) == ["3 nowe odpowiedzi"]
    assert told(dana) == [("reply", 1)]  # of what was written after her own


@pytest.mark.parametrize(
    ("count", "sentence"),
    [
        (1, "1 nowa odpowiedź"),
        (2, "2 nowe odpowiedzi"),
        (4, "4 nowe odpowiedzi"),
        (5, "5 nowych odpowiedzi"),
        (12, "12 nowych odpowiedzi"),
        (22, "22 nowe odpowiedzi"),
    ],
)
def test_the_count_speaks_polish(alice, bob, thread, count, sentence):
    for _ in range(count):
        a_reply(alice, thread)
    assert titles(bob) == [sentence]
    with translation.override("en"):
        assert titles(bob) == ["1 new reply" if count == 1 else f"{count} new replies"]


def test_nobody_hears_of_what_they_wrote_themselves(bob, thread):
    a_reply(bob, thread, f"Notuję: {mention(bob)}")
    assert told(bob) == []


def test_who_did_not_write_and_chose_nothing_hears_nothing(alice, bob, dana, thread):
    a_reply(alice, thread)
    assert told(bob)
    assert told(dana) == []


def test_a_mention_is_told_as_the_mention_only(alice, bob, thread):
    a_reply(alice, thread, f"Co na to {mention(bob)}?")
    assert told(bob) == [("mention", 1)]
    assert titles(bob) == ["Alice Nowak oznacza Cię we wpisie"]


def test_whoever_speaks_for_a_mentioned_organization_is_told(alice, bob, dana, orlik, thread):
    a_mandate(bob, orlik, "member")  # belongs to it, but does not speak for it
    a_reply(alice, thread, f"Prosimy {mention(orlik)}.")
    assert told(dana) == [("mention_of_organization", 1)]
    assert told(bob) == [("reply", 1)]


def test_whoever_is_quoted_is_told(alice, bob, dana, thread):
    said = a_reply(dana, thread, "We wtorki po osiemnastej.")
    quote = quoting.appended({}, said, lambda path: f"http://localhost:8000{path}")
    actions.reply(author=alice, voice=None, thread=thread, body=quote["body"], body_format="html")
    assert told(dana) == [("quote", 1)]
    assert titles(dana) == ["Alice Nowak cytuje Twoje słowa"]


def test_a_quote_with_a_foreign_address_is_nobodys(alice, dana, thread):
    said = a_reply(dana, thread)
    quote = quoting.appended({}, said, lambda path: f"https://obcy.example.org{path}")
    actions.reply(author=alice, voice=None, thread=thread, body=quote["body"], body_format="html")
    assert told(dana) == [("reply", 1)]


def test_answers_to_ones_post_are_counted_together(alice, bob, dana, thread):
    root = a_reply(dana, thread)
    a_reply(alice, thread, parent=root)
    assert titles(dana) == ["Alice Nowak odpowiada na Twój wpis"]
    a_reply(bob, thread, parent=root)
    assert told(dana) == [("answer", 2)]
    assert titles(dana) == ["2 odpowiedzi na Twój wpis"]


def test_answers_to_an_organization_reach_all_who_speak_for_it(alice, bob, dana, orlik, thread):
    a_mandate(alice, orlik)
    root = a_reply(dana, thread, voice=orlik)
    a_reply(bob, thread, parent=root)
    assert told(alice) == told(dana) == [("answer", 1)]


def test_the_office_is_heard_by_all_who_follow(alice, bob, carol, dana, starostwo, thread):
    a_reply(dana, thread)
    follow(member=dana, place=f"thread.{thread.pk}", level=Follow.Level.CONCERNING)
    a_reply(carol, thread, voice=starostwo)
    assert told(bob)[-1] == ("position", 1)
    assert told(dana) == [("position", 1)]
    assert told(alice) == []


def test_the_author_of_the_answer_is_told_and_who_follows(alice, bob, dana, thread):
    post = a_reply(alice, thread)
    a_reply(dana, thread)
    actions.accept(author=bob, post=post, on=True)
    assert told(alice) == [("reply", 1), ("accepted", 1)]
    assert "Twój wpis wybrano jako odpowiedź" in titles(alice)
    assert "Wybrano odpowiedź: Alice Nowak" in titles(dana)


def test_choosing_the_answer_again_is_told_once(alice, bob, thread):
    post = a_reply(alice, thread)
    for on in (True, False, True):
        actions.accept(author=bob, post=post, on=on)
        work()
    assert told(alice) == [("accepted", 1)]


def test_an_answer_that_is_chosen_no_longer_disappears(alice, bob, thread):
    post = a_reply(alice, thread)
    actions.accept(author=bob, post=post, on=True)
    assert told(alice) == [("accepted", 1)]
    actions.accept(author=bob, post=post, on=False)
    assert told(alice) == []


def test_new_threads_are_heard_where_a_category_is_followed(alice, bob, dana):
    category = a_category(name="Lokale")
    follow(member=dana, place=f"category.{category.pk}", level=Follow.Level.EVERYTHING)
    for title in ("Pierwszy", "Drugi"):
        a_thread(bob, category, title=title)
    assert told(dana) == [("thread", 2)]
    assert titles(dana) == ["2 nowe wątki"]
    assert told(alice) == []


def test_an_organization_that_is_followed_is_heard_wherever_it_writes(
    alice, bob, dana, fundacja, thread
):
    follow(member=dana, place=f"organization.{fundacja.pk}", level=Follow.Level.EVERYTHING)
    a_reply(alice, thread)
    assert told(dana) == []
    a_reply(alice, thread, voice=fundacja)
    assert told(dana) == [("reply", 1)]


def test_who_wants_everything_hears_everything_they_may_read(alice, bob, carol, dana):
    choose(member=dana, preset=Preference.Preset.EVERYTHING, has_sound=False)
    a_reply(alice, a_thread(bob))
    a_thread(carol, a_category(readers=Category.Readers.STAFF))
    assert told(dana) == [("thread", 1), ("reply", 1)]


@pytest.mark.parametrize("place", ["thread", "category", "organization"])
def test_what_is_muted_is_silent_also_for_mentions(alice, dana, bob, fundacja, thread, place):
    choose(member=dana, preset=Preference.Preset.EVERYTHING, has_sound=False)
    pks = {"thread": thread.pk, "category": thread.category_id, "organization": fundacja.pk}
    work()
    Notification.objects.all().delete()
    follow(member=dana, place=f"{place}.{pks[place]}", level=Follow.Level.MUTED)
    a_reply(alice, thread, mention(dana), voice=fundacja)
    assert told(dana) == []
    assert told(bob) == [("reply", 1)]


def test_the_threads_own_choice_is_stronger_than_what_it_is_in(alice, bob, dana, thread):
    follow(member=dana, place=f"category.{thread.category_id}", level=Follow.Level.MUTED)
    follow(member=dana, place=f"thread.{thread.pk}", level=Follow.Level.EVERYTHING)
    a_reply(alice, thread)
    assert told(dana) == [("reply", 1)]


def test_only_what_concerns_me_leaves_replies_out(alice, bob, thread):
    follow(member=bob, place=f"thread.{thread.pk}", level=Follow.Level.CONCERNING)
    a_reply(alice, thread)
    assert told(bob) == []
    a_reply(alice, thread, mention(bob))
    assert told(bob) == [("mention", 1)]


def test_writing_does_not_undo_what_was_chosen(alice, bob, thread):
    follow(member=alice, place=f"thread.{thread.pk}", level=Follow.Level.MUTED)
    a_reply(alice, thread)
    assert Follow.objects.get(user=alice).level == Follow.Level.MUTED


def test_an_edit_tells_those_whom_it_newly_calls(alice, bob, dana, thread):
    post = a_reply(alice, thread, f"Pytam {mention(bob)}.")
    assert told(bob) == [("mention", 1)]
    text = f"Pytam {mention(bob)} i {mention(dana)}."
    for body in (text, text + " Pilnie."):
        actions.edit(author=alice, post=post, body=body, body_format="markdown")
    assert told(bob) == told(dana) == [("mention", 1)]


def test_suspended_members_are_told_nothing(alice, bob, erin, thread):
    a_reply(alice, thread, mention(erin))
    work()
    assert not Notification.objects.filter(user=erin).exists()


def test_nobody_hears_of_what_they_may_not_read(alice, carol, bob, starostwo):
    secret = a_thread(carol, a_category(readers=Category.Readers.STAFF))
    Follow.objects.create(user=bob, place=f"thread.{secret.pk}")
    a_reply(carol, secret, "Poufne")
    assert told(bob) == []
    bob.is_staff = True
    bob.save()
    a_reply(carol, secret, "Nadal poufne")
    assert told(bob) == [("reply", 1)]  # proves that the follow would have told


def test_the_opening_post_may_call_too(alice, bob):
    a_thread(alice, body=f"Zapraszam {mention(bob)}.")
    assert told(bob) == [("mention", 1)]


def test_the_post_says_where_it_leads(alice, bob, thread):
    post = a_reply(alice, thread, "Jest podjazd.")
    work()
    row = Notification.objects.get(user=bob)
    words = kinds.get(row.kind).words([row])[row.pk]
    assert (words.url, words.text) == (post.get_absolute_url(), "Jest podjazd.")
    assert (words.heading, words.heading_url) == (thread.title, thread.get_absolute_url())
