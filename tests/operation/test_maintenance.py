"""Maintenance: everybody reads, nobody writes, and what was typed is given back."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.urls import get_resolver
from django.utils import timezone

from accounts.models import Organization
from forum.discussions.models import Post, Thread
from forum.jobs import worker
from forum.jobs.models import Job
from forum.operation import actions, maintenance
from forum.operation.maintenance import ReadOnly
from forum.operation.models import Maintenance
from forum_site.management.commands import maintenance as command
from forum_site.read_only import _nothing_is_written, sentence_of
from tests.factories import a_category, a_thread
from tests.jobs import sample_tasks

WARSAW = ZoneInfo("Europe/Warsaw")
BODY = "Pierwszy akapit.\n\nDrugi akapit, długo pisany."
BANNER = 'class="read-only"'


@pytest.fixture
def thread(bob) -> Thread:
    return a_thread(bob, a_category())


@pytest.fixture
def on(thread) -> Iterator[None]:
    """Maintenance, begun after the thread was written."""
    actions.begin_maintenance(reason="Zmieniamy serwer", until=timezone.now() + timedelta(hours=1))
    maintenance.look()
    yield
    actions.end_maintenance()
    maintenance.look()


@pytest.mark.django_db
def test_everybody_reads_under_a_banner(client, alice, thread, on):
    for visitor in (None, alice):
        if visitor:
            client.force_login(visitor)
        for address in ("/", thread.get_absolute_url(), "/organizations/", "/search/"):
            answer = client.get(address)
            assert answer.status_code == 200, address
            assert answer.content.decode().count(BANNER) == 1
            assert "Zmieniamy serwer." in answer.content.decode()


@pytest.mark.django_db
def test_the_banner_goes_with_the_maintenance(client, thread, on):
    assert BANNER in client.get("/").content.decode()
    actions.end_maintenance()
    maintenance.look()
    assert BANNER not in client.get("/").content.decode()


@pytest.mark.django_db
def test_a_page_the_browser_kept_is_sent_again_with_the_banner(client, thread, settings):
    address = thread.get_absolute_url()
    settings.CACHES["pages"]["BACKEND"] = "django.core.cache.backends.locmem.LocMemCache"
    tag = client.get(address).headers.get("ETag", '"some"')
    actions.begin_maintenance(reason="", until=None)
    maintenance.look()
    answer = client.get(address, headers={"If-None-Match": tag})
    assert (answer.status_code, "ETag" in answer.headers) == (200, False)
    assert BANNER in answer.content.decode()


@pytest.mark.django_db
def test_a_reply_is_given_back_and_not_saved(client, alice, thread, on):
    client.force_login(alice)
    door = f"/threads/{thread.pk}/replies/"
    answer = client.post(door, {"body": BODY, "voice": "", "once": "x" * 36, "parent": "12"})
    page = answer.content.decode()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "300")
    assert "Drugi akapit, długo pisany." in page
    assert "x" * 36 not in page
    assert Post.objects.count() == 1
    actions.end_maintenance()
    maintenance.look()
    client.post(door, {"body": BODY, "voice": ""})
    assert Post.objects.count() == 2


@pytest.mark.django_db
def test_every_text_of_a_form_is_given_back_and_no_secret(client, thread, on):
    fields = {"title": "Sala w Brwinowie", "body": BODY, "password": "zielona-latarnia-7"}
    page = client.post("/accounts/signup/", fields).content.decode()
    assert "Sala w Brwinowie" in page
    assert "Drugi akapit" in page
    assert "zielona-latarnia-7" not in page


@pytest.mark.django_db
def test_the_page_s_script_hears_the_sentence(client, alice, thread, on):
    client.force_login(alice)
    answer = client.post(
        f"/threads/{thread.pk}/replies/", {"body": BODY}, headers={"X-Fragment": "1"}
    )
    assert answer.status_code == 503
    assert "Zmieniamy serwer." in answer.json()["refusal"]


@pytest.mark.django_db
def test_a_broken_upload_is_answered_as_well(client, thread, on):
    answer = client.generic(
        "POST", "/threads/1/replies/", b"--x\r\nbroken", content_type="multipart/form-data"
    )
    assert answer.status_code == 503


@pytest.mark.django_db
def test_everybody_may_log_out(client, alice, thread, on):
    client.force_login(alice)
    assert client.post("/accounts/logout/").status_code == 302
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_reading_writes_nothing_beside(client, alice, thread, on, django_assert_max_num_queries):
    client.force_login(alice)
    with django_assert_max_num_queries(60) as asked:
        client.get(thread.get_absolute_url())
    written = [q["sql"] for q in asked.captured_queries if q["sql"].startswith(("INS", "UPD"))]
    assert written == []


def addresses_without_parts(patterns=None, before: str = "/") -> Iterator[str]:
    """Every address of the forum that needs nothing filled in."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        part = str(pattern.pattern)
        if "<" in part or "(?P" in part or part.startswith("^"):
            continue
        if hasattr(pattern, "url_patterns"):
            yield from addresses_without_parts(pattern.url_patterns, before + part)
        else:
            yield before + part


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["alice", "carol"])
def test_no_page_fails_because_it_would_write_beside(client, who, request, thread, on):
    client.force_login(request.getfixturevalue(who))
    addresses = sorted(set(addresses_without_parts()))
    assert len(addresses) > 60
    assert [each for each in addresses if client.get(each).status_code == 503] == []


@pytest.mark.django_db
def test_a_statement_that_writes_is_refused_whoever_makes_it(thread):
    Organization.objects.create(name="Koło przed przerwą", kind="association")
    with _nothing_is_written(), pytest.raises(ReadOnly), transaction.atomic():
        Organization.objects.create(name="Koło w przerwie", kind="association")
    with _nothing_is_written():
        assert Organization.objects.filter(name="Koło w przerwie").count() == 0


@pytest.mark.django_db
def test_no_request_pays_a_query_for_it(client, django_assert_num_queries):
    client.get("/")
    with connection.execute_wrapper(_no_maintenance_table):
        client.get("/")


def _no_maintenance_table(execute, sql, params, many, context):
    assert Maintenance._meta.db_table not in sql
    return execute(sql, params, many, context)


@pytest.mark.django_db(transaction=True)
def test_workers_pause_and_go_on(tmp_path, monkeypatch):
    monkeypatch.setattr(worker, "POLL_S", 0.02)
    actions.begin_maintenance(reason="", until=None)
    maintenance.look()
    ledger = tmp_path / "ledger"
    job = sample_tasks.note.enqueue(str(ledger), "later")
    stop = threading.Event()
    threads = worker.start_embedded(1, stop)
    try:
        stop.wait(0.5)
        assert Job.objects.get(pk=job.pk).attempts == 0
        actions.end_maintenance()
        maintenance.look()
        for _ in range(200):
            if Job.objects.get(pk=job.pk).done_at:
                break
            stop.wait(0.05)
        assert sample_tasks.read(ledger) == ["later"]
    finally:
        stop.set()
        threads[0].join(5)


@pytest.mark.django_db(transaction=True)
def test_a_process_notices_within_its_look_and_keeps_what_it_knew_without_a_database(monkeypatch):
    monkeypatch.setattr(maintenance, "LOOK_S", 0.02)
    stop = threading.Event()
    thread = maintenance.watch(stop)
    try:
        actions.begin_maintenance(reason="Próba", until=None)
        for _ in range(200):
            if maintenance.current():
                break
            stop.wait(0.02)
        assert maintenance.current() == maintenance.State("Próba", None)
        with connection.schema_editor() as schema:
            schema.alter_db_table(Maintenance, "operation_maintenance", "operation_away")
        try:
            stop.wait(0.2)
            assert maintenance.current() == maintenance.State("Próba", None)
            assert thread.is_alive()
        finally:
            with connection.schema_editor() as schema:
                schema.alter_db_table(Maintenance, "operation_away", "operation_maintenance")
    finally:
        stop.set()
        thread.join(5)


# --- The command ---------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_command_turns_it_on_and_off(monkeypatch, capsys):
    monkeypatch.setattr(command, "NOTICED_S", 0)
    call_command("maintenance", "on", reason="Nowy serwer", until="23:59")
    row = Maintenance.objects.get()
    assert row.reason == "Nowy serwer"
    assert "Nowy serwer." in capsys.readouterr().out
    call_command("maintenance", "on", reason="Jeszcze chwila")
    assert Maintenance.objects.get().reason == "Jeszcze chwila"
    assert Maintenance.objects.get().since == row.since
    call_command("maintenance", "off")
    assert not Maintenance.objects.exists()
    call_command("maintenance", "off")


@pytest.mark.django_db
@pytest.mark.parametrize("until", ["soon", "25:00", "2020-01-01 10:00"])
def test_a_time_that_is_none_or_over_is_refused(until):
    with pytest.raises(CommandError):
        call_command("maintenance", "on", until=until)
    assert not Maintenance.objects.exists()


def test_an_hour_is_the_next_time_the_clock_shows_it(monkeypatch):
    now = datetime(2026, 11, 26, 22, 10, tzinfo=WARSAW)
    monkeypatch.setattr(command.timezone, "localtime", lambda: now)
    assert command.moment("23:30") == datetime(2026, 11, 26, 23, 30, tzinfo=WARSAW)
    assert command.moment("01:30") == datetime(2026, 11, 27, 1, 30, tzinfo=WARSAW)


def test_an_end_that_is_over_is_not_promised():
    over = maintenance.State("", timezone.now() - timedelta(minutes=1))
    assert sentence_of(over) == sentence_of(maintenance.State("", None))
