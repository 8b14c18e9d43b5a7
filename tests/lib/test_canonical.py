"""Text whose marks are the same all through takes a short way, and comes to the same lines."""

import itertools
import random

import pytest

from forum.lib.canonical import _is_blank, _lines_of_many, _lines_of_one

PIECES = (" ", "\n", "słowo", "a", "\xa0", "\u200b", "\u00ad", ".")


def long_way(text):
    return [line for line in _lines_of_many([((), text)]) if not _is_blank(line)]


def short_way(text):
    return [line for line in _lines_of_one((), text) if not _is_blank(line)]


def test_every_short_text():
    for length in range(6):
        for pieces in itertools.product(PIECES[:4], repeat=length):
            text = "".join(pieces)
            assert short_way(text) == long_way(text), repr(text)


@pytest.mark.parametrize("seed", range(20))
def test_texts_at_random(seed):
    chance = random.Random(seed)
    for _ in range(200):
        text = "".join(chance.choices(PIECES, weights=[6, 3, 4, 2, 1, 1, 1, 1], k=40))
        assert short_way(text) == long_way(text), repr(text)


def test_what_they_come_to():
    assert short_way("  a\n \n\n b  c\nd ") == [[((), "a")], [((), "b c\nd")]]
    assert short_way(" \n ") == []
