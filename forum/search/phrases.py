"""Whether words stand behind each other, seen in the terms of a text.

The terms of a word follow one another: as it stands, which begins with an underscore, then its
forms. A phrase is in its order, its words in any form: `wkład własny` is in `wkładu własnego`.
"""

from collections.abc import Iterator

from forum.search.queries import Phrase, Word


def has_word(terms: str, word: Word) -> bool:
    """Whether the text of these terms has the word in any form."""
    padded = f" {terms} "
    return any(f" {term} " in padded for term in word.any_term)


def has_phrase(terms: str, phrase: Phrase) -> bool:
    """Whether the words of the phrase stand behind each other in the text of these terms."""
    padded = f" {terms} "
    wanted = [word.any_term for word in phrase]
    # The longest word is likely the rarest, and so the quickest to follow.
    place = max(range(len(phrase)), key=lambda number: len(phrase[number].text))
    starts = {start for term in wanted[place] for start in _words_with(padded, term)}
    return any(_stands(padded, start, wanted, place) for start in starts)


def _words_with(padded: str, term: str) -> Iterator[int]:
    """Where the words begin that have the term."""
    sought = f" {term} "
    found = padded.find(sought)
    while found >= 0:
        yield padded.rfind(" _", 0, found + 2)
        found = padded.find(sought, found + 1)


def _stands(padded: str, start: int, wanted: list[frozenset[str]], place: int) -> bool:
    first = start
    for _ in range(place):
        first = padded.rfind(" _", 0, first)
        if first < 0:
            return False
    for terms in wanted:
        if first < 0:
            return False
        following = padded.find(" _", first + 1)
        own = padded[first : following if following >= 0 else len(padded)].split()
        if terms.isdisjoint(own):
            return False
        first = following
    return True
