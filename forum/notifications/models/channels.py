"""How members are reached outside the forum, and what left for them."""

from datetime import date, time

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from forum.notifications.models.events import NAME_MAX_LENGTH
from forum.notifications.push.sealing import public_key
from forum.notifications.quiet_hours import QuietHours


class Channels(models.Model):
    """How one member wants to be reached, and whether mail still arrives.

    Written with the first choice; without the row the defaults hold.
    """

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="+")
    by_mail = models.BooleanField(_("e-mail about what is new"), default=True)
    by_letter = models.BooleanField(_("weekly letter"), default=True)
    quiet_from = models.TimeField(_("quiet from"), default=time(20))
    quiet_until = models.TimeField(_("quiet until"), default=time(7))
    is_quiet_on_days_off = models.BooleanField(_("quiet on days off"), default=True)
    # Names of kinds about which a mail's own link stopped the mails.
    unmailed_kinds = models.JSONField(default=list, editable=False)
    # The address to which the last mail could not be delivered, for good. Another one is alive.
    dead_address = models.EmailField(max_length=254, blank=True, editable=False)
    dead_since = models.DateTimeField(null=True, editable=False)
    dead_reason = models.CharField(max_length=300, blank=True, editable=False)

    class Meta:
        verbose_name = _("channels of a member")
        verbose_name_plural = _("channels of members")

    def __str__(self) -> str:
        return f"{self.user_id}"

    @property
    def quiet_hours(self) -> QuietHours:
        return QuietHours(self.quiet_from, self.quiet_until, on_days_off=self.is_quiet_on_days_off)

    def is_dead(self, address: str) -> bool:
        """Whether mails to this address come back."""
        return bool(self.dead_address) and self.dead_address == address


class DeviceQuerySet(models.QuerySet["Device"]):
    def usable(self) -> "DeviceQuerySet":
        """Those that were switched on with today's key, and where the member is still logged in.

        Whoever logs out, or ends a lost telephone's session, is not told anything there any more.
        """
        standing = Session.objects.filter(
            session_key=models.OuterRef("session__session_key"), expire_date__gt=timezone.now()
        )
        return self.filter(models.Exists(standing), server_key=public_key()).exclude(server_key="")


class Device(models.Model):
    """A browser that takes push messages. Source: docs/decisions/0034-web-push.md."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    session = models.ForeignKey(UserSession, models.CASCADE, related_name="+")
    # Whoever knows the endpoint and both keys may speak to the device: secrets, like the session's.
    endpoint = models.CharField(max_length=1000)
    endpoint_digest = models.CharField(max_length=64, unique=True)
    key = models.CharField(max_length=120)
    secret = models.CharField(max_length=40)
    server_key = models.CharField(max_length=120)  # the forum's own, with which it was switched on
    name = models.CharField(max_length=80)
    created_at = models.DateTimeField(default=timezone.now)
    reached_at = models.DateTimeField(null=True)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        verbose_name = _("device for push")
        verbose_name_plural = _("devices for push")

    def __str__(self) -> str:
        return self.name


class BundleQuerySet(models.QuerySet["Bundle"]):
    def open(self) -> "BundleQuerySet":
        """Those that a worker may send now."""
        return self.filter(state=Bundle.State.SENDING)

    def mails(self) -> "BundleQuerySet":
        """Mails about what is new; no weekly letters."""
        return self.filter(week=None)


class Bundle(models.Model):
    """One mail: the notifications of one place that wait together, or a weekly letter.

    The row is written with the claim of its deliveries and the job that sends it. Its Message-ID is
    the same at every attempt, so that a mail sent twice is known as one.
    """

    class State(models.TextChoices):
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        DROPPED = "dropped", _("nothing left to tell")
        FAILED = "failed", _("given up")

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    place = models.CharField(max_length=NAME_MAX_LENGTH, blank=True)
    week = models.DateField(null=True)  # of a weekly letter: the day it is for
    is_urgent = models.BooleanField(default=False)
    message_id = models.CharField(max_length=200, unique=True)
    email = models.EmailField(max_length=254, blank=True)  # where it went
    state = models.CharField(max_length=10, choices=State, default=State.SENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    objects = BundleQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail of notifications")
        verbose_name_plural = _("mails of notifications")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "week"], condition=~Q(week=None), name="one_letter_a_week"
            )
        ]
        indexes = [models.Index(fields=["user", "place", "-id"], name="bundle_by_place")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.place or self.week}: {self.state}"

    @property
    def is_letter(self) -> bool:
        return self.week is not None

    def week_of(self) -> date:
        assert self.week is not None, "a mail about a place belongs to no week"
        return self.week
