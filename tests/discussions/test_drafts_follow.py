"""Unsent replies lead on to where a thread was merged or a post was split off; nothing is lost."""

import threading

import pytest
from django.db import connection

from forum.categories.models import Category
from forum.discussions import actions
from forum.discussions.actions import drafting
from forum.discussions.actions.drafting import Conflict, Kept, Text
from forum.discussions.models import Draft
from forum.lib.markup import SOURCE_MAX_CHARS
from tests import cast
from tests.discussions.moving_world import split
from tests.factories import a_category, a_reply, a_thread

pytestmark = pytest.mark.django_db


def keep(user, thread, body="Nie skończone", version=0, **fields):
    text = Text(body=body, **fields)
    return drafting.keep(user=user, context=f"thread-{thread.pk}", version=version, text=text)


def the_draft(user, thread):
    return Draft.objects.get(user=user, context=f"thread-{thread.pk}")


@pytest.fixture
def source(bob):
    return a_thread(bob, a_category("Dział wspólny"), title="Sala")


@pytest.fixture
def target(bob, source):
    thread = a_thread(bob, source.category, title="Lokal")
    a_reply(bob, thread)
    return thread


def merge(carol, source, target):
    return actions.merge(staff=carol, thread=source, into=target)


def test_a_draft_leads_on_to_the_thread_its_own_was_merged_into(
    client, alice, bob, carol, source, target
):
    answered = a_reply(bob, source)
    keep(alice, source, parent_number=answered.number)
    merge(carol, source, target)
    draft = the_draft(alice, target)
    answered.refresh_from_db()
    assert (draft.body, draft.thread, draft.parent_number) == (
        "Nie skończone", target, answered.number
    )  # fmt: skip
    client.force_login(alice)
    assert "Nie skończone" in client.get(target.get_absolute_url()).content.decode()
    assert f'href="{target.get_absolute_url()}#composer"' in client.get("/drafts/").content.decode()


def test_two_drafts_become_one_text_with_both(alice, carol, source, target):
    keep(alice, source, "Do sali")
    seen = keep(alice, target, "Do lokalu")
    merge(carol, source, target)
    draft = Draft.objects.get()
    assert draft.body.index("Do lokalu") < draft.body.index("Do sali")
    # The window that is open at the target is asked, and overwrites nothing.
    assert isinstance(keep(alice, target, "Do lokalu dalej", seen.version), Conflict)


@pytest.mark.parametrize(
    ("formats", "words"),
    [(("html", "html"), "<p>"), (("html", "markdown"), "**"), (("markdown", "html"), "**")],
)
def test_drafts_of_two_formats_keep_their_words(alice, carol, source, target, formats, words):
    texts = {"html": "<p>To <strong>ważne</strong></p>", "markdown": "To **ważne**"}
    for thread, form in zip((source, target), formats, strict=True):
        keep(alice, thread, texts[form], body_format=form)
    merge(carol, source, target)
    draft = Draft.objects.get()
    assert draft.body.count("ważne") == 2
    assert words in draft.body


def test_drafts_too_long_for_one_stay_two(alice, carol, source, target, monkeypatch):
    monkeypatch.setitem(SOURCE_MAX_CHARS, "markdown", 20)
    keep(alice, source, "a" * 15)
    keep(alice, target, "b" * 15)
    merge(carol, source, target)
    assert {len(draft.body) for draft in Draft.objects.all()} == {15}
    assert Draft.objects.count() == 2


def test_a_window_left_open_goes_on_in_the_other_thread(alice, bob, carol, source, target):
    answered = a_reply(bob, source)
    seen = keep(alice, source, "Pierwsze", parent_number=answered.number)
    merge(carol, source, target)
    answer = keep(alice, source, "Pierwsze i drugie", seen.version, parent_number=2)
    assert isinstance(answer, Kept)
    draft = Draft.objects.get()
    answered.refresh_from_db()
    assert (draft.context, draft.body) == (f"thread-{target.pk}", "Pierwsze i drugie")
    assert draft.parent_number == answered.number


def test_a_text_begun_after_the_merge_begins_in_the_last_of_a_chain(
    alice, bob, carol, source, target
):
    last = a_thread(bob, source.category)
    merge(carol, source, target)
    merge(carol, target, last)
    keep(alice, source, "Spóźnione")
    assert the_draft(alice, last).body == "Spóźnione"


def test_other_members_and_other_places_keep_theirs(alice, bob, carol, source, target):
    keep(alice, source)
    other = a_thread(bob, source.category)
    keep(bob, other, "Gdzie indziej")
    keep(bob, target, "W celu")
    merge(carol, source, target)
    assert the_draft(bob, other).body == "Gdzie indziej"
    assert the_draft(bob, target).body == "W celu"
    assert the_draft(alice, target).body == "Nie skończone"


def test_after_a_split_only_answers_to_moved_posts_lead_on(alice, bob, carol, source):
    stays, goes = a_reply(bob, source), a_reply(bob, source)
    keep(alice, source, "Do tego, co odchodzi", parent_number=goes.number)
    keep(bob, source, "Do tego, co zostaje", parent_number=stays.number)
    keep(carol, source, "Do wszystkich")
    moved = split(carol, source, goes.number)
    draft = the_draft(alice, moved)
    goes.refresh_from_db()
    assert (draft.body, draft.parent_number) == ("Do tego, co odchodzi", goes.number)
    assert the_draft(bob, source).parent_number == stays.number
    assert the_draft(carol, source).parent_number is None


def test_a_draft_that_led_where_its_author_may_not_read_hides_the_title(
    client, alice, bob, carol, source
):
    hidden = a_thread(carol, a_category(readers=Category.Readers.STAFF), title="Tajny tytuł")
    keep(alice, source, "Moje słowa")
    merge(carol, source, hidden)
    client.force_login(alice)
    page = client.get("/drafts/").content.decode()
    assert "Moje słowa" in page
    assert "Tajny tytuł" not in page


@pytest.mark.django_db(transaction=True)
def test_what_is_typed_during_the_merge_is_not_lost():
    bob, carol = cast.make_bob(), cast.make_carol()
    category = a_category()
    for round_ in range(4):
        source, target = a_thread(bob, category), a_thread(bob, category)
        seen = keep(bob, source, "Początek").version
        begin, failures = threading.Barrier(2), []

        def type_on(source=source, seen=seen, begin=begin, failures=failures, round_=round_):
            try:
                begin.wait()
                version = seen
                for word in range(3):
                    answer = keep(bob, source, f"Początek {round_} {word}", version)
                    assert isinstance(answer, Kept)
                    version = answer.version
            except Exception as failure:
                failures.append(failure)
            finally:
                connection.close()

        typist = threading.Thread(target=type_on)
        typist.start()
        begin.wait()
        merge(carol, source, target)
        typist.join()
        assert failures == []
        assert f"Początek {round_} 2" in [draft.body for draft in Draft.objects.all()]
        Draft.objects.all().delete()
