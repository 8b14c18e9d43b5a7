"""How near the words somebody typed are to the words of a name. Pure; words are folded."""

from collections.abc import Sequence
from functools import lru_cache

# In so many names that they tell little, in every form they take.
USUAL_BEGINNINGS = ("stowarzyszen", "fundacj", "towarzystw", "klub", "zwiaz", "spoldziel")
USUAL_WORDS = frozenset(("kolo", "kola", "kolu", "grupa", "grupy", "zwykle", "zwyklego"))
SMALL_WORDS = frozenset(
    ("a", "do", "dla", "i", "im", "na", "o", "od", "oraz", "po", "przy", "pw", "sw", "u", "w")
    + ("we", "z", "za", "ze", "rzecz", "gmina")
)
SMALL_WEIGHT, USUAL_WEIGHT, TELLING_WEIGHT = 0.1, 0.35, 1.0

PIECE_LETTERS = 3
ENDING_LETTERS = 3  # at most so many letters of a Polish word change with its case
STEM_LETTERS = 3  # what must stay of it
LONG_WORD = 8  # letters; in such a word two may be wrong

EXACT, BEGINNING, INFLECTED, MISTYPED, MISTYPED_AND_INFLECTED = 1.0, 0.95, 0.9, 0.85, 0.75
EXTRA_WORD = 0.005  # so that the shorter of two equal names comes first
EXTRA_WORDS_COUNTED = 20


class Words:
    """The words that are looked for, each with what it weighs."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = list(dict.fromkeys(words))
        self.weights = [_weight(word) for word in self.words]

    def pieces(self) -> list[str]:
        """Groups of three letters of the words that tell most; a short word is one piece."""
        heaviest = max(self.weights)
        weighed = zip(self.words, self.weights, strict=True)
        telling = (word for word, weight in weighed if weight == heaviest)
        return list(dict.fromkeys(piece for word in telling for piece in _pieces(word)))


def score(wanted: Words, found: Sequence[str]) -> float:
    """How well the words of a name fit the words looked for. Units: 0 to 1."""
    fitting = sum(
        weight * max((likeness(word, other) for other in found), default=0.0)
        for word, weight in zip(wanted.words, wanted.weights, strict=True)
    )
    extra = max(len(found) - len(wanted.words), 0)
    return fitting / sum(wanted.weights) - min(extra, EXTRA_WORDS_COUNTED) * EXTRA_WORD


@lru_cache(maxsize=20_000)
def likeness(word: str, other: str) -> float:
    """How near the other word is to the word somebody typed. Units: 0 to 1."""
    if word == other:
        return EXACT
    if min(len(word), len(other)) < STEM_LETTERS:
        return 0.0
    if other.startswith(word):
        return BEGINNING
    if _is_inflected(word, other):
        return INFLECTED
    return _likeness_of_mistyped(word, other)


def _is_inflected(word: str, other: str) -> bool:
    """Whether only the endings differ: `strazy` and `straz`, `pozarnej` and `pozarna`."""
    common = _common_beginning(word, other)
    endings = max(len(word), len(other)) - common
    return common >= STEM_LETTERS and endings <= min(ENDING_LETTERS, common)


def _likeness_of_mistyped(word: str, other: str) -> float:
    if abs(len(word) - len(other)) > ENDING_LETTERS or len(word) <= STEM_LETTERS:
        return 0.0
    allowed = 2 if len(word) >= LONG_WORD else 1
    if distance(word, other, allowed) <= allowed:
        return MISTYPED
    # A wrong letter in the stem, and another ending: the shorter decides where the stem ends.
    stem = min(len(word), len(other)) - 2
    if stem > STEM_LETTERS and distance(word[:stem], other[:stem], 1) <= 1:
        return MISTYPED_AND_INFLECTED
    return 0.0


def _common_beginning(word: str, other: str) -> int:
    length = 0
    for one, two in zip(word, other, strict=False):
        if one != two:
            break
        length += 1
    return length


def distance(word: str, other: str, most: int) -> int:
    """How many letters to add, leave out, change, or swap with the next.

    Where it is more than `most` the answer is only some number above it.
    """
    if abs(len(word) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(word, start=1):
        before, above, row = row, before, [i]
        for j, its in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != its))
            if above and j > 1 and letter == other[j - 2] and word[i - 2] == its:
                cost = min(cost, above[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]


def _weight(word: str) -> float:
    if word in SMALL_WORDS:
        return SMALL_WEIGHT
    is_usual = word in USUAL_WORDS or word.startswith(USUAL_BEGINNINGS)
    return USUAL_WEIGHT if is_usual else TELLING_WEIGHT


def _pieces(word: str) -> list[str]:
    starts = range(max(len(word) - PIECE_LETTERS, 0) + 1)
    return [word[start : start + PIECE_LETTERS] for start in starts]
