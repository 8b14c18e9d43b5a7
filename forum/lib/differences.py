"""What changed between two texts, word by word, for a reader."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import Match, SequenceMatcher
from typing import Literal

Kind = Literal["same", "removed", "added", "gap"]

WORD = re.compile(r"\S+\s*|\s+")
# Comparisons of words for one pair of texts: far more than any real edit needs, and a fraction of
# a second. Without a bound two texts of one repeated word would take minutes.
MAX_COMPARISONS = 2_000_000
ISLAND_CHARS = 4  # what stays between two changes is read better as a part of them
CONTEXT_CHARS = 160  # of what stayed, shown on either side of a change


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text: in both texts, in the earlier only, or in the later only.

    A `gap` stands for text that stayed and is not shown.
    """

    kind: Kind
    text: str

    @property
    def words(self) -> str:
        """The text without the space after it, which is not marked."""
        return self.text.rstrip()

    @property
    def space(self) -> str:
        """What `words` leaves out."""
        return self.text[len(self.words) :]


def differences(before: str, after: str) -> list[Piece]:
    """The pieces that give `before` without the added ones, and `after` without the removed.

    Two texts of 20,000 characters take a fraction of a second, whatever they say: where finding
    what stayed would cost too much, the whole passage counts as replaced.
    """
    old, new = WORD.findall(before), WORD.findall(after)
    start = _shared(old, new)
    end = _shared(old[start:][::-1], new[start:][::-1])
    middle_old, middle_new = old[start : len(old) - end], new[start : len(new) - end]
    return list(
        _joined(
            [
                Piece("same", "".join(old[:start])),
                *_without_islands(list(_joined(_compared(middle_old, middle_new)))),
                Piece("same", "".join(old[len(old) - end :])),
            ]
        )
    )


def shortened(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces with a gap in every long run that stayed, so that the changes are found."""
    last = len(pieces) - 1
    return [
        part
        for place, piece in enumerate(pieces)
        for part in _with_gap(piece, opens=place == 0, closes=place == last)
    ]


class _Bounded(SequenceMatcher[str]):
    """Stops looking for what stayed when its comparisons are used up."""

    def __init__(self, old: list[str], new: list[str], comparisons: int) -> None:
        super().__init__(None, old, new, autojunk=False)
        self.left = comparisons
        self._old = old
        self._times = Counter(new)

    def find_longest_match(
        self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None
    ) -> Match:
        # difflib looks at every place of every word, also at those outside of the part asked for.
        cost = sum(1 + self._times[word] for word in self._old[alo:ahi])
        if cost > self.left:
            return Match(alo, blo, 0)
        self.left -= cost
        return super().find_longest_match(alo, ahi, blo, bhi)


def _shared(one: list[str], other: list[str]) -> int:
    """How many words both begin with."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def _compared(old: list[str], new: list[str]) -> Iterator[Piece]:
    """The pieces between the anchors, and the anchors."""
    left = MAX_COMPARISONS
    alo = blo = 0
    for place, other in [*_anchors(old, new), (len(old), len(new))]:
        part, other_part = old[alo:place], new[blo:other]
        matcher = _Bounded(part, other_part, left)
        for tag, a1, a2, b1, b2 in matcher.get_opcodes():
            if tag == "equal":
                yield Piece("same", "".join(part[a1:a2]))
            else:
                yield Piece("removed", "".join(part[a1:a2]))
                yield Piece("added", "".join(other_part[b1:b2]))
        left = matcher.left
        yield Piece("same", "".join(old[place : place + 1]))
        alo, blo = place + 1, other + 1


def _anchors(old: list[str], new: list[str]) -> list[tuple[int, int]]:
    """Where the words stand that each text has once: as many as keep their order.

    Between them lie short parts, so that a long text costs little. Source: patience diff.
    """
    times, other_times = Counter(old), Counter(new)
    places = {word: place for place, word in enumerate(new) if other_times[word] == 1}
    pairs = [
        (place, places[word])
        for place, word in enumerate(old)
        if times[word] == 1 and word in places
    ]
    ends: list[int] = []  # the smallest last place of a rising run of each length
    tails: list[int] = []  # which pair that is
    previous: list[int] = []
    for index, (_place, other) in enumerate(pairs):
        length = bisect_left(ends, other)
        previous.append(tails[length - 1] if length else -1)
        ends[length : length + 1] = [other]
        tails[length : length + 1] = [index]
    run = []
    at = tails[-1] if tails else -1
    while at >= 0:
        run.append(pairs[at])
        at = previous[at]
    return run[::-1]


def _without_islands(pieces: list[Piece]) -> Iterator[Piece]:
    """The short words that happened to stay inside a rewritten passage count as rewritten."""
    last = len(pieces) - 1
    for place, piece in enumerate(pieces):
        is_inside = 0 < place < last
        if piece.kind == "same" and is_inside and len(piece.text.strip()) < ISLAND_CHARS:
            yield Piece("removed", piece.text)
            yield Piece("added", piece.text)
        else:
            yield piece


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Neighbours of one kind as one; of what was replaced, the removed comes first."""
    waiting: dict[Kind, list[str]] = {"removed": [], "added": [], "same": []}

    def flushed(*kinds: Kind) -> Iterator[Piece]:
        for kind in kinds:
            if text := "".join(waiting[kind]):
                yield Piece(kind, text)
            waiting[kind].clear()

    for piece in pieces:
        if not piece.text:
            continue
        yield from flushed(*(("removed", "added") if piece.kind == "same" else ("same",)))
        waiting[piece.kind].append(piece.text)
    yield from flushed("same", "removed", "added")


def _with_gap(piece: Piece, *, opens: bool, closes: bool) -> Iterator[Piece]:
    head = "" if opens else _cut(piece.text)
    tail = "" if closes else _cut(piece.text[::-1])[::-1]
    left_out = len(piece.text) - len(head) - len(tail)
    if piece.kind != "same" or left_out < CONTEXT_CHARS:
        yield piece
        return
    if head:
        yield Piece("same", head)
    yield Piece("gap", "")
    if tail:
        yield Piece("same", tail)


def _cut(text: str) -> str:
    """The beginning, up to the end of a word where one ends."""
    return re.sub(r"(?<=\s)\S*$", "", text[:CONTEXT_CHARS])
