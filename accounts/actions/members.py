"""What changes people."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.notices import tell
from forum.lib.fragments import forget_names


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


def change_profile(
    *, member: User, display_name: str, language: str, shows_presence: bool | None = None
) -> None:
    """Name, language, and whether others see that the member reads and writes; None leaves it."""
    member.display_name = display_name
    member.language = language
    if shows_presence is not None:
        member.shows_presence = shows_presence
    member.save(update_fields=["display_name", "language", "shows_presence"])
    forget_names()


def choose_language(*, member: User, language: str) -> None:
    member.language = language
    member.save(update_fields=["language"])


@transaction.atomic
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
