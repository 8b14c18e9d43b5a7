"""What members want to hear in general."""

from django.db import transaction

from accounts.models import User
from forum.notifications.models import Preference


def choose(*, member: User, preset: str, has_sound: bool) -> Preference:
    """The member's preference, as chosen."""
    with transaction.atomic():
        preference, _is_new = Preference.objects.update_or_create(
            user=member, defaults={"preset": preset, "has_sound": has_sound}
        )
    return preference
