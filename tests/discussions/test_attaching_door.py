"""The doors of files while a text is written, their limits, and the daily tidying."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from forum.discussions.actions import attaching, drafting
from forum.discussions.models import Attachment
from forum.discussions.upkeep import clear_attachments
from forum.discussions.views import attaching as door
from forum.lib import pictures
from tests.cast import logged_in
from tests.discussions.attaching_world import (
    a_reply_with,
    context,
    is_on_disk,
    picture,
    unsent,
)
from tests.factories import (
    a_category,
    a_thread,
    opening_post,
)
from tests.samples import a_docx, a_pdf, a_picture, a_scan, sent

pytestmark = pytest.mark.django_db

SCRIPT = {"X-Fragment": "1"}
DOOR = "/attachments/"


@pytest.fixture
def thread(bob):
    return a_thread(bob)


# --- The door of the page's script --------------------------------------------------------------
def send(client, name, content, context, **more):
    return client.post(
        DOOR, {"context": context, "file": sent(name, content), **more}, headers=SCRIPT
    )


def test_a_sent_file_comes_back_as_its_line(alice, thread):
    answer = send(logged_in(alice), "../Skan.PDF", a_scan(), f"thread-{thread.pk}")
    assert answer.status_code == 201
    kept = Attachment.objects.get(key=answer.json()["key"])
    assert (kept.name, kept.has_text, kept.uploader) == ("Skan.pdf", False, alice)
    assert f'name="attach" value="{kept.key}"' in answer.json()["html"]
    assert "to skan" in answer.json()["html"]
    assert "/" in kept.file.name
    assert "Skan" not in kept.file.name


def test_bad_files_get_a_sentence(alice, thread, settings):
    settings.ATTACHMENT_MAX_BYTES = 50_000
    client = logged_in(alice)
    place = f"thread-{thread.pk}"
    bad = [
        ("plakat.png", b"<svg onload=alert(1)>"),
        ("pusty.pdf", b""),
        ("duży.pdf", b"%PDF-" + b"0" * 60_000),
        ("x" * 3_000 + ".png", b"GIF89a"),
        ("bomba.docx", a_docx(**{"word/media/1.xml": bytes(40_000_000)})[:49_000]),
    ]
    for name, content in bad:
        answer = send(client, name, content, place)
        assert answer.status_code == 422, name
        assert len(answer.json()["refusal"]) < 400
    assert Attachment.objects.count() == 0


@pytest.mark.parametrize(
    "context", ["", "thread-0", "thread-x", "post-1\0", "thread-9" * 40, "mailbox-1"]
)
def test_a_place_that_is_none_gets_a_sentence(alice, context):
    answer = send(logged_in(alice), "a.pdf", a_pdf(), context)
    assert answer.status_code == 422
    assert answer.json()["refusal"]


def test_a_place_one_may_not_read_is_not_there(alice, bob, carol):
    secret = a_thread(carol, a_category(readers="staff"))
    foreign_post = opening_post(a_thread(bob))
    for place in (f"thread-{secret.pk}", f"post-{foreign_post.pk}", "thread-999999999"):
        assert send(logged_in(alice), "a.pdf", a_pdf(), place).status_code == 404
    assert Attachment.objects.count() == 0


def test_guests_and_the_suspended_attach_nothing(erin, thread):
    for client in (Client(), logged_in(erin)):
        answer = send(client, "a.pdf", a_pdf(), f"thread-{thread.pk}")
        assert (answer.status_code, answer.headers["Content-Type"]) == (401, "application/json")
        for verb in ("describe", "discard"):
            assert client.post(f"{DOOR}{uuid.uuid4()}/{verb}/").status_code == 401


def test_a_hundred_files_in_a_minute_are_too_many(alice, thread, settings, monkeypatch):
    settings.ATTACHMENTS_PER_MINUTE = 2
    monkeypatch.setattr(attaching, "UNSENT_FILES", 10)
    client = logged_in(alice)
    with time_machine.travel("2026-11-23T10:00:10Z", tick=False):
        codes = [
            send(client, "a.png", a_picture(), f"thread-{thread.pk}").status_code for _ in range(3)
        ]
    assert codes == [201, 201, 429]


def test_what_waits_has_a_bound(alice, thread, monkeypatch):
    monkeypatch.setattr(attaching, "UNSENT_FILES", 1)
    client = logged_in(alice)
    assert send(client, "a.png", a_picture(), f"thread-{thread.pk}").status_code == 201
    answer = send(client, "b.png", a_picture(), f"thread-{thread.pk}")
    assert (answer.status_code, "refusal" in answer.json()) == (403, True)
    monkeypatch.setattr(attaching, "UNSENT_FILES", 9)
    monkeypatch.setattr(attaching, "UNSENT_BYTES", 1)
    assert send(client, "b.png", a_picture(), f"thread-{thread.pk}").status_code == 403


def test_one_describes_and_throws_away_ones_own_unsent_files_only(alice, bob, thread):
    mine, hers = picture(bob, thread), picture(alice, thread)
    sent_one = a_reply_with(bob, thread, picture(bob, thread)).attachments.get()
    client = logged_in(bob)
    for each in (mine, hers, sent_one):
        alt = {"alt": "  Plan\n sali " + "x" * 500}
        assert client.post(f"{each.get_absolute_url()}describe/", alt).status_code == 200
    alts = dict(Attachment.objects.values_list("pk", "alt"))
    assert (alts[hers.pk], alts[sent_one.pk]) == ("", "")
    assert alts[mine.pk].startswith("Plan sali x")
    assert len(alts[mine.pk]) == pictures.ALT_MAX_CHARS
    for each in (mine, hers, sent_one):
        assert client.post(f"{each.get_absolute_url()}discard/").status_code == 200
    assert set(Attachment.objects.all()) == {hers, sent_one}


def test_the_door_takes_posts_only(alice):
    assert logged_in(alice).get(DOOR).status_code == 405
    assert door.upload.__name__ == "upload"


# --- Tidying ------------------------------------------------------------------------------------
def test_old_unsent_files_go_unless_their_draft_waits(
    alice, bob, thread, django_capture_on_commit_callbacks
):
    old, drafted, posted = unsent(alice, thread), unsent(bob, thread), unsent(bob, thread)
    a_reply_with(bob, thread, posted)
    drafting.keep(
        user=bob, context=context(thread), version=0, text=drafting.Text(body="Nie skończone")
    )
    long_ago = timezone.now() - attaching.KEEP_UNSENT - timedelta(hours=1)
    Attachment.objects.update(created_at=long_ago)
    young = unsent(alice, thread)
    with django_capture_on_commit_callbacks(execute=True):
        clear_attachments.call()
    assert set(Attachment.objects.all()) == {drafted, posted, young}
    assert [is_on_disk(each) for each in (old, drafted, posted, young)] == [False, True, True, True]


def test_files_without_a_row_go_after_a_day(bob, thread):
    lost, kept = unsent(bob, thread), unsent(bob, thread)
    Attachment.objects.filter(pk=lost.pk).delete()
    clear_attachments.call()
    assert is_on_disk(lost)  # its row may still be on its way
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        clear_attachments.call()
    assert (is_on_disk(lost), is_on_disk(kept)) == (False, True)
