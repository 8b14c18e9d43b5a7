"""Work that must be done after a commit, kept as rows until it is done."""

from collections.abc import Collection
from datetime import datetime
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class JobQuerySet(models.QuerySet["Job"]):
    def unfinished(self) -> Self:
        """Waiting, or in some worker's hands."""
        return self.filter(done_at=None, failed_at=None)

    def due(self, now: datetime) -> Self:
        """Ready to be claimed: nobody holds them, or whoever did has not come back in time."""
        return self.unfinished().filter(run_at__lte=now)

    def known(self, kinds: Collection[str]) -> Self:
        """Of a kind that this process has a handler for; others belong to a newer version."""
        return self.filter(kind__in=kinds)

    def longest_due_first(self) -> Self:
        return self.order_by("run_at", "pk")

    def held_as(self, job: "Job") -> Self:
        """The row of this claim, or nothing where the lease ran out and another one claimed it."""
        return self.unfinished().filter(pk=job.pk, worker=job.worker, attempts=job.attempts)


class Job(models.Model):
    """One piece of background work. Source: docs/decisions/0006-jobs.md."""

    kind = models.CharField(_("kind"), max_length=60)
    args = models.JSONField(_("arguments"), default=dict, blank=True)
    run_at = models.DateTimeField(_("due"), default=timezone.now)  # while claimed: end of the lease
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    worker = models.CharField(_("worker"), max_length=60, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    # Given up: a person must look.
    failed_at = models.DateTimeField(_("given up"), null=True, blank=True)
    last_error = models.TextField(_("last error"), blank=True)
    # Two jobs with one key are one job: periodic work uses its period as the key.
    unique_key = models.CharField(_("key"), max_length=120, null=True, blank=True, unique=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        indexes = [
            models.Index(
                fields=["run_at", "id"],
                condition=models.Q(done_at=None, failed_at=None),
                name="job_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
