"""What the worker does every quarter of an hour. Repeated, or by two at once, it does it once."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from forum.discussions.models import Thread
from forum.duty import rules
from forum.duty.actions.offering import Ending, call_adviser, end, give_back, hold, offer
from forum.duty.actions.roster import take_turn
from forum.duty.models import Entry, Offer, has_answer
from forum.duty.questions import due_for_adviser, due_for_duty


def look_after(now: datetime) -> None:
    """End what is over, give this week's turn, offer what has waited long enough.

    Each offer is a transaction of its own: what fails or is cut off is done the next time.
    """
    _end_what_is_over(now)
    take_turn(now)
    _take_from_those_who_cannot(now)
    for pk in _without(due_for_duty(now), Offer.objects.unended()):
        offer(pk, now)
    for pk in _without(due_for_adviser(now), Offer.objects.unended().of_adviser()):
        call_adviser(pk, now)


def _without(threads: QuerySet[Thread], offers: QuerySet[Offer]) -> list[int]:
    """Those of the threads that none of the offers is about."""
    offered = Exists(offers.filter(thread=OuterRef("pk")))
    return list(threads.exclude(offered).values_list("pk", flat=True))


def _end_what_is_over(now: datetime) -> None:
    standing = Offer.objects.standing().values("pk")
    for each in Offer.objects.unended().exclude(pk__in=standing).order_by("thread", "pk"):
        with transaction.atomic():
            # An answer that is just being hidden, or written, is waited for.
            hold(each.thread_id)
            if not Offer.objects.standing().filter(pk=each.pk).exists():
                is_answered = has_answer(each.thread_id)
                end(each, Ending.ANSWERED if is_answered else Ending.OVER, now)


def _take_from_those_who_cannot(now: datetime) -> None:
    """Questions of organizations that nobody represents any more, that lost the right to read the
    category, or that are not on the roster. Whose week is over keeps what was offered in it."""
    entries = Entry.objects.able(timezone.localdate(now))
    able = set(entries.values_list("organization", flat=True))
    held = Offer.objects.unended().exclude(organization=None)
    for each in held.for_listing():
        assert each.organization is not None
        if each.organization_id in able and rules.may_be_asked(each.organization, each.thread):
            continue
        with transaction.atomic():
            give_back(each, Ending.LEFT, now)
