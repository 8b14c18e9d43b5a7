"""`/healthz`, `/readyz`: what is asked, how long it may take, and what the public learns."""

import asyncio
import json
import shutil
import signal
import time
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from forum.operation.actions import beat
from forum.operation.models import Beat
from forum_site import health
from forum_site.asgi import application
from tests.live.serving import Serving
from tests.proof.services import Redis

needs_redis = pytest.mark.skipif(shutil.which("redis-server") is None, reason="needs redis-server")
HANGING_ANSWER_S = 3.0  # ANSWER_S and what a loaded machine adds


async def get(path: str) -> tuple[int, str]:
    """What the ASGI application answers, without any server."""
    transport = httpx.ASGITransport(application)
    async with httpx.AsyncClient(transport=transport, base_url="http://elsewhere") as client:
        answer = await client.get(path)
    return answer.status_code, answer.text


@pytest.mark.django_db(transaction=True)
def test_a_forum_with_all_its_parts_is_ready(settings):
    settings.SECURE_SSL_REDIRECT = True  # a proxy asks by plain HTTP, and by whatever name
    beat("machine.1")
    status, text = asyncio.run(get("/readyz"))
    said = json.loads(text)
    assert (status, said["ready"]) == (200, True)
    assert set(said["parts"]) == {"database", "redis", "worker", "migrations"}
    assert said["parts"]["worker"]["age_seconds"] < health.WORKER_SILENT_S


@pytest.mark.django_db(transaction=True)
def test_without_a_living_worker_it_is_not():
    status, text = asyncio.run(get("/readyz"))
    assert status == 503
    assert json.loads(text)["parts"]["worker"] == {"ok": False, "age_seconds": None}


@pytest.mark.django_db
def test_a_worker_that_fell_silent_is_found_by_its_age():
    beat("machine.1")
    Beat.objects.update(at=timezone.now() - timedelta(minutes=5))
    said = health.worker()
    assert said["ok"] is False
    assert 299 < said["age_seconds"] < 330


@pytest.mark.django_db
def test_a_missing_migration_is_told_and_a_newer_one_is_not():
    recorder = MigrationRecorder(connection)
    recorder.record_applied("accounts", "9999_of_a_newer_version")
    assert health.migrations() == {"ok": True}
    recorder.record_unapplied("operation", "0001_initial")
    assert health.missing_migrations() == [("operation", "0001_initial")]
    assert health.migrations() == {"ok": False}


def test_what_hangs_holds_neither_the_answer_nor_a_second_thread(monkeypatch):
    monkeypatch.setattr(health, "ANSWER_S", 0.1)
    calls = []

    def hang() -> None:
        calls.append(1)
        time.sleep(0.5)

    async def ask_thrice():
        asking = health.Asking("test", hang, "away")
        return [await asking.ask() for _ in range(3)]

    assert asyncio.run(ask_thrice()) == ["away"] * 3
    assert len(calls) == 1


def test_those_who_ask_at_once_share_an_answer(monkeypatch):
    asked = []

    async def all_parts():
        asked.append(1)
        return health.Readiness({})

    monkeypatch.setattr(health, "_ask_all", all_parts)

    async def many():
        await asyncio.gather(*(health.ready() for _ in range(20)))

    asyncio.run(many())
    assert len(asked) == 1


@needs_redis
@pytest.mark.django_db(transaction=True)
def test_a_redis_that_hangs_or_is_gone_is_told_within_two_seconds(tmp_path: Path, settings):
    server = Redis(tmp_path)
    server.start()
    settings.REDIS_URL = server.url
    try:
        assert health.redis() == {"ok": True}
        server.signal(signal.SIGSTOP)
        began = time.monotonic()
        status, text = asyncio.run(get("/readyz"))
        assert time.monotonic() - began < HANGING_ANSWER_S
        assert (status, json.loads(text)["parts"]["redis"]) == (503, {"ok": False})
        server.signal(signal.SIGCONT)
        assert health.redis() == {"ok": True}
    finally:
        server.signal(signal.SIGCONT)
        server.stop()
    assert health.redis() == {"ok": False}


@pytest.mark.server
def test_the_launcher_with_its_worker_gets_ready_and_tells_its_numbers(tmp_path: Path):
    with Serving(tmp_path, EMBEDDED_WORKERS="1") as forum:
        end = time.monotonic() + 20
        while (answer := httpx.get(forum.url("/readyz"))).status_code != 200:
            assert time.monotonic() < end, answer.text
            time.sleep(0.2)
        httpx.get(forum.url("/"))
        numbers = httpx.get(forum.url("/metrics")).text
        assert 'forum_request_seconds_count{method="GET",status="200",view="overview:home"}' in (
            numbers
        )
        assert 'forum_ready{part="worker"} 1.0' in numbers
        assert "forum_live_sockets 0.0" in numbers
        # What came through a proxy is not this machine.
        through = httpx.get(forum.url("/metrics"), headers={"X-Forwarded-For": "127.0.0.1"})
        assert through.status_code == 404
        forum.stop()
        assert forum.run("from forum.operation.models import Beat;print(Beat.objects.count())") == (
            "0"
        )
