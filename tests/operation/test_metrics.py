"""Numbers for Prometheus: what they say, to whom, and that no label names anybody."""

import asyncio
import re
import socket
import urllib.error
import urllib.request
from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families

from forum.jobs import worker
from forum.jobs.models import Job
from forum.lib import metrics as counts
from forum.lib import scraping
from forum.lib.limits import allow
from forum_site import environment, metrics
from tests.factories import a_thread
from tests.jobs import sample_tasks

TOKEN = "t" * 32
MINUTE = timedelta(minutes=1)


def number(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0


def families(text: bytes) -> dict[str, list]:
    found = text_string_to_metric_families(text.decode())
    return {family.name: family.samples for family in found}


@pytest.mark.parametrize(
    ("client", "headers", "is_allowed"),
    [
        ("127.0.0.1", [], True),
        ("::1", [], True),
        ("127.0.0.1", [(b"x-forwarded-for", b"127.0.0.1")], False),
        ("10.0.0.7", [], False),
        ("10.0.0.7", [(b"authorization", f"Bearer {TOKEN}".encode())], True),
        ("10.0.0.7", [(b"authorization", b"Bearer " + b"u" * 32)], False),
        ("10.0.0.7", [(b"authorization", b"Bearer ")], False),
        ("", [], False),
    ],
)
def test_who_may_read_the_numbers(settings, client, headers, is_allowed):
    settings.METRICS_TOKEN = TOKEN
    assert scraping.is_allowed(client, headers) is is_allowed


def test_without_a_token_an_empty_one_opens_nothing(settings):
    settings.METRICS_TOKEN = ""
    assert not scraping.is_allowed("10.0.0.7", [(b"authorization", b"Bearer ")])


def test_a_short_token_is_refused(monkeypatch):
    monkeypatch.setenv("METRICS_TOKEN", "short")
    with pytest.raises(ImproperlyConfigured, match="METRICS_TOKEN"):
        environment.secret_or_none("METRICS_TOKEN")


@pytest.mark.django_db
def test_requests_are_counted_by_view_and_never_by_address(client, bob):
    thread = a_thread(bob)
    where = {"view": "discussions:thread", "method": "GET", "status": "200"}
    before = number("forum_request_seconds_count", **where)
    client.get(thread.get_absolute_url())
    client.get("/no/such/place/")
    client.generic("BREW", "/")
    assert number("forum_request_seconds_count", **where) == before + 1
    unknown = {"view": "none", "method": "GET", "status": "404"}
    assert number("forum_request_seconds_count", **unknown) >= 1
    labels = {
        value
        for family in REGISTRY.collect()
        if family.name.startswith("forum_request")
        for sample in family.samples
        for value in sample.labels.values()
    }
    assert "other" in labels
    assert not any("/" in value or "BREW" in value for value in labels)


@pytest.mark.django_db(transaction=True)
def test_jobs_are_counted_by_kind_and_outcome():
    done = {"kind": "test.give_up", "outcome": "given up"}
    before = number("forum_jobs_run_total", **done)
    sample_tasks.give_up.enqueue()
    Job.objects.create(kind="of.another.version", run_at=timezone.now() - timedelta(hours=1))
    while worker.work_once("test"):
        pass
    assert number("forum_jobs_run_total", **done) == before + 1
    shown = families(asyncio.run(metrics.exposition()))
    waiting = {s.labels["kind"]: s.value for s in shown["forum_jobs_waiting"]}
    late = {s.labels["kind"]: s.value for s in shown["forum_jobs_late_seconds"]}
    given_up = {s.labels["kind"]: s.value for s in shown["forum_jobs_given_up"]}
    assert waiting["unknown"] == 1
    assert 3600 <= late["unknown"] < 3700
    assert given_up["test.give_up"] == 1
    assert {s.labels["part"] for s in shown["forum_ready"]} == {
        "database",
        "redis",
        "worker",
        "migrations",
    }


def test_refusals_are_counted_without_whom_they_met():
    before = number("forum_limit_refusals_total", limit="post")
    assert allow("post:77", 1, MINUTE)
    assert not allow("post:77", 1, MINUTE)
    assert number("forum_limit_refusals_total", limit="post") == before + 1


def test_limits_nobody_thought_of_do_not_grow_for_ever(monkeypatch):
    monkeypatch.setattr(counts, "_limits", set())
    for each in range(counts.LIMIT_NAMES_MAX + 5):
        counts.count_refusal(f"limit-{each}:1")
    assert len(counts._limits) == counts.LIMIT_NAMES_MAX
    assert number("forum_limit_refusals_total", limit="other") >= 5


def test_mails_are_counted_by_what_became_of_them():
    sent, failed = (number("forum_mails_total", outcome=how) for how in ("sent", "failed"))
    with counts.counting_mail():
        pass
    with pytest.raises(ConnectionRefusedError), counts.counting_mail():
        raise ConnectionRefusedError
    assert number("forum_mails_total", outcome="sent") == sent + 1
    assert number("forum_mails_total", outcome="failed") == failed + 1


def test_a_worker_gives_its_numbers_at_a_door_of_its_own(settings):
    settings.METRICS_TOKEN = TOKEN
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    server = scraping.serve("127.0.0.1", port)
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
            assert re.search(rb"^# HELP forum_jobs_run", answer.read(), re.MULTILINE)
        refused = urllib.request.Request(
            f"http://127.0.0.1:{port}/metrics", headers={"X-Forwarded-For": "127.0.0.1"}
        )
        with pytest.raises(urllib.error.HTTPError, match="404") as error:
            urllib.request.urlopen(refused)
        error.value.close()
    finally:
        server.shutdown()
        server.server_close()
