"""What bench.search asks one database of posts, and the posts it puts into the index.

    python -m bench.search_questions <posts>        of the database in the environment

The last line printed is JSON.
"""

import json
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import timedelta
from functools import partial

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "forum_site.settings")
django.setup()

from django.contrib.auth.models import AnonymousUser  # noqa: E402  # only now are the models known
from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from accounts.rules import Viewer  # noqa: E402
from bench.search_data import KIND, SEED, Vocabulary, build  # noqa: E402
from forum.categories.models import Category  # noqa: E402
from forum.discussions.models import Post  # noqa: E402
from forum.discussions.searching import PostSource  # noqa: E402
from forum.search import queries, sources, typos  # noqa: E402
from forum.search.actions import forget, index  # noqa: E402
from forum.search.finding import BEST, NEWEST, Filters, Results, find  # noqa: E402
from forum.search.sources import Shown, Source, Words  # noqa: E402

Ask = Callable[[], object]
Kind = tuple[str, Iterator[Ask]]
QUESTIONS = 25  # of each kind
ASKED = 3  # times each
POSTED = 200
COMMON = 40  # words used most
RARE_USES = 30  # posts in which a rare word stands, about
NEW_KIND = "bench-new"
NO_FILTERS = Filters()
MANY_SPELLINGS = [f"zeslaconaleco{a}{b}" for a in "aceo" for b in "nsz"]
WORST = [
    "dotacja " * 1_250,
    " ".join(MANY_SPELLINGS),
    "-".join([*MANY_SPELLINGS, ""]) + " -" + " -".join(MANY_SPELLINGS),
    '"' + '" "'.join(f"{word} i w na" for word in MANY_SPELLINGS),
    " ".join(f"{a}{b}e" for a in "pwnzsk" for b in "ro"),
    "z" * 10_000,
    "1/" * 5_000,
    "e\u0301" * 5_000,
    "art. 1 " * 1_500,
]


def main(size: int) -> None:
    call_command("migrate", verbosity=0)
    vocabulary = Vocabulary()
    begin = time.perf_counter()
    build(size, vocabulary)
    print(f"{size} posts, ready in {time.perf_counter() - begin:.0f} s", file=sys.stderr)
    sources.register(BenchSource())
    questions = Questions(vocabulary, size)
    kinds = [*questions.plain(), *questions.narrowed(), *questions.typed()]
    found = {name: _measure(asks) for name, asks in kinds}
    found["posting"] = _measure(posts(vocabulary, POSTED), times=1)
    print(json.dumps(found))


def _measure(asks: Iterator[Ask], times: int = ASKED) -> dict[str, float]:
    every, best, cpu = [], [], []
    for ask in asks:
        took = []
        for _ in range(times):
            begin, used = time.perf_counter(), time.process_time()
            ask()
            took.append((time.perf_counter() - begin) * 1000)
            cpu.append((time.process_time() - used) * 1000)
        every += took
        best.append(min(took))
    return {
        "p50": statistics.median(every),
        "p95": _percentile(every),
        "calm": _percentile(best),
        "cpu": statistics.median(cpu),
    }


def _percentile(values: list[float]) -> float:
    return sorted(values)[min(round(0.95 * len(values)), len(values) - 1)]


class BenchSource(Source):
    """Entries without posts of their own: each shows one of a few real posts."""

    kind = KIND

    def __init__(self) -> None:
        self._real = list(Post.objects.order_by("pk").values_list("pk", flat=True))

    def shown(self, viewer: Viewer, pks: Collection[int]) -> dict[int, Shown]:
        real = {pk: self._real[pk % len(self._real)] for pk in pks}
        looks = PostSource().shown(viewer, set(real.values()))
        return {pk: looks[post] for pk, post in real.items() if post in looks}


class NewSource(Source):
    """Posts that are written now."""

    kind = NEW_KIND
    texts: Sequence[str] = ()

    def words(self, pks: Collection[int]) -> list[Words]:
        category = Category.objects.order_by("pk").values_list("pk", flat=True)[0]
        return [
            Words(pk=pk, text=self.texts[pk], at=timezone.now(), category=category) for pk in pks
        ]


class Questions:
    """What to measure by name: each kind with its questions, the same at every run."""

    def __init__(self, vocabulary: Vocabulary, posts: int) -> None:
        self._chance = random.Random(SEED)
        self._words = vocabulary.telling()
        self._common = self._words[:COMMON]
        self._rare = vocabulary.rare(RARE_USES, posts, 500)
        self._staff = User.objects.get(email="szuka-0@example.org")
        self._often = self._pairs(self._common, self._common)

    def plain(self) -> Iterator[Kind]:
        yield "common, common", self._asked(self._often)
        yield "common, rare", self._asked(self._pairs(self._common, self._rare))
        yield "rare, rare", self._asked(self._pairs(self._rare, self._rare))
        yield "one common", self._asked([f"{word} " for word in self._common[:QUESTIONS]])
        yield "one rare", self._asked([f"{word} " for word in self._rare[:QUESTIONS]])
        yield "common, second page", (partial(_second, self._staff, each) for each in self._often)
        yield "phrase of common words", self._asked([f'"{each.strip()}"' for each in self._often])
        without = [f"{one} -{other} " for one, other in map(str.split, self._often)]
        yield "common without a common", self._asked(without)

    def narrowed(self) -> Iterator[Kind]:
        seldom = User.objects.get(email="szuka-1@example.org")  # has written next to nothing
        seldom.is_staff = True
        guest = AnonymousUser()
        category = Category.objects.get(name="Dział 3")
        week = timezone.now() - timedelta(days=7)
        yield "common, the newest first", self._asked(self._often, order=NEWEST)
        yield "common, one category", self._asked(self._often, Filters(category=category.pk))
        yield "common, one gmina", self._asked(self._often, Filters(gmina="nadarzyn"))
        yield "common, the last week", self._asked(self._often, Filters(since=week))
        mine = self._asked(self._often, Filters(is_mine=True), viewer=seldom)
        yield "common, mine: next to none", mine
        yield "common, a guest who reads a tenth", self._asked(self._often, viewer=guest)
        rare = self._pairs(self._rare, self._rare)
        yield "rare, a guest who reads a tenth", self._asked(rare, viewer=guest)

    def typed(self) -> Iterator[Kind]:
        begun = [word[:3] for word in self._words[:QUESTIONS]]
        yield "three letters typed", self._asked(begun)
        after = [f"{word} {typed}" for word, typed in zip(self._common, begun, strict=False)]
        yield "common, then three letters", self._asked(after)
        titles = [" ".join(self._chance.sample(self._words[:2000], 6)) for _ in range(QUESTIONS)]
        yield "a title like it", (partial(_similar, self._staff, title) for title in titles)
        yield "the worst to read", self._asked(WORST)
        slips = [_slip(self._chance, word) for word in self._rare[:QUESTIONS]]
        yield "mistyped", (partial(_mistyped, self._staff, word) for word in slips)

    def _pairs(self, first: list[str], second: list[str]) -> list[str]:
        choose = self._chance.choice
        return [f"{choose(first)} {choose(second)} " for _ in range(QUESTIONS)]

    def _asked(
        self,
        texts: list[str],
        filters: Filters = NO_FILTERS,
        *,
        viewer: Viewer | None = None,
        order: str = BEST,
    ) -> Iterator[Ask]:
        return (partial(_find, viewer or self._staff, text, filters, order) for text in texts)


def posts(vocabulary: Vocabulary, count: int) -> Iterator[Ask]:
    """Posts that are put into the index, and taken out of it at the end."""
    source = NewSource()
    source.texts = [vocabulary.plain_text(40) for _ in range(count)]
    sources.register(source)
    for pk in range(count):
        yield partial(_post, pk)
    forget(NEW_KIND, range(count))


def _find(viewer: Viewer, text: str, filters: Filters, order: str) -> Results:
    return find(viewer, queries.read(text), filters, order=order)


def _second(viewer: Viewer, text: str) -> Results:
    asked = queries.read(text)
    first = find(viewer, asked, Filters())
    return find(viewer, asked, Filters(), after=first.next)


def _similar(viewer: Viewer, title: str) -> Results:
    return find(viewer, queries.any_of(queries.read(title)), Filters(), is_in_titles=True)


def _mistyped(viewer: Viewer, text: str) -> list[int]:
    """As the page does it: nothing found, so likely questions are asked."""
    asked = queries.read(f"{text} ")
    find(viewer, asked, Filters())
    offers = typos.corrected(text, asked)
    return [find(viewer, queries.read(offer), Filters()).count for offer in offers]


def _slip(chance: random.Random, word: str) -> str:
    place = chance.randrange(1, len(word) - 1)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


@transaction.atomic
def _post(pk: int) -> None:
    index(NEW_KIND, [pk])


if __name__ == "__main__":
    main(int(sys.argv[1]))
