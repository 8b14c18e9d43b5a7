"""The worker's part: what got into the index is asked whether it fits a saved search.

Source: docs/decisions/0041-saved-searches.md.
"""

from collections.abc import Collection, Iterable, Sequence

from django.db import transaction

from forum.categories.rules import who_may_read
from forum.discussions.kinds import about_post
from forum.discussions.searching import PostSource
from forum.jobs.tasks import task
from forum.notifications import actions as notifications
from forum.saved_searches.kinds import NewResult
from forum.saved_searches.models import Match, SavedSearch
from forum.saved_searches.questions import Told
from forum.search.models import Entry


def note_indexed(kind: str, pks: Collection[int]) -> None:
    """Have the worker look at what got into the index, in the caller's transaction.

    Queries: one for posts, none for anything else.
    """
    if kind == PostSource.kind:
        match.enqueue(sorted(pks))


@task("saved_searches.match")
def match(posts: list[int]) -> None:
    """Tell whoever looks for what these posts say. Done again it tells nothing new.

    Queries: two, one for each post that is new to some search, about six more for one that fits.
    """
    searches = list(SavedSearch.objects.running())
    if not searches:
        return
    first = min(search.since for search in searches)
    entries = Entry.objects.filter(kind=PostSource.kind, object_pk__in=posts, at__gte=first)
    # What the worker has still to take apart comes here once more afterwards.
    for pk in entries.exclude(analyser=0).order_by("pk").values_list("pk", flat=True):
        _match_one(pk, searches)


def _match_one(pk: int, searches: Sequence[SavedSearch]) -> None:
    """Locks: the entry, so that who changes the post and who looks at it come one after another."""
    with transaction.atomic():
        entry = Entry.objects.select_for_update(no_key=True).filter(pk=pk).first()
        if entry is None:
            return
        told = Told(entry)
        fitting = {search.pk for search in searches if told.fits(search)}
        about = about_post(entry.object_pk)
        known = set(Match.objects.filter(about=about).values_list("search", flat=True))
        wrong = known & ({search.pk for search in searches} - fitting)
        if wrong:
            Match.objects.filter(about=about, search__in=wrong).delete()
            notifications.look_again(abouts=[about])
        fresh = [search for search in searches if search.pk in fitting - known]
        if found := _meant(entry, fresh):
            _note(entry, about, found)


def _meant(entry: Entry, searches: Iterable[SavedSearch]) -> list[int]:
    """Those of the searches to which this is new: not old, not their member's own, readable."""
    new = [s for s in searches if s.since <= entry.at and s.user_id != entry.author_id]
    if not new or entry.category is None:
        return []
    able = who_may_read(entry.category).filter(pk__in={search.user_id for search in new})
    readers = set(able.values_list("pk", flat=True))
    return [search.pk for search in new if search.user_id in readers]


def _note(entry: Entry, about: str, found: Collection[int]) -> None:
    # Held, so that none is removed before its match is written.
    still = SavedSearch.objects.select_for_update(no_key=True).filter(pk__in=found)
    pks = list(still.filter(is_paused=False).order_by("pk").values_list("pk", flat=True))
    rows = [Match(search_id=pk, about=about) for pk in pks]
    if rows:
        Match.objects.bulk_create(rows, ignore_conflicts=True)
        notifications.tell(actor=entry.author, about=about, kinds=[NewResult.name], once=True)
