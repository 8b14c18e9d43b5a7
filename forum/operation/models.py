"""What the forum's processes tell one another about their running; nothing of it is in a backup."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

ONLY_ROW = 1


class Maintenance(models.Model):
    """While this row is there everybody reads and nobody writes.

    Source: docs/decisions/0044-operation.md.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY_ROW, editable=False)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    until = models.DateTimeField(_("until"), null=True, blank=True)
    since = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("maintenance")
        verbose_name_plural = _("maintenance")
        constraints = [
            models.CheckConstraint(condition=models.Q(id=ONLY_ROW), name="one_maintenance")
        ]

    def __str__(self) -> str:
        return f"maintenance since {self.since:%Y-%m-%d %H:%M}"


class BeatQuerySet(models.QuerySet["Beat"]):
    def latest_moment(self) -> datetime | None:
        """When a worker last said that it lives."""
        found: datetime | None = self.aggregate(latest=models.Max("at"))["latest"]
        return found


class Beat(models.Model):
    """A process with workers, and when it last said that all of them live."""

    process = models.CharField(_("process"), max_length=60, unique=True)
    at = models.DateTimeField(_("at"), db_index=True)

    objects = BeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign of life")
        verbose_name_plural = _("signs of life")

    def __str__(self) -> str:
        return self.process
