"""Sending one notification to the devices of its member."""

import json
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.utils import timezone, translation

from forum.jobs.tasks import task
from forum.notifications.ladder import State
from forum.notifications.lines import Line, lines_of, summed
from forum.notifications.models import Delivery, Device
from forum.notifications.push import sending
from forum.notifications.push.sealing import PAYLOAD_MAX_BYTES
from forum.notifications.push.sending import Outcome
from forum.notifications.settling import settle

ATTEMPTS = 4  # a few minutes: then the mail goes
TEXT_MAX_CHARS = 180  # more is cut by telephones


class Later(Exception):
    """The push service asks to come again; the job is run again by its worker."""


@task("notifications.push", attempts=ATTEMPTS)
def send_push(pk: int) -> None:
    """Push the delivery to each device; devices that are gone are forgotten.

    A repetition takes the place of what it repeats on the device, by its topic.
    Raises: Later where a push service was not to be reached and no other took it.
    """
    held = Delivery.objects.held().select_related("notification", "user")
    delivery = held.filter(pk=pk).first()
    if delivery is None:
        return  # sent by a worker that died before it could say so
    with translation.override(delivery.user.language):
        lines = lines_of(delivery.user, [delivery])
        payload = _payload(delivery, lines) if lines else None
    if payload is None:
        settle([delivery], State.DROPPED, "Nothing left to tell.")
        return
    _settle(delivery, _send_to_all(delivery, payload, is_urgent=lines[-1].kind.is_urgent))


def _send_to_all(delivery: Delivery, payload: bytes, *, is_urgent: bool) -> set[Outcome]:
    outcomes = set()
    for device in Device.objects.usable().filter(user=delivery.user_id).order_by("pk"):
        address = sending.Address(device.endpoint, device.key, device.secret)
        topic = f"n{delivery.notification_id}"
        result = sending.send(address, payload, topic=topic, is_urgent=is_urgent)
        outcomes.add(result.outcome)
        if result.outcome == Outcome.GONE:
            Device.objects.filter(pk=device.pk).delete()
        elif result.outcome == Outcome.TAKEN:
            Device.objects.filter(pk=device.pk).update(reached_at=timezone.now())
    return outcomes


def _settle(delivery: Delivery, outcomes: set[Outcome]) -> None:
    if Outcome.TAKEN in outcomes:
        settle([delivery], State.SENT)
    elif Outcome.LATER in outcomes and delivery.attempts < ATTEMPTS:
        Delivery.objects.held().filter(pk=delivery.pk).update(attempts=delivery.attempts + 1)
        raise Later("no push service took it")
    else:
        settle([delivery], State.FAILED, "No device could be reached.")


def _payload(delivery: Delivery, lines: list[Line]) -> bytes:
    """What the device shows: the count in one sentence, and the last words."""
    row = delivery.notification
    (line,) = summed(lines)
    told = line.told
    shown: dict[str, Any] = {
        "title": told.title,
        "body": _cut(told.text, TEXT_MAX_CHARS),
        "url": told.url,
        "tag": f"n{row.pk}",
        "lang": delivery.user.language,
        "icon": settings.SITE_URL + static("favicon.svg"),
    }
    payload = json.dumps(shown, ensure_ascii=False).encode()
    if len(payload) > PAYLOAD_MAX_BYTES:
        payload = json.dumps({**shown, "body": ""}, ensure_ascii=False).encode()
    return payload


def _cut(text: str, length: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"
