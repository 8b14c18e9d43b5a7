"""Texts made to hold a worker up, to break a reader, or to be taken for what the index itself says
of an entry."""

import signal
import sys
import unicodedata
from contextlib import contextmanager

import pytest

from forum.search import compounds, queries
from forum.search.narrowing import Filters
from forum.search.terms import WORD, all_terms, indexed, reading, surface, tokens

SECONDS_MAX = 2  # for what takes milliseconds, and took minutes or had no end


@pytest.fixture(autouse=True)
def _unread():
    """No word is remembered from another test, and none for another."""
    for kept in (reading, all_terms):
        kept.cache_clear()
    yield
    for kept in (reading, all_terms):
        kept.cache_clear()


@contextmanager
def an_end():
    """Fails where there is none, rather than waiting for it."""

    def stop(*_):
        pytest.fail(f"it takes more than {SECONDS_MAX} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, SECONDS_MAX)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


# --- Without end --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text",
    [
        # The last letter is taken apart into one and a mark that does not belong to words.
        "a" + "\u0301" * 40 + "\u0958",
        "a\u0301" * 40 + "\u0958",
        "a" + "\u0301a" * 5_000 + "\u0958",
        "Dz.U. 2024" + " " * 20_000 + "x",
        "Dz.U. z 2024 r." + " " * 20_000 + "nr 1" + " " * 20_000 + "x",
        "art. 1" + " " * 20_000 + "x",
        "§" + " " * 20_000 + "x",
        "12" + " " * 20_000 + "marca",
        "paragraf" + "1" * 20_000,
        "1 procent" + "u" * 20_000,
        "ust" * 10_000,
    ],
    ids=lambda text: ascii(text[:10]),
)
def test_a_text_has_an_end(text):
    with an_end():
        indexed(text)


def test_marks_that_are_set_apart_are_within_the_word_as_before():
    for text in ["s\u0301wietlica", "a\u0301\u0301b\u200bc\u0301", "a\u0301", "świe\u00adtlica"]:
        assert [token.text for token in tokens(f"\u0301{text} x")] == [text, "x"]


# --- Readers ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("1 lıpca 2024", "1 lipca 2024"),  # the dotless i is an i where capitals do not count
        ("12 paźdzıernıka 2024", "12 października 2024"),
        ("1 ſtycznia 2024", "1 stycznia 2024"),
        ("12 \u212awietnia 2024", "12 kwietnia 2024"),
        ("paragraf1", "§ 1"),
        ("§ 1 uſt. 2", "§ 1 ust. 2"),
    ],
)
def test_letters_that_are_like_others_are_read_as_these(written, typed, caplog):
    assert [surface(token.text) for token in tokens(written)] == [
        surface(token.text) for token in tokens(typed)
    ]
    assert not caplog.records


def test_a_number_is_no_part_of_the_word_before_it(caplog):
    text = "paragraf1 2b ust. 3 oraz ustęp12 i punkt3"
    found = [token.text for token in tokens(text)]
    assert found == ["paragraf1", "2b", "ust. 3", "oraz", "ustęp12", "i", "punkt3"]
    assert "_ust_12" in indexed(text).split()
    assert not caplog.records


ALIKE = {"i": "ıİ", "k": "\u212a", "s": "ſ", "1": "١１𝟏", ".": "/", " ": "\u00a0\n"}
READ = [
    "art. 5a ust. 1 pkt 2 lit. b", "artykuł 5a ustęp 1 punkt 2 litera k", "paragraf 1", "§ 1i",
    "Dz. U. z 2011 r. nr 11, poz. 111", "biuro@sklep.com.pl", "www.ngo-kielce.info", "11.11.2011",
    "2011-11-11", "11 listopada 2011", "1 kwietnia 2011", "31 sierpnia 2011", "1,51 procent",
    "XXXII/154/2021", "rsk/iks/2011", "11 1111 1111 1111 1111 1111 1111", "1 111 111,11",
    "+48 111 111 111", "PL1111111111", "Kwiski-sów", "Kiss'u", "e-skrzynki", "k/i/s1",
    "00000000000",
]  # fmt: skip


def test_every_reader_understands_what_its_pattern_finds(caplog):
    kinds = set()
    for text in READ:
        found = compounds_in(text)
        assert found, text
        kinds |= found
        for letter, others in ALIKE.items():
            for other in others:
                for variant in (text.replace(letter, other), text.replace(letter, other, 1)):
                    assert indexed(variant)
    assert kinds == set(compounds.KINDS)
    assert not caplog.records


def compounds_in(text):
    return {
        kind for found in WORD.finditer(text) for kind in compounds.KINDS if found[kind] is not None
    }


@pytest.mark.parametrize("error", [ValueError, KeyError, IndexError])
def test_what_a_reader_does_not_understand_is_found_by_its_words(error, monkeypatch, caplog):
    def fails(text):
        raise error("nothing")

    monkeypatch.setitem(compounds.KINDS, "date", (compounds.KINDS["date"][0], fails))
    (word,) = [token.text for token in tokens("37 grudnia 2099")]
    assert {surface("37"), surface("grudnia"), surface("2099")} <= all_terms(word)
    assert "of the kind date" in caplog.text
    assert "grudnia" not in caplog.messages[0]


# --- Marks --------------------------------------------------------------------------------------
LIKE_MARKS = [
    "a._c7.pl", "a@__c7.pl", "a@b.__c7", "__c7", "_c7", "\u037ac7", "\uff9e/c7", "\ufe70c7",
    "㈠c7", "⑴", "1/_c7", "_c7/1", "x-__official.pl",
]  # fmt: skip


@pytest.mark.parametrize("text", LIKE_MARKS, ids=ascii)
def test_no_text_says_what_the_index_says_of_an_entry(text):
    assert marks_in(indexed(f"{text} ą {text.upper()}")) == []


def test_no_letter_is_taken_apart_into_the_beginning_of_a_mark():
    """Whatever letter a word begins with, alone or as a part of a compound."""
    letters = [chr(n) for n in range(sys.maxunicode + 1) if chr(n).isalnum()]
    odd = [each for each in letters if not unicodedata.normalize("NFKD", each)[0].isalnum()]
    assert "\u037a" in odd
    for letter in odd:
        for text in (f"{letter}c7", f"{letter}official", f"{letter}/c7", f"a@{letter}.pl"):
            assert marks_in(indexed(text)) == [], ascii(text)


@pytest.mark.parametrize("text", ["\uff9e" * 3, "\u037a" * 3, "\uff9e/\uff9e/\uff9e"], ids=ascii)
def test_letters_of_which_nothing_is_left_are_no_beginning_of_every_word(text):
    assert [word.prefix for word in queries.read(text).words] in ([""], [""] * 3)


def marks_in(terms):
    return [term for term in terms.split() if term.startswith("__")]


@pytest.mark.django_db
@pytest.mark.parametrize("text", LIKE_MARKS, ids=ascii)
def test_nobody_narrows_by_a_text_or_finds_by_a_mark(text, notes):
    notes.add("official", "Nic.", is_official=True)
    notes.add("text", f"Coś. {text} x/__official/1 a.__official.pl")
    assert notes.found("coś", filters=Filters(is_official=True)) == []
    assert "official" not in notes.found("a.__official.pl")
