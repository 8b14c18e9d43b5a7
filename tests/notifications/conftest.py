"""Time as these tests move it, workers, a mail server in memory, a push service."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import LazySettings
from django.core import mail
from django.utils import timezone

from accounts.models import User
from forum.discussions.models import Thread
from forum.jobs import periods, worker
from forum.notifications.push import sealing
from tests.factories import a_thread
from tests.notifications.deliveries import WINDOW
from tests.notifications.push_service import PushService

# A Thursday; nothing is quiet.
MORNING = datetime(2026, 11, 26, 10, 0, tzinfo=ZoneInfo("Europe/Warsaw"))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[time_machine.Traveller]:
    """Time stands still on a Thursday morning until the test moves it on."""
    # What is due each few minutes or days is run by hand.
    monkeypatch.setattr(worker, "enqueue_periods", lambda: None)
    periods._enqueued.clear()
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def work() -> Callable[[], int]:
    """Runs every due job in this thread and gives how many there were."""

    def run() -> int:
        count = 0
        while worker.work_once("test"):
            count += 1
        return count

    return run


@pytest.fixture
def outbox(settings: LazySettings) -> list[mail.EmailMultiAlternatives]:
    settings.MAIL_DELIVERY_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    return mail.outbox


@pytest.fixture
def push_service(settings: LazySettings) -> Iterator[PushService]:
    settings.PUSH_TO_LOOPBACK = True
    settings.VAPID_PRIVATE_KEY = sealing.new_private_key()
    with PushService(sealing.public_key()) as service:
        yield service
    assert service.complaints == []


@pytest.fixture
def time_machine_at() -> Callable[..., AbstractContextManager]:
    """A later day: `with time_machine_at(days=400):`."""
    now = timezone.now()
    return lambda **later: time_machine.travel(now + timedelta(**later), tick=False)


@pytest.fixture
def thread(
    clock: time_machine.Traveller,
    outbox: list[mail.EmailMultiAlternatives],
    work: Callable[[], int],
    alice: User,
) -> Thread:
    """Alice's, of which she hears everything."""
    thread = a_thread(alice, title="Sala na próby")
    work()
    return thread


@pytest.fixture
def later(clock: time_machine.Traveller, work: Callable[[], int]) -> Callable[..., None]:
    """Lets time pass, by default that of a bundle of mails, and the workers work."""

    def pass_by(time: timedelta = WINDOW) -> None:
        work()
        clock.shift(time)
        work()

    return pass_by
