"""What the pages of the duty show."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from accounts.models import Organization, User
from accounts.models.mandates import represented_by
from accounts.rules import Viewer
from forum.discussions.models import Post
from forum.duty.models import WEEK, Entry, Offer, OfferQuerySet, Turn, week_of
from forum.duty.turns import on_duty, ready
from forum.lib import working_time

OFFERS_SHOWN = 50
WEEKS_SHOWN = 4  # that were


@dataclass(frozen=True, slots=True)
class Waiting:
    """A question that waits for somebody's answer."""

    offer: Offer
    opening_pk: int  # the post that an answer belongs below
    adviser_at: datetime  # from when on the adviser is asked too


@dataclass(frozen=True, slots=True)
class Week:
    """Whose week it is, from Monday to Sunday."""

    first: date
    organization: Organization | None

    @property
    def last(self) -> date:
        return self.first + timedelta(days=6)


def waiting_for(member: User, organization: Organization) -> list[Waiting]:
    """What waits for the organization, as far as the member may read it. Queries: one."""
    offers = Offer.objects.readable_by(member).standing()
    return _shown(offers.filter(organization=organization))


def waiting_for_adviser(member: User) -> list[Waiting]:
    """What is left to the adviser. Queries: one."""
    return _shown(Offer.objects.readable_by(member).standing().of_adviser())


def asked_beside(waiting: list[Waiting]) -> dict[int, Organization]:
    """Which organization has the same question now, by thread. Queries: one."""
    threads = [each.offer.thread_id for each in waiting]
    offers = Offer.objects.unended().exclude(organization=None).filter(thread__in=threads)
    found = offers.select_related("organization")
    return {each.thread_id: each.organization for each in found if each.organization is not None}


def entry_of(organization: Organization) -> Entry | None:
    """The organization's place on the roster. Queries: one."""
    entries = Entry.objects.select_related("entered_by")
    return entries.filter(organization=organization).first()


def this_week() -> Week:
    """The week that runs. Queries: one."""
    today = timezone.localdate()
    turn = on_duty(today)
    return Week(week_of(today), turn.organization if turn is not None else None)


def weeks_before() -> list[Week]:
    """The last weeks that had somebody on duty, the newest first. Queries: one."""
    turns = Turn.objects.filter(week__lt=week_of(timezone.localdate()))
    newest = turns.select_related("organization").order_by("-week")[:WEEKS_SHOWN]
    return [Week(turn.week, turn.organization) for turn in newest]


def willing() -> list[Organization]:
    """The organizations on the roster that do not rest, by name. Queries: one."""
    entries = Entry.objects.able(timezone.localdate()).select_related("organization")
    return [entry.organization for entry in entries.order_by("organization__sorted_name", "pk")]


def is_next(organization: Organization) -> bool:
    """Whether the organization is the next one after this week, as it looks today.

    Queries: one.
    """
    coming = ready(timezone.localdate() + WEEK)
    return bool(coming) and coming[0].organization_id == organization.pk


def represented(viewer: Viewer) -> list[Organization]:
    """The organizations whose duty the viewer keeps, by name. Queries: 0 or 1."""
    return list(represented_by(viewer)) if isinstance(viewer, User) else []


def _shown(offers: OfferQuerySet) -> list[Waiting]:
    opening = Post.objects.filter(thread=OuterRef("thread"), number=1).values("pk")[:1]
    hours = timedelta(hours=settings.UNANSWERED_ADVISER_HOURS)
    return [
        Waiting(each, each.opening_pk, working_time.after(each.thread.created_at, hours))
        for each in offers.for_listing().annotate(opening_pk=Subquery(opening))[:OFFERS_SHOWN]
    ]
