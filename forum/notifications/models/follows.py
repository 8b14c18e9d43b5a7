"""Which places members want to hear of."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from forum.notifications.models.events import NAME_MAX_LENGTH


class FollowQuerySet(models.QuerySet["Follow"]):
    def of(self, user: User) -> "FollowQuerySet":
        return self.filter(user=user)

    def at_level(self, level: str, *places: str) -> "FollowQuerySet":
        """Those of the places with this level."""
        return self.filter(level=level, place__in=places)


class Follow(models.Model):
    """How much a member wants to hear of a thread, a category or an organization, and why."""

    class Level(models.TextChoices):
        EVERYTHING = "everything", _("Everything")
        CONCERNING = "concerning", _("Only what concerns me")
        MUTED = "muted", _("Muted")

    class Why(models.TextChoices):
        CHOSE = "chose", _("you chose so")
        STARTED = "started", _("you started it")
        WROTE = "wrote", _("you wrote here")

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    place = models.CharField(max_length=NAME_MAX_LENGTH)  # "thread.42", "category.3"
    level = models.CharField(max_length=12, choices=Level, default=Level.EVERYTHING)
    why = models.CharField(max_length=10, choices=Why, default=Why.CHOSE)
    since = models.DateTimeField(default=timezone.now)
    # The newest event when it began: what was before does not concern it. Not a time, for clocks of
    # two processes differ, and jump (docs/decisions/0038-production.md).
    after = models.BigIntegerField(default=0, editable=False)

    objects = FollowQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow")
        verbose_name_plural = _("follows")
        constraints = [
            models.UniqueConstraint(fields=["user", "place"], name="one_follow_of_a_place")
        ]
        indexes = [models.Index(fields=["place", "level", "user"], name="follow_by_place")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.place}: {self.level}"
