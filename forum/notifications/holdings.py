"""What notifications keep about a member; plugged into the registry by apps.py."""

from django.utils.translation import gettext_lazy as _

from accounts.personal_data import Holding
from forum.notifications.actions.clearing import forget
from forum.notifications.models import Delivery, Event, Follow, Item, Notification, Preference, Tray

THE_MEMBER = {"user": "the member themselves"}

EVENTS = Holding(
    model=Event,
    member="actor",
    title=_("What you did that others were told of"),
    purpose=_("So that whoever it concerns hears of it, and you do not hear of yourself."),
    kept=_("As long as somebody's notification of it."),
    erased=_("The row stays with your number; your name is gone."),
    fields={"about": _("what it was about"), "at": _("when")},
    impersonal={"actor": "the member themselves", "kinds": "names of kinds of notifications"},
)
NOTIFICATIONS = Holding(
    model=Notification,
    member="user",
    title=_("Notifications"),
    purpose=_("So that you learn what concerns you."),
    kept=_("Half a year after you read them. Nobody else sees them."),
    erased=_("Removed."),
    erase=forget,
    fields={
        "kind": _("kind"),
        "place": _("place"),
        "count": _("how many"),
        "created_at": _("when"),
        "read_at": _("read"),
    },
    impersonal=THE_MEMBER | {"subject": "what is counted together, beside the place"},
)
ITEMS = Holding(
    model=Item,
    member="user",
    title=_("What each notification tells of"),
    purpose=_("So that nothing is told to you twice."),
    kept=_("As long as the notification."),
    erased=_("Removed."),
    fields={"event": _("what happened"), "is_read": _("read")},
    impersonal=THE_MEMBER,
)
DELIVERIES = Holding(
    model=Delivery,
    member="user",
    title=_("What was sent to you"),
    purpose=_("So that nothing is lost, and nothing is sent twice."),
    kept=_("As long as the notification."),
    erased=_("Removed."),
    fields={
        "channel": _("how"),
        "state": _("state"),
        "sent_at": _("sent"),
        "last_error": _("what the mail server or the browser's service answered"),
    },
    impersonal=THE_MEMBER,
)
FOLLOWS = Holding(
    model=Follow,
    member="user",
    title=_("What you follow or muted"),
    purpose=_("So that you hear as much as you want to."),
    kept=_("As long as the account exists. Nobody else sees it."),
    erased=_("Removed."),
    fields={
        "place": _("place"),
        "level": _("how much"),
        "why": _("why"),
        "since": _("since when"),
    },
    impersonal=THE_MEMBER,
)
PREFERENCES = Holding(
    model=Preference,
    member="user",
    title=_("What you want to hear in general"),
    purpose=_("So that you hear as much as you want to."),
    kept=_("As long as the account exists."),
    erased=_("Removed."),
    fields={"preset": _("how much"), "has_sound": _("with a sound")},
    impersonal=THE_MEMBER,
)
TRAYS = Holding(
    model=Tray,
    member="user",
    title=_("The number of changes among your notifications"),
    purpose=_("So that every open page of yours shows the same."),
    kept=_("As long as the account exists."),
    erased=_("Removed."),
    fields={"seq": _("number")},
    impersonal=THE_MEMBER,
)
ALL = (EVENTS, NOTIFICATIONS, ITEMS, DELIVERIES, FOLLOWS, PREFERENCES, TRAYS)
