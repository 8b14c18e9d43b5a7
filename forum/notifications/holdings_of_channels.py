"""What is kept about a member to reach them; plugged into the registry by apps.py."""

from django.utils.translation import gettext_lazy as _

from accounts.personal_data import Erasure, Holding
from forum.notifications.models import Bundle, Channels, Delivery, Device

THE_MEMBER = {"user": "the member themselves"}


def _forget(erasure: Erasure) -> None:
    for model in (Delivery, Bundle, Device, Channels):
        model.objects.filter(user=erasure.member).delete()


CHANNELS = Holding(
    model=Channels,
    member="user",
    title=_("How you want to be reached"),
    purpose=_("So that nothing comes at night, and nothing comes back."),
    kept=_("Until you change it."),
    erased=_("Removed."),
    erase=_forget,
    fields={
        "by_mail": _("e-mail about what is new"),
        "by_letter": _("weekly letter"),
        "quiet_from": _("quiet from"),
        "quiet_until": _("quiet until"),
        "is_quiet_on_days_off": _("quiet on days off"),
        "unmailed_kinds": _("what is not sent by e-mail"),
        "dead_address": _("address to which mail does not arrive"),
        "dead_since": _("since when"),
        "dead_reason": _("what the mail server answered"),
    },
    impersonal=THE_MEMBER,
)
DEVICES = Holding(
    model=Device,
    member="user",
    title=_("Devices that show notifications"),
    purpose=_("So that you learn at once what concerns you, where you switched it on."),
    kept=_("Until you switch it off, log out there, or the device is gone."),
    erased=_("Removed."),
    fields={
        "name": _("browser and device, as the browser says it"),
        "created_at": _("since when"),
        "reached_at": _("last reached"),
    },
    secret={
        "endpoint": _("where the device is reached; whoever has it may speak to it"),
        "key": _("the key with which only the device can read"),
        "secret": _("a second key of the device"),
    },
    impersonal=THE_MEMBER
    | {"endpoint_digest": "a fingerprint of the endpoint", "server_key": "the forum's own key"},
)
BUNDLES = Holding(
    model=Bundle,
    member="user",
    title=_("E-mails about notifications"),
    purpose=_("So that nothing is sent twice, and a mail that comes back is known."),
    kept=_("Half a year."),
    erased=_("Removed."),
    fields={
        "place": _("what it was about"),
        "week": _("day of the weekly letter"),
        "email": _("address"),
        "state": _("state"),
        "sent_at": _("sent"),
        "last_error": _("what the mail server answered"),
    },
    impersonal=THE_MEMBER | {"message_id": "a number of the mail"},
)
ALL = (CHANNELS, DEVICES, BUNDLES)
