"""Saved searches asked of one entry of the index, in Python: no query for each of them.

It must answer as the databases do for the page of the search; a test compares them.
Source: docs/decisions/0041-saved-searches.md.
"""

from bisect import bisect_left
from functools import cached_property, lru_cache

from forum.saved_searches.models import SavedSearch
from forum.search import queries
from forum.search.models import Entry
from forum.search.phrases import has_phrase
from forum.search.queries import Asked, Phrase, Word

QUESTIONS_KEPT = 20_000  # read once by each worker


class Told:
    """One entry with its terms taken apart, to be asked many times."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry

    def fits(self, search: SavedSearch) -> bool:
        """Whether the entry is among the results of the search, whoever may read it."""
        return self._is_within(search) and self._answers(read(search.text))

    def _is_within(self, search: SavedSearch) -> bool:
        entry = self.entry
        return (
            search.category_id in {None, entry.category_id}
            and search.organization_id in {None, entry.organization_id}
            and search.gmina in {"", entry.gmina}
            and (entry.is_official or not search.is_official)
            and (entry.has_files or not search.has_files)
        )

    def _answers(self, asked: Asked) -> bool:
        return (
            bool(asked)
            and all(map(self._has, asked.words))
            and not any(map(self._has, asked.unwanted))
            and all(map(self._has_phrase, asked.phrases))
            and not any(map(self._has_phrase, asked.unwanted_phrases))
        )

    def _has_phrase(self, phrase: Phrase) -> bool:
        return has_phrase(self.entry.text_terms, phrase)

    def _has(self, word: Word) -> bool:
        if not word.any_term.isdisjoint(self._terms):
            return True
        return bool(word.prefix) and self._has_beginning(word.prefix)

    def _has_beginning(self, prefix: str) -> bool:
        place = bisect_left(self._sorted, prefix)
        return place < len(self._sorted) and self._sorted[place].startswith(prefix)

    @cached_property
    def _terms(self) -> frozenset[str]:
        return frozenset(self.entry.text_terms.split())  # those of the title are among them

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self._terms)


@lru_cache(QUESTIONS_KEPT)
def read(text: str) -> Asked:
    """What is asked for."""
    return queries.read(text)
