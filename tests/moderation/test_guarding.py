"""Why a text waits: the pure rules, each with its sentence."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from forum.moderation.guarding import (
    SENTENCES,
    Facts,
    Reason,
    links_in,
    listed_in,
    reasons_to_wait,
    says_the_same,
    sentences_of,
)
from forum.moderation.models import GuardSettings
from forum.moderation.models.guarding import folded_words

NOW = timezone.now()
KNOWN = Facts(
    is_staff=False,
    is_vouched_for=False,
    first_seen_at=NOW - timedelta(days=60),
    texts_in_last_hour=0,
    links=0,
    listed=(),
    is_repeated=False,
    now=NOW,
)
NEW = replace(KNOWN, first_seen_at=NOW - timedelta(days=2))


@pytest.fixture
def guards():
    return GuardSettings(holds_first_texts=True, newcomer_days=14)


@pytest.mark.parametrize(
    ("facts", "reasons"),
    [
        pytest.param(KNOWN, [], id="somebody-known"),
        pytest.param(replace(KNOWN, first_seen_at=None), [Reason.FIRST], id="a-first-text"),
        pytest.param(
            replace(KNOWN, first_seen_at=None, is_vouched_for=True), [], id="a-verified-voice"
        ),
        pytest.param(replace(NEW, links=2), [], id="a-newcomers-two-links"),
        pytest.param(replace(NEW, links=3), [Reason.LINKS], id="a-newcomers-three-links"),
        pytest.param(replace(KNOWN, links=30), [], id="links-of-somebody-known"),
        pytest.param(replace(NEW, texts_in_last_hour=5), [], id="a-newcomers-sixth-text"),
        pytest.param(
            replace(NEW, texts_in_last_hour=6), [Reason.FLOOD], id="a-newcomers-seventh-text"
        ),
        pytest.param(replace(KNOWN, texts_in_last_hour=60), [], id="a-flood-of-somebody-known"),
        pytest.param(replace(KNOWN, listed=("kredyt",)), [Reason.WORDS], id="a-listed-word"),
        pytest.param(
            replace(KNOWN, listed=("kredyt",), is_vouched_for=True),
            [Reason.WORDS],
            id="a-listed-word-in-a-verified-voice",
        ),
        pytest.param(replace(KNOWN, is_repeated=True), [Reason.REPEATED], id="the-same-elsewhere"),
        pytest.param(replace(KNOWN, is_corrected=True), [Reason.CORRECTED], id="a-correction"),
        pytest.param(
            replace(NEW, links=9, listed=("x",), is_repeated=True),
            [Reason.LINKS, Reason.WORDS, Reason.REPEATED],
            id="much-at-once",
        ),
        pytest.param(
            replace(NEW, is_staff=True, first_seen_at=None, links=9, listed=("x",)), [], id="staff"
        ),
    ],
)
def test_why_it_waits(guards, facts, reasons):
    assert reasons_to_wait(facts, guards) == reasons


def test_the_adviser_may_turn_it_off():
    off = GuardSettings(holds_first_texts=False, newcomer_days=0)
    assert reasons_to_wait(replace(NEW, first_seen_at=None, links=9), off) == []


def test_every_reason_has_a_sentence():
    assert set(SENTENCES) == set(Reason)
    assert sentences_of(["first", "no-longer-known"]) == [str(SENTENCES[Reason.FIRST])]


@pytest.mark.parametrize(
    ("listed", "text", "is_in"),
    [
        pytest.param("pożyczka", "Tania POZYCZKA!", True, id="folded"),
        pytest.param("pożyczka", "O pożyczkach", False, id="another-form"),
        pytest.param("pożycz*", "O pożyczkach", True, id="a-beginning"),
        pytest.param("życz*", "O pożyczkach", False, id="not-the-middle"),
        pytest.param("kup teraz", "Kup\n— teraz", True, id="two-words"),
        pytest.param("as", "Zasady", False, id="a-part-of-a-word"),
        pytest.param("as", "as", True, id="the-whole-text"),
    ],
)
def test_listed_words_are_found_as_words(listed, text, is_in):
    folded = folded_words(listed)
    assert listed_in(text, [folded]) == ([folded] if is_in else [])


@pytest.mark.parametrize("words", ["", "***", " - "])
def test_a_word_without_letters_is_no_word(words):
    assert folded_words(words) == ""
    assert listed_in("cokolwiek", [""]) == []


def test_links_are_counted():
    html = '<p><a href="https://a.example">a</a> i <a href="mailto:a@b.example" rel="x">b</a></p>'
    assert links_in(html) == 2


def test_short_texts_are_how_people_are_polite():
    long = "Zapraszamy na warsztaty z pisania ofert w środę o szesnastej w bibliotece."
    assert says_the_same(long, long.upper())
    assert not says_the_same("Dziękuję bardzo!", "Dziękuję bardzo!")
    assert not says_the_same(long, long + " Wstęp wolny.")
