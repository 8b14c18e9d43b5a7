"""What tests of deliveries do again and again."""

from datetime import timedelta

from forum.notifications.models import Delivery, Follow

WINDOW = timedelta(minutes=10, seconds=30)  # of one thread, and the round time after it
ON_SCREEN = timedelta(seconds=31)


def follow(member, thread, level=Follow.Level.EVERYTHING):
    Follow.objects.update_or_create(
        user=member, place=f"thread.{thread.pk}", defaults={"level": level}
    )


def deliveries(member, channel=None):
    """(channel, state) of the member's deliveries, in the order they were made."""
    rows = Delivery.objects.filter(user=member).order_by("pk")
    if channel:
        rows = rows.filter(channel=channel)
    return [(row.channel, row.state) for row in rows]


def html_of(message):
    return next(body for body, kind in message.alternatives if kind == "text/html")
