"""Entries made, changed and taken away."""

from collections.abc import Collection, Sequence

from django.db import transaction

from forum.jobs.tasks import task
from forum.lib.word_forms import VERSION
from forum.search import listening, sources
from forum.search.models import Entry
from forum.search.sources import Words
from forum.search.terms import indexed
from forum.search.typos import note_words

# Longer texts are taken apart by the worker, so that nobody waits for it.
AT_ONCE_CHARS = 6_000
AT_ONCE = 500  # rows
WRITTEN = (
    "place", "category_id", "author_id", "organization_id", "gmina", "at", "is_official",
    "is_accepted", "has_files", "title", "text", "analyser",
)  # fmt: skip
TERMS = ("title_terms", "text_terms")


def index(kind: str, pks: Collection[int]) -> None:
    """Make the entries of these things what the things are now; what may not be found any more
    leaves the index.

    Queries: those of the source, two, and those of who listens. Locks: the caller holds the things.
    """
    found = sources.find(kind).words(pks)
    forget(kind, set(pks) - {words.pk for words in found})
    write(kind, found)
    listening.tell(kind, [words.pk for words in found])


def write(kind: str, found: Sequence[Words]) -> None:
    """The entries of these things."""
    entries = [_entry(kind, words) for words in found]
    _keep([entry for entry in entries if entry.analyser], [*WRITTEN, *TERMS])
    # Until the worker comes they are found by what they said before.
    _keep([entry for entry in entries if not entry.analyser], [*WRITTEN])
    # Afterwards and apart: two who write the same new word would wait for each other.
    texts = [f"{words.title}\n{words.text}" for words in found]
    transaction.on_commit(lambda: note_words(texts), robust=True)
    for entry in entries:
        if entry.analyser == 0:
            take_apart.enqueue(kind, entry.object_pk)


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
    """These things went to another place. Queries: one in 500."""
    keys = sorted(pks)
    for first in range(0, len(keys), AT_ONCE):
        some = Entry.objects.filter(kind=kind, object_pk__in=keys[first : first + AT_ONCE])
        some.update(place=place, category_id=category)


def titled(kind: str, pks: Collection[int]) -> set[int]:
    """Those of the things that are found by a title too. Queries: one."""
    found = Entry.objects.filter(kind=kind, object_pk__in=pks).exclude(title="")
    return set(found.values_list("object_pk", flat=True))


def analyse(kind: str, pk: int) -> None:
    """Make the terms of an entry whose text was too long to be taken apart at once."""
    entry = Entry.objects.select_for_update(no_key=True).filter(kind=kind, object_pk=pk).first()
    if entry is None:
        return
    _take_apart(entry)
    entry.save(update_fields=["title_terms", "text_terms", "analyser"])


@task("search.analyse")
def take_apart(kind: str, pk: int) -> None:
    """The worker's part: the terms of one entry."""
    with transaction.atomic():
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
    return entry


def _take_apart(entry: Entry) -> None:
    entry.title_terms = indexed(entry.title)
    entry.text_terms = indexed(f"{entry.title}\n{entry.text}")
    entry.analyser = VERSION
