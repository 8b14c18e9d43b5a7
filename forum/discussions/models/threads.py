"""Threads: conversations in a category."""

from datetime import datetime

from django.db import connection, models
from django.db.models import F, FilteredRelation, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from accounts.rules import Viewer
from forum.categories.models import Category, readable_pks
from forum.discussions.models.voices import Voiced
from forum.lib.folding import fold
from forum.lib.numbering import Numbered

TITLE_MAX_LENGTH = 160
TEXTS_OF_ORGANIZATIONS = ("description_source", "description_html", "searched_words", "address")
NOT_IN_LISTS = (
    *(f"last_post__{name}" for name in ("source", "html", "filled", "filled_words")),
    *(f"organization__{name}" for name in TEXTS_OF_ORGANIZATIONS),
    *(f"last_post__organization__{name}" for name in TEXTS_OF_ORGANIZATIONS),
)
WORDS_SEARCHED = 6  # at most, of what somebody typed


class ThreadQuerySet(models.QuerySet["Thread"]):
    def readable_by(self, viewer: Viewer) -> "ThreadQuerySet":
        """Threads the viewer may read: those in a category the viewer may read."""
        return self.filter(category__in=readable_pks(viewer))

    def listed_for(self, viewer: Viewer) -> "ThreadQuerySet":
        """Those that stand in lists and that the viewer may read, to be read in the order of time.

        On SQLite the category is compared as a sum: for itself it gathers the threads of all
        categories and sorts them, where an index holds them in their order. PostgreSQL does that
        where it is a sum: it knows nothing of sums and expects a handful of threads.
        """
        if connection.vendor != "sqlite":
            return self.readable_by(viewer).listed()
        seen = self.alias(read_in=F("category_id") + 0).filter(read_in__in=readable_pks(viewer))
        return seen.listed()

    def for_listing(self) -> "ThreadQuerySet":
        """With everything one row of a list shows, and none of the long texts beside it."""
        related = ("author", "organization", "last_post__author", "last_post__organization")
        return self.select_related("category", *related).defer(*NOT_IN_LISTS)

    def listed(self) -> "ThreadQuerySet":
        """Those that stand in lists: a merged thread is only an address that leads on."""
        return self.filter(merged_into=None)

    def saying_in_fields(self, text: str) -> "ThreadQuerySet":
        """Those whose form was filled with all these words, in whichever form of theirs."""
        said = Q(posts__number=1, posts__state="published")
        for word in fold(text).split()[:WORDS_SEARCHED]:
            said &= Q(posts__filled_words__contains=_without_ending(word))
        return self.filter(said)  # in one filter, so that all is asked of the same post

    def asking(self) -> "ThreadQuerySet":
        """Those that others are to answer: announcements are not."""
        is_announced = Q(category__writers=Category.Writers.STAFF) | Q(
            organization__isnull=False, organization__kind=Organization.Kind.OFFICE
        )
        return self.exclude(is_announced)

    def unanswered(self) -> "ThreadQuerySet":
        """Those that wait for a first reply; announcements do not wait."""
        return self.filter(last_number=1).asking()

    def unread_by(self, member: User) -> "ThreadQuerySet":
        """Those with posts that the member has not read, however old they are."""
        own = FilteredRelation("read_marks", condition=Q(read_marks__user=member))
        behind = Q(own_mark__read_count=None) | Q(own_mark__read_count__lt=F("last_number"))
        return self.annotate(own_mark=own).filter(behind)

    def latest_first(self) -> "ThreadQuerySet":
        return self.order_by("-last_post_at", "-pk")


def _without_ending(word: str) -> str:
    """The part of a folded word that its Polish forms mostly share: `sal` of sala, sali, salę."""
    return word if word.isdecimal() else word[: max(3, len(word) - 2)]


class Thread(Numbered, Voiced):
    """A conversation in a category; owner of the stream `thread.<pk>`."""

    class Pace(models.IntegerChoices):
        """How often one member may reply, in minutes."""

        FREE = 0, _("as often as they like")
        FIVE_MINUTES = 5, _("one in 5 minutes")
        QUARTER = 15, _("one in 15 minutes")
        HOUR = 60, _("one in an hour")
        SIX_HOURS = 360, _("one in 6 hours")
        DAY = 1440, _("one a day")

    category = models.ForeignKey(Category, models.PROTECT, related_name="threads")
    title = models.CharField(_("title"), max_length=TITLE_MAX_LENGTH)
    # The title it had before moderators hid its opening post; a neutral one stands there meanwhile.
    kept_title = models.CharField(max_length=TITLE_MAX_LENGTH, blank=True, editable=False)
    language = models.CharField(max_length=5, default="pl", editable=False)  # of its title, guessed
    # The form it began with; what was filled in stands on its opening post.
    template = models.CharField(
        max_length=20, choices=Category.Template, blank=True, editable=False
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    last_post = models.ForeignKey(
        "Post", models.SET_NULL, null=True, related_name="+", editable=False
    )
    last_post_at = models.DateTimeField(default=timezone.now, editable=False)
    # The highest post number given out; numbers are never reused, so it also counts the posts.
    last_number = models.PositiveIntegerField(default=0, editable=False)
    # The category's change number when this thread's row in lists last changed.
    listing_seq = models.BigIntegerField(default=0, editable=False)
    has_official_answer = models.BooleanField(default=False, editable=False)
    # The answer that helped, chosen by whoever asked or by staff.
    accepted = models.ForeignKey(
        "Post", models.SET_NULL, null=True, related_name="+", editable=False
    )
    closed_at = models.DateTimeField(null=True, editable=False)
    pinned_at = models.DateTimeField(null=True, editable=False)
    # Its index holds the merged ones alone: SQLite would read all others along it, and sort them.
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        related_name="merged",
        editable=False,
        db_index=False,
    )
    split_from = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", editable=False
    )
    # Posts that went to other threads: their numbers stay given out here.
    moved_count = models.PositiveIntegerField(default=0, editable=False)
    merged_count = models.PositiveIntegerField(default=0, editable=False)  # threads merged in
    # Its pace: minutes between two replies of one member (0: any), and when nobody replies at all.
    slow_minutes = models.PositiveSmallIntegerField(choices=Pace, default=Pace.FREE, editable=False)
    quiet_from = models.TimeField(null=True, editable=False)
    quiet_until = models.TimeField(null=True, editable=False)

    objects = ThreadQuerySet.as_manager()

    class Meta:
        verbose_name = _("thread")
        verbose_name_plural = _("threads")
        indexes = [
            models.Index(fields=["category", "-last_post_at", "-id"], name="thread_by_category"),
            models.Index(fields=["-last_post_at", "-id"], name="thread_by_activity"),
            models.Index(
                fields=["-last_post_at", "-id"],
                condition=Q(last_number=1, merged_into=None),
                name="thread_without_reply",
            ),
            models.Index(
                fields=["-last_post_at", "-id"],
                condition=Q(has_official_answer=True),
                name="thread_with_official_answer",
            ),
            models.Index(
                fields=["organization", "-last_post_at", "-id"],
                condition=Q(organization__isnull=False),
                name="thread_by_voice",
            ),
            models.Index(fields=["author", "-last_post_at"], name="thread_by_author"),
            models.Index(
                fields=["category", "-last_post_at", "-id"],
                condition=Q(pinned_at__isnull=False),
                name="thread_pinned",
            ),
            models.Index(
                fields=["merged_into"],
                condition=Q(merged_into__isnull=False),
                name="thread_merged_into",
            ),
            models.Index(
                fields=["category", "template", "-last_post_at", "-id"],
                condition=~Q(template=""),
                name="thread_by_template",
            ),
            models.Index(fields=["category", "listing_seq"], name="thread_by_change"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None)
                | (Q(quiet_from__isnull=False, quiet_until__isnull=False))
                & ~Q(quiet_from=F("quiet_until")),
                name="thread_quiet_hours_have_two_ends",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("discussions:thread", args=[self.pk])

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @property
    def is_pinned(self) -> bool:
        return self.pinned_at is not None

    def is_quiet_at(self, moment: datetime) -> bool:
        """Whether the moment is within its quiet hours, which may run past midnight."""
        start, end = self.quiet_from, self.quiet_until
        if start is None or end is None:
            return False
        at = timezone.localtime(moment).time()
        return start <= at < end if start < end else at >= start or at < end

    @property
    def waits(self) -> bool:
        """Whether it waits for a first reply; announcements do not. Needs its category."""
        is_asked = self.category.writers != Category.Writers.STAFF and not self.is_official
        return self.last_number == 1 and is_asked

    @property
    def replies_count(self) -> int:
        return max(self.last_number - 1 - self.moved_count, 0)


class Departure(models.Model):
    """A thread that left a category: the change its lists must learn of.

    A row, since "what changed since N" asks the category's own rows.
    """

    category = models.ForeignKey(Category, models.CASCADE, related_name="departures")
    thread = models.ForeignKey(Thread, models.CASCADE, related_name="+")
    seq = models.BigIntegerField()  # the category's change number

    class Meta:
        verbose_name = _("departure")
        verbose_name_plural = _("departures")
        constraints = [
            models.UniqueConstraint(fields=["category", "thread"], name="one_departure_of_a_thread")
        ]
        indexes = [models.Index(fields=["category", "seq"], name="departure_by_change")]

    def __str__(self) -> str:
        return f"{self.thread_id} from {self.category_id}"
