"""Ranges of numbers against a plain set, and at sizes a plain set could not hold."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.lib.ranges import Ranges

TOP = 40
numbers = st.sets(st.integers(1, TOP))
spans = st.tuples(st.integers(1, TOP), st.integers(1, TOP)).map(sorted).map(tuple)
HUGE = 9_999_999_999


def plain(ranges):
    return {n for a, b in ranges.spans for n in range(a, b + 1)}


def is_tidy(ranges):
    flat = [n for span in ranges.spans for n in span]
    gaps = [b[0] - a[1] for a, b in zip(ranges.spans, ranges.spans[1:], strict=False)]
    return flat == sorted(flat) and all(gap > 1 for gap in gaps)


@given(numbers)
def test_text_and_back_is_the_same_set(some):
    ranges = Ranges.of(some)
    assert plain(ranges) == some
    assert Ranges.parse(str(ranges)) == ranges
    assert ranges.count == len(some)
    assert ranges.highest == max(some, default=0)
    assert bool(ranges) == bool(some)


@given(numbers, st.lists(st.tuples(st.booleans(), spans)))
def test_adding_and_removing_is_what_a_set_does(some, steps):
    ranges, model = Ranges.of(some), set(some)
    for adds, (first, last) in steps:
        change = set(range(first, last + 1))
        ranges = ranges.add(first, last) if adds else ranges.remove(first, last)
        model = model | change if adds else model - change
        assert plain(ranges) == model
        assert is_tidy(ranges)


@given(numbers, numbers)
def test_merging_is_the_union(one, other):
    assert plain(Ranges.of(one).merge(Ranges.of(other))) == one | other


@given(numbers, st.integers(0, TOP + 2))
def test_questions_are_answered_as_by_a_set(some, number):
    ranges = Ranges.of(some)
    assert plain(ranges.missing(number)) == set(range(1, number + 1)) - some
    assert plain(ranges.up_to(number)) == {n for n in some if n <= number}
    assert (number in ranges) == (number in some)
    free = next(n for n in range(max(number, 1), TOP + 5) if n not in some)
    assert ranges.first_missing(max(number, 1)) == free


@pytest.mark.parametrize(
    "text",
    ["x", "0", "3-1", "-1", "1-", "1--2", "1,2", "²", "1" * 11, "1-2-3", "+1", "1_0", "\x00"],
)
def test_any_other_text_is_refused(text):
    with pytest.raises(ValueError, match="range"):
        Ranges.parse(text)


def test_text_of_people_is_put_in_order():
    assert str(Ranges.parse(" 7 3-5\n1-2  6-6 9 ")) == "1-7 9"
    assert str(Ranges.parse("")) == ""


def test_a_huge_range_costs_nothing():
    started = time.perf_counter()
    ranges = Ranges.parse(f"1-{HUGE}").remove(5, HUGE - 1)
    assert str(ranges) == f"1-4 {HUGE}"
    assert ranges.missing(HUGE).count == HUGE - 5
    assert ranges.first_missing(2) == 5
    assert time.perf_counter() - started < 1


def test_many_gaps_stay_quick():
    started = time.perf_counter()
    ranges = Ranges.of(range(1, 100_001, 2))
    assert ranges.count == 50_000
    assert ranges.merge(ranges.missing(100_000)) == Ranges(((1, 100_000),))
    assert Ranges.parse(str(ranges)) == ranges
    assert time.perf_counter() - started < 5
