"""The roster: who is willing, rests, leaves, and whose week it is."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import Organization, User
from forum.duty import rules
from forum.duty.actions.offering import Ending, give_back
from forum.duty.models import Entry, Offer, Turn, week_of
from forum.duty.turns import ready
from forum.lib.answers import demand


def enlist(
    *,
    member: User,
    organization: Organization,
    every_weeks: int,
    rests_until: date | None = None,
) -> Entry:
    """The organization on the roster, with this wish; an earlier wish is replaced.

    Whoever rests gives back what was offered to them. Raises: Refused.
    Locks: the roster's row, then the threads of what is given back.
    """
    demand(rules.may_keep_duty(member, organization))
    now = timezone.now()
    with transaction.atomic():
        entry, is_new = Entry.objects.get_or_create(
            organization=organization,
            defaults={
                "every_weeks": every_weeks,
                "rests_until": rests_until,
                "entered_by": member,
                "since": now,
            },
        )
        if not is_new:
            entry.every_weeks, entry.rests_until, entry.entered_by = (
                every_weeks,
                rests_until,
                member,
            )
            entry.save(update_fields=["every_weeks", "rests_until", "entered_by"])
        if entry.rests_on(timezone.localdate(now)):
            _give_back_all(organization, now)
        else:
            take_turn(now)
    return entry


def leave(*, member: User, organization: Organization) -> None:
    """The organization off the roster; what was offered to it goes to the next.

    Repeating it changes nothing. Raises: Refused. Locks: as `enlist`.
    """
    demand(rules.may_keep_duty(member, organization))
    now = timezone.now()
    with transaction.atomic():
        Entry.objects.filter(organization=organization).delete()
        _give_back_all(organization, now)


def take_turn(now: datetime) -> Turn | None:
    """The turn of this week: given once, and anew where whoever had it cannot any more.

    None where nobody is ready. Several may ask at once: the week is unique.
    """
    today = timezone.localdate(now)
    week = week_of(today)
    entries = ready(today)
    turn = Turn.objects.filter(week=week).first()
    if turn is not None and any(each.organization_id == turn.organization_id for each in entries):
        return turn
    if not entries:
        Turn.objects.filter(week=week).delete()
        return None
    Turn.objects.bulk_create(
        [Turn(week=week, organization=entries[0].organization)],
        update_conflicts=True,
        unique_fields=["week"],
        update_fields=["organization"],
    )
    return Turn.objects.get(week=week)


def _give_back_all(organization: Organization, now: datetime) -> None:
    """What the organization cannot look after any more goes to the next, its week too."""
    take_turn(now)
    offers = Offer.objects.unended().filter(organization=organization)
    for each in offers.order_by("thread", "pk"):
        give_back(each, Ending.LEFT, now)
