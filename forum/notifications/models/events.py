"""What happened and may concern members."""

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import User

NAME_MAX_LENGTH = 40  # of a kind, and of a place such as "thread.42"


class Event(models.Model):
    """Something that happened, written in the transaction that did it and spread by the worker.

    `kinds` are names of notifications, the strongest first: a member hears of one event once, as
    the first kind that is meant for them. Source: docs/decisions/0032-notifications.md.
    """

    kinds = models.JSONField()
    # The row it happened to, as "post.77"; the kinds know what that is.
    about = models.CharField(max_length=NAME_MAX_LENGTH, db_index=True)
    # Whether it is nothing new to those who were told of the same row by one of these kinds.
    once = models.BooleanField(default=False)
    # Who did it, and is not told of it.
    actor = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    # How far the spreading is: the place among the kinds, and the last member who was told.
    step = models.PositiveSmallIntegerField(default=0)
    reached = models.BigIntegerField(default=0)
    spread_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")

    def __str__(self) -> str:
        return f"{self.about} {self.kinds}"

    @cached_property
    def read(self) -> dict[str, Any]:
        """What kinds have read of the row it happened to, for as long as this object lives."""
        return {}

    @property
    def about_pk(self) -> int:
        """The key of the row it happened to."""
        return int(self.about.rpartition(".")[2])
