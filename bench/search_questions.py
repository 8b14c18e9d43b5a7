"""What bench.search asks, and the posts it puts into the index."""

import random
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import timedelta
from functools import partial

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.rules import Viewer
from bench.search_data import KIND, SEED, Vocabulary
from forum.categories.models import Category
from forum.discussions.models import Post
from forum.discussions.searching import PostSource
from forum.search import queries, sources, typos
from forum.search.actions import forget, index
from forum.search.finding import BEST, NEWEST, Filters, Results, find
from forum.search.sources import Shown, Source, Words

Ask = Callable[[], object]
COMMON = 40  # words used most
RARE_USES = 30  # posts in which a rare word stands, about
NEW_KIND = "bench-new"


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


def kinds(
    vocabulary: Vocabulary, posts: int, count: int
) -> Iterator[tuple[str, Iterator[Ask]]]:
    """What to measure by name: each kind with its questions."""
    sources.register(BenchSource())
    chance = random.Random(SEED)
    words = vocabulary.telling()
    common = words[:COMMON]
    place = next(n for n, word in enumerate(words) if vocabulary.uses(word, posts) < RARE_USES)
    rare = words[place : place + 500]
    staff = User.objects.get(email="szuka-0@example.org")
    seldom = User.objects.get(email="szuka-1@example.org")
    seldom.is_staff = True
    guest = AnonymousUser()
    category = Category.objects.get(name="Dział 3")
    week = timezone.now() - timedelta(days=7)

    def pairs(first: list[str], second: list[str]) -> list[str]:
        return [f"{chance.choice(first)} {chance.choice(second)} " for _ in range(count)]

    def asked(texts: list[str], viewer: Viewer = staff, order: str = BEST, **narrow: object) -> Iterator[Ask]:
        filters = Filters(**narrow)  # type: ignore[arg-type]
        return (partial(_find, viewer, text, filters, order) for text in texts)

    often = pairs(common, common)
    yield "common, common", asked(often)
    yield "common, rare", asked(pairs(common, rare))
    yield "rare, rare", asked(pairs(rare, rare))
    yield "one common", asked([f"{word} " for word in common[:count]])
    yield "one rare", asked([f"{word} " for word in rare[:count]])
    yield "common, the newest first", asked(often, order=NEWEST)
    yield "common, one category", asked(often, category=category.pk)
    yield "common, one gmina", asked(often, gmina="nadarzyn")
    yield "common, the last week", asked(often, since=week)
    yield "common, mine: next to none", asked(often, seldom, is_mine=True)
    yield "common, a guest who reads a tenth", asked(often, guest)
    yield "rare, a guest who reads a tenth", asked(pairs(rare, rare), guest)
    yield "common, second page", (partial(_second, staff, text) for text in often)
    yield "three letters typed", asked([word[:3] for word in words[:count]])
    yield "common, then three letters", asked([f"{w} {v[:3]}" for w, v in zip(common, words, strict=False)][:count])
    yield "phrase of common words", asked([f'"{text.strip()}"' for text in often])
    yield "common without a common", asked([f"{a} -{b} " for a, b in map(str.split, often)])
    yield "a title like it", (partial(_similar, staff, " ".join(chance.sample(words[:2000], 6))) for _ in range(count))
    yield "mistyped", (partial(_mistyped, staff, _slip(chance, word)) for word in rare[:count])


def posts(vocabulary: Vocabulary, count: int) -> Iterator[Ask]:
    """Posts that are put into the index, and taken out of it at the end."""
    source = NewSource()
    source.texts = [vocabulary.text(40)[0] for _ in range(count)]
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
