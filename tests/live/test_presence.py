"""What processes know of who reads and writes now: hints that nobody keeps, gone by themselves."""

import json

import pytest

from forum.live.presence import Presence, Shown, Voice
from forum.live.wire import presence as frame_of
from forum.live.wire import read_wish

ANNA, CLUB = Voice("Anna Nowak"), Voice("Klub Peron", is_organization=True)
FAR = 1_000.0  # seconds after which everything is forgotten


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 50.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def here(clock: Clock) -> Presence:
    return Presence(clock)


def pass_on(one: Presence, other: Presence) -> int:
    """What one process says, taken by the other; how many hints it took."""
    hints = [json.loads(json.dumps(hint)) for hint in one.hints()]
    for hint in hints:
        other.take(hint)
    return len(hints)


def test_nothing_is_said_twice(here: Presence) -> None:
    here.read({"t.1": 4})
    assert here.news() == {"t.1": Shown(readers=4)}
    here.read({"t.1": 4})
    assert here.news() == {}
    here.read({})
    assert here.news() == {"t.1": Shown()}
    assert here.news() == {}


def test_who_reads_alone_is_told_nothing(here: Presence) -> None:
    here.read({"t.1": 1})
    assert here.news() == {}


@pytest.mark.parametrize(
    ("count", "told"),
    [(20, (20, False)), (21, (20, True)), (29, (20, True)), (30, (30, False))]
    + [(99, (90, True)), (1_000, (1_000, False)), (1_037, (1_000, True))],
)
def test_many_readers_are_a_round_number(
    here: Presence, count: int, told: tuple[int, bool]
) -> None:
    here.read({"t.1": count})
    shown = here.news()["t.1"]
    assert (shown.readers, shown.is_more) == told


def test_a_thousand_readers_who_come_one_by_one_are_told_some_forty_times(here: Presence) -> None:
    told = 0
    for count in range(1_001):
        here.read({"t.1": count})
        told += len(here.news())
    assert 20 < told < 60


def test_writing_ends_with_the_word_that_it_ended(here: Presence) -> None:
    here.write("t.1", 7, ANNA)
    assert here.news()["t.1"].voices() == [ANNA]
    here.write("t.1", 7, None)
    assert here.news() == {"t.1": Shown()}


def test_writing_ends_by_itself_six_seconds_after_the_last_word(
    here: Presence, clock: Clock
) -> None:
    here.write("t.1", 7, ANNA)
    here.news()
    clock.now += 5
    here.write("t.1", 7, ANNA)
    clock.now += 5
    assert here.news() == {}
    clock.now += 1.1
    assert here.news() == {"t.1": Shown()}


def test_a_voice_is_named_once_and_ones_own_writing_is_no_news(here: Presence) -> None:
    for member in (7, 8):
        here.write("t.1", member, CLUB)
    here.write("t.1", 9, ANNA)
    shown = here.news()["t.1"]
    assert shown.voices() == [CLUB, ANNA]
    assert shown.voices(without=9) == [CLUB]
    frame = json.loads(frame_of("t.1", shown, without=9))
    assert frame["writing"] == [{"name": "Klub Peron", "organization": True}]


def test_no_more_than_three_are_named(here: Presence) -> None:
    for member in range(30):
        here.write("t.1", member, Voice(f"Osoba {member}"))
    assert len(here.news()["t.1"].voices()) == 3


def test_what_two_processes_know_adds_up(here: Presence, clock: Clock) -> None:
    there = Presence(clock)
    here.read({"t.1": 3})
    there.read({"t.1": 1})
    there.write("t.1", 7, ANNA)
    assert pass_on(there, here) == 1
    assert here.news() == {"t.1": Shown(readers=4, writers=((7, ANNA),))}
    pass_on(here, there)
    assert there.news()["t.1"].readers == 4


def test_what_another_process_does_not_repeat_is_forgotten(here: Presence, clock: Clock) -> None:
    """It was killed: nobody says goodbye for its sockets."""
    there = Presence(clock)
    there.read({"t.1": 3})
    there.write("t.1", 7, ANNA)
    pass_on(there, here)
    assert here.news()["t.1"].writers
    clock.now += 6.1
    assert here.news() == {"t.1": Shown(readers=3)}
    clock.now += 20
    assert here.news() == {"t.1": Shown()}
    assert here.shown("t.1") == Shown()


def test_hints_repeat_in_time_and_otherwise_say_only_what_changed(
    here: Presence, clock: Clock
) -> None:
    there = Presence(clock)
    for _second in range(60):
        there.read({"t.1": 3})
        pass_on(there, here)
        assert here.news().get("t.1", Shown(3)) == Shown(3)
        clock.now += 1
    assert there.name != here.name
    assert sum(1 for _ in there.hints()) == 1
    there.read({"t.1": 3})
    assert sum(1 for _ in there.hints()) == 0


def test_a_stream_that_nobody_reads_any_more_is_said_once_and_forgotten(
    here: Presence, clock: Clock
) -> None:
    there = Presence(clock)
    there.read({"t.1": 3})
    pass_on(there, here)
    there.read({})
    assert pass_on(there, here) == 1
    assert here.news() == {}
    assert pass_on(there, here) == 0
    assert there._here == {}
    assert there._told == {}
    clock.now += FAR
    here.news()
    assert not here._elsewhere


def test_ones_own_hint_comes_back_and_counts_nothing(here: Presence) -> None:
    here.read({"t.1": 3})
    assert pass_on(here, here) == 1
    assert here.news() == {"t.1": Shown(readers=3)}


@pytest.mark.parametrize(
    "writing",
    ['["thread.1"]', '{"thread.1":"1"}', '{"thread.1":-1}', '{"thread.1":true}']
    + ['{"thread.1":1.5}', '{"thread":1}', '{"thread.1":1' + "0" * 18 + "}", "7"],
)
def test_a_page_that_says_it_otherwise_is_not_understood(writing: str) -> None:
    assert read_wish('{"writing":{"thread.1":5,"thread.2":null}}') is not None
    assert read_wish(f'{{"writing":{writing}}}') is None
