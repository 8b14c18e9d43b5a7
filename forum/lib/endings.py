"""What is left of a Polish word without its ending, by rule: for words that no dictionary knows."""

import snowballstemmer

from forum.lib.folding import fold

_rules = snowballstemmer.stemmer("polish")


def stem(word: str) -> str:
    """The beginning that the forms of a word have in common, in a–z; the same with and without
    marks. Never empty."""
    return fold(_rules.stemWord(fold(word) or word)) or word
