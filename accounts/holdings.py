"""What the accounts room itself keeps about a member; plugged into the registry by apps.py."""

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import holdings_of_organizations
from accounts.holdings_of_organizations import NOWHERE
from accounts.models import User
from accounts.personal_data import Erasure, Holding, Trace


def _erase_account(erasure: Erasure) -> None:
    member = erasure.member
    member.email = f"erased-{member.pk}@{NOWHERE}"
    member.display_name = User.ERASED_NAME
    member.language = User.Language.POLISH
    member.last_voice = None
    member.last_login = None
    member.suspended_until = member.slowed_until = member.moderates_until = None
    member.is_active = member.is_staff = member.is_superuser = False
    member.erased_at = timezone.now()
    # The day of joining would tell one erased person from another.
    member.date_joined = member.erased_at
    member.set_unusable_password()
    member.save()
    member.groups.clear()
    member.user_permissions.clear()


def _end_sessions(erasure: Erasure) -> None:
    get_adapter().end_sessions(UserSession.objects.filter(user=erasure.member))


def _forget_factors(erasure: Erasure) -> None:
    Authenticator.objects.filter(user=erasure.member).delete()


def _forget_addresses(erasure: Erasure) -> None:
    EmailAddress.objects.filter(user=erasure.member).delete()


def _forget_names_in_the_log(erasure: Erasure) -> None:
    """Entries about the member or their mandates name them in words: the number takes its place."""
    entries = LogEntry.objects.filter(
        Q(content_type__app_label="accounts", content_type__model="user")
        & Q(object_id=str(erasure.member.pk))
        | Q(content_type__app_label="accounts", content_type__model="mandate")
        & Q(object_id__in=[str(pk) for pk in erasure.member.mandates.values_list("pk", flat=True)])
    )
    entries.update(object_repr=f"#{erasure.member.pk}")


ACCOUNT = Holding(
    model=User,
    member="pk",
    title=_("Account"),
    purpose=_("So that you can log in, and others see who writes."),
    kept=_("As long as the account exists."),
    erased=_("Everything is overwritten. What remains is a number, which your texts refer to."),
    erase=_erase_account,
    fields={
        "email": _("e-mail address, seen by you and the administration only"),
        "display_name": _("name that others see"),
        "language": _("language of the forum"),
        "last_voice": _("in whose name you wrote last"),
        "date_joined": _("when you joined"),
        "last_login": _("when you logged in last"),
        "is_staff": _("whether you work for the forum"),
        "is_superuser": _("whether you are an administrator"),
        "is_active": _("whether you may log in"),
        "suspended_until": _("until when moderators keep you from writing"),
        "slowed_until": _("until when you write only now and then"),
        "moderates_until": _("the last day of your term as an elected moderator"),
        "erased_at": _("when the account was erased"),
    },
    secret={"password": _("a fingerprint of the password; the password itself is not kept")},
    impersonal={
        "groups": "not used: rights hang on is_staff",
        "user_permissions": "not used: rights hang on is_staff",
    },
)
ADDRESSES = Holding(
    model=EmailAddress,
    member="user",
    title=_("E-mail addresses"),
    purpose=_("So that codes and notices reach you and nobody else."),
    kept=_("Until you change the address; an unconfirmed one until you withdraw it."),
    erased=_("Removed."),
    erase=_forget_addresses,
    fields={
        "email": _("address"),
        "verified": _("whether you confirmed it"),
        "primary": _("whether mail goes there"),
    },
    impersonal={"user": "the member themselves"},
)
CONFIRMATIONS = Holding(
    model=EmailConfirmation,
    member="email_address__user",
    title=_("Confirmations of addresses"),
    purpose=_("Not used: the forum confirms addresses by codes."),
    kept=_("Nothing is kept here."),
    erased=_("Removed together with the address."),
    fields={"created": _("when"), "sent": _("when it was sent")},
    secret={"key": _("a key")},
)
SESSIONS = Holding(
    model=UserSession,
    member="user",
    title=_("Where you are logged in"),
    purpose=_("So that you notice a stranger's device and can log it out."),
    kept=_("Until you log out there; without use for 60 days."),
    erased=_("All are ended and removed."),
    erase=_end_sessions,
    fields={
        "created_at": _("since when"),
        "last_seen_at": _("last used, to ten minutes"),
        "ip": _("network address (IP)"),
        "user_agent": _("browser and device, as the browser says it"),
    },
    secret={"session_key": _("the key of the session; whoever has it is logged in")},
    impersonal={"user": "the member themselves", "data": "always empty: nothing of ours uses it"},
)
FACTORS = Holding(
    model=Authenticator,
    member="user",
    title=_("Second factors"),
    purpose=_("So that a password or a mailbox alone lets nobody into your account."),
    kept=_("Until you remove them."),
    erased=_("Removed."),
    erase=_forget_factors,
    fields={
        "type": _("kind"),
        "created_at": _("since when"),
        "last_used_at": _("last used"),
    },
    secret={"data": _("the keys of the app, the passkeys and the recovery codes")},
    impersonal={"user": "the member themselves"},
)
ADMINISTRATION_LOG = Holding(
    model=LogEntry,
    member="user",
    title=_("What you changed in the administration"),
    purpose=_("So that changes by staff can be traced."),
    kept=_("For ever."),
    erased=_("The entries stay with your number instead of your name."),
    erase=_forget_names_in_the_log,
    fields={
        "action_time": _("when"),
        "object_repr": _("what was changed"),
        "change_message": _("how"),
    },
    impersonal={"user": "the member themselves", "object_id": "a number"},
)
ALL = (
    ACCOUNT,
    ADDRESSES,
    CONFIRMATIONS,
    SESSIONS,
    FACTORS,
    *holdings_of_organizations.ALL,
    ADMINISTRATION_LOG,
)
TRACES = (
    Trace(
        title=_("The session itself"),
        purpose=_("So that you stay logged in: a number, and what you are in the middle of."),
        kept=_("Until you log out; without use for 60 days."),
        erased=_("Removed together with the list of devices."),
    ),
    Trace(
        title=_("E-mails on their way"),
        purpose=_("So that no mail is lost when the mail server rests."),
        kept=_("A few days after sending; 90 days where sending failed."),
        erased=_("They run out by themselves, the last one with the notice of the erasure."),
    ),
    Trace(
        title=_("Counts of attempts"),
        purpose=_("So that nobody guesses passwords and codes: network addresses and counts."),
        kept=_("At most a day, in memory."),
        erased=_("They run out by themselves."),
    ),
)
