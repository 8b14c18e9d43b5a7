"""The same conversations for every forum: so many threads, so many posts, the same texts.

Needs nothing but Python: the programs that fill the peers import it in the peers' environments.
The texts are those of `manage.py fill`, taken from our own forum when it has been filled.
"""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

THREADS = 1_801
POSTS = 100_000
LARGEST = 10_000  # posts of the last thread; the others have 50
PEOPLE = 60  # who wrote them
SEED = 8
SPAN = timedelta(days=400)
WORD = "spotkanie"  # a common one: four posts of five have it
REPLIED_TO = 200  # the newest threads but the largest: what is measured by writing goes there


@dataclass(frozen=True, slots=True)
class Post:
    """One post. The number counts through the forum from 1, the author from 0."""

    number: int
    author: int
    text: int  # which of the texts
    at: datetime


@dataclass(frozen=True, slots=True)
class Conversation:
    """One thread with its posts in the order of time. The number counts from 1."""

    number: int
    title: str
    posts: list[Post]


@dataclass(frozen=True, slots=True)
class Texts:
    """What is said: sources of posts (Markdown), and titles."""

    sources: list[str]
    titles: list[str]

    @classmethod
    def read(cls, path: Path) -> "Texts":
        found = json.loads(path.read_text())
        return cls(found["sources"], found["titles"])


def conversations(texts: Texts) -> Iterator[Conversation]:
    """Every thread of the forum, the oldest first; one after the other, the largest last."""
    chance = random.Random(SEED)
    begin = datetime.now(UTC) - SPAN
    step = SPAN / (POSTS + 1)
    numbers = count(1)
    for number in range(1, THREADS + 1):
        posts = [
            Post(
                next_number := next(numbers),
                chance.randrange(PEOPLE),
                chance.randrange(len(texts.sources)),
                begin + step * next_number,
            )
            for _ in range(size_of(number))
        ]
        yield Conversation(number, chance.choice(texts.titles), posts)


def size_of(number: int) -> int:
    """How many posts the thread with this number has."""
    return LARGEST if number == THREADS else (POSTS - LARGEST) // (THREADS - 1)


def name_of(author: int) -> str:
    """How the author with this number is called everywhere."""
    return f"osoba{author + 1}"


def read_threads() -> range:
    """Numbers of the threads that are read: another each time, and never one that is written in."""
    return range(1, THREADS - REPLIED_TO)


def written_threads() -> range:
    """Numbers of the threads that are written in."""
    return range(THREADS - REPLIED_TO, THREADS)
