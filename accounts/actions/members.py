"""What changes people."""

from datetime import date, datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.notices import tell
from accounts.plugs import tell_known_otherwise
from forum.lib.answers import Refusal, Refused
from forum.lib.fragments import forget_names
from forum.lib.sealed import Unreadable, sealed_anew

# Where allauth keeps what accounts.mfa_adapter seals: of an app, and of recovery codes.
SEALED = {"secret", "seed"}


@transaction.atomic
def admit(
    *, email: str, display_name: str, language: str = "pl", password: str | None = None
) -> User:
    """Take in a member whose e-mail address is known to be theirs.

    For the administration, the demo county and tests; everybody else signs up and proves the
    address by a code. Without a password they log in by a code.
    """
    member = User.objects.create_user(email, password, display_name=display_name, language=language)
    confirm_email(member=member)
    return member


def confirm_email(*, member: User) -> None:
    """Make the member's address their one proven address. Queries: two, or three to change it."""
    EmailAddress.objects.filter(user=member).exclude(email=member.email).delete()
    EmailAddress.objects.update_or_create(
        user=member, email=member.email, defaults={"verified": True, "primary": True}
    )


@transaction.atomic
def change_profile(
    *, member: User, display_name: str, language: str, shows_presence: bool | None = None
) -> None:
    """Name, language, and whether others see that the member reads and writes; None leaves it.

    Raises: Refused where the account was erased meanwhile: nothing is written on what is left of
    it. Locks: the member's row.
    """
    held = User.objects.select_for_update(no_key=True).filter(pk=member.pk, erased_at=None)
    before = held.values_list("display_name", flat=True).first()
    if before is None:
        raise Refused(Refusal(_("This account is suspended.")))
    member.display_name = display_name
    member.language = language
    if shows_presence is not None:
        member.shows_presence = shows_presence
    member.save(update_fields=["display_name", "language", "shows_presence"])
    if display_name != before:
        tell_known_otherwise(member)
    forget_names()


def choose_language(*, member: User, language: str) -> None:
    """The language of pages and letters; nothing where the account was erased meanwhile."""
    member.language = language
    User.objects.filter(pk=member.pk, erased_at=None).update(language=language)


def restrict(
    *, member: User, suspended_until: datetime | None, slowed_until: datetime | None
) -> None:
    """Until when moderators stopped the account from writing, and slowed it down.

    The caller was asked whether it may, and keeps a record. Locks: the member's row. Queries: one.
    """
    member.suspended_until = suspended_until
    member.slowed_until = slowed_until
    member.save(update_fields=["suspended_until", "slowed_until"])


def remember_term(*, member: User, until: date | None) -> None:
    """The last day of the member's terms as an elected moderator. Queries: one."""
    member.moderates_until = until
    member.save(update_fields=["moderates_until"])


@transaction.atomic
def seal_factors_anew() -> int:
    """Seal what an earlier SECRET_KEY sealed by the one of today; how many factors were changed.

    After that the earlier key may be forgotten. Whatever no key opens is left as it is.
    """
    changed = 0
    for pk in Authenticator.objects.values_list("pk", flat=True):
        with transaction.atomic():
            # Locked: a recovery code that is used at this moment changes the same row.
            factor = Authenticator.objects.select_for_update().filter(pk=pk).first()
            if factor is not None and _seal_anew(factor):
                changed += 1
    return changed


def _seal_anew(factor: Authenticator) -> bool:
    try:
        anew = {
            name: fresh
            for name in SEALED & factor.data.keys()
            if (fresh := sealed_anew(factor.data[name])) is not None
        }
    except Unreadable:
        return False
    if anew:
        factor.data |= anew
        factor.save(update_fields=["data"])
    return bool(anew)


def take_off_second_factor(*, member: User) -> None:
    """For a member whose telephone is lost with the recovery codes; they are told by mail."""
    removed, _ = Authenticator.objects.filter(user=member).delete()
    if removed:
        tell(
            "second_factor_taken_off",
            email=member.email,
            language=member.language,
            timestamp=timezone.now(),
        )
