"""How much members want to hear of a place."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from forum.lib.answers import demand
from forum.notifications import rules
from forum.notifications.models import Follow


def follow(*, member: User, place: str, level: str) -> Follow:
    """The member's own choice for the place, instead of any other. Raises: Refused."""
    demand(rules.may_follow(member, place))
    with transaction.atomic():
        chosen, _is_new = Follow.objects.update_or_create(
            user=member,
            place=place,
            defaults={"level": level, "why": Follow.Why.CHOSE, "since": timezone.now()},
        )
    return chosen


def follow_by_writing(*, member: User, place: str, why: Follow.Why) -> None:
    """Whoever writes, follows; what was chosen before stays. Queries: one.

    Locks: none, the caller holds the transaction.
    """
    Follow.objects.bulk_create([Follow(user=member, place=place, why=why)], ignore_conflicts=True)


def lead_follows(*, source: str, target: str) -> None:
    """Whoever followed the one place follows the other, unless they chose for that already.

    Locks: none, the caller holds the transaction. Queries: two, one more for each 500 members.
    """
    known = Follow.objects.filter(place=target).values("user")
    Follow.objects.bulk_create(
        [
            Follow(user_id=each.user_id, place=target, level=each.level, why=each.why)
            for each in Follow.objects.filter(place=source).exclude(user__in=known)
        ],
        batch_size=500,
        ignore_conflicts=True,
    )
