"""What the tests of the duty share: time that stands still, questions of then, and the worker."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Organization, User
from forum.discussions.models import Post, Thread
from forum.duty import actions
from forum.duty.models import Offer
from tests.cast import a_mandate, a_member, an_organization
from tests.factories import a_thread, opening_post

# A Thursday; every day of the week before it was a working day but for the weekend.
NOON = datetime(2026, 11, 26, 12, 0, tzinfo=ZoneInfo("Europe/Warsaw"))
WEEK = timedelta(days=7)


def asked(author: User, *, days: float, **fields: object) -> Thread:
    """A question that was asked so many days ago."""
    thread = a_thread(author, **fields)
    then = timezone.now() - timedelta(days=days)
    Post.objects.filter(pk=opening_post(thread).pk).update(created_at=then)
    Thread.objects.filter(pk=thread.pk).update(created_at=then, last_post_at=then)
    thread.refresh_from_db()
    return thread


def a_club(name: str) -> tuple[Organization, User]:
    """An organization with somebody who represents it."""
    organization = an_organization(f"Klub {name}", Organization.Kind.SPORTS_CLUB)
    member = a_member(name, "Prezes")
    a_mandate(member, organization)
    return organization, member


def willing(organization: Organization, member: User, every_weeks: int = 1, **more: object) -> None:
    actions.enlist(member=member, organization=organization, every_weeks=every_weeks, **more)


def look_after() -> None:
    """The worker's part, now."""
    actions.look_after(timezone.now())


def unended() -> list[tuple[int, int | None]]:
    """What is offered now: thread and organization, the adviser's last."""
    return sorted(
        Offer.objects.unended().values_list("thread", "organization"),
        key=lambda pair: (pair[0], pair[1] is None),
    )


def for_pages(member: User, asker: User, organization: Organization) -> None:
    """An organization on duty with a question that the adviser has too."""
    willing(organization, member)
    asked(asker, days=20, title="Kto pożyczy namiot na festyn?")
    look_after()


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller
