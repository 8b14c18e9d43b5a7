"""Entries made, changed and taken away."""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from forum.categories.models import Category
from forum.jobs.tasks import task
from forum.lib.prepared import Prepared
from forum.lib.prepared_insert import PreparedInsert
from forum.lib.word_forms import VERSION
from forum.search import listening, sources
from forum.search.models import Entry
from forum.search.sources import Words
from forum.search.terms import indexed
from forum.search.typos import news_in, note_words

# Longer texts are taken apart by the worker, so that nobody waits for it.
AT_ONCE_CHARS = 6_000
AT_ONCE = 1_000  # rows
FACTS = (
    "place", "category_id", "author_id", "organization_id", "gmina", "at", "is_official",
    "is_accepted", "has_files",
)  # fmt: skip
WRITTEN = (*FACTS, "title", "text", "analyser")
TERMS = ("title_terms", "text_terms")

_WHOLE = PreparedInsert(Entry, unique=("kind", "object_pk"), replaced=(*WRITTEN, *TERMS))
_PUBLIC = Prepared(
    lambda: Category.objects.readable_by(AnonymousUser()).order_by().values_list("pk")
)


def index(kind: str, pks: Collection[int]) -> list[Words]:
    """Make the entries of these things what the things are now; what may not be found any more
    leaves the index. Returns what is found.

    Queries: those of the source, and two; another two where texts are long; and those of whoever
    listens.
    Locks: the caller holds the things.
    """
    found = sources.find(kind).words(pks)
    forget(kind, set(pks) - {words.pk for words in found})
    index_words(kind, found)
    return found


def index_words(kind: str, found: Sequence[Words]) -> None:
    """Make the entries of things that stand, and whose words are known.

    Queries and locks: as `index`, without those of the source.
    """
    for pk in write(kind, found):
        take_apart.enqueue(kind, pk)
    listening.tell(kind, [words.pk for words in found])


def write(kind: str, found: Sequence[Words], *, is_anew: bool = False) -> set[int]:
    """The entries of these things; returns those whose terms must still be made, by `analyse`.

    A long text that has its terms keeps them, unless everything is made anew; until the worker
    comes, one that was changed is found by its title alone.
    """
    long = [words for words in found if len(words.text) > AT_ONCE_CHARS]
    same, current = _unchanged(kind, long)
    kept = set() if is_anew else current
    waiting = {words.pk for words in long} - kept
    entries = [_entry(kind, words) for words in found]
    _keep_whole([entry for entry in entries if entry.analyser])
    _keep_whole([entry for entry in entries if entry.object_pk in waiting - same])
    _keep([entry for entry in entries if entry.object_pk in waiting & same], [*WRITTEN])
    _keep([entry for entry in entries if entry.object_pk in kept], [*FACTS])
    # Afterwards and apart: two who write the same new word would wait for each other.
    changed = [words for words in found if words.pk not in kept]
    if changed:
        transaction.on_commit(lambda: _note_words(changed), robust=True)
    return waiting


class Unchanged(NamedTuple):
    """Things whose entries say the same, and those of them that have terms of the present
    analyser."""

    same: set[int]
    current: set[int]


def _unchanged(kind: str, long: Iterable[Words]) -> Unchanged:
    """Queries: one, or none for nothing."""
    said = {words.pk: (words.title, words.text) for words in long}
    found = Unchanged(set(), set())
    if not said:
        return found
    rows = Entry.objects.filter(kind=kind, object_pk__in=said)
    for pk, title, text, analyser in rows.values_list("object_pk", "title", "text", "analyser"):
        if said[pk] == (title, text):
            found.same.add(pk)
            if analyser == VERSION:
                found.current.add(pk)
    return found


def _note_words(found: Iterable[Words]) -> None:
    """Keep which words there are where everybody may read: a question that is offered would say
    that they stand somewhere. Queries: none where all are known to this process, else two, or one
    where they stand for few to read."""
    news = [(words.category, news_in(f"{words.title}\n{words.text}")) for words in found]
    if any(new for _category, new in news):
        public = {None, *(pk for (pk,) in _PUBLIC.rows())}
        note_words({word for category, new in news if category in public for word in new})


def _keep_whole(entries: Sequence[Entry]) -> None:
    if len(entries) == 1:
        _WHOLE.write(entries[0])
    else:
        _keep(entries, [*WRITTEN, *TERMS])


def _keep(entries: Sequence[Entry], fields: Sequence[str]) -> None:
    if entries:
        Entry.objects.bulk_create(
            entries,
            update_conflicts=True,
            unique_fields=["kind", "object_pk"],
            update_fields=[*fields],
        )


def forget(kind: str, pks: Collection[int]) -> None:
    """Take these things out of the index. Queries: none for nothing."""
    if pks:
        Entry.objects.filter(kind=kind, object_pk__in=pks).delete()


def move(kind: str, place: int, *, category: int) -> None:
    """Everything of this place stands in another category now. Queries: one."""
    Entry.objects.filter(kind=kind, place=place).update(category_id=category)


def carry(kind: str, pks: Collection[int], *, place: int, category: int) -> None:
    """These things went to another place. Queries: one in 1,000."""
    keys = sorted(pks)
    for first in range(0, len(keys), AT_ONCE):
        some = Entry.objects.filter(kind=kind, object_pk__in=keys[first : first + AT_ONCE])
        some.update(place=place, category_id=category)


def leading(kind: str, pks: Collection[int]) -> set[int]:
    """Those of the things that their place makes easier to find: by its title, or as its accepted
    answer. Queries: one."""
    found = Entry.objects.filter(kind=kind, object_pk__in=pks)
    found = found.exclude(title="", is_accepted=False)
    return set(found.values_list("object_pk", flat=True))


def analyse(kind: str, pk: int) -> None:
    """Make the terms of an entry whose text was too long to be taken apart at once.

    Locks: none while it works; what was changed meanwhile is taken apart again.
    """
    wanted = Entry.objects.filter(kind=kind, object_pk=pk)
    while (entry := wanted.first()) is not None:
        _take_apart(entry)
        same = wanted.filter(title=entry.title, text=entry.text)
        terms = {name: getattr(entry, name) for name in TERMS}
        if same.update(**terms, analyser=VERSION):
            return


@task("search.analyse")
def take_apart(kind: str, pk: int) -> None:
    """The worker's part: the terms of one entry."""
    analyse(kind, pk)
    listening.tell(kind, [pk])


def _entry(kind: str, words: Words) -> Entry:
    entry = Entry(
        kind=kind,
        object_pk=words.pk,
        place=words.place,
        category_id=words.category,
        author_id=words.author,
        organization_id=words.organization,
        gmina=words.gmina,
        at=words.at,
        is_official=words.is_official,
        is_accepted=words.is_accepted,
        has_files=words.has_files,
        title=words.title,
        text=words.text,
    )
    if len(words.text) <= AT_ONCE_CHARS:
        _take_apart(entry)
    else:
        entry.title_terms = indexed(entry.title)
    return entry


def _take_apart(entry: Entry) -> None:
    entry.title_terms = indexed(entry.title)
    entry.text_terms = indexed(f"{entry.title}\n{entry.text}")
    entry.analyser = VERSION
