"""Workers are killed while they settle letters: each letter is one post, none is lost."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connections

from forum.mailbox.actions.taking import take_in
from forum.mailbox.addresses import reply_address
from forum.mailbox.models import Inbound
from tests.factories import a_thread
from tests.jobs.database import database_url
from tests.mailbox.letters import ADDRESS, a_letter
from tests.samples import a_pdf

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[2]
LETTERS = 20
PATIENCE_S = 300


def test_each_letter_is_published_once_whoever_dies(alice, bob, settings, monkeypatch):
    monkeypatch.setattr("forum.mailbox.actions.taking.TAKEN_PER_HOUR", 1_000)
    thread = a_thread(bob)
    address = reply_address(alice, thread)
    for number in range(LETTERS):
        files = (("a.pdf", a_pdf()),) if number % 5 == 0 else ()
        take_in(a_letter(alice, address, f"Odpowiedź {number}.", files=files), address)
    connections.close_all()
    ended = subprocess.run(
        [sys.executable, "-m", "tests.mailbox.settling_workers"],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "forum_site.settings",
            "DATABASE_URL": database_url(),
            "DATA_DIR": str(settings.DATA_DIR),
            "FILES_DIR": str(settings.FILES_DIR),
            "SECRET_KEY": settings.SECRET_KEY,
            "REPLY_ADDRESS": ADDRESS,
            "MAILS_PER_HOUR": "1000",
            "GUARD_NEWCOMERS": "false",
            "LOG_LEVEL": "CRITICAL",
        },
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
    )
    assert ended.returncode == 0, ended.stderr
    assert int(ended.stdout) >= 3  # else it proved nothing
    states = set(Inbound.objects.values_list("state", flat=True))
    assert states == {Inbound.State.POSTED}
    posts = thread.posts.filter(number__gt=1)
    assert sorted(post.source for post in posts) == sorted(
        f"Odpowiedź {number}." for number in range(LETTERS)
    )
    assert sum(post.attachments.count() for post in posts) == LETTERS / 5
