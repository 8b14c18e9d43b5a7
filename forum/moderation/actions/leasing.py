"""Who looks at which case now: told to the others, and over by itself."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import staying
from accounts.models import User
from forum.lib.answers import demand
from forum.moderation import rules
from forum.moderation.actions.holding import hold_case, show_anew
from forum.moderation.models import Case

LEASE = timedelta(minutes=2)
RENEWED_AFTER = timedelta(minutes=1)  # sooner than this a renewal writes nothing


def take_lease(*, moderator: User, case: Case) -> Case:
    """The case, looked at by the moderator from now on; or by whoever looked first.

    Nobody is kept from deciding: the version of the case does that. Raises: Refused.
    Locks: the case, then the desk.
    """
    demand(rules.may_see_case(moderator, case))
    with transaction.atomic():
        staying.keep(moderator.pk)
        held = hold_case(case.pk)
        now = timezone.now()
        if held.is_leased and held.lease_by_id != moderator.pk:
            return held
        is_fresh = held.lease_until is not None and held.lease_until - now > LEASE - RENEWED_AFTER
        if held.lease_by_id == moderator.pk and is_fresh:
            return held
        held.lease_by, held.lease_until = moderator, now + LEASE
        show_anew(held)
    return held


def renew_lease(*, moderator: User, case: Case) -> Case:
    """As `take_lease`: whoever's lease ran out gets a new one, unless another one has it."""
    return take_lease(moderator=moderator, case=case)


def release_lease(*, moderator: User, case: Case) -> None:
    """The moderator looks no more; nothing where they did not. Locks: the case, then the desk."""
    with transaction.atomic():
        held = Case.objects.select_for_update(no_key=True, of=("self",))
        own = held.filter(Q(lease_by=moderator), pk=case.pk).first()
        if own is None:
            return
        own.lease_by, own.lease_until = None, None
        show_anew(own)
