"""Load data in bulk: threads as the actions would have left them, thousands of posts a second.

Everything is written into one category, by members nobody can log in as. What the actions compute
one post at a time is computed here for a whole thread before its rows are written.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Mandate, Organization, User
from forum.categories.models import Category
from forum.discussions.models import Post, Reaction, Thread
from forum.lib.markup import render
from forum.lib.paths import MAX_DEPTH, segment
from forum_site.filling_index import indexing

CATEGORY = "Próba obciążenia"
MEMBERS = 60
ORGANIZATIONS = 12  # the first is an office
BODIES = 300  # different texts; rendering each post's own would take longer than all the rest
BATCH_ROWS = 500
SPAN = timedelta(days=400)  # the first run begins that long ago

# A tree like those of long discussions: with these a thread of 100,000 has a mean depth near 12.
ROOT_SHARE = 0.04
RECENT_SHARE = 0.3  # of the replies go to one of the last posts, the others to any earlier one
RECENT = 20  # posts
REACTED_SHARE = 0.1
SPOKEN_SHARE = 0.25  # of the posts are in an organization's name
WORDS = (
    "spotkanie wniosek organizacja gmina świetlica termin oferta zadanie umowa dotacja młodzież "
    "seniorzy wolontariusze sala harmonogram sprawozdanie konkurs partner budżet zarząd statut "
    "mieszkańcy warsztaty biblioteka szkoła starostwo powiat inicjatywa ogłoszenie pytanie"
).split()


@dataclass(frozen=True, slots=True)
class Cast:
    """Who writes the load data: members, each with the organization they may speak for."""

    people: list[User]
    voices: dict[int, Organization]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a post stands in its thread."""

    parent: int  # number; 0 for none
    path: str
    depth: int


def fill(threads: int, posts: int, largest: int, seed: int | None = None) -> Iterator[Thread]:
    """Write the threads, one transaction each, and yield each when it is there.

    The largest has `largest` posts, the others share the rest; each has one post at least. They
    are put into the index of the search.
    Locks: the category's row for the time one thread takes.
    """
    chance = random.Random(seed)
    cast, texts = _cast(), _texts(chance)
    category = Category.objects.get_or_create(name=CATEGORY, defaults={"position": 999})[0]
    clock = _clock(category, posts)
    newest = Post.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    with indexing(newest):
        for size in sizes(threads, posts, largest):
            yield _write_thread(category, cast, texts, chance, size, clock)
    for person in cast.people:
        User.objects.filter(pk=person.pk).update(last_voice=person.last_voice_id)


def sizes(threads: int, posts: int, largest: int) -> list[int]:
    """How many posts each thread has: the largest last, the others alike."""
    if threads == 1:
        return [posts]
    each, more = divmod(posts - largest, threads - 1)
    return [each + (place < more) for place in range(threads - 1)] + [largest]


def grow(size: int, chance: random.Random) -> list[Place]:
    """The places of the posts 1 to size, as replies one after another would have got them."""
    places = [Place(0, segment(1), 0)]
    levels = [[segment(1)]]  # of each post: the segments of its path
    for number in range(2, size + 1):
        parent = _answered(number, chance)
        # An answer to the opening post is an answer to the thread; the deepest level is shared.
        above = levels[parent - 1][: MAX_DEPTH - 1] if parent > 1 else []
        levels.append([*above, segment(number)])
        places.append(Place(parent if parent > 1 else 0, "".join(levels[-1]), len(above)))
    return places


def _answered(number: int, chance: random.Random) -> int:
    if chance.random() < ROOT_SHARE:
        return 0
    oldest = max(number - RECENT, 1) if chance.random() < RECENT_SHARE else 1
    return chance.randint(oldest, number - 1)


def _cast() -> Cast:
    organizations = [
        Organization.objects.get_or_create(
            name=f"Organizacja próbna {number}",
            defaults={"kind": Organization.Kind.OFFICE if number == 1 else "association"},
        )[0]
        for number in range(1, ORGANIZATIONS + 1)
    ]
    people, voices = [], {}
    for number in range(1, MEMBERS + 1):
        email = f"proba-{number}@example.org"
        # "!" is a password nobody has, without the time a hash takes.
        defaults = {"display_name": f"Osoba Próbna {number}", "password": "!"}
        person, _is_new = User.objects.get_or_create(email=email, defaults=defaults)
        people.append(person)
        if number <= ORGANIZATIONS:
            voices[person.pk] = organizations[number - 1]
            Mandate.objects.get_or_create(
                user=person,
                organization=organizations[number - 1],
                revoked_at=None,
                valid_to=None,
                defaults={"role": Mandate.Role.PROXY},
            )
    return Cast(people, voices)


def _texts(chance: random.Random) -> list[tuple[str, str]]:
    """Sources with their HTML, of one to three paragraphs."""
    sources = [
        "\n\n".join(
            " ".join(chance.choices(WORDS, k=chance.randint(8, 40))).capitalize() + "."
            for _ in range(chance.randint(1, 3))
        )
        for _ in range(BODIES)
    ]
    return [(source, render(source, Post.Format.MARKDOWN)) for source in sources]


def _clock(category: Category, posts: int) -> Iterator[datetime]:
    """Moments in order, after what is in the category and not after now."""
    now = timezone.now()
    latest = category.threads.order_by("-last_post_at").values_list("last_post_at", flat=True)
    begin = max(latest.first() or now - SPAN, now - SPAN)
    step = (now - begin) / (posts + 1)
    return (begin + step * place for place in range(1, posts + 1))


@transaction.atomic
def _write_thread(
    category: Category,
    cast: Cast,
    texts: list[tuple[str, str]],
    chance: random.Random,
    size: int,
    clock: Iterator[datetime],
) -> Thread:
    # Not its key: entries of the search that name the category are written at the same time.
    category = Category.objects.select_for_update(no_key=True).get(pk=category.pk)
    moments = list(islice(clock, size))
    thread = Thread.objects.create(
        category=category,
        title=f"{' '.join(chance.choices(WORDS, k=5)).capitalize()} ({size})",
        author=chance.choice(cast.people),
        created_at=moments[0],
        last_number=size,
        last_post_at=moments[-1],
        listing_seq=category.seq + size,
    )
    _Posts(thread, cast, texts, chance, moments).write()
    category.seq += size
    category.threads_count += 1
    category.save(update_fields=["seq", "threads_count"])
    return thread


class _Posts:
    """The posts and reactions of one thread, written in batches in the order of time."""

    def __init__(
        self,
        thread: Thread,
        cast: Cast,
        texts: list[tuple[str, str]],
        chance: random.Random,
        moments: list[datetime],
    ) -> None:
        self.thread, self.cast, self.texts, self.chance = thread, cast, texts, chance
        self.moments = moments
        self.places = grow(len(moments), chance)
        self.branches = _branch_counts(self.places)
        # Taken beforehand: a parent's pk is needed before the parent is written.
        self.pks = _take_pks(Post._meta.db_table, len(moments))

    def write(self) -> None:
        numbers = iter(range(1, len(self.moments) + 1))
        while batch := [self._post(number) for number in islice(numbers, BATCH_ROWS)]:
            reactions = [each for post in batch for each in self._reactions(post)]
            Post.objects.bulk_create(batch)
            Reaction.objects.bulk_create(reactions)
        self.thread.last_post_id = self.pks[-1]
        self.thread.save(update_fields=["seq", "last_post", "organization", "has_official_answer"])

    def _post(self, number: int) -> Post:
        place = self.places[number - 1]
        author = self.thread.author if number == 1 else self.chance.choice(self.cast.people)
        voice = self.cast.voices.get(author.pk) if self.chance.random() < SPOKEN_SHARE else None
        source, html = self.chance.choice(self.texts)
        author.last_voice = voice
        self.thread.seq += 1
        post = Post(
            pk=self.pks[number - 1],
            thread=self.thread,
            number=number,
            parent_id=self.pks[place.parent - 1] if place.parent else None,
            path=place.path,
            depth=place.depth,
            branch_count=self.branches.get(place.path, 0),
            author=author,
            organization=voice,
            source=source,
            source_format=Post.Format.MARKDOWN,
            html=html,
            created_at=self.moments[number - 1],
            seq=self.thread.seq,
        )
        if number == 1:
            self.thread.organization = voice
        elif post.is_official:
            self.thread.has_official_answer = True
        return post

    def _reactions(self, post: Post) -> Iterator[Reaction]:
        """Some posts have a few; each is one more change of its post."""
        if self.chance.random() >= REACTED_SHARE:
            return
        for person in self.chance.sample(self.cast.people, 3):
            if person != post.author:
                kind = self.chance.choice(Reaction.Kind.values)
                self.thread.seq += 1
                post.seq = self.thread.seq
                yield Reaction(post=post, user=person, kind=kind, created_at=post.created_at)


def _branch_counts(places: list[Place]) -> dict[str, int]:
    """How many posts stand under each root, by its path."""
    counts: dict[str, int] = {}
    root_of: list[str] = []
    for place in places:
        root = root_of[place.parent - 1] if place.parent else place.path
        root_of.append(root)
        counts[root] = counts.get(root, -1) + 1
    return counts


def _take_pks(table: str, count: int) -> list[int]:
    """Primary keys nobody else will get, in order. Locks on SQLite: the caller's transaction."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [table, count],
            )
            return [pk for (pk,) in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
    first = (row[0] if row else 0) + 1
    return list(range(first, first + count))
