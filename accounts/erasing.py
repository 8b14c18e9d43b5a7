"""Erasing an account: the person becomes a number."""

from django.db import transaction
from django.utils import timezone

from accounts import rules, staying
from accounts.models import Mandate, Organization, User
from accounts.notices import tell
from accounts.personal_data import Erasure, Texts, holdings
from accounts.plugs import tell_known_otherwise
from forum.lib.answers import demand
from forum.lib.fragments import forget_names


def erase_account(*, member: User, texts: Texts) -> None:
    """Forget the member: every room does its part, the account itself is the last.

    Raises: Refused. Locks: whoever keeps the member (accounts.staying); the organizations the
    member represents, so that two representatives who leave at once do not leave an organization
    with nobody; what the rooms hold, threads first; then the member's row, and not its key: who
    holds a thread and refers to the member, waits for nobody here.
    Source: docs/decisions/0025-export-and-erasure.md.
    """
    demand(rules.may_be_erased(member))
    with transaction.atomic():
        staying.let_go(member.pk)
        represented = Mandate.objects.held_by(member).current().values("organization")
        organizations = Organization.objects.select_for_update(no_key=True)
        list(organizations.filter(pk__in=represented).order_by("pk"))
        for holding in holdings():
            holding.hold(Erasure(member, texts))
        locked = User.objects.select_for_update(no_key=True).get(pk=member.pk)
        demand(rules.may_be_erased(locked))
        tell(
            "account_erased",
            email=locked.email,
            language=locked.language,
            timestamp=timezone.now(),
        )
        erasure = Erasure(locked, texts)
        for holding in reversed(holdings()):
            holding.erase(erasure)
        forget_names()
        tell_known_otherwise(locked)
