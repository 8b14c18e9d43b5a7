"""Taking in: kept before it is said yes to, once for each letter and address."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.erasing import erase_account
from accounts.personal_data import Texts
from forum.jobs.models import Job
from forum.lib.private_files import places_in
from forum.mailbox.actions import keeping, settling, taking
from forum.mailbox.actions.taking import Fate, take_in
from forum.mailbox.addresses import reply_address
from forum.mailbox.models import DIRECTORY, Inbound
from tests.factories import a_reply, a_thread
from tests.mailbox.letters import a_letter, sent, settle_all

pytestmark = pytest.mark.django_db(transaction=True)
SAMPLES = Path(__file__).parent / "samples"


@pytest.fixture
def thread(bob):
    return a_thread(bob)


def files_kept() -> int:
    return len(list(places_in(DIRECTORY, timezone.now() + timedelta(days=1))))


def test_a_letter_is_kept_to_be_read_by_a_worker(alice, thread):
    address = reply_address(alice, thread)
    raw = a_letter(alice, address)
    assert take_in(raw, address) is Fate.TAKEN
    [letter] = Inbound.objects.all()
    assert (letter.member, letter.state, letter.size_bytes) == (alice, "waiting", len(raw))
    with letter.original.open("rb") as file:
        assert file.read() == raw
    assert Job.objects.filter(kind="mailbox.settle", args={"pk": letter.pk}).count() == 1
    assert thread.posts.count() == 1


def test_the_same_letter_brought_twice_is_one(alice, thread):
    address = reply_address(alice, thread)
    raw = a_letter(alice, address)
    fates = [take_in(raw, address), take_in(b"Received: x\r\n" + raw, address.upper())]
    settle_all()
    fates.append(take_in(raw, address))
    settle_all()
    assert fates == [Fate.TAKEN, Fate.REPEATED, Fate.REPEATED]
    assert (Inbound.objects.count(), thread.posts.count(), files_kept()) == (1, 2, 1)


def test_a_letter_without_a_name_is_known_by_what_it_says(alice, thread):
    address = reply_address(alice, thread)
    raw = b"From: alice@example.org\r\n\r\nTak."
    assert [take_in(raw, address), take_in(raw, address)] == [Fate.TAKEN, Fate.REPEATED]
    assert take_in(raw + b" Owszem.", address) is Fate.TAKEN


def test_one_letter_to_two_addresses_is_two(alice, bob, thread):
    post = a_reply(bob, thread)
    addresses = [reply_address(alice, thread), reply_address(alice, post)]
    raw = a_letter(alice, ", ".join(addresses))
    assert [take_in(raw, address) for address in addresses] == [Fate.TAKEN, Fate.TAKEN]


def test_doors_that_bring_one_letter_at_once_keep_it_once(alice, thread):
    address = reply_address(alice, thread)
    raw = a_letter(alice, address)
    fates, start = [], threading.Barrier(4)

    def bring():
        start.wait()
        try:
            fates.append(take_in(raw, address))
        finally:
            connection.close()

    threads = [threading.Thread(target=bring) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    settle_all()
    assert sorted(fates) == sorted([Fate.TAKEN, *[Fate.REPEATED] * 3])
    assert (Inbound.objects.count(), thread.posts.count(), files_kept()) == (1, 2, 1)


def test_workers_that_settle_one_letter_at_once_publish_it_once(alice, thread):
    address = reply_address(alice, thread)
    take_in(a_letter(alice, address), address)
    pk, start = Inbound.objects.get().pk, threading.Barrier(3)

    def settle():
        start.wait()
        try:
            settling.settle.call(pk=pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=settle) for _ in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert thread.posts.count() == 2
    assert Inbound.objects.get().is_posted


def test_what_is_rolled_back_keeps_nothing(alice, thread):
    address = reply_address(alice, thread)
    with transaction.atomic():
        take_in(a_letter(alice, address), address)
        transaction.set_rollback(True)
    assert (Inbound.objects.count(), Job.objects.filter(kind="mailbox.settle").count()) == (0, 0)


@pytest.mark.parametrize("recipient", ["odpowiedz+aaaa@forum.example.org", "x@example.net"])
def test_an_address_of_nobody_is_unknown(alice, recipient):
    assert take_in(a_letter(alice, recipient), recipient) is Fate.UNKNOWN
    assert Inbound.objects.count() == 0


def test_the_address_of_an_erased_member_is_unknown(alice, thread):
    address = reply_address(alice, thread)
    alice.is_active, alice.erased_at = False, timezone.now()
    alice.save()
    assert take_in(a_letter(alice, address), address) is Fate.UNKNOWN


def test_one_member_does_not_fill_the_disk(alice, bob, thread, monkeypatch):
    monkeypatch.setattr(taking, "TAKEN_PER_HOUR", 2)
    address = reply_address(alice, thread)
    fates = [take_in(a_letter(alice, address), address) for _ in range(3)]
    assert fates == [Fate.TAKEN, Fate.TAKEN, Fate.LATER]
    other = reply_address(bob, thread)
    assert take_in(a_letter(bob, other), other) is Fate.TAKEN


# --- Reports of mail servers ----------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["own", "reply", "none"])
def test_a_report_is_handed_on(alice, thread, settings, came_back, kind):
    settings.DEFAULT_FROM_EMAIL = "Forum <forum@example.org>"
    recipient = {"own": "forum@example.org", "reply": reply_address(alice, thread), "none": ""}[
        kind
    ]
    assert take_in((SAMPLES / "bounce.eml").read_bytes(), recipient) is Fate.BOUNCE
    assert came_back()
    assert Inbound.objects.count() == 0


def test_a_report_of_a_mail_that_is_only_late_changes_nothing(settings, came_back):
    settings.DEFAULT_FROM_EMAIL = "Forum <forum@example.org>"
    raw = (SAMPLES / "bounce.eml").read_bytes()
    late = raw.replace(b"Action: failed", b"Action: delayed").replace(b"5.1.1\r", b"4.4.1\r")
    assert take_in(late, "forum@example.org") is Fate.BOUNCE
    assert not came_back()


def test_a_letter_to_the_forums_own_address_is_nobodys(alice, settings, came_back):
    settings.DEFAULT_FROM_EMAIL = "Forum <forum@example.org>"
    assert take_in(a_letter(alice, "forum@example.org"), "forum@example.org") is Fate.UNKNOWN
    assert not came_back()


# --- Letting go -----------------------------------------------------------------------------------
def test_originals_are_forgotten_after_a_month_and_rows_after_a_year(alice, thread):
    letter = sent(alice, thread)
    keeping.clear(timezone.now() + timedelta(days=29))
    assert files_kept() == 1
    keeping.clear(timezone.now() + timedelta(days=31))
    letter.refresh_from_db()
    assert (letter.original.name, letter.whole, letter.text, files_kept()) == ("", "", "", 0)
    assert letter.is_posted
    keeping.clear(timezone.now() + timedelta(days=366))
    assert Inbound.objects.count() == 0


def test_a_letter_that_waits_is_not_forgotten(alice, thread):
    address = reply_address(alice, thread)
    take_in(a_letter(alice, address), address)
    keeping.clear(timezone.now() + timedelta(days=31))
    assert files_kept() == 1


def test_files_without_a_row_are_cleared(alice, thread):
    sent(alice, thread)
    Inbound.objects.all().delete()
    assert files_kept() == 1
    keeping.clear(timezone.now() + timedelta(days=2))
    assert files_kept() == 0


def test_an_erased_member_leaves_no_letters(bob, thread):
    sent(bob, thread)
    erase_account(member=bob, texts=Texts.KEEP)
    assert (Inbound.objects.count(), files_kept()) == (0, 0)
