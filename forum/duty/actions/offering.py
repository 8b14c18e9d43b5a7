"""Offering a question, passing it on, and ending what is over.

Locks: the thread's row is what makes two workers, a worker and a member, and a worker and the
answer itself follow one another. An answer takes it too.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import Organization, User
from forum.discussions.models import Thread
from forum.duty import rules
from forum.duty.kinds import OfferedToAdviser, OfferedToOrganization
from forum.duty.models import Offer
from forum.duty.questions import waiting_questions
from forum.duty.turns import takers
from forum.lib.answers import demand
from forum.notifications import actions as notifications

Ending = Offer.Ending


def offer(thread_pk: int, now: datetime) -> Offer | None:
    """Offer the question to the first who can answer it: whoever is on duty, then the others who
    are willing, in the end the adviser. None where it waits no more, or somebody has it.

    Locks: the thread's row.
    """
    with transaction.atomic():
        thread = _hold_waiting(thread_pk)
        if thread is None or Offer.objects.unended().filter(thread=thread).exists():
            return None
        return _offer_to_next(thread, now)


def call_adviser(thread_pk: int, now: datetime) -> Offer | None:
    """Show the question to the adviser as well; None where it waits no more, or is shown already.

    Locks: the thread's row.
    """
    with transaction.atomic():
        thread = _hold_waiting(thread_pk)
        if thread is None:
            return None
        if Offer.objects.unended().of_adviser().filter(thread=thread).exists():
            return None
        return _make(thread, None, now)


def pass_on(*, member: User, offer: Offer) -> Offer | None:
    """Leave the question to the next organization, or to the adviser; None where they have it.

    Raises: Refused. Locks: the thread's row.
    """
    demand(rules.may_pass_on(member, offer))
    now = timezone.now()
    with transaction.atomic():
        hold(offer.thread_id)
        # It may have been answered, or passed on by a colleague, in the meantime.
        demand(rules.may_pass_on(member, offer))
        return give_back(offer, Ending.PASSED, now)


def give_back(offer: Offer, ending: Offer.Ending, now: datetime) -> Offer | None:
    """End the offer and make the next one; None where it waits no more, or the adviser has it.

    Locks: the thread's row, in the caller's transaction.
    """
    thread = hold(offer.thread_id)
    if thread is None or not end(offer, ending, now) or not _waits(thread):
        return None
    has_adviser = Offer.objects.unended().of_adviser().filter(thread=thread).exists()
    return None if has_adviser else _offer_to_next(thread, now)


def end(offer: Offer, ending: Offer.Ending, now: datetime) -> bool:
    """End the offer, and nobody is told of it any more; whether it was not ended already.

    Locks: the caller holds the transaction.
    """
    unended = Offer.objects.unended().filter(pk=offer.pk)
    if not unended.update(ended_at=now, ending=ending):
        return False
    notifications.look_again(abouts=[offer.about])
    return True


def hold(thread_pk: int) -> Thread | None:
    """The thread, locked until the end of the transaction; None where it was deleted."""
    return Thread.objects.select_for_update(no_key=True).filter(pk=thread_pk).first()


def _hold_waiting(thread_pk: int) -> Thread | None:
    found = hold(thread_pk)
    return found if found is not None and _waits(found) else None


def _waits(thread: Thread) -> bool:
    return waiting_questions().filter(pk=thread.pk).exists()


def _offer_to_next(thread: Thread, now: datetime) -> Offer:
    asked = Offer.objects.filter(thread=thread, ending__in=Offer.REFUSED)
    done = set(asked.values_list("organization", flat=True))
    organizations = (entry.organization for entry in takers(now))
    able = (
        each for each in organizations if each.pk not in done and rules.may_be_asked(each, thread)
    )
    return _make(thread, next(able, None), now)


def _make(thread: Thread, organization: Organization | None, now: datetime) -> Offer:
    made = Offer.objects.create(thread=thread, organization=organization, offered_at=now)
    kind = OfferedToOrganization if organization is not None else OfferedToAdviser
    notifications.tell(actor=None, about=made.about, kinds=[kind.name])
    return made
