"""The weekly letters: once a week and member, in batches, on a working morning."""

from datetime import date, datetime, time, timedelta
from email.utils import make_msgid
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation

from accounts.models import User
from forum.jobs.mail import MAIL_ATTEMPTS
from forum.jobs.tasks import periodic, task
from forum.notifications import letter_writing
from forum.notifications.claims import claim
from forum.notifications.delivering_mail import LEASE, end, send_bundle
from forum.notifications.ladder import Channel, wishes_of
from forum.notifications.models import Bundle, Channels, Delivery
from forum.notifications.quiet_hours import zone

BATCH = 200  # members looked at in one job
WEEK = timedelta(days=7)
# A worker that was away on Tuesday morning still writes; one that was away for longer does not.
LATE_UP_TO = timedelta(hours=36)


@periodic("notifications.letters_begin", every=timedelta(minutes=15))
def begin() -> None:
    """Begin the letters of this week, once their hour has come."""
    now = timezone.now()
    day = last_day(now)
    if now - moment_of(day) < LATE_UP_TO:
        write_batch.using(unique_key=f"notifications.letters@{day}").enqueue(day.isoformat(), 0)


@task("notifications.letters")
def write_batch(day: str, after: int) -> None:
    """Have the letters of the next members written, then those of the rest.

    A member's letter waits for their own hours: on a public holiday it comes the day after.
    """
    unwanted = Channels.objects.filter(by_letter=False).values("user")
    members = User.objects.filter(is_active=True, pk__gt=after).exclude(pk__in=unwanted)
    keys = list(members.order_by("pk").values_list("pk", flat=True)[:BATCH])
    wishes = wishes_of(keys)
    begins_at = max(moment_of(_day(day)), timezone.now())
    with transaction.atomic():
        for pk in keys:
            run_at = wishes[pk].quiet_hours.next_open(begins_at)
            write_letter.using(
                run_at=run_at, unique_key=f"notifications.letter@{day}:{pk}"
            ).enqueue(day, pk)
        if len(keys) == BATCH:
            key = f"notifications.letters@{day}:{keys[-1]}"
            write_batch.using(unique_key=key).enqueue(day, keys[-1])


@task("notifications.letter", attempts=MAIL_ATTEMPTS, lease=LEASE)
def write_letter(day: str, member: int) -> None:
    """Write and send the letter of that day to the member; nothing where it would be empty.

    The row of the week lets no second one through. Raises: as `send_bundle`.
    """
    bundle = _claimed(_day(day), member)
    if bundle is None:
        return
    deliveries = list(bundle.deliveries.held().select_related("notification"))
    channels = wishes_of([member])[member].channels
    if not bundle.user.is_active or channels.is_dead(bundle.user.email) or not channels.by_letter:
        end(bundle, deliveries, Bundle.State.DROPPED, "Not wanted, or it would come back.")
        return
    with translation.override(bundle.user.language):
        letter = letter_writing.compose(bundle.user, deliveries, since(bundle.user, _day(day)))
        message = letter_writing.mail_of(bundle, letter)
    if letter.is_empty:
        end(bundle, deliveries, Bundle.State.DROPPED, "Nothing to tell.")
    else:
        send_bundle(bundle, deliveries, message)


def last_day(now: datetime) -> date:
    """The day of the letter whose hour came last."""
    local = now.astimezone(zone())
    days_ago = (local.isoweekday() - settings.LETTER_WEEKDAY) % 7
    day = local.date() - timedelta(days=days_ago)
    return day if moment_of(day) <= now else day - WEEK


def moment_of(day: date) -> datetime:
    """The hour of that day's letter, on the wall's clock."""
    return datetime.combine(day, time(settings.LETTER_HOUR), zone())


def since(member: User, day: date) -> datetime:
    """From when on the letter of that day tells: the last one, or a week before."""
    sent = Bundle.objects.filter(user=member, week__lt=day, state=Bundle.State.SENT)
    last = sent.order_by("-week").values_list("week", flat=True).first()
    earliest = day - 2 * WEEK  # whoever was left out for long is not told everything at once
    return moment_of(max(last or day - WEEK, earliest))


def waiting_for_letter(member: User) -> list[Delivery]:
    """What waits for the member's next letter. Queries: one."""
    waiting = Delivery.objects.waiting().filter(user=member, channel=Channel.LETTER)
    return list(waiting.select_related("notification"))


def _claimed(day: date, member: int) -> Bundle | None:
    """The letter's row, with what waits for it claimed; None where it is settled already."""
    with transaction.atomic():
        fresh = Bundle(
            user_id=member,
            week=day,
            message_id=make_msgid(domain=urlsplit(settings.SITE_URL).hostname),
        )
        Bundle.objects.bulk_create([fresh], ignore_conflicts=True)
        bundle = Bundle.objects.select_related("user").get(user=member, week=day)
        if bundle.state != Bundle.State.SENDING:
            return None
        if bundle.attempts == 0:
            waiting = Delivery.objects.waiting().filter(user=member, channel=Channel.LETTER)
            claim(waiting, bundle)
        bundle.attempts += 1
        bundle.save(update_fields=["attempts"])
    return bundle


def _day(text: str) -> date:
    return date.fromisoformat(text)
