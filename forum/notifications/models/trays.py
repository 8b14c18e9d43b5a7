"""The owner of a member's own stream."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from forum.lib.numbering import Numbered


class Tray(Numbered):
    """A member's notifications as a whole; owner of the stream `member.<user pk>`.

    Whoever changes notifications of a member takes its number first: its row is the lock that
    keeps two writers apart.
    """

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="+")

    class Meta:
        verbose_name = _("tray of notifications")
        verbose_name_plural = _("trays of notifications")

    def __str__(self) -> str:
        return f"{self.user_id}: {self.seq}"
