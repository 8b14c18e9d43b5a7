"""Anything may stand in the field, and in a text: there is an answer, and no end of work."""

import pytest

from forum.lib.word_forms import CANDIDATES_OF_QUERY, spellings
from forum.search import queries, typos
from forum.search.finding import find
from forum.search.narrowing import Filters
from forum.search.queries import WORDS_MAX
from tests.search.notes import GUEST

pytestmark = pytest.mark.django_db

WITH_AN_ANSWER = {
    "10,000 characters": "dotacja " * 1_250,
    "500 words": "dotacja " + "i w na " * 167,
    "open quotes": '"dotacja',
    "closed quotes alone": 'dotacja" ""',
    "and or not": "dotacja AND",
    "wildcards": "dotacja* %",
    "signs of tsquery": "dotacja & | ! :* <-> ()",
    "fts5 near": "^dotacja {}[]",
    "minus alone": "dotacja - -- −",
    "sql": "dotacja'; --",
    "nul": "\x00dotacja\x00",
    "emoji": "😀 dotacja 🏳️‍🌈",
    "right to left": "\u202edotacja\u202c\u200f",
    "combining": "dotacja\u0301\u0327"[:7] + " ",
    "lines and tabs": "dotacja\r\n\t",
    "quotes of a shell": "`dotacja` $(dotacja)",
    "other alphabets": "dotacja -עברית -допомога -日本語",
}
WITHOUT = [
    "*",
    "-",
    "−",
    "--",
    '"',
    '""',
    "„”",
    "i",
    "i w na że",
    "😀",
    "\x00",
    "\u202e",
    "\u0301" * 400,
    "  ",
    "()",
    "' OR 1=1",
    "'; DROP TABLE search_entry; --",
    "title:brak",
    "NEAR(brak, 2)",
    "a" * 400,
    "x",
    "ż" * 10_000,
    "z" * 10_000,
    "0" * 10_000,
    "1/" * 5_000,
    "a." * 5_000,
    "a@" * 5_000,
    "1 " * 5_000,
    "e\u0301" * 5_000,
    "-a " * 3_000,
    '"a" ' * 3_000,
    "art. 1 " * 2_000,
    "12 345 " * 2_000,
    "%s %(x)s",
    "\ud800",
    "\uffff",
    "\\",
    "_",
    "__c0",
    "#:brak",
    "OR OR OR",
    "🇵🇱" * 300,
    "ﷺ" * 300,
]


@pytest.mark.parametrize("text", WITH_AN_ANSWER.values(), ids=WITH_AN_ANSWER.keys())
def test_what_was_meant_is_found(text, notes):
    notes.add("it", "Dotacja na sport.")
    assert notes.found(text) == ["it"]


@pytest.mark.parametrize("text", WITHOUT, ids=ascii)
def test_nothing_breaks_it(text, notes):
    notes.add("it", "Dotacja na sport.", is_official=True)
    asked = queries.read(text)
    assert max(len(asked.words), len(asked.unwanted)) <= WORDS_MAX
    assert all(len(phrase) <= WORDS_MAX for phrase in asked.phrases + asked.unwanted_phrases)
    assert not find(GUEST, asked, Filters()).hits
    assert typos.corrected(text, asked) is not None


def test_no_word_has_more_spellings_than_are_tried():
    for word in [
        "niepelnosprawnosciami",
        "a" * 39,
        "zzzzzzzzzzzzzz",
        "sncncncncncncn",
        "lololololololo",
    ]:
        assert len(spellings(word, CANDIDATES_OF_QUERY)) < CANDIDATES_OF_QUERY


def test_a_question_has_an_end_in_both_databases(notes):
    """Twelve words, each with many spellings, none of them in a text, and as many not wanted."""
    words = [f"zeslaco{a}{b}n" for a in "aeio" for b in "bdg"]
    notes.add("it", "Dotacja")
    assert notes.found(" ".join(words) + " -" + " -".join(words)) == []


@pytest.mark.parametrize(
    "text",
    [
        "a" * 50_000,
        "ż" * 50_000,
        "1/2" * 20_000,
        "x@y." * 10_000,
        "1.1" * 10_000,
        "e\u0301" * 9_000,
        " ".join(f"słowo{n}" for n in range(20_000)),
        "art. 1 " * 9_000,
        "\u200b" * 20_000,
        "日本語" * 9_000,
        "12 345 " * 9_000,
        "a-" * 20_000,
        "a'" * 20_000,
        "<script>&amp;\\",
        "'#:dotacja' | !a",
        "1" * 50_000,
    ],
    ids=lambda text: ascii(text[:12]),
)
def test_any_text_goes_into_the_index(text, notes, monkeypatch):
    monkeypatch.setattr("forum.search.actions.indexing.AT_ONCE_CHARS", 10**6)
    notes.add("it", f"Dotacja {text}", title=text[:200])
    assert notes.found("dotacja ") == ["it"]
