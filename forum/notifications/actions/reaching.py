"""How a member wants to be reached: hours, mails, devices; and what a mail's own link stops."""

import hashlib
from datetime import time

from allauth.usersessions.models import UserSession
from django.db import transaction

from accounts.models import User
from forum.lib.answers import demand
from forum.notifications import device_rules
from forum.notifications.models import Channels, Device, Follow
from forum.notifications.push.sealing import public_key
from forum.notifications.push.sending import Address
from forum.notifications.stop_links import Stop, What


def choose_channels(
    *,
    member: User,
    by_mail: bool,
    by_letter: bool,
    quiet_from: time,
    quiet_until: time,
    is_quiet_on_days_off: bool,
) -> Channels:
    """The member's wishes, as chosen. What waits already is judged by them when its time comes."""
    with transaction.atomic():
        channels, _is_new = Channels.objects.update_or_create(
            user=member,
            defaults={
                "by_mail": by_mail,
                "by_letter": by_letter,
                "quiet_from": quiet_from,
                "quiet_until": quiet_until,
                "is_quiet_on_days_off": is_quiet_on_days_off,
            },
        )
    return channels


def add_device(*, member: User, session_key: str, address: Address, name: str) -> Device:
    """The member's device, switched on; one that was another's is theirs from now on.

    The address has been judged by the form. Raises: Refused.
    """
    digest = digest_of(address.endpoint)
    if not Device.objects.filter(endpoint_digest=digest, user=member).exists():
        demand(device_rules.may_add_device(member))
    with transaction.atomic():
        device, _is_new = Device.objects.update_or_create(
            endpoint_digest=digest,
            defaults={
                "user": member,
                "session": UserSession.objects.get(session_key=session_key, user=member),
                "endpoint": address.endpoint,
                "key": address.key,
                "secret": address.secret,
                "server_key": public_key(),
                "name": name,
            },
        )
    return device


def forget_device(*, member: User, pk: int) -> None:
    """The device is told nothing any more. Done again, or for another's device, nothing changes."""
    with transaction.atomic():
        Device.objects.filter(user=member, pk=pk).delete()


def revive_address(*, member: User) -> None:
    """The member says that mail arrives again: it is tried. Done again, nothing changes."""
    with transaction.atomic():
        Channels.objects.filter(user=member).update(
            dead_address="", dead_since=None, dead_reason=""
        )


def stop(*, stop: Stop) -> None:
    """What a mail's own link stops; whoever holds the link acts for its member.

    Done again, nothing changes. Locks: the row of the member's channels.
    """
    with transaction.atomic():
        if stop.what == What.PLACE:
            _mute(stop.member, stop.name)
        else:
            _stop_mail(stop)


def digest_of(endpoint: str) -> str:
    """By what an endpoint, which is secret, is known in pages. Units: 64 hexadecimal digits."""
    return hashlib.sha256(endpoint.encode()).hexdigest()


def _mute(member: User, place: str) -> None:
    # Muting asks for no right: whoever cannot read a place any more may stop its mails too.
    Follow.objects.update_or_create(
        user=member,
        place=place,
        defaults={"level": Follow.Level.MUTED, "why": Follow.Why.CHOSE},
    )


def _stop_mail(stop: Stop) -> None:
    Channels.objects.get_or_create(user=stop.member)
    channels = Channels.objects.select_for_update().get(user=stop.member)
    if stop.what == What.LETTER:
        channels.by_letter = False
    elif stop.name not in channels.unmailed_kinds:
        channels.unmailed_kinds = [*channels.unmailed_kinds, stop.name]
    channels.save(update_fields=["by_letter", "unmailed_kinds"])
