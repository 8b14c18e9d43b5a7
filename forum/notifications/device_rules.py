"""Who may have push messages sent to a device."""

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rules import Viewer
from forum.lib.answers import Answer, Refusal
from forum.notifications.models import Device
from forum.notifications.push import sealing

DEVICES_MAX = 10  # of one member


def may_add_device(viewer: Viewer) -> Answer:
    """Whether the viewer may switch push on for the browser they use. Queries: one."""
    if not isinstance(viewer, User):
        return Refusal(_("Log in to switch notifications on for this device."))
    if not viewer.is_active:
        return Refusal(_("This account is suspended."))
    if not sealing.is_set_up():
        return Refusal(_("This forum does not send notifications to devices."))
    if Device.objects.usable().filter(user=viewer).count() >= DEVICES_MAX:
        return Refusal(_("You have switched on enough devices. Remove one of them first."))
    return True
