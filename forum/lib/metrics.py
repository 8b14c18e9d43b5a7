"""What the rooms count for whoever watches the forum. No label may name a person or a thing of one:
kinds, outcomes and names of views only. The frame gives them out (forum_site/metrics.py)."""

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import Counter

JOBS = Counter("forum_jobs_run", "Runs of background jobs by this process.", ["kind", "outcome"])
MAILS = Counter("forum_mails", "Mails handed to the mail server by this process.", ["outcome"])
REFUSALS = Counter("forum_limit_refusals", "What was refused by a rate limit.", ["limit"])

LIMIT_NAMES_MAX = 50
_limits: set[str] = set()


@contextmanager
def counting_mail() -> Iterator[None]:
    """Count the mail that is handed over inside. Errors of smtplib are OSErrors."""
    try:
        yield
    except OSError:
        MAILS.labels("failed").inc()
        raise
    MAILS.labels("sent").inc()


def count_refusal(key: str) -> None:
    """Count a refusal under what stands before the key's first colon; behind it stands who."""
    name = key.partition(":")[0]
    if name not in _limits and len(_limits) < LIMIT_NAMES_MAX:
        _limits.add(name)
    REFUSALS.labels(name if name in _limits else "other").inc()
