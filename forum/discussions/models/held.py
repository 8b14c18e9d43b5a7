"""Texts that wait until a moderator has read them. They are no posts: nothing of them is seen."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rules import Viewer
from forum.categories.models import Category, readable_pks
from forum.discussions.models.posts import Post
from forum.discussions.models.threads import TITLE_MAX_LENGTH, Thread
from forum.discussions.models.voices import Voiced
from forum.discussions.templates_of_threads import Filled, summary
from forum.lib import pictures
from forum.lib.markup import plain_text
from forum.lib.mentions import shown
from forum.moderation.guarding import sentences_of
from forum.moderation.rules import may_moderate

BEGINNING = 14  # words


class HeldTextQuerySet(models.QuerySet["HeldText"]):
    def readable_by(self, viewer: Viewer) -> "HeldTextQuerySet":
        """One's own, and for moderators those they judge."""
        if not isinstance(viewer, User) or not viewer.is_active:
            return self.none()
        judged = HeldText.objects.to_be_judged_by(viewer)
        return self.filter(Q(author=viewer) | Q(pk__in=judged.values("pk")))

    def to_be_judged_by(self, viewer: Viewer) -> "HeldTextQuerySet":
        """What the desk shows its moderators: texts that wait, or were refused and may come back,
        for places that the moderator may read."""
        return self.unsettled().standing_where(viewer) if may_moderate(viewer) else self.none()

    def standing_where(self, viewer: Viewer) -> "HeldTextQuerySet":
        """Those whose place the viewer may read, whatever may be read of them."""
        categories = readable_pks(viewer)
        return self.filter(Q(thread__category__in=categories) | Q(category__in=categories))

    def waiting(self) -> "HeldTextQuerySet":
        return self.filter(state=HeldText.State.WAITING)

    def returned_in(self, context: str) -> "HeldTextQuerySet":
        """Those that their authors shall correct, of one place."""
        return self.filter(context=context, state=HeldText.State.RETURNED)

    def unsettled(self) -> "HeldTextQuerySet":
        """Those whose author still has something to do or to wait for."""
        return self.filter(state__in=[HeldText.State.WAITING, HeldText.State.REFUSED])

    def for_display(self) -> "HeldTextQuerySet":
        """With where they are to stand. Queries: one more, for the files."""
        places = ("thread__category", "category", "edited", "author", "organization")
        return self.select_related(*places).prefetch_related("attachments")


class HeldText(Voiced):
    """A reply, a new thread, or a new text of a post, before anybody but its author sees it.

    It takes a number, a place and a time only when it becomes a post.
    Source: docs/decisions/0035-held-texts.md.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for a moderator")
        PUBLISHED = "published", _("published")
        REFUSED = "refused", _("not published")
        RETURNED = "returned", _("returned for a correction")
        WITHDRAWN = "withdrawn", _("taken back by its author")

    # The place it was written in, as of a draft: thread-42, category-3-question, post-77.
    context = models.CharField(max_length=60, editable=False)
    thread = models.ForeignKey(Thread, models.CASCADE, null=True, related_name="+", editable=False)
    # Where a new thread is to stand.
    category = models.ForeignKey(
        Category, models.CASCADE, null=True, related_name="+", editable=False
    )
    # The post whose new text it is; until then the post stands as it is.
    edited = models.ForeignKey(Post, models.CASCADE, null=True, related_name="+", editable=False)
    parent = models.ForeignKey(Post, models.CASCADE, null=True, related_name="+", editable=False)
    title = models.CharField(max_length=TITLE_MAX_LENGTH, blank=True, editable=False)
    source = models.TextField(editable=False)
    source_format = models.CharField(max_length=10, choices=Post.Format, editable=False)
    html = models.TextField(editable=False)
    language = models.CharField(max_length=5, default="pl", editable=False)
    template = models.CharField(
        max_length=20, choices=Category.Template, blank=True, editable=False
    )
    filled = models.JSONField(default=dict, editable=False)
    is_about_office = models.BooleanField(default=False, editable=False)
    # Of an edit: keys of files to take away, and descriptions of pictures by key.
    detached = models.JSONField(default=list, editable=False)
    described = models.JSONField(default=dict, editable=False)
    once = models.UUIDField(null=True, editable=False)
    reasons = models.JSONField(default=list, editable=False)  # forum.moderation.guarding.Reason
    state = models.CharField(max_length=12, choices=State, default=State.WAITING, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    settled_at = models.DateTimeField(null=True, editable=False)
    post = models.ForeignKey(Post, models.SET_NULL, null=True, related_name="+", editable=False)

    objects = HeldTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("held text")
        verbose_name_plural = _("held texts")
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["author", "once"], name="one_held_text_of_one_form"),
            models.UniqueConstraint(
                fields=["edited"], condition=Q(state="waiting"), name="one_held_text_of_a_post"
            ),
            models.CheckConstraint(
                condition=Q(thread=None, category__isnull=False)
                | Q(thread__isnull=False, category=None),
                name="held_text_has_one_place",
            ),
        ]
        indexes = [
            models.Index(fields=["author", "state"], name="held_by_author"),
            models.Index(fields=["thread"], condition=Q(state="waiting"), name="held_in_thread"),
        ]

    def __str__(self) -> str:
        return f"{self.context} {self.state}"

    def get_absolute_url(self) -> str:
        return reverse("discussions:held_text", args=[self.pk])

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    @property
    def is_refused(self) -> bool:
        return self.state == self.State.REFUSED

    @property
    def why(self) -> list[str]:
        """Why it waits, in sentences for its author."""
        return sentences_of(self.reasons)

    @property
    def stands_in(self) -> Category:
        """The category that it is to stand in. Needs its thread."""
        place = self.thread.category if self.thread is not None else self.category
        assert place is not None
        return place

    @property
    def summary(self) -> list[Filled]:
        """What was filled into its form, in the reader's language."""
        return summary(self.template, self.filled)

    @property
    def beginning(self) -> str:
        """Its first words, where it has no title."""
        return self.title or Truncator(" ".join(plain_text(self.html).split())).words(BEGINNING)

    @property
    def words(self) -> SafeString:
        """Its text with its pictures. Reads the attachments of for_display."""
        html = shown(self.html, None)
        if pictures.TAG.search(html):
            known = {each.key: each.drawn for each in self.attachments.all() if each.is_image}
            html = pictures.shown_with(html, known)
        return mark_safe(html)  # noqa: S308  # cleaned when it was sent
