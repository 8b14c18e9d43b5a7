"""The worker's part: finds what is due, claims it, and has it sent.

A claim is a conditional update, made in one transaction with the job that sends. So a delivery has
one sender, whoever looks at it at the same time and whatever is killed in between.
Source: docs/decisions/0033-delivering.md.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from email.utils import make_msgid
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone

from accounts.models import User
from forum.jobs.tasks import periodic, task
from forum.notifications import ladder, sweeping
from forum.notifications.actions.clearing import KEPT
from forum.notifications.claims import claim
from forum.notifications.delivering_mail import send_mail
from forum.notifications.delivering_push import send_push
from forum.notifications.kinds import find
from forum.notifications.ladder import Channel, State, Wishes
from forum.notifications.models import Bundle, Delivery
from forum.notifications.quiet_hours import zone
from forum.notifications.settling import settle

MEMBERS_A_SWEEP = 200
PUSH_APART = timedelta(minutes=2)  # of two about one place: ten quick answers ring once
# A push is tried for minutes, a mail for half a day; what was claimed longer ago lost its job.
LOST_AFTER = {
    Channel.PUSH: timedelta(hours=1),
    Channel.MAIL: timedelta(days=3),
    Channel.LETTER: timedelta(days=3),
}
ROWS_AT_ONCE = 1_000


@task(sweeping.TASK)
def sweep() -> None:
    """Have everything sent that is due. Done again, it finds what is left."""
    while members := _members_due():
        wishes = ladder.wishes_of(members)
        for pk in members:
            claim_due(wishes[pk])


@periodic("notifications.sweep_regularly", every=timedelta(minutes=2))
def sweep_regularly() -> None:
    """What no job was written for: a worker that was away, a transaction that took long."""
    sweep.call()


@periodic("notifications.find_lost", every=timedelta(hours=1))
def find_lost() -> None:
    """Give up deliveries whose job was given up; what is unread goes on to the next rung."""
    now = timezone.now()
    why = "Every attempt ended without an answer."
    for channel, patience in LOST_AFTER.items():
        lost = Delivery.objects.held().filter(channel=channel, claimed_at__lt=now - patience)
        settle(list(lost[:ROWS_AT_ONCE]), State.FAILED, why)
    old = Bundle.objects.open().filter(created_at__lt=now - LOST_AFTER[Channel.MAIL])
    old.update(state=Bundle.State.FAILED, last_error=why)


@periodic("notifications.clear_mails", every=timedelta(days=1))
def clear_mails() -> None:
    """Remove what is known of mails that left half a year ago."""
    old = Bundle.objects.filter(created_at__lt=timezone.now() - KEPT)
    while keys := list(old.values_list("pk", flat=True)[:ROWS_AT_ONCE]):
        Bundle.objects.filter(pk__in=keys).delete()


def claim_due(wishes: Wishes) -> None:
    """Claim what is due for one member, with the jobs that send it; or put it off.

    Locks: the member's row, so that two sweeps count the mails of a day together.
    """
    with transaction.atomic():
        member = User.objects.select_for_update(no_key=True).get(pk=wishes.user_id)
        due = Delivery.objects.due(timezone.now()).filter(user=member)
        rows = list(due.select_related("notification").order_by("pk"))
        if not member.is_active:
            _drop(rows, "The account is closed.")
            return
        rows = _without_quiet(rows, wishes)
        _claim_pushes([row for row in rows if row.channel == Channel.PUSH])
        by_place: defaultdict[str, list[Delivery]] = defaultdict(list)
        for row in rows:
            if row.channel == Channel.MAIL:
                by_place[row.notification.place].append(row)
        for place, of_place in by_place.items():
            _claim_mail(member, place, of_place)


def _members_due() -> list[int]:
    """The next members with something due but the letter, which has its own day."""
    due = Delivery.objects.due(timezone.now()).exclude(channel=Channel.LETTER)
    first = due.order_by().values("user").annotate(first=Min("due_at")).order_by("first", "user")
    return [row["user"] for row in first[:MEMBERS_A_SWEEP]]


def _without_quiet(rows: Sequence[Delivery], wishes: Wishes) -> list[Delivery]:
    """Those that may go now; the others wait. Asked here again: a worker may have been away."""
    now = timezone.now()
    opens_at = wishes.quiet_hours.next_open(now)
    waiting = [row for row in rows if opens_at != now and not _is_urgent(row)]
    _put_off(waiting, opens_at)
    return [row for row in rows if row not in waiting and row.channel != Channel.LETTER]


def _put_off(rows: Sequence[Delivery], until: datetime) -> None:
    if rows:
        keys = [row.pk for row in rows if row.channel != Channel.LETTER]
        Delivery.objects.waiting().filter(pk__in=keys).update(due_at=until)
        sweeping.sweep_at({until})


def _claim_pushes(rows: Sequence[Delivery]) -> None:
    for row in rows:
        after = _rang_at(row) + PUSH_APART
        if after > timezone.now() and not _is_urgent(row):
            _put_off([row], after)
        elif claim(Delivery.objects.waiting().filter(pk=row.pk)):
            send_push.enqueue(row.pk)


def _rang_at(row: Delivery) -> datetime:
    """When the member was last pushed something about this place."""
    sent = Delivery.objects.filter(user=row.user_id, channel=Channel.PUSH, state=State.SENT)
    last = sent.filter(notification__place=row.notification.place).aggregate(at=Max("sent_at"))
    return last["at"] or row.created_at - PUSH_APART


def _claim_mail(member: User, place: str, rows: Sequence[Delivery]) -> None:
    is_urgent = any(map(_is_urgent, rows))
    if not is_urgent and mails_today(member) >= settings.MAILS_PER_DAY:
        _leave_to_letter(rows)
        return
    # What waits for its window goes with what is due: one mail, not two.
    more = Delivery.objects.waiting().filter(
        user=member, channel=Channel.MAIL, notification__place=place
    )
    bundle = Bundle.objects.create(
        user=member,
        place=place,
        is_urgent=is_urgent,
        message_id=make_msgid(domain=urlsplit(settings.SITE_URL).hostname),
    )
    if claim(more, bundle):
        send_mail.enqueue(bundle.pk)
    else:
        bundle.delete()


def mails_today(member: User) -> int:
    """How many mails about what is new the member has been sent since midnight. Queries: one."""
    midnight = timezone.now().astimezone(zone()).replace(hour=0, minute=0, second=0, microsecond=0)
    sent = Bundle.objects.mails().filter(user=member, created_at__gte=midnight, is_urgent=False)
    return sent.exclude(state=Bundle.State.DROPPED).count()


def _leave_to_letter(rows: Sequence[Delivery]) -> None:
    """Enough mail for a day: what is left comes with the weekly letter."""
    _drop(rows, "Enough mails for a day.")
    ladder.climb_on(rows)


def _drop(rows: Iterable[Delivery], why: str) -> None:
    keys = [row.pk for row in rows]
    Delivery.objects.filter(pk__in=keys).update(state=State.DROPPED, last_error=why)


def _is_urgent(row: Delivery) -> bool:
    kind = find(row.notification.kind)
    return kind is not None and kind.is_urgent
