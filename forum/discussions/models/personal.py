"""What one member keeps for themselves: read marks, visits, drafts, saved posts."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from forum.categories.models import Category
from forum.discussions.models.posts import Post
from forum.discussions.models.threads import TITLE_MAX_LENGTH, Thread


class ReadMark(models.Model):
    """Which posts of a thread a member has read: exact, in both orders, and never forgotten.

    Source: docs/decisions/0013-read-state.md.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    thread = models.ForeignKey(Thread, models.CASCADE, related_name="read_marks")
    # Post numbers as ranges, "1-20 25": what is read is mostly one run from the beginning.
    ranges = models.TextField(default="")
    read_count = models.PositiveIntegerField(default=0)  # numbers in the ranges
    # The highest number there was when the member was here last, and when that was.
    visited_number = models.PositiveIntegerField(default=0)
    visited_at = models.DateTimeField(default=timezone.now)
    # Where the line "since your last visit" stands all through this one: the number of the last.
    since_number = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("read mark")
        verbose_name_plural = _("read marks")
        constraints = [
            models.UniqueConstraint(fields=["user", "thread"], name="one_read_mark_of_a_thread")
        ]

    def __str__(self) -> str:
        return f"{self.user_id}/{self.thread_id}: {self.ranges}"


class Visit(models.Model):
    """When a member was here: their visit of now, and when the one before it ended.

    Written by whoever opens a thread, a list or the first page, at most once a minute.
    Source: docs/decisions/0042-home-and-lists.md.
    """

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)  # the last sign of the visit
    since = models.DateTimeField(null=True)  # the last sign of the visit before; none at the first

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")

    def __str__(self) -> str:
        return f"{self.user_id}: {self.at}"


class Draft(models.Model):
    """An unsent text of a member, in one place: a reply in a thread, a new thread, an edit."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    context = models.CharField(max_length=60)  # thread-42, category-3, category-3-question, post-77
    # Where it leads back to; the text outlives the place.
    thread = models.ForeignKey(Thread, models.CASCADE, null=True, related_name="+")
    category = models.ForeignKey(Category, models.CASCADE, null=True, related_name="+")
    post = models.ForeignKey(Post, models.CASCADE, null=True, related_name="+")
    title = models.CharField(max_length=TITLE_MAX_LENGTH, blank=True)
    body = models.TextField(blank=True)
    body_format = models.CharField(max_length=10, choices=Post.Format)
    filled = models.JSONField(default=dict)  # into the form of a thread
    is_about_office = models.BooleanField(default=False)
    parent_number = models.PositiveIntegerField(null=True)
    organization = models.ForeignKey(Organization, models.SET_NULL, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [
            models.UniqueConstraint(fields=["user", "context"], name="one_draft_of_a_place"),
            models.CheckConstraint(condition=Q(version__gte=1), name="draft_version_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.context} v{self.version}"


class SavedPost(models.Model):
    """A post a member keeps for later, with a note for themselves."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    post = models.ForeignKey(Post, models.CASCADE, related_name="+")
    note = models.CharField(max_length=240, blank=True)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("saved post")
        verbose_name_plural = _("saved posts")
        constraints = [
            models.UniqueConstraint(fields=["user", "post"], name="one_saving_of_a_post")
        ]
        indexes = [models.Index(fields=["user", "-saved_at"], name="saved_by_member")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.post_id}"


class VoiceOfCategory(models.Model):
    """In whose name a member wrote last in a category; without an organization in their own."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    category = models.ForeignKey(Category, models.CASCADE, related_name="+")
    organization = models.ForeignKey(Organization, models.CASCADE, null=True, related_name="+")

    class Meta:
        verbose_name = _("voice remembered in a category")
        verbose_name_plural = _("voices remembered in categories")
        constraints = [
            models.UniqueConstraint(fields=["user", "category"], name="one_voice_of_a_category")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.category_id}: {self.organization_id}"
