"""How much members want to hear of a place."""

from django.db import transaction
from django.db.models import Max, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from forum.lib.answers import demand
from forum.lib.prepared import Prepared
from forum.notifications import rules
from forum.notifications.models import Event, Follow

_FOLLOWS = Prepared(
    lambda member, place: Follow.objects.filter(user=member, place=place).values_list("pk")[:1]
)


def follow(*, member: User, place: str, level: str) -> Follow:
    """The member's own choice for the place, instead of any other. Raises: Refused."""
    demand(rules.may_follow(member, place))
    with transaction.atomic():
        chosen, _is_new = Follow.objects.update_or_create(
            user=member,
            place=place,
            defaults={
                "level": level,
                "why": Follow.Why.CHOSE,
                "since": timezone.now(),
                "after": _newest_event(),
            },
        )
    return chosen


def follow_by_writing(*, member: User, place: str, why: Follow.Why) -> None:
    """Whoever writes, follows; what was chosen before stays.

    Queries: one for who has a follow there, as whoever writes again; else two. Locks: none, the
    caller holds the transaction.
    """
    if _FOLLOWS.first(member=member.pk, place=place) is not None:
        return
    new = Follow(user=member, place=place, why=why, after=_newest_event())
    Follow.objects.bulk_create([new], ignore_conflicts=True)


def lead_follows(*, source: str, target: str) -> None:
    """Whoever followed the one place follows the other, unless they chose for that already.

    Locks: none, the caller holds the transaction. Queries: three, one more for each 500 members.
    """
    newest = Event.objects.aggregate(newest=Max("pk"))["newest"] or 0
    known = Follow.objects.filter(place=target).values("user")
    Follow.objects.bulk_create(
        [
            Follow(user_id=each.user_id, place=target, level=each.level, why=each.why, after=newest)
            for each in Follow.objects.filter(place=source).exclude(user__in=known)
        ],
        batch_size=500,
        ignore_conflicts=True,
    )


def _newest_event() -> Coalesce:
    """For an INSERT or an UPDATE; it costs no query of its own."""
    return Coalesce(Subquery(Event.objects.order_by("-pk").values("pk")[:1]), 0)
