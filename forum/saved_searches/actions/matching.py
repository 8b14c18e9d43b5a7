"""The worker's part: what got into the index is asked whether it fits a saved search.

Source: docs/decisions/0041-saved-searches.md.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta

from django.db import transaction

from forum.categories.rules import who_may_read
from forum.discussions.kinds import about_post
from forum.discussions.models import Attachment
from forum.discussions.searching import FILE, POST
from forum.jobs.tasks import task
from forum.lib.recent import Recent
from forum.notifications import actions as notifications
from forum.saved_searches.kinds import NewResult
from forum.saved_searches.models import Match, SavedSearch
from forum.saved_searches.questions import Told
from forum.search.models import Entry

# Longer than a text takes to be written and committed by one who remembers that nobody searches.
AT_ONCE = timedelta(seconds=30)
REMEMBERED_S = 10
somebody_looks = Recent(
    lambda: SavedSearch.objects.filter(is_paused=False).exists(), for_s=REMEMBERED_S
)


def note_indexed(kind: str, pks: Collection[int]) -> None:
    """Have the worker look at what got into the index, in the caller's transaction; where nobody
    saved a search there is nothing to look for.

    Queries: for posts and their files one where somebody has a search, and one every ten seconds;
    none for anything else.
    """
    if kind in {POST, FILE} and somebody_looks():
        match.enqueue(kind, sorted(pks))


@task("saved_searches.match")
def match(kind: str, pks: list[int]) -> None:
    """Tell whoever looks for what these posts, or the posts of these files, say. Done again it
    tells nothing new.

    Queries: two or three, one for each post that is new to some search, one more where it has
    files, and about six more where it fits.
    """
    searches = list(SavedSearch.objects.running())
    if not searches:
        return
    posts = pks if kind == POST else _posts_of(pks)
    first = min(search.since for search in searches)
    entries = Entry.objects.filter(kind=POST, object_pk__in=posts, at__gte=first)
    for pk in entries.order_by("pk").values_list("pk", flat=True):
        _match_one(pk, searches)


@task("saved_searches.look_back")
def look_back(pk: int) -> None:
    """Look at what was written while this search was being saved: its writers may have found that
    nobody saves any. Done again it tells nothing new.

    Queries: as `match`.
    """
    search = SavedSearch.objects.running().filter(pk=pk).first()
    if search is None:
        return
    written = Entry.objects.filter(at__gte=search.since, at__lte=search.since + AT_ONCE)
    for kind in (POST, FILE):
        if pks := list(written.filter(kind=kind).values_list("object_pk", flat=True)):
            match.call(kind, sorted(pks))


def _posts_of(files: Collection[int]) -> list[int]:
    posts = Attachment.objects.filter(pk__in=files).exclude(post=None).order_by("post")
    return list(posts.values_list("post", flat=True).distinct())


def _match_one(pk: int, searches: Sequence[SavedSearch]) -> None:
    """Locks: the entry, so that who changes the post and who looks at it come one after another."""
    with transaction.atomic():
        entry = Entry.objects.select_for_update(no_key=True).filter(pk=pk).first()
        if entry is None:
            return
        said = _said(entry)
        fitting = {search.pk for search in searches if any(each.fits(search) for each in said)}
        about = about_post(entry.object_pk)
        known = set(Match.objects.filter(about=about).values_list("search", flat=True))
        wrong = known & ({search.pk for search in searches} - fitting)
        if wrong and all(each.entry.analyser for each in said):
            Match.objects.filter(about=about, search__in=wrong).delete()
            notifications.look_again(abouts=[about])
        fresh = [search for search in searches if search.pk in fitting - known]
        if found := _meant(entry, fresh):
            _note(entry, about, found)


def _said(entry: Entry) -> list[Told]:
    """The post and its files, each a result of its own. A long text that the worker has still to
    take apart is asked by its title alone, and comes here once more afterwards."""
    files = Attachment.objects.filter(post=entry.object_pk).values("pk")
    of_files = Entry.objects.filter(kind=FILE, object_pk__in=files) if entry.has_files else []
    return [Told(each) for each in (entry, *of_files)]


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
