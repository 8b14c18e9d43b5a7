#!/usr/bin/env python3
"""How many forms of a word find it, by class, with the dictionary and by rules alone.

    python -m bench.search_quality [treebank.conllu ...]

The words are those of tests/search/word_pairs.py. With a treebank in CoNLL-U, as Universal
Dependencies have them for Polish, its inflected words are measured as well: each form beside the
lemma that somebody gave it by hand. `false` counts pairs of different words that find each other.
"""

import os
import sys
from collections.abc import Callable, Iterable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "forum_site.settings")
django.setup()

from forum.lib import word_forms  # noqa: E402  # only now are the settings known
from forum.search.terms import reading  # noqa: E402
from tests.search.finds import WAYS, is_found  # noqa: E402
from tests.search.word_pairs import CLASSES, different, pairs  # noqa: E402

Pair = tuple[str, str]
KINDS = ("NOUN", "PROPN", "ADJ", "VERB", "NUM")


def main(files: list[str]) -> None:
    classes = {name: pairs(words) for name, words in CLASSES.items()}
    classes |= {f"treebank: {name}": found for name, found in _of_treebanks(files).items()}
    for name, analyser in (("with the dictionary", None), ("by rules alone", _without_dictionary)):
        if analyser:
            analyser()
        print(f"\n{name}\n| class | pairs | " + " | ".join(WAYS) + " |")
        print("| --- | --- |" + " --- |" * len(WAYS))
        for each, found in classes.items():
            cells = (f"{_share(found, way):.1f} %" for way in WAYS.values())
            print(f"| {each} | {len(found)} | " + " | ".join(cells) + " |")
        false = [pair for pair in different() if is_found(*pair)]
        print(f"false: {len(false)} of {len(different())}: {false[:12]}")


def _share(found: Iterable[Pair], way: Callable[[str, str], bool]) -> float:
    results = [way(*pair) for pair in found]
    return 100 * sum(results) / len(results)


def _without_dictionary() -> None:
    word_forms._dictionary = None
    word_forms.forms_of.cache_clear()
    reading.cache_clear()


def _of_treebanks(files: list[str]) -> dict[str, list[Pair]]:
    found: dict[str, set[Pair]] = {}
    for file in files:
        with open(file, encoding="utf-8") as lines:
            for fields in (line.split("\t") for line in lines):
                if len(fields) > 3 and fields[3] in KINDS and _is_inflected(*fields[1:3]):
                    found.setdefault(fields[3], set()).add((fields[1], fields[2]))
    return {kind: sorted(words) for kind, words in found.items()}


def _is_inflected(form: str, lemma: str) -> bool:
    return form.isalpha() and lemma.isalpha() and len(form) > 2 and form.lower() != lemma.lower()


if __name__ == "__main__":
    main(sys.argv[1:])
