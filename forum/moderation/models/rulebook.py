"""The rules of the forum in versions: a published one is never changed, the draft is."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class RulebookQuerySet(models.QuerySet["Rulebook"]):
    def begun(self, day: date | None = None) -> "RulebookQuerySet":
        """Those that hold on the day or held before it, the newest first."""
        day = day or timezone.localdate()
        return self.filter(valid_from__lte=day).order_by("-version")

    def announced(self) -> "RulebookQuerySet":
        """Those that will hold, the next one first."""
        return self.filter(valid_from__gt=timezone.localdate()).order_by("version")


class Rulebook(models.Model):
    """One published version. It holds from its day until the next version does."""

    version = models.PositiveIntegerField(unique=True, editable=False)
    valid_from = models.DateField(_("holds from"))
    published_at = models.DateTimeField(default=timezone.now, editable=False)
    # Nobody published the first version: it came with the program.
    published_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    note = models.CharField(_("what changes"), max_length=500)
    note_en = models.CharField(_("what changes, in English"), max_length=500, blank=True)

    objects = RulebookQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of the rules")
        verbose_name_plural = _("versions of the rules")
        ordering = ["-version"]

    def __str__(self) -> str:
        return f"{self.version}"

    def get_absolute_url(self) -> str:
        return reverse("moderation:rules_version", args=[self.version])

    @property
    def said(self) -> str:
        """What changes with this version, in the reader's language."""
        return (self.note_en if get_language() == "en" else "") or self.note


class RuleSection(models.Model):
    """One section of a version. Its anchor stays through the versions, its number may move."""

    rulebook = models.ForeignKey(Rulebook, models.PROTECT, related_name="sections")
    number = models.PositiveSmallIntegerField()
    anchor = models.SlugField(max_length=60, db_index=False)
    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120, blank=True)
    text = models.TextField()
    text_en = models.TextField(blank=True)
    html = models.TextField()
    html_en = models.TextField(blank=True)
    is_ground = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("section of the rules")
        verbose_name_plural = _("sections of the rules")
        ordering = ["rulebook", "number"]
        constraints = [
            models.UniqueConstraint(fields=["rulebook", "number"], name="one_section_a_number"),
            models.UniqueConstraint(fields=["rulebook", "anchor"], name="one_section_an_anchor"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(html=""), name="section_says_it"),
        ]

    def __str__(self) -> str:
        return f"§ {self.number}. {self.title}"

    @property
    def called(self) -> str:
        """Its title in the reader's language."""
        return (self.title_en if get_language() == "en" else "") or self.title

    @property
    def words(self) -> SafeString:
        """The text that decides."""
        return mark_safe(self.html)  # noqa: S308  # cleaned when it was published

    @property
    def words_en(self) -> SafeString:
        """The translation; empty where there is none."""
        return mark_safe(self.html_en)  # noqa: S308  # cleaned when it was published


class RulebookDraft(models.Model):
    """The next version while it is written: at most one, and nobody else's business."""

    # Each a mapping of the fields that a section has, in their order.
    sections = models.JSONField(default=list)
    edition = models.PositiveIntegerField(default=0)  # raised at every change
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    is_only = models.BooleanField(default=True, unique=True, editable=False)

    class Meta:
        verbose_name = _("draft of the rules")
        verbose_name_plural = _("drafts of the rules")
        constraints = [models.CheckConstraint(condition=Q(is_only=True), name="one_draft_of_rules")]

    def __str__(self) -> str:
        return f"{self.edition}"
