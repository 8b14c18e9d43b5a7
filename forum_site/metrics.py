"""Numbers for Prometheus, of this process and of what all processes share.

Each process is scraped for itself. No label names a person, and every label has few values.
Source: docs/decisions/0044-operation.md.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import Error as DatabaseAway
from django.db import connection
from django.db.models import Count, Min
from django.utils import timezone
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from psycopg_pool import PoolTimeout

from forum.jobs.models import Job
from forum.jobs.tasks import TASKS
from forum.live.hub import HUB
from forum_site import health

CONTENT_TYPE = CONTENT_TYPE_LATEST
BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
UNKNOWN_KIND = "unknown"

REQUESTS = Histogram(
    "forum_request_seconds",
    "Requests that Django answered, by the name of their view.",
    ["view", "method", "status"],
    buckets=BUCKETS_S,
)

Numbers = dict[str, dict[str, float]]


async def exposition() -> bytes:
    """All numbers as text: the process's own, the hub's, and those that the database knows."""
    readiness, shared = await health.ready(), await _shared.ask()
    found = [*_of_the_hub(), *_of_readiness(readiness), *_of_jobs(shared), *_of_the_pool()]
    return generate_latest(REGISTRY) + generate_latest(_Found(found))


class _Found:
    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[Metric]:
        return self._metrics


def _numbers_of_jobs() -> Numbers:
    """By kind: how many wait, how late the latest is, how many were given up. Queries: two."""
    now = timezone.now()
    numbers: Numbers = {"waiting": {}, "late_seconds": {}, "given_up": {}}
    try:
        for kind, count, first in (
            Job.objects.unfinished().values_list("kind").annotate(n=Count("pk"), at=Min("run_at"))
        ):
            known = kind if kind in TASKS else UNKNOWN_KIND
            late = max(0.0, (now - first).total_seconds())
            numbers["waiting"][known] = numbers["waiting"].get(known, 0) + count
            numbers["late_seconds"][known] = max(late, numbers["late_seconds"].get(known, 0))
        failed = Job.objects.exclude(failed_at=None).values_list("kind").annotate(n=Count("pk"))
        for kind, count in failed:
            known = kind if kind in TASKS else UNKNOWN_KIND
            numbers["given_up"][known] = numbers["given_up"].get(known, 0) + count
    except (DatabaseAway, PoolTimeout):
        return {}
    return numbers


_shared = health.Asking("jobs", _numbers_of_jobs, {})


def _of_jobs(numbers: Numbers) -> Iterator[Metric]:
    texts = {
        "waiting": "Jobs that are not done yet.",
        "late_seconds": "How long the job that is due the longest has been due.",
        "given_up": "Jobs that were given up and are still kept: a person must look.",
    }
    for name, values in numbers.items():
        gauge = GaugeMetricFamily(f"forum_jobs_{name}", texts[name], labels=["kind"])
        for kind, value in sorted(values.items()):
            gauge.add_metric([kind], value)
        yield gauge


def _of_readiness(readiness: health.Readiness) -> Iterator[Metric]:
    parts = GaugeMetricFamily("forum_ready", "1 where the part works.", labels=["part"])
    for name, part in readiness.parts.items():
        parts.add_metric([name], 1 if part["ok"] else 0)
    yield parts
    age: Any = readiness.parts["worker"].get("age_seconds")
    if age is not None:
        text = "How long ago a worker said that it lives."
        yield GaugeMetricFamily("forum_worker_beat_age_seconds", text, value=age)


def _of_the_hub() -> Iterator[Metric]:
    text = "Open live sockets of this process."
    yield GaugeMetricFamily("forum_live_sockets", text, value=len(HUB.register.sockets))
    text = "Streams that somebody listens to in this process."
    yield GaugeMetricFamily("forum_live_streams", text, value=len(HUB.register.streams()))
    counts = {
        "deliveries": ("Frames written to sockets.", HUB.counts.frames),
        "healed": ("Changes whose hint was lost and that the heartbeat told.", HUB.counts.healed),
        "too_slow": ("Sockets closed because they did not read.", HUB.counts.too_slow),
        "hub_restarts": ("Tasks of the hub that began anew.", HUB.counts.restarts),
    }
    for name, (text, count) in counts.items():
        yield CounterMetricFamily(f"forum_live_{name}", text, value=count)


def _of_the_pool() -> Iterator[Metric]:
    """psycopg's own numbers; SQLite has no pool."""
    pool = getattr(connection, "pool", None) if connection.vendor == "postgresql" else None
    if not pool:
        return
    stats = pool.get_stats()
    for name in ("pool_size", "pool_available", "requests_waiting"):
        text = f"psycopg_pool: {name}"
        yield GaugeMetricFamily(f"forum_database_{name}", text, value=stats.get(name, 0))
    for name in ("requests_num", "requests_errors", "connections_lost"):
        text = f"psycopg_pool: {name}"
        yield CounterMetricFamily(f"forum_database_{name}", text, value=stats.get(name, 0))
