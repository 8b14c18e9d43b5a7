"""Notifications on their way out of the forum."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from forum.notifications.models.channels import Bundle
from forum.notifications.models.notifications import Notification


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self, now: datetime) -> "DeliveryQuerySet":
        """Waiting, and their time has come."""
        return self.waiting().filter(due_at__lte=now)

    def waiting(self) -> "DeliveryQuerySet":
        """Nobody has claimed them yet."""
        return self.filter(state=Delivery.State.WAITING)

    def held(self) -> "DeliveryQuerySet":
        """Claimed, and not known to have arrived."""
        return self.filter(state=Delivery.State.SENDING)

    def over(self, channel: str) -> "DeliveryQuerySet":
        """Those of the channel, by user and due time, the longest due first."""
        return self.filter(channel=channel).order_by("due_at", "pk")


class Delivery(models.Model):
    """One sending of a notification over one channel.

    Written as a row first; the worker claims it by a conditional update of its state, sends after
    the commit and notes what came of it. A notification that grows after it was sent may be sent
    again: only one delivery of it waits at a time.
    """

    class Channel(models.TextChoices):
        PUSH = "push", _("push")
        MAIL = "mail", _("e-mail")
        LETTER = "letter", _("weekly letter")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        # Seen on an earlier rung, not to be seen any more, or unwanted.
        DROPPED = "dropped", _("not needed")
        FAILED = "failed", _("given up")

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    notification = models.ForeignKey(Notification, models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=10, choices=Channel)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    due_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    # How far it tells: the key of the last item in it. Set with the claim, so that a repetition
    # says the same.
    through = models.BigIntegerField(default=0)
    # The mail it left in, with the Message-ID.
    bundle = models.ForeignKey(Bundle, models.SET_NULL, null=True, related_name="deliveries")
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(
                fields=["notification", "channel"],
                condition=Q(state__in=["waiting", "sending"]),
                name="one_delivery_on_its_way",
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at", "user"], condition=Q(state="waiting"), name="delivery_due"
            ),
            models.Index(fields=["user", "channel", "state"], name="delivery_of_member"),
        ]

    def __str__(self) -> str:
        return f"{self.notification_id} {self.channel} {self.state}"
