"""Differences: both texts can be read back from them, quickly, whatever the texts are."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.lib.differences import Piece, differences, shortened

LIMIT_S = 1.0
LONG = 20_000  # characters
words = st.lists(st.sampled_from(["a", "b", "sala ", "we ", "wtorki\n", " ", "ż"]), max_size=60)
texts = st.one_of(st.text(max_size=200), words.map("".join))


def told(before, after):
    return [(piece.kind, piece.text) for piece in differences(before, after)]


def read_back(pieces):
    before = "".join(piece.text for piece in pieces if piece.kind != "added")
    after = "".join(piece.text for piece in pieces if piece.kind != "removed")
    return before, after


@given(texts, texts)
def test_both_texts_can_be_read_back(before, after):
    pieces = differences(before, after)
    assert read_back(pieces) == (before, after)
    assert all(piece.text for piece in pieces)
    kinds = [piece.kind for piece in pieces]
    assert all(one != other for one, other in zip(kinds, kinds[1:], strict=False))


@given(texts)
def test_equal_texts_differ_nowhere(text):
    assert told(text, text) == ([("same", text)] if text else [])


@given(texts, texts)
def test_shortening_leaves_every_change(before, after):
    pieces = differences(before, after)
    changes = [piece for piece in pieces if piece.kind in ("removed", "added")]
    kept = shortened(pieces)
    assert [piece for piece in kept if piece.kind in ("removed", "added")] == changes


def test_one_word_is_one_change():
    assert told("Sala we wtorki o 18.", "Sala we czwartki o 18.") == [
        ("same", "Sala we "),
        ("removed", "wtorki "),
        ("added", "czwartki "),
        ("same", "o 18."),
    ]


def test_words_added_at_the_end():
    assert told("Jest podjazd.\n", "Jest podjazd.\nI winda.") == [
        ("same", "Jest podjazd.\n"),
        ("added", "I winda."),
    ]


def test_a_rewritten_passage_is_not_chopped_by_a_short_word():
    assert told("zielone i małe jabłka tu", "czerwone i duże gruszki tu") == [
        ("removed", "zielone i małe jabłka "),
        ("added", "czerwone i duże gruszki "),
        ("same", "tu"),
    ]


def test_a_long_run_that_stayed_has_a_gap():
    text = "słowo " * 200
    before, after = f"{text}raz {text}", f"{text}dwa {text}"
    kinds = [piece.kind for piece in shortened(differences(before, after))]
    assert kinds == ["gap", "same", "removed", "added", "same", "gap"]
    assert sum(len(p.text) for p in shortened(differences(before, after))) < 400


def test_a_short_run_has_no_gap():
    pieces = [Piece("same", "krótko "), Piece("added", "i węzłowato")]
    assert shortened(pieces) == pieces


def hostile(name):
    draw = random.Random(7)
    half = LONG // 2

    def few(kinds, size=half):
        return "".join(f"{draw.choice(kinds)} " for _ in range(size))

    return {
        "one word": ("a " * half, "b " + "a " * (half - 2) + "b"),
        "two words": (few("ab"), few("ab")),
        "ten words": (few("abcdefghij"), few("abcdefghij")),
        "two hundred words": tuple(
            " ".join(str(draw.randrange(200)) for _ in range(5_000)) for _ in range(2)
        ),
        "many words": tuple(
            " ".join(str(draw.randrange(3_000)) for _ in range(4_000)) for _ in range(2)
        ),
        "reversed": (
            " ".join(str(n) for n in range(4_000)),
            " ".join(str(n) for n in reversed(range(4_000))),
        ),
        "every other word": (
            " ".join(f"x {n}" for n in range(3_000)),
            " ".join(f"y {n}" for n in range(3_000)),
        ),
        "no spaces": ("a" * LONG, "b" * LONG),
        "only spaces": (" \n" * half, "\t " * half),
    }[name]


@pytest.mark.parametrize(
    "name",
    [
        "one word",
        "two words",
        "ten words",
        "two hundred words",
        "many words",
        "reversed",
        "every other word",
        "no spaces",
        "only spaces",
    ],
)
def test_hostile_texts_take_less_than_a_second(name):
    before, after = hostile(name)
    # The processor's time: the machine may be busy with something else.
    start = time.process_time()
    pieces = differences(before, after)
    assert time.process_time() - start < LIMIT_S
    assert read_back(pieces) == (before, after)


def test_a_real_edit_of_a_long_text_is_told_word_by_word():
    draw = random.Random(3)
    vocabulary = [f"słowo{n}" for n in range(3_000)]
    weights = [1 / (n + 1) for n in range(3_000)]  # as often as words are in a language
    old = draw.choices(vocabulary, weights, k=3_000)
    new = [f"nowe{n}" if n % 100 == 50 else word for n, word in enumerate(old)]
    pieces = differences(" ".join(old), " ".join(new))
    assert sum(len(piece.text) for piece in pieces if piece.kind == "added") < 1_000
