"""Web and worker are killed at random moments; no notification is lost, none comes twice.

NOTIFICATIONS=1000 makes it the long run whose figures stand in bench/README.md.
"""

import json
import os
import random
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.live.pieces import Pieces
from tests.live.serving import ROOT, Serving
from tests.notifications.smtp_sink import Sink

pytestmark = pytest.mark.server

NOTIFICATIONS = int(os.environ.get("NOTIFICATIONS", "40"))
FOLLOWERS = 10 if NOTIFICATIONS <= 100 else 20
THREADS = NOTIFICATIONS // FOLLOWERS
SEED = int(os.environ.get("KILLING_SEED", "6"))
SETTLED_S = 60 + NOTIFICATIONS / 2  # a machine with nothing else to do needs a third of it
# Of taking one mail: so that many are killed in the middle of it.
SLOWEST_S = 1.5 if NOTIFICATIONS <= 100 else 0.5
TOKEN = "a" * 32
WORLD = """
import json
from datetime import time
from accounts import actions
from forum.notifications.models import Channels, Event, Follow
from tests import cast, factories
names = ["autor", *(f"m{{number}}" for number in range({followers}))]
members = [
    actions.admit(email=f"{{name}}@example.org", display_name=f"Osoba {{name}}") for name in names
]
noon = time(0)
Channels.objects.bulk_create(
    Channels(user=each, quiet_from=noon, quiet_until=noon, is_quiet_on_days_off=False)
    for each in members
)
category = factories.a_category()
threads = [
    factories.a_thread(members[0], category, title=f"Wątek {{number}}")
    for number in range({threads})
]
newest = Event.objects.latest("pk").pk  # of the threads themselves they are not told
Follow.objects.bulk_create(
    Follow(user=each, place=f"thread.{{thread.pk}}", level="everything", after=newest)
    for each in members[1:] for thread in threads
)
print(json.dumps({{
    "session": cast.just_logged_in(members[0]).cookies["sessionid"].value,
    "threads": [thread.pk for thread in threads],
}}))
"""
# A lease that its dead worker holds runs out after minutes: here at once.
LEASES_RUN_OUT = """
from django.utils import timezone
from forum.jobs.models import Job
held = Job.objects.unfinished().filter(worker__contains=".{pid}.")
print(held.update(run_at=timezone.now()))
"""
LEFT = """
from forum.jobs.models import Job
from forum.notifications.models import Delivery, Event
print(
    Event.objects.filter(spread_at=None).count()
    + Delivery.objects.exclude(channel="letter").filter(state__in=["waiting", "sending"]).count()
    + Job.objects.unfinished().exclude(worker="").count()
)
"""
KEPT = """
import json
from accounts.models import User
from forum.discussions.models import Post
from forum.notifications.bell import bell_of
from forum.notifications.models import Delivery, Item, Notification
rows = Notification.objects.filter(user__email__startswith="m", kind="reply")
member = User.objects.get(email="m0@example.org")
print(json.dumps({
    "rows": sorted(rows.values_list("user__email", "place", "count")),
    "items": Item.objects.filter(notification__in=rows).count(),
    "mails": list(
        Delivery.objects.filter(notification__in=rows, channel="mail")
        .values_list("user__email", "notification__place", "state", "bundle__message_id")
    ),
    "bell": bell_of(member).count,
    "posts": sorted(
        Post.objects.filter(number=2).values_list("thread", flat=True)
    ),
}))
"""


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink(slowest_s=SLOWEST_S) as sink:
        yield sink


class Killing:
    """The web and a worker beside it, killed and started again until told to stop."""

    def __init__(self, web: Serving) -> None:
        self.web = web
        self.kills: Counter[str] = Counter()
        self.cut_off = 0  # jobs in the hands of the killed
        # Its own: a piece has one asker at a time, and the web takes its own with it when it dies.
        self._pieces = Pieces(web.environment)
        self._chance = random.Random(SEED)
        self._over = threading.Event()
        self._worker = self._new_worker()
        self._thread = threading.Thread(target=self._kill_until_over)

    def __enter__(self) -> "Killing":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._pieces.close()
        self._worker.kill()
        self._worker.wait()

    def stop(self) -> None:
        self._over.set()
        self._thread.join()

    def _new_worker(self) -> subprocess.Popen[bytes]:
        with self.web.log_path.open("a") as log:
            return subprocess.Popen(
                [sys.executable, "manage.py", "worker", "--threads", "1"],
                cwd=ROOT,
                env=self.web.environment,
                stdout=log,
                stderr=log,
            )

    def _kill_until_over(self) -> None:
        while not self._over.wait(self._chance.uniform(0.3, 2.5)):
            if self._chance.random() < 0.3:
                pid = self.web.pid
                self.web.kill()
                self.web.start()
                self.kills["web"] += 1
            else:
                pid = self._worker.pid
                self._worker.kill()
                self._worker.wait()
                self._worker = self._new_worker()
                self.kills["worker"] += 1
            self.cut_off += int(self._pieces.run(LEASES_RUN_OUT.format(pid=pid)))


def test_each_member_has_each_notification_once_and_one_mail(tmp_path: Path, sink: Sink) -> None:
    environment = {
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(sink.port),
        "SMTP_STARTTLS": "false",
        "MAIL_BUNDLE_SECONDS": "1",
        "MAILS_PER_DAY": "100000",
        "POSTS_PER_MINUTE": "100000",
    }
    with Serving(tmp_path, **environment) as web, Pieces(web.environment) as pieces:
        world = json.loads(pieces.run(WORLD.format(followers=FOLLOWERS, threads=THREADS)))
        begun = time.monotonic()
        with Killing(web) as killing:
            for thread in world["threads"]:
                reply(web, world["session"], thread)
            wait_until_settled(web, pieces)
            killing.stop()
            wait_until_settled(web, pieces)
        seconds = time.monotonic() - begun
        kept = json.loads(pieces.run(KEPT))
    places = [f"thread.{pk}" for pk in world["threads"]]
    expected = sorted([f"m{n}@example.org", place, 1] for n in range(FOLLOWERS) for place in places)
    assert kept["posts"] == sorted(world["threads"])
    assert kept["rows"] == expected
    assert kept["items"] == len(expected)
    assert kept["bell"] == THREADS
    arrived = {mail.message_id: mail.recipients for mail in sink.mails}
    assert sorted(mail[:3] for mail in kept["mails"]) == [[*row[:2], "sent"] for row in expected]
    ids = [message_id for *_, message_id in kept["mails"]]
    assert len(set(ids)) == len(ids) == len(expected)
    # Every one of them arrived, and nothing else did; a repetition has the Message-ID of the first.
    assert set(arrived) == set(ids)
    assert all(arrived[message_id] == [email] for email, _, _, message_id in kept["mails"])
    assert killing.kills["web"] >= 1
    assert killing.kills["worker"] >= 1
    assert killing.cut_off >= 1
    sys.stderr.write(
        f"{len(expected)} notifications in {seconds:.0f} s, killed: {dict(killing.kills)}, "
        f"{killing.cut_off} jobs cut off, "
        f"{len(sink.mails) - len(arrived)} mails twice, each under one Message-ID\n"
    )


def reply(web: Serving, session: str, thread: int) -> None:
    """Post until somebody answers; the form's own number makes a repetition the same post."""
    fields = {"body": "Chętnie.", "body_format": "markdown", "once": str(uuid.uuid4())}
    cookies = {"sessionid": session, "csrftoken": TOKEN}
    end = time.monotonic() + SETTLED_S
    while time.monotonic() < end:
        try:
            answer = httpx.post(
                web.url(f"/threads/{thread}/replies/"),
                data=fields,
                cookies=cookies,
                headers={"X-CSRFToken": TOKEN},
                timeout=20,
            )
        except httpx.HTTPError:
            time.sleep(0.1)  # killed in the middle of it
            continue
        assert answer.status_code in (201, 303), answer.text
        return
    raise AssertionError("the web never came back")


def wait_until_settled(web: Serving, pieces: Pieces) -> None:
    end = time.monotonic() + SETTLED_S
    while time.monotonic() < end:
        if pieces.run(LEFT) == "0":
            return
        time.sleep(0.5)
    raise AssertionError(f"something is never sent:\n{web.log()[-3000:]}")
