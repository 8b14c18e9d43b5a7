"""What members are told."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rules import Viewer
from forum.notifications.models.events import NAME_MAX_LENGTH, Event


class NotificationQuerySet(models.QuerySet["Notification"]):
    def readable_by(self, viewer: Viewer) -> "NotificationQuerySet":
        """One's own. Whether what they tell of may still be seen, their kinds say."""
        if not isinstance(viewer, User) or not viewer.is_active:
            return self.none()
        return self.filter(user=viewer)

    def standing(self) -> "NotificationQuerySet":
        """Those with something left to tell."""
        return self.filter(count__gt=0)

    def unread(self) -> "NotificationQuerySet":
        """Those that stand and wait to be read: what the bell counts."""
        return self.standing().filter(read_at=None)

    def newest_first(self) -> "NotificationQuerySet":
        return self.order_by("-changed_at", "-pk")


class Notification(models.Model):
    """To one member, about one subject: "3 new replies" is one of them.

    While it is unread there is one for each kind and subject, and it grows; what comes after it was
    read makes a new one.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=NAME_MAX_LENGTH)
    # Where it is listed, as "thread.42" or "organization.5"; and what is counted together.
    place = models.CharField(max_length=NAME_MAX_LENGTH)
    subject = models.CharField(max_length=NAME_MAX_LENGTH)
    # Its items that are new, after reading those that were read; 0 where nothing is left to see.
    count = models.PositiveIntegerField(default=0)
    last_event = models.ForeignKey(Event, models.CASCADE, related_name="+")
    seq = models.BigIntegerField(default=0)  # the tray's change number of the last change
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)  # when the last item came
    read_at = models.DateTimeField(null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind", "subject"],
                condition=Q(read_at=None),
                name="one_unread_notification_of_a_subject",
            )
        ]
        indexes = [
            models.Index(fields=["user", "seq"], name="notification_by_change"),
            models.Index(fields=["user", "place", "-changed_at"], name="notification_by_place"),
            models.Index(
                fields=["user"], condition=Q(read_at=None, count__gt=0), name="notification_unread"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind} {self.subject}"

    @property
    def is_unread(self) -> bool:
        return self.read_at is None


class Item(models.Model):
    """One event in one notification: the row that keeps a member from being told twice."""

    notification = models.ForeignKey(Notification, models.CASCADE, related_name="items")
    event = models.ForeignKey(Event, models.CASCADE, related_name="items")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    is_read = models.BooleanField(default=False)
    is_hidden = models.BooleanField(default=False)  # what it tells of may not be seen any more

    class Meta:
        verbose_name = _("item of a notification")
        verbose_name_plural = _("items of notifications")
        constraints = [
            models.UniqueConstraint(fields=["event", "user"], name="one_item_of_an_event")
        ]

    def __str__(self) -> str:
        return f"{self.notification_id} {self.event_id}"
