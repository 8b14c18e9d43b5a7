"""What is looked at before a text is seen: the adviser's settings and the list of words."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from forum.lib.derived import DerivedTextField
from forum.lib.folding import fold
from forum.lib.prepared import Prepared

WORDS_MAX_LENGTH = 80
ONLY_ROW = 1
NEWCOMER_DAYS = 14
NUMBER_MAX = 1000  # of days, hours, links and texts


# What a forum begins with; from then on the adviser decides.
def holds_first_texts_at_first() -> bool:
    return settings.GUARD_NEWCOMERS


def newcomer_days_at_first() -> int:
    return NEWCOMER_DAYS if settings.GUARD_NEWCOMERS else 0


class GuardSettings(models.Model):
    """The one row of it; where there is none yet, what a forum begins with."""

    holds_first_texts = models.BooleanField(
        _("first texts of people without a verified organization wait"),
        default=holds_first_texts_at_first,
    )
    newcomer_days = models.PositiveSmallIntegerField(
        _("for how many days after the first text somebody is a newcomer (0: nobody is)"),
        default=newcomer_days_at_first,
        validators=[MaxValueValidator(NUMBER_MAX)],
    )
    newcomer_links = models.PositiveSmallIntegerField(
        _("links in one text of a newcomer that need no check"),
        default=2,
        validators=[MaxValueValidator(NUMBER_MAX)],
    )
    newcomer_texts_an_hour = models.PositiveSmallIntegerField(
        _("texts of a newcomer in one hour that need no check"),
        default=6,
        validators=[MaxValueValidator(NUMBER_MAX)],
    )
    repeat_hours = models.PositiveSmallIntegerField(
        _("for how many hours the same text in another thread waits (0: never)"),
        default=24,
        validators=[MaxValueValidator(NUMBER_MAX)],
    )
    slowed_minutes = models.PositiveSmallIntegerField(
        _("minutes between two texts of somebody who was slowed down"),
        default=60,
        validators=[MaxValueValidator(24 * 60)],
    )

    class Meta:
        verbose_name = _("settings of the guards")
        verbose_name_plural = _("settings of the guards")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=ONLY_ROW), name="guard_settings_once")
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    @classmethod
    def current(cls) -> "GuardSettings":
        """The settings of today. Queries: one."""
        return _CURRENT.object() or cls(pk=ONLY_ROW)

    @classmethod
    def as_json(cls) -> models.Subquery:
        """The settings of today as one more value of another question, for `from_json`."""
        row = JSONObject(**{field.name: field.name for field in cls._meta.concrete_fields})
        found = cls.objects.filter(pk=ONLY_ROW).annotate(row=row).values("row")
        return models.Subquery(found)

    @classmethod
    def from_json(cls, found: Mapping[str, Any] | None) -> "GuardSettings":
        """The settings of today, as `current` gives them."""
        if found is None:
            return cls(pk=ONLY_ROW)
        fields = cls._meta.concrete_fields
        # SQLite writes yes as 1.
        return cls(**{field.name: field.to_python(found[field.name]) for field in fields})


_CURRENT = Prepared(lambda: GuardSettings.objects.filter(pk=ONLY_ROW))


class ListedWord(models.Model):
    """A word or a few, with which a text waits. With `*` at its end the beginning of a word.

    Compared folded: without capitals, Polish marks and other signs.
    """

    words = models.CharField(_("word or words"), max_length=WORDS_MAX_LENGTH)
    folded = DerivedTextField(method="words_folded", unique=True)
    note = models.CharField(_("why it is on the list"), max_length=160, blank=True)
    added_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", editable=False)
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("listed word")
        verbose_name_plural = _("listed words")
        ordering = ["folded"]

    def __str__(self) -> str:
        return self.words

    def words_folded(self) -> str:
        """The words as they are compared; the star stays."""
        return folded_words(self.words)


def folded_words(words: str) -> str:
    """A listed word as it is compared with texts; empty where no letter or digit is in it."""
    folded = fold(words)
    return f"{folded}*" if folded and words.rstrip().endswith("*") else folded
