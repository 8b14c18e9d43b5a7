"""What the settings page shows of channels and devices."""

from django.urls import reverse

from accounts.models import User
from forum.notifications.channel_forms import ChannelsForm
from forum.notifications.models import Channels, Device
from forum.notifications.push.sealing import public_key


def address_block(member: User) -> dict[str, object]:
    """The context of `_dead_address.html`: whether mail still arrives. Queries: one."""
    channels = Channels.objects.filter(user=member).first() or Channels(user=member)
    return {"channels": channels, "is_address_dead": channels.is_dead(member.email)}


def blocks(member: User, form: ChannelsForm | None = None) -> dict[str, object]:
    """The context of `_channels.html` and `_devices.html`. Queries: two."""
    address = address_block(member)
    channels = address["channels"]
    assert isinstance(channels, Channels)
    has_quiet_hours = channels.quiet_from != channels.quiet_until
    plain = Channels(user=member)
    initial = {
        "by_mail": channels.by_mail,
        "by_letter": channels.by_letter,
        "has_quiet_hours": has_quiet_hours,
        "quiet_from": channels.quiet_from if has_quiet_hours else plain.quiet_from,
        "quiet_until": channels.quiet_until if has_quiet_hours else plain.quiet_until,
        "is_quiet_on_days_off": channels.is_quiet_on_days_off,
    }
    return {
        "channels_form": form or ChannelsForm(initial=initial),
        **address,
        "devices": Device.objects.usable().filter(user=member).order_by("pk"),
        "push_key": public_key(),
        "worker_url": reverse("service_worker"),
    }
