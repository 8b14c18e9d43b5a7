"""Sets of post numbers kept as ranges: a million read posts are "1-1000000", not a million rows."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

_PART = re.compile(r"([0-9]{1,10})(?:-([0-9]{1,10}))?")

Span = tuple[int, int]  # first and last, both inside


@dataclass(frozen=True, slots=True)
class Ranges:
    """A set of whole numbers from 1 on. Its cost grows with its gaps, never with its numbers.

    Units: the spans are sorted, apart by at least one number, and hold both of their ends.
    """

    spans: tuple[Span, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "Ranges":
        """The set that the text names, as "1-20 25". Raises: ValueError for any other text."""
        return cls.of_spans([_span(part) for part in text.split()])

    @classmethod
    def of_spans(cls, spans: Iterable[Span]) -> "Ranges":
        """The numbers of all spans, given in any order and overlapping as they like."""
        joined: list[Span] = []
        for first, last in sorted(spans):
            assert 1 <= first <= last, "a span begins at 1 or later and does not end before that"
            if joined and first <= joined[-1][1] + 1:
                joined[-1] = (joined[-1][0], max(joined[-1][1], last))
            else:
                joined.append((first, last))
        return cls(tuple(joined))

    @classmethod
    def of(cls, numbers: Iterable[int]) -> "Ranges":
        """The set of single numbers."""
        return cls.of_spans((number, number) for number in numbers)

    def __str__(self) -> str:
        return " ".join(str(a) if a == b else f"{a}-{b}" for a, b in self.spans)

    def __bool__(self) -> bool:
        return bool(self.spans)

    def __contains__(self, number: int) -> bool:
        place = bisect_right(self.spans, number, key=lambda span: span[0])
        return place > 0 and number <= self.spans[place - 1][1]

    @property
    def count(self) -> int:
        """How many numbers there are."""
        return sum(last - first + 1 for first, last in self.spans)

    @property
    def highest(self) -> int:
        """The highest number; 0 where there is none."""
        return self.spans[-1][1] if self.spans else 0

    def add(self, first: int, last: int) -> "Ranges":
        """With the numbers from first to last."""
        return self.of_spans([*self.spans, (first, last)])

    def merge(self, other: "Ranges") -> "Ranges":
        """The numbers of either."""
        return self.of_spans([*self.spans, *other.spans])

    def remove(self, first: int, last: int) -> "Ranges":
        """Without the numbers from first to last."""
        below = [(a, min(b, first - 1)) for a, b in self.spans if a < first]
        above = [(max(a, last + 1), b) for a, b in self.spans if b > last]
        return self.of_spans([*below, *above]) if first <= last else self

    def up_to(self, last: int) -> "Ranges":
        """Without everything above the number."""
        return Ranges(tuple((a, min(b, last)) for a, b in self.spans if a <= last))

    def missing(self, last: int) -> "Ranges":
        """The numbers from 1 to last that are not in the set."""
        gaps: list[Span] = []
        begin = 1
        for first, end in self.up_to(last).spans:
            if begin < first:
                gaps.append((begin, first - 1))
            begin = end + 1
        if begin <= last:
            gaps.append((begin, last))
        return Ranges(tuple(gaps))

    def first_missing(self, number: int = 1) -> int:
        """The first number from the given one on that is not in the set."""
        place = bisect_right(self.spans, number, key=lambda span: span[0])
        if place and number <= self.spans[place - 1][1]:
            return self.spans[place - 1][1] + 1
        return number


def _span(part: str) -> Span:
    found = _PART.fullmatch(part)
    if found is None:
        raise ValueError("not a range of numbers")
    first = int(found[1])
    last = int(found[2] or found[1])
    if not 1 <= first <= last:
        raise ValueError("a range begins at 1 or later and does not end before that")
    return first, last
