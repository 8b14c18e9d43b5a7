"""The index: one row for everything that can be found."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length, Substr
from django.utils import timezone

from accounts.models import Organization, User
from accounts.rules import Viewer
from forum.categories.models import Category, readable_pks


class EntryQuerySet(models.QuerySet["Entry"]):
    def readable_by(self, viewer: Viewer) -> "EntryQuerySet":
        """What stands in a category that the viewer may read, or in none."""
        return self.filter(Q(category=None) | Q(category__in=readable_pks(viewer)))


class Entry(models.Model):
    """One thing that can be found, with the words it is found by.

    It is a copy: the room that owns the thing writes it in the transaction of every change, and
    takes it away where the thing may not be read any more.
    """

    kind = models.CharField(max_length=20)  # of its source
    object_pk = models.BigIntegerField()
    place = models.BigIntegerField(null=True)  # things of one place are shown together: a thread
    category = models.ForeignKey(Category, models.CASCADE, null=True, related_name="+")
    author = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")
    organization = models.ForeignKey(Organization, models.CASCADE, null=True, related_name="+")
    gmina = models.CharField(max_length=20, blank=True)
    at = models.DateTimeField(default=timezone.now)
    is_official = models.BooleanField(default=False)
    is_accepted = models.BooleanField(default=False)
    has_files = models.BooleanField(default=False)
    title = models.TextField(blank=True)
    text = models.TextField(blank=True)
    title_terms = models.TextField(blank=True)
    text_terms = models.TextField(blank=True)
    # By which analyser the terms were made; 0 where the worker has still to make them.
    analyser = models.PositiveSmallIntegerField(default=0)

    objects = EntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_pk"], name="one_entry_of_a_thing")
        ]
        indexes = [
            models.Index(fields=["kind", "place"], name="entries_of_a_place"),
            models.Index(fields=["analyser", "id"], name="entries_by_analyser"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_pk}"


class KnownWord(models.Model):
    """A word that stands in the index where everybody may read, without capitals and marks; not
    where. It stays when its text goes, until the whole index is made anew."""

    word = models.CharField(max_length=30, unique=True)
    letters = models.GeneratedField(
        expression=Length("word"), output_field=models.PositiveSmallIntegerField(), db_persist=True
    )

    class Meta:
        indexes = [models.Index(Substr("word", 1, 1), "letters", name="known_words_alike")]

    def __str__(self) -> str:
        return self.word
