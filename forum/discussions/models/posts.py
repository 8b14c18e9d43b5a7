"""Posts, and what members say to them with one click."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from accounts.rules import Viewer
from forum.categories.models import Category, readable_pks
from forum.discussions.models.threads import Thread
from forum.discussions.models.voices import Voiced
from forum.discussions.templates_of_threads import Filled, searched_words, summary
from forum.lib import pictures
from forum.lib.derived import DerivedTextField
from forum.lib.folding import fingerprint
from forum.lib.markup import plain_text
from forum.lib.mentions import Named, shown
from forum.lib.paths import AFTER_ALL, ASIDE, PathField, parent_path

if TYPE_CHECKING:
    from forum.discussions.models.attachments import Attachment

DRAWN_LEVELS = 4  # deeper replies are drawn at the last level; their true parent is named


class PostQuerySet(models.QuerySet["Post"]):
    def readable_by(self, viewer: Viewer) -> "PostQuerySet":
        """Posts the viewer may read; a withdrawn or hidden one stays as a tombstone without its
        text."""
        # By the category: of threads PostgreSQL would make a list of all that one may read.
        return self.filter(thread__category__in=readable_pks(viewer))

    def for_display(self) -> "PostQuerySet":
        """With everything the fragment of a post shows. Queries: up to three more."""
        return (
            self.select_related("author", "organization", "parent__author", "parent__organization")
            .prefetch_related(*self.parts())
            .annotate(in_category=models.F("thread__category_id"))
            .with_acceptance()
        )

    @staticmethod
    def parts() -> tuple["str | models.Prefetch[str]", ...]:
        """The rows beside its own that a fragment shows."""
        reactions = Reaction.objects.select_related("user", "organization")
        return (
            models.Prefetch("reactions", reactions),
            models.Prefetch("moved_to", _with_place()),
            "attachments",
        )

    def with_acceptance(self) -> "PostQuerySet":
        """Each with `is_accepted`: whether it is the answer chosen in its thread."""
        chosen = Q(thread__accepted=models.F("pk"))
        return self.annotate(
            is_accepted=models.ExpressionWrapper(chosen, output_field=models.BooleanField())
        )

    def of_the_office(self, thread: Thread | int) -> "PostQuerySet":
        """What the county office says in the thread, the newest first; not what it took back.

        Sorted by a sum: for the number itself both databases would read the thread backwards, all
        of a large one, until they have met enough of the office's posts.
        """
        offices = Organization.objects.filter(kind=Organization.Kind.OFFICE).values("pk")
        published = self.filter(thread=thread, state=Post.State.PUBLISHED)
        return published.filter(organization__in=offices).order_by((models.F("number") + 0).desc())

    def below(self, path: str) -> "PostQuerySet":
        """The posts under the given place, at any depth."""
        return self.filter(path__gt=path, path__lt=path + AFTER_ALL)

    def roots(self) -> "PostQuerySet":
        return self.filter(depth=0)


def _with_place() -> PostQuerySet:
    """What the stub of a moved post tells of where it went. Costs nothing without stubs."""
    return Post.objects.select_related("thread__category__parent").defer("source", "html")


class Post(Voiced):
    """One contribution to a thread, in the voice of its author or of an organization."""

    class State(models.TextChoices):
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn by the author")
        # The post went to another thread; this row keeps its number, its place and its address.
        MOVED = "moved", _("moved to another thread")
        HIDDEN = "hidden", _("hidden by the moderators")
        # Hidden until its author changes it and moderators have looked at it again.
        CORRECTION = "correction", _("hidden until it is corrected")

    # Nobody reads their text in the thread; a sentence stands in its place.
    HIDDEN_STATES = (State.HIDDEN, State.CORRECTION)
    TOMBSTONES = (State.WITHDRAWN, *HIDDEN_STATES)

    class Format(models.TextChoices):
        HTML = "html", "HTML"
        MARKDOWN = "markdown", "Markdown"

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="posts")
    number = models.PositiveIntegerField(editable=False)  # 1 opens the thread
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    path = PathField(editable=False)
    depth = models.PositiveSmallIntegerField(default=0, editable=False)  # levels in the path
    branch_count = models.PositiveIntegerField(default=0, editable=False)  # kept on roots only
    source = models.TextField()
    source_format = models.CharField(max_length=10, choices=Format)
    html = models.TextField(editable=False)
    # Whether its author said the same elsewhere is asked by it.
    fingerprint = DerivedTextField(method="fingerprint_of_words")
    language = models.CharField(max_length=5, default="pl", editable=False)  # of its words, guessed
    # The form that the post opened its thread with, and what was filled in, by the fields' keys.
    template = models.CharField(
        max_length=20, choices=Category.Template, blank=True, editable=False
    )
    filled = models.JSONField(default=dict, editable=False)
    filled_words = DerivedTextField(method="words_of_fields")  # folded, to be searched
    state = models.CharField(max_length=12, choices=State, default=State.PUBLISHED, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    edited_at = models.DateTimeField(null=True, editable=False)
    # Its author says that it is about the office; only moderators are shown it.
    is_about_office = models.BooleanField(default=False, editable=False)
    revisions_count = models.PositiveIntegerField(default=0, editable=False)
    seq = models.BigIntegerField(editable=False)  # the thread's change number of the last change
    moved_to = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", editable=False
    )
    # Given by the form: the same form sent twice makes one post.
    once = models.UUIDField(null=True, editable=False)

    # Whom its mentions mean today, given by forum.discussions.mentioning to whatever is shown.
    names: Mapping[str, Named] | None = None
    # How those who listen to its thread were told of it, on a post that was written just now.
    told: Callable[[], str] | None = None

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints = [
            models.UniqueConstraint(fields=["thread", "number"], name="post_number_in_thread"),
            models.UniqueConstraint(fields=["thread", "path"], name="post_path_in_thread"),
            models.UniqueConstraint(fields=["author", "once"], name="one_post_of_one_form"),
            models.CheckConstraint(condition=Q(number__gte=1), name="post_number_from_one"),
        ]
        indexes = [
            models.Index(fields=["thread", "seq"], name="post_by_change"),
            models.Index(fields=["thread", "path"], condition=Q(depth=0), name="post_roots"),
            models.Index(fields=["organization", "thread", "number"], name="post_by_voice"),
            models.Index(fields=["author", "created_at"], name="post_by_author"),
            models.Index(fields=["author", "thread", "number"], name="post_by_author_in_thread"),
            models.Index(
                fields=["organization", "-created_at", "-id"],
                condition=Q(organization__isnull=False),
                name="post_by_voice_and_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.thread_id}/{self.number}"

    def get_absolute_url(self) -> str:
        return reverse("discussions:place", args=[self.thread_id, self.number])

    @property
    def level(self) -> int:
        """The indentation it is drawn with, from 0."""
        return min(self.depth, DRAWN_LEVELS - 1)

    @property
    def root_path(self) -> str:
        return parent_path(self.shown_path, 0)

    @property
    def shown_path(self) -> str:
        """The place in the tree, also of a stub that is kept out of the pages of the tree."""
        return self.path.removeprefix(ASIDE)

    @property
    def summary(self) -> list[Filled]:
        """What was filled into its form, in the reader's language."""
        return summary(self.template, self.filled)

    @property
    def is_moved(self) -> bool:
        return self.state == self.State.MOVED

    @property
    def is_aside(self) -> bool:
        """Whether it is the stub of a post that moved with the post it answers."""
        return self.path.startswith(ASIDE)

    @property
    def fragment_pk(self) -> int:
        """What the fragment is named after: a stub takes the place of the post that moved.

        A post that came back to this thread stands elsewhere in it under its own name.
        """
        moved = self.moved_to
        return moved.pk if moved is not None and moved.thread_id != self.thread_id else self.pk

    @property
    def moved_title(self) -> str:
        """The title of the thread it went to; empty where not every reader may know it."""
        assert self.moved_to is not None
        thread = self.moved_to.thread
        here = getattr(self, "in_category", None) or self.thread.category_id
        is_known = thread.category_id == here or thread.category.is_open
        return thread.title if is_known else ""

    @property
    def is_withdrawn(self) -> bool:
        return self.state == self.State.WITHDRAWN

    @property
    def is_hidden(self) -> bool:
        """Whether moderators keep its text from readers."""
        return self.state in self.HIDDEN_STATES

    @property
    def has_tombstone(self) -> bool:
        """Whether a sentence stands in the place of its text, for every reader alike."""
        return self.state in self.TOMBSTONES

    @property
    def words(self) -> SafeString:
        """Its text for readers, with its pictures; without `names` with those it was written with.

        Reads the attachments of for_display.
        """
        return mark_safe(self.illustrated(shown(self.html, self.names)))  # noqa: S308  # cleaned

    def illustrated(self, html: str) -> str:
        """A text of this post, as it is or was, with the pictures that the post has today."""
        if not pictures.TAG.search(html):
            return html
        known = {each.key: each.drawn for each in self.attachments.all() if each.is_image}
        return pictures.shown_with(html, known)

    def fingerprint_of_words(self) -> str:
        """What its text is compared by."""
        return fingerprint(plain_text(self.html))

    def words_of_fields(self) -> str:
        """What was filled into its form, as it is searched."""
        return searched_words(self.template, self.filled)

    @property
    def loose_pictures(self) -> list["Attachment"]:
        """The pictures that do not stand in the text; reads the attachments of for_display."""
        placed = pictures.named_in(self.html)
        return [each for each in self.attachments.all() if each.is_image and each.key not in placed]

    @property
    def files(self) -> list["Attachment"]:
        """The attachments that are no pictures; reads the attachments of for_display."""
        return [each for each in self.attachments.all() if not each.is_image]

    @property
    def is_opening(self) -> bool:
        """Whether its thread begins with it."""
        return self.number == 1

    @property
    def reactions_by_kind(self) -> tuple["ReactionTally", ...]:
        """One tally for each kind, in a fixed order, always the same ones where nobody reacted;
        reads the reactions of for_display."""
        given = list(self.reactions.all())
        return _tallies(given) if given else _no_tallies()


class ReactionTally:
    """The reactions of one kind on one post, grouped by the voice they were given in."""

    def __init__(self, kind: "Reaction.Kind", given: list["Reaction"]) -> None:
        self.kind = kind.value
        self.label = kind.label
        self.count = len(given)
        self.user_ids = [each.user_id for each in given]
        self.groups = self._grouped(given)

    @staticmethod
    def _grouped(given: list["Reaction"]) -> list["VoiceGroup"]:
        groups: dict[int, VoiceGroup] = {}
        for each in given:
            if each.organization is not None:
                group = groups.setdefault(
                    each.organization.pk, VoiceGroup(each.organization.called, [])
                )
            else:
                group = groups.setdefault(0, VoiceGroup("", []))
            group.people.append(each.user.display_name)
        return sorted(groups.values(), key=lambda group: (group.name == "", group.name))


def _tallies(given: list["Reaction"]) -> tuple[ReactionTally, ...]:
    return tuple(
        ReactionTally(kind, [each for each in given if each.kind == kind]) for kind in Reaction.Kind
    )


@cache
def _no_tallies() -> tuple[ReactionTally, ...]:
    return _tallies([])


@dataclass(slots=True)
class VoiceGroup:
    """People who reacted in one organization's name; an empty name is their own voice."""

    name: str
    people: list[str]


class Reaction(models.Model):
    """One member's thanks or support for a post, in the voice it was given."""

    class Kind(models.TextChoices):
        THANK = "thank", _("Thank")
        SUPPORT = "support", _("Support")

    post = models.ForeignKey(Post, models.CASCADE, related_name="reactions")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(max_length=10, choices=Kind)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("reaction")
        verbose_name_plural = _("reactions")
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["post", "user", "kind"], name="one_reaction_of_a_kind_per_member"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.kind} {self.post}"
