"""A forum of many posts for bench.search: text with the frequencies of Polish, in bulk.

The words that are used often are those of the forum's own Polish texts, the others are made of
syllables and endings; how often each is used follows Zipf. The terms are made once for each word.
"""

import random
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from functools import cached_property
from itertools import accumulate, chain, islice
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Organization, User
from forum.categories.models import Category
from forum.lib.word_forms import VERSION
from forum.search.models import Entry, KnownWord
from forum.search.terms import STOP_WORDS, reading, tokens
from forum.search.typos import news_in, note_words
from forum_site.filling import fill

KIND = "bench"
SEED = 7
VOCABULARY = 60_000
WORDS_OF_POST = (8, 15, 25, 40, 40, 60, 90)  # 40 in the middle, 280 characters
WORDS_OF_TITLE = 5
THREAD = 10  # posts
CATEGORIES = 20
READABLE_BY_GUESTS = 2  # of them: a tenth
MEMBERS = 200
SPAN = timedelta(days=8 * 365)
BATCH = 10_000
REAL_POSTS, REAL_THREADS = 2_000, 200  # what the results show
CATALOGUE = Path("forum_site/locale/pl/LC_MESSAGES/django.po")
SYLLABLES = (
    "ba be bo bra bu ca ce cho cza da de do dra du fa fi go gra ka ke ko kra ku la le li lo ma me"
    " mi mo mu na ne no pa pe pi po pra pro ra re ro sa sta sto szy ta te to tra wa we wie wo za"
    " zdro zna żo łą śmie ście źró ński"
)
ENDINGS = ("", "a", "y", "ę", "ą", "ów", "om", "ami", "ach", "u", "em", "ie", "ego", "emu", "ych")
COLUMNS = (
    "kind", "object_pk", "place", "category_id", "author_id", "organization_id", "gmina", "at",
    "is_official", "is_accepted", "has_files", "title", "text", "title_terms", "text_terms",
    "analyser",
)  # fmt: skip


class Vocabulary:
    """Words by how often they are used, the same at every run."""

    def __init__(self) -> None:
        self.chance = random.Random(SEED)
        self.words = list(islice(chain(_real_words(), self._invented()), VOCABULARY))
        weights = (1 / (rank + 2.7) ** 1.05 for rank in range(len(self.words)))
        self._weights = list(accumulate(weights))

    @cached_property
    def _terms(self) -> list[str]:
        return [self._of(word) for word in self.words]

    def telling(self) -> list[str]:
        """The words that can be asked for, the most frequent first."""
        return [w for w in self.words if w.isalpha() and len(w) > 3 and w not in STOP_WORDS]

    def rare(self, uses: int, posts: int, count: int) -> list[str]:
        """So many words, each of which stands in about so many of the posts."""
        places = range(len(self.words) - count)
        place = bisect_left(places, True, key=lambda rank: self._uses(rank, posts) <= uses)
        return [word for word in self.words[place : place + count] if word.isalpha()]

    def _uses(self, rank: int, posts: int) -> float:
        before = self._weights[rank - 1] if rank else 0
        share = (self._weights[rank] - before) / self._weights[-1]
        return posts * sum(1 - (1 - share) ** n for n in WORDS_OF_POST) / len(WORDS_OF_POST)

    def text(self, count: int) -> tuple[str, str]:
        """So many words, and their terms."""
        chosen = self._chosen(count)
        terms = " ".join([self._terms[each] for each in chosen])
        return " ".join([self.words[each] for each in chosen]), terms

    def plain_text(self, count: int) -> str:
        return " ".join(self.words[each] for each in self._chosen(count))

    def _chosen(self, count: int) -> list[int]:
        ranks = range(len(self.words))
        return self.chance.choices(ranks, cum_weights=self._weights, k=count)

    def _of(self, word: str) -> str:
        found = reading(word)
        return " ".join([found.surface, *sorted(found.forms), *sorted(found.parts)])

    def _invented(self) -> Iterator[str]:
        known: set[str] = set()
        real = set(_real_words())
        while True:
            parts = self.chance.choices(SYLLABLES.split(), k=self.chance.choice((2, 3, 3, 4)))
            word = "".join(parts) + self.chance.choice(ENDINGS)
            if word not in known and word not in real:
                known.add(word)
                yield word


def _real_words() -> list[str]:
    texts = re.findall(r'^(?:msgstr(?:\[\d\])? )?"(.*)"$', CATALOGUE.read_text(), re.MULTILINE)
    polish = " ".join(texts[1::2])
    count = Counter(t.text.casefold() for t in tokens(polish) if t.text.isalpha())
    return [word for word, _uses in count.most_common() if len(word) < 25]


def build(posts: int, vocabulary: Vocabulary) -> None:
    """Fill the database where it has fewer entries. Raises: whatever the database says."""
    have = Entry.objects.filter(kind=KIND, analyser=VERSION).count()
    if have == posts:
        return
    Entry.objects.all().delete() if have < BATCH else _empty()
    categories, members, organizations = _people()
    list(fill(REAL_THREADS, REAL_POSTS, REAL_POSTS // REAL_THREADS, SEED))
    Entry.objects.all().delete()
    _write(_rows(posts, vocabulary, categories, members, organizations))
    KnownWord.objects.all().delete()
    note_words(news_in(" ".join(vocabulary.words)))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE search_entry")


def _empty() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("TRUNCATE search_entry")
        else:
            cursor.execute("DELETE FROM search_entry")


def _people() -> tuple[list[int], list[int], list[Organization]]:
    for number in range(CATEGORIES):
        is_open = number < READABLE_BY_GUESTS
        readers = Category.Readers.EVERYBODY if is_open else Category.Readers.STAFF
        Category.objects.get_or_create(name=f"Dział {number}", defaults={"readers": readers})
    for number in range(MEMBERS):
        User.objects.get_or_create(
            email=f"szuka-{number}@example.org",
            defaults={"display_name": f"Szuka {number}", "is_staff": number == 0},
        )
    categories = Category.objects.filter(name__startswith="Dział ").values_list("pk", flat=True)
    members = User.objects.filter(email__startswith="szuka-").values_list("pk", flat=True)
    list(fill(1, 2, 2, SEED))  # its organizations
    return (
        list(categories.order_by("pk")),
        list(members.order_by("pk")),
        list(Organization.objects.order_by("pk")),
    )


def _rows(
    posts: int,
    vocabulary: Vocabulary,
    categories: list[int],
    members: list[int],
    organizations: list[Organization],
) -> Iterator[tuple[object, ...]]:
    chance = random.Random(SEED)
    begin, step = timezone.now() - SPAN, SPAN / posts
    for number in range(posts):
        thread = number // 200 * (200 // THREAD) + number % (200 // THREAD)
        is_opening = number % 200 < 200 // THREAD
        voice = organizations[number % len(organizations)] if chance.random() < 0.25 else None
        title, title_terms = vocabulary.text(WORDS_OF_TITLE) if is_opening else ("", "")
        text, terms = vocabulary.text(chance.choice(WORDS_OF_POST))
        yield (
            KIND, number + 1, thread, categories[thread % len(categories)],
            # The second member has written next to nothing.
            members[chance.randrange(2, len(members))] if number % 50_000 else members[1],
            voice.pk if voice else None, voice.gmina if voice else "", begin + number * step,
            voice is not None and voice.kind == Organization.Kind.OFFICE,
            number % 97 == 0, number % 53 == 0, title, text, title_terms,
            f"{title_terms} {terms}".strip(), VERSION,
        )  # fmt: skip


def _write(rows: Iterator[tuple[object, ...]]) -> None:
    columns = ", ".join(COLUMNS)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            places = ", ".join(["%s"] * len(COLUMNS))
            sql = f"INSERT INTO search_entry ({columns}) VALUES ({places})"  # noqa: S608  # names
            while batch := list(islice(rows, BATCH)):
                with transaction.atomic():
                    cursor.executemany(sql, batch)
            return
        kept = "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'search_entry'"
        cursor.execute(f"{kept} AND indexdef LIKE '%USING gin%'")
        indexes = cursor.fetchall()
        cursor.execute("SET maintenance_work_mem = '1GB'")
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
        with cursor.copy(f"COPY search_entry ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        for _name, definition in indexes:
            cursor.execute(definition)
