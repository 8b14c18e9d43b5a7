"""What members want to hear in general."""

from django.db import transaction

from accounts.models import User
from forum.notifications.actions.filing import hold_trays, take_numbers
from forum.notifications.models import Preference


def choose(*, member: User, preset: str, has_sound: bool) -> Preference:
    """The member's preference, as chosen. Locks: the member's tray, which the bell is read from."""
    with transaction.atomic():
        hold_trays([member.pk])
        preference, _is_new = Preference.objects.update_or_create(
            user=member, defaults={"preset": preset, "has_sound": has_sound}
        )
        # The bell of every open page rings or is silent from now on.
        take_numbers({member.pk: 1})
    return preference
