"""A source of its own for tests: notes with a name, whoever may read their category."""

from datetime import timedelta

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from forum.search import queries
from forum.search.actions import index
from forum.search.finding import Filters, find
from forum.search.sources import Shown, Source, Words

GUEST = AnonymousUser()


class Notes(Source):
    kind = "note"

    def __init__(self):
        self.now = timezone.now()
        self.all = {}
        self.names = {}

    def add(self, name, text, title="", *, days=0, **fields):
        """A note so many days old, in the index at once."""
        pk = len(self.all) + 1
        at = self.now - timedelta(days=days)
        self.all[pk] = Words(pk=pk, title=title, text=text, at=at, **fields)
        self.names[pk] = name
        index(self.kind, [pk])
        return pk

    def words(self, pks):
        return [self.all[pk] for pk in pks if pk in self.all]

    def pks_after(self, pk, limit):
        return [each for each in sorted(self.all) if each > pk][:limit]

    def count(self):
        return len(self.all)

    def hold(self, pks):
        return True

    def shown(self, viewer, pks):
        return {pk: Shown(url=f"/notes/{pk}/", kind="note") for pk in pks}

    def page(self, text, viewer=GUEST, filters=None, **wishes):
        return find(viewer, queries.read(text), filters or Filters(), **wishes)

    def found(self, text, viewer=GUEST, filters=None, **wishes):
        """The names of what is found, the best first."""
        page = self.page(text, viewer, filters, **wishes)
        return [self.names[hit.entry.object_pk] for hit in page.hits]
