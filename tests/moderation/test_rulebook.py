"""The rules of the forum: a draft is written beside them, a published version never changes."""

from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.utils import timezone, translation

from forum.lib.answers import Refused
from forum.moderation.actions import rulebook as actions
from forum.moderation.actions.rulebook import Announcement, DraftMovedOn, Words
from forum.moderation.models import Rulebook, RulebookDraft, RuleSection
from forum.moderation.rulebook import (
    changes_between,
    named_section,
    rules_in_force,
    section_of,
    sections_offered,
)

pytestmark = pytest.mark.django_db

NEW = Words("Zdjęcia łąk", "Podaj autora **zdjęcia**.", "Pictures", "Name who took it.", True)


@pytest.fixture
def first(db):
    return actions.publish_first_rules()


def in_days(days):
    return timezone.localdate() + timedelta(days=days)


def announcement(days=14):
    return Announcement(in_days(days), "Zmiana.", "A change.")


def anchors():
    return [each.anchor for each in actions.sections_of_draft()[0]]


# --- The first version ----------------------------------------------------------------------------
def test_the_first_version_holds_from_today_in_both_languages(first):
    assert first.version == 1
    assert first.valid_from == timezone.localdate()
    assert rules_in_force() == first
    for section in first.sections.all():
        assert section.title
        assert section.title_en
        assert section.html
        assert section.html_en
        assert "{" not in section.text + section.text_en  # every place is filled in


def test_the_first_version_says_what_the_law_asks(first):
    """DSA art. 11, 12, 14, 16, 17, 20; UŚUDE art. 8 ust. 3."""
    assert list(first.sections.order_by("number").values_list("anchor", flat=True)) == [
        "about",
        "account",
        "respect",
        "unlawful",
        "personal-data",
        "advertising",
        "topic",
        "moderation",
        "office",
        "reports",
        "reasons",
        "appeal",
        "openness",
        "contact",
        "changes",
    ]


def test_where_there_are_rules_the_first_ones_are_not_published_again(first):
    assert actions.publish_first_rules() is None
    assert Rulebook.objects.count() == 1


# --- What a decision may rest on ------------------------------------------------------------------
def test_nothing_is_offered_before_any_rules():
    assert sections_offered() == []
    assert rules_in_force() is None
    assert section_of(1, "respect") is None
    assert named_section(1, "respect") is None


def test_the_sections_that_can_be_broken_are_offered_in_order(first, django_assert_num_queries):
    with django_assert_num_queries(2):
        offered = sections_offered()
    assert [each.anchor for each in offered] == [
        "account",
        "respect",
        "unlawful",
        "personal-data",
        "advertising",
        "topic",
    ]
    assert str(offered[1]) == "§ 3. Szacunek w rozmowie"
    assert offered[1].version == 1
    with translation.override("en"):
        assert str(sections_offered()[1]) == "§ 3. Respect"


def test_a_named_section_has_its_whole_address(first, settings):
    title, address = named_section(1, "respect")
    assert title == "§ 3. Szacunek w rozmowie"
    assert address == f"{settings.SITE_URL}/rules/versions/1/#respect"


# --- The draft ------------------------------------------------------------------------------------
def test_without_a_draft_the_newest_version_is_shown(first):
    sections, edition = actions.sections_of_draft()
    assert edition == 0
    assert [each.number for each in sections] == list(range(1, 16))
    assert not RulebookDraft.objects.exists()


def test_a_section_is_added_at_the_end_under_a_free_anchor(first, carol):
    added = actions.write_section(editor=carol, edition=0, anchor="", words=NEW)
    assert (added.anchor, added.number) == ("zdjecia-lak", 16)
    again = actions.write_section(editor=carol, edition=1, anchor="", words=NEW)
    assert again.anchor == "zdjecia-lak-2"
    # Readers see nothing of it.
    assert not RuleSection.objects.filter(anchor="zdjecia-lak").exists()


def test_a_title_without_letters_gets_an_anchor_too(first, carol):
    added = actions.write_section(editor=carol, edition=0, anchor="", words=Words("§ !", "Tekst"))
    assert added.anchor == "section"


def test_an_anchor_of_an_earlier_version_is_never_used_for_something_else(first, carol):
    actions.remove_section(editor=carol, edition=0, anchor="topic")
    rulebook = actions.publish_rules(editor=carol, edition=1, announcement=announcement(0))
    assert not rulebook.sections.filter(anchor="topic").exists()
    added = actions.write_section(editor=carol, edition=0, anchor="", words=Words("Topic", "x"))
    assert added.anchor == "topic-2"


def test_a_section_is_changed_moved_and_left_out(first, carol):
    changed = actions.write_section(editor=carol, edition=0, anchor="respect", words=NEW)
    assert changed.words == NEW
    actions.move_section(editor=carol, edition=1, anchor="respect", step="up")
    assert anchors()[1:3] == ["respect", "account"]
    actions.move_section(editor=carol, edition=2, anchor="about", step="up")
    assert anchors()[0] == "about"  # nowhere to go
    actions.move_section(editor=carol, edition=3, anchor="about", step="down")
    assert anchors()[:2] == ["respect", "about"]
    actions.remove_section(editor=carol, edition=4, anchor="about")
    assert anchors()[0] == "respect"
    assert RulebookDraft.objects.get().changed_by == carol


def test_a_draft_thrown_away_leaves_the_published_version(first, carol):
    actions.remove_section(editor=carol, edition=0, anchor="topic")
    actions.discard_draft(editor=carol, edition=1)
    assert "topic" in anchors()


def test_there_is_an_end_to_sections(first, carol, monkeypatch):
    monkeypatch.setattr(actions, "MAX_SECTIONS", 15)
    with pytest.raises(Refused, match="Paragraf|sections"):
        actions.write_section(editor=carol, edition=0, anchor="", words=NEW)
    assert not RulebookDraft.objects.exists()


CHANGES = {
    "write": lambda editor, edition: actions.write_section(
        editor=editor, edition=edition, anchor="topic", words=NEW
    ),
    "move": lambda editor, edition: actions.move_section(
        editor=editor, edition=edition, anchor="topic", step="up"
    ),
    "remove": lambda editor, edition: actions.remove_section(
        editor=editor, edition=edition, anchor="topic"
    ),
    "discard": lambda editor, edition: actions.discard_draft(editor=editor, edition=edition),
    "publish": lambda editor, edition: actions.publish_rules(
        editor=editor, edition=edition, announcement=announcement()
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_only_staff_writes_rules(change, first, carol, alice, erin):
    actions.write_section(editor=carol, edition=0, anchor="respect", words=NEW)
    for other in (alice, erin):
        with pytest.raises(Refused):
            CHANGES[change](other, 1)
    CHANGES[change](carol, 1)  # it could be done


@pytest.mark.parametrize("change", CHANGES)
def test_nobody_changes_a_draft_that_is_another_one_by_now(change, first, carol):
    actions.write_section(editor=carol, edition=0, anchor="respect", words=NEW)
    for stale in (0, 2):
        with pytest.raises(DraftMovedOn):
            CHANGES[change](carol, stale)
    assert anchors()[6] == "topic"
    assert Rulebook.objects.count() == 1


def test_a_draft_that_was_thrown_away_cannot_be_published(first, carol):
    actions.write_section(editor=carol, edition=0, anchor="respect", words=NEW)
    actions.discard_draft(editor=carol, edition=1)
    with pytest.raises(DraftMovedOn):
        actions.publish_rules(editor=carol, edition=1, announcement=announcement())


# --- Publication ----------------------------------------------------------------------------------
def test_a_published_version_holds_from_its_day(first, carol):
    actions.write_section(editor=carol, edition=0, anchor="respect", words=NEW)
    second = actions.publish_rules(editor=carol, edition=1, announcement=announcement(14))
    assert (second.version, second.published_by) == (2, carol)
    assert (
        second.sections.get(anchor="respect").html
        == "<p>Podaj autora <strong>zdjęcia</strong>.</p>"
    )
    assert not RulebookDraft.objects.exists()
    assert rules_in_force() == first
    assert list(Rulebook.objects.announced()) == [second]
    assert list(Rulebook.objects.begun(in_days(14)))[0] == second
    # What an earlier decision rests on is still there, under the same address.
    assert section_of(1, "respect").title == "Szacunek w rozmowie"


def test_rules_never_hold_backwards(first, carol):
    actions.write_section(editor=carol, edition=0, anchor="respect", words=NEW)
    with pytest.raises(Refused):
        actions.publish_rules(editor=carol, edition=1, announcement=announcement(-1))
    assert RulebookDraft.objects.get().edition == 1  # nothing is lost


def test_no_version_holds_before_the_one_announced_earlier(first, carol):
    actions.write_section(editor=carol, edition=0, anchor="respect", words=NEW)
    actions.publish_rules(editor=carol, edition=1, announcement=announcement(30))
    actions.remove_section(editor=carol, edition=0, anchor="topic")
    with pytest.raises(Refused):
        actions.publish_rules(editor=carol, edition=1, announcement=announcement(29))
    third = actions.publish_rules(editor=carol, edition=1, announcement=announcement(30))
    assert Rulebook.objects.begun(in_days(30)).first() == third


def test_a_draft_that_says_the_same_is_not_published(first, carol):
    actions.move_section(editor=carol, edition=0, anchor="about", step="down")
    actions.move_section(editor=carol, edition=1, anchor="about", step="up")
    with pytest.raises(Refused):
        actions.publish_rules(editor=carol, edition=2, announcement=announcement())


def test_scripts_in_a_section_are_text(first, carol):
    words = Words("Tytuł", "<script>alert(1)</script> [x](javascript:alert(1))")
    actions.write_section(editor=carol, edition=0, anchor="", words=words)
    second = actions.publish_rules(editor=carol, edition=1, announcement=announcement(0))
    html = second.sections.get(anchor="tytul").html
    assert "<script" not in html
    assert "href" not in html


# --- What changed ---------------------------------------------------------------------------------
def test_changes_are_told_section_by_section(first, carol):
    respect = first.sections.get(anchor="respect")
    words = Words(respect.title, respect.text.replace("wyśmiewać", "ośmieszać"), "", "", True)
    actions.write_section(editor=carol, edition=0, anchor="respect", words=words)
    actions.remove_section(editor=carol, edition=1, anchor="about")
    actions.write_section(editor=carol, edition=2, anchor="", words=NEW)
    second = actions.publish_rules(editor=carol, edition=3, announcement=announcement(0))
    found = changes_between(
        first.sections.order_by("number"), second.sections.order_by("number"), "pl"
    )
    by_anchor = {change.anchor: change for change in found}
    assert found[0].kind == "removed"
    assert (found[0].anchor, found[0].earlier_number) == ("about", 1)
    changed = by_anchor["respect"]
    assert (changed.kind, changed.number, changed.earlier_number) == ("changed", 2, 3)
    told = [
        (piece.kind, piece.words) for piece in changed.pieces if piece.kind in {"removed", "added"}
    ]
    assert told == [("removed", "wyśmiewać"), ("added", "ośmieszać")]
    assert "Szacunek" not in "".join(piece.text for piece in changed.pieces)  # the title stayed
    assert "• obrażać" in "".join(piece.text for piece in changed.pieces)
    assert by_anchor["topic"].kind == "same"
    assert by_anchor["topic"].is_moved
    assert by_anchor["zdjecia-lak"].kind == "added"


def test_a_changed_title_is_a_change(first, carol):
    topic = first.sections.get(anchor="topic")
    words = Words("Na temat", topic.text, topic.title_en, topic.text_en, True)
    actions.write_section(editor=carol, edition=0, anchor="topic", words=words)
    sections = actions.sections_of_draft()[0]
    [change] = [
        each
        for each in changes_between(first.sections.order_by("number"), sections, "pl")
        if each.kind != "same"
    ]
    told = [(piece.kind, piece.words) for piece in change.pieces[:2]]
    assert told == [("removed", "Temat rozmowy"), ("added", "Na temat")]
    assert not [
        each
        for each in changes_between(first.sections.order_by("number"), sections, "en")
        if each.kind != "same"
    ]


def test_the_days_are_those_of_the_county(carol):
    """A version that holds from the 1st of May holds from midnight in Warsaw, 22:00 in UTC."""
    with time_machine.travel("2031-04-30T12:00:00Z", tick=False):
        first = actions.publish_first_rules()
        actions.remove_section(editor=carol, edition=0, anchor="topic")
        second = actions.publish_rules(editor=carol, edition=1, announcement=announcement(1))
    with time_machine.travel("2031-04-30T21:59:59Z", tick=False):
        assert rules_in_force() == first
    with time_machine.travel("2031-04-30T22:00:00Z", tick=False):
        assert rules_in_force() == second


# --- Nothing changes what was published -----------------------------------------------------------
@pytest.mark.parametrize(
    "deed",
    [
        lambda: Rulebook.objects.update(note="x"),
        lambda: RuleSection.objects.filter(anchor="respect").update(html="x"),
        lambda: RuleSection.objects.filter(anchor="respect").delete(),
        lambda: Rulebook.objects.all()._raw_delete("default"),
    ],
    ids=["change-version", "change-section", "delete-section", "delete-version"],
)
def test_the_database_refuses_to_change_what_was_published(first, deed):
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        deed()
    assert first.sections.get(anchor="respect").title == "Szacunek w rozmowie"
