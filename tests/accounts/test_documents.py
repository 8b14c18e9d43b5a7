"""Private documents: what is taken, who reads it, what is logged, and when it is gone."""

import os
import shutil
import stat
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts import actions
from accounts.documents import may_be_kept, shown_name
from accounts.models import OrganizationEvent
from forum.jobs.tasks import TASKS
from tests.accounts.cases import (
    PDF,
    PNG,
    State,
    a_claim,
    a_document,
    accept,
    decide,
    fresh,
    log_of,
)
from tests.cast import log_in

pytestmark = pytest.mark.django_db
READ = OrganizationEvent.Kind.DOCUMENT_READ


@pytest.fixture(autouse=True)
def private(settings):
    """Where the files lie, empty at the start of a test."""
    shutil.rmtree(settings.PRIVATE_DIR, ignore_errors=True)
    return settings.PRIVATE_DIR


def entry_of(member, **fields):
    return a_claim(member, document=a_document(**fields)).entries.get()


def address(entry):
    return reverse("accounts:document", args=[entry.pk])


def files(private):
    return [path for path in private.rglob("*") if path.is_file()]


# --- What is taken ------------------------------------------------------------------------------
@pytest.mark.parametrize("content", [PDF, PNG, b"\xff\xd8\xff\xe0" + b"\x00" * 20])
def test_documents_and_pictures_are_taken(content):
    assert may_be_kept(a_document("x", content))


@pytest.mark.parametrize(
    "content",
    [b"", b"<html><script>alert(1)</script>", b"MZ" + b"\x00" * 80, b"PK\x03\x04" + b"\x00" * 80],
)
def test_anything_else_is_refused_whatever_it_is_called(content):
    assert not may_be_kept(a_document("skan.pdf", content))


def test_a_large_file_is_refused_with_the_limit(settings):
    settings.DOCUMENT_MAX_BYTES = len(PDF)
    assert may_be_kept(a_document())
    refusal = may_be_kept(a_document(content=PDF + b"\n"))
    assert str(len(PDF)) in str(refusal.sentence)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("C:\\skany\\uchwała.pdf", "uchwała.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\r\nb\x00.pdf", "ab.pdf"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ("", "dokument"),
    ],
)
def test_the_shown_name_is_one_harmless_line(given, shown):
    assert shown_name(given) == shown


def test_the_file_lies_under_a_name_nobody_can_guess_for_the_forum_alone(bob, private):
    entry_of(bob, name="uchwala.exe")
    (file,) = files(private)
    assert file.suffix == ".pdf"
    assert len(file.stem) >= 32
    assert "uchwala" not in file.name
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


# --- Who reads it -------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["guest", "dana", "alice", "erin"])
def test_others_find_nothing(request, client, bob, who):
    entry = entry_of(bob)
    if who != "guest":
        log_in(client, request.getfixturevalue(who))
    answer = client.get(address(entry))
    assert answer.status_code == 404 or "/accounts/login/" in answer.get("Location", "")
    assert PDF not in answer.content
    assert READ not in log_of(entry.case.organization)


def test_who_sent_it_gets_it_back_without_a_step_in_the_log(client, bob):
    entry = entry_of(bob)
    log_in(client, bob)
    assert client.get(address(entry)).content == PDF
    assert READ not in log_of(entry.case.organization)


def test_a_reading_by_staff_is_logged_each_time(client, bob, carol):
    entry = entry_of(bob)
    log_in(client, carol)
    for _ in range(2):
        assert client.get(address(entry)).content == PDF
    steps = entry.case.organization.events.filter(kind=READ)
    assert [step.actor for step in steps] == [carol, carol]
    assert steps[0].details == {"case": entry.case_id, "entry": entry.pk}


def test_it_is_served_as_something_that_can_do_nothing(client, bob):
    entry = entry_of(bob, name="uchwała „1”.pdf")
    log_in(client, bob)
    headers = client.get(address(entry)).headers
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Disposition"].startswith("attachment; filename")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "no-store" in headers["Cache-Control"]


def test_an_entry_without_a_document_is_no_address(client, bob, carol):
    case = decide(carol, a_claim(bob), State.ASKED, "Uchwała?")
    log_in(client, carol)
    assert client.get(address(case.entries.get())).status_code == 404


def test_a_file_that_is_gone_is_a_page_that_is_not_there(client, bob, private):
    entry = entry_of(bob)
    files(private)[0].unlink()
    log_in(client, bob)
    assert client.get(address(entry)).status_code == 404


# --- When it is gone ----------------------------------------------------------------------------
def later(days):
    return time_machine.travel(timezone.now() + timedelta(days=days), tick=False)


def test_some_days_after_the_decision_only_the_result_is_kept(
    bob, carol, private, settings, django_capture_on_commit_callbacks
):
    settings.DOCUMENT_DAYS = 10
    entry = entry_of(bob)
    accept(carol, entry.case)
    with later(9):
        actions.clear_documents()
    assert len(files(private)) == 1
    with later(11), django_capture_on_commit_callbacks(execute=True):
        actions.clear_documents()
    assert files(private) == []
    entry = fresh(entry)
    assert (entry.document.name, entry.document_name) == ("", "uchwala.pdf")
    assert fresh(entry.case).state == State.ACCEPTED


def test_an_open_case_keeps_its_document(bob, carol, private):
    entry = entry_of(bob)
    decide(carol, entry.case, State.ASKED, "Jeszcze statut?")
    with later(400):
        actions.clear_documents()
    assert len(files(private)) == 1


def test_a_withdrawal_deletes_at_once(bob, private, django_capture_on_commit_callbacks):
    entry = entry_of(bob)
    with django_capture_on_commit_callbacks(execute=True):
        actions.withdraw_case(member=bob, case=entry.case)
    assert files(private) == []


def test_files_that_no_row_names_are_cleared_after_a_day(bob, private):
    entry_of(bob)
    kept = files(private)[0]
    orphan = Path(kept.parent, "orphan.pdf")
    orphan.write_bytes(PDF)
    actions.clear_documents()
    assert sorted(files(private)) == sorted([kept, orphan])
    old = (timezone.now() - timedelta(days=2)).timestamp()
    for file in (orphan, kept):
        os.utime(file, (old, old))
    actions.clear_documents()
    assert files(private) == [kept]


def test_workers_clear_them_every_day():
    assert TASKS["verification.clear_documents"].every == timedelta(days=1)
