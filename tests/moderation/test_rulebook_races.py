"""Two of the staff at the same draft: one is told that it moved on, nothing is published twice."""

from datetime import timedelta

import pytest
from django.utils import timezone

from forum.moderation.actions import rulebook as actions
from forum.moderation.actions.rulebook import Announcement, Words
from forum.moderation.models import Rulebook, RulebookDraft
from tests.moderation.world import a_clerk, at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def first(db):
    return actions.publish_first_rules()


def announced(note):
    return Announcement(timezone.localdate() + timedelta(days=1), note)


def publishing(editor, note):
    return lambda: actions.publish_rules(editor=editor, edition=1, announcement=announced(note))


def writing(editor, text, edition):
    words = Words("Temat", text, is_ground=True)
    return lambda: actions.write_section(
        editor=editor, edition=edition, anchor="topic", words=words
    )


def test_a_draft_is_published_once(carol):
    clerk = a_clerk()
    writing(carol, "Na temat.", 0)()
    outcomes = at_once(publishing(carol, "A"), publishing(clerk, "B"))
    assert outcomes.count("refused") == 1
    assert list(Rulebook.objects.order_by("version").values_list("version", flat=True)) == [1, 2]
    assert not RulebookDraft.objects.exists()


def test_two_who_begin_a_draft_begin_one(carol):
    clerk = a_clerk()
    outcomes = at_once(writing(carol, "Jeden.", 0), writing(clerk, "Drugi.", 0))
    assert outcomes.count("refused") == 1
    draft = RulebookDraft.objects.get()
    assert draft.edition == 1
    kept = next(each for each in draft.sections if each["anchor"] == "topic")["text"]
    assert kept in {"Jeden.", "Drugi."}


def test_who_writes_while_another_publishes_loses_nothing_silently(carol):
    clerk = a_clerk()
    writing(carol, "Jeden.", 0)()
    outcomes = at_once(publishing(carol, "A"), writing(clerk, "Drugi.", 1))
    assert outcomes.count("refused") == 1
    if RulebookDraft.objects.exists():
        assert Rulebook.objects.count() == 1  # written: what is published must be looked at anew
    else:
        assert Rulebook.objects.count() == 2
