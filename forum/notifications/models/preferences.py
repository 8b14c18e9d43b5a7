"""What a member wants to hear in general."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class Preference(models.Model):
    """One row a member, written with the first choice; without it the defaults hold."""

    class Preset(models.TextChoices):
        CONCERNING = "concerning", _("Only what concerns my organization")
        LETTER = "letter", _("A weekly letter")
        EVERYTHING = "everything", _("Everything")

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="+")
    preset = models.CharField(max_length=12, choices=Preset, default=Preset.CONCERNING)
    has_sound = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("preference for notifications")
        verbose_name_plural = _("preferences for notifications")

    def __str__(self) -> str:
        return f"{self.user_id}: {self.preset}"
