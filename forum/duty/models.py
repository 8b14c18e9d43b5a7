"""The roster of willing organizations, whose week it is, and what was offered to whom."""

from datetime import date, timedelta
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Mandate, Organization, User
from accounts.models.mandates import represented_by
from accounts.rules import Viewer
from forum.discussions.models import Thread
from forum.duty.questions import answers, waiting_questions

WEEK = timedelta(days=7)


def week_of(day: date) -> date:
    """The Monday of the day's week."""
    return day - timedelta(days=day.weekday())


class EntryQuerySet(models.QuerySet["Entry"]):
    def able(self, on: date) -> Self:
        """Of organizations that do not rest on the day, and that somebody represents then."""
        speaking = Mandate.objects.that_represent().current(on)
        rested = Q(rests_until=None) | Q(rests_until__lt=on)
        return self.filter(rested, organization__in=speaking.values("organization"))

    def next_first(self, on: date) -> Self:
        """In the order of turns, each with `last_week`: whoever waited longest since a turn of
        theirs is next, and before them who never had one, by the day they came."""
        turns = Turn.objects.filter(organization=OuterRef("organization"), week__lt=week_of(on))
        last = turns.order_by("-week").values("week")[:1]
        with_turns = self.select_related("organization").annotate(last_week=models.Subquery(last))
        return with_turns.order_by(F("last_week").asc(nulls_first=True), "since", "pk")


class Entry(models.Model):
    """That an organization is willing to answer what nobody else answers."""

    class Often(models.IntegerChoices):
        """In one week out of so many at most."""

        WEEKLY = 1, _("whenever it is our turn")
        FORTNIGHT = 2, _("one week in two at most")
        MONTH = 4, _("one week in four at most")
        QUARTER = 13, _("one week in a quarter at most")

    organization = models.OneToOneField(Organization, models.CASCADE, related_name="+")
    every_weeks = models.PositiveSmallIntegerField(choices=Often, default=Often.WEEKLY)
    rests_until = models.DateField(null=True, blank=True)  # the last day of a rest
    since = models.DateTimeField(default=timezone.now, editable=False)
    entered_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", editable=False
    )

    last_week: date | None = None  # of its last turn, given by `next_first`

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("willing organization")
        verbose_name_plural = _("willing organizations")

    def __str__(self) -> str:
        return str(self.organization_id)

    def rests_on(self, day: date) -> bool:
        return self.rests_until is not None and self.rests_until >= day


class Turn(models.Model):
    """Whose week of duty it is."""

    week = models.DateField(unique=True)  # its Monday
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("week of duty")
        verbose_name_plural = _("weeks of duty")

    def __str__(self) -> str:
        return f"{self.week} {self.organization_id}"


class OfferQuerySet(models.QuerySet["Offer"]):
    def unended(self) -> Self:
        return self.filter(ended_at=None)

    def standing(self) -> Self:
        """Those that still ask for an answer: read from the thread itself, so that an answered,
        closed, hidden or merged one is gone at once, also before its offer is ended."""
        # Asked of each offer, which are few: as a list it would be made of every thread there is.
        return self.unended().filter(Exists(waiting_questions().filter(pk=OuterRef("thread"))))

    def of_adviser(self) -> Self:
        return self.filter(organization=None)

    def readable_by(self, viewer: Viewer) -> Self:
        """Those to organizations that the viewer represents, those to the adviser for staff; each
        only where the viewer may read the question."""
        if not isinstance(viewer, User) or not viewer.is_active:
            return self.none()
        theirs = Q(organization__in=represented_by(viewer).values("pk"))
        if viewer.is_staff:
            theirs |= Q(organization=None)
        readable = Thread.objects.readable_by(viewer).filter(pk=OuterRef("thread"))
        return self.filter(theirs, Exists(readable))

    def for_listing(self) -> Self:
        """With what a row shows, the longest waiting first."""
        threads = self.select_related(
            "thread__category", "thread__author", "thread__organization", "organization"
        )
        return threads.order_by("thread__created_at", "pk")


class Offer(models.Model):
    """A question offered to an organization, or to the adviser where none is named."""

    class Ending(models.TextChoices):
        ANSWERED = "answered", _("answered")
        OVER = "over", _("no question any more")
        PASSED = "passed", _("passed on")
        LEFT = "left", _("the organization cannot answer any more")

    # After these the same organization is not asked the same again.
    REFUSED = (Ending.PASSED, Ending.LEFT)

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="+")
    organization = models.ForeignKey(Organization, models.CASCADE, null=True, related_name="+")
    offered_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    ending = models.CharField(max_length=10, choices=Ending, blank=True, editable=False)

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("offered question")
        verbose_name_plural = _("offered questions")
        constraints = [
            models.UniqueConstraint(
                fields=["thread"],
                condition=Q(ended_at=None, organization__isnull=False),
                name="offered_to_one_organization",
            ),
            models.UniqueConstraint(
                fields=["thread"],
                condition=Q(ended_at=None, organization=None),
                name="offered_to_the_adviser_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ending="") | (Q(ended_at__isnull=False) & ~Q(ending="")),
                name="ended_offer_says_how",
            ),
        ]
        indexes = [
            models.Index(fields=["organization"], condition=Q(ended_at=None), name="offer_unended")
        ]

    def __str__(self) -> str:
        return f"{self.thread_id} → {self.organization_id}"

    @property
    def about(self) -> str:
        """The name that events have for it."""
        return f"offer.{self.pk}"


def has_answer(thread_pk: int) -> bool:
    """Whether somebody else has answered what the thread asks. Queries: one."""
    return Thread.objects.filter(Exists(answers()), pk=thread_pk).exists()
