"""What `/readyz` asks, in words; and work that is stuck."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db import Error as DatabaseAway
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from psycopg_pool import PoolTimeout

from forum.jobs.models import Job
from forum.operation import maintenance
from forum_site import health
from forum_site.doctoring import Finding, fault, notice, well
from forum_site.read_only import sentence_of

STUCK = timedelta(minutes=15)


def database() -> Iterator[Finding]:
    what = _("Database")
    if not health.database()["ok"]:
        yield fault(what, _("It does not answer."), _("Check DATABASE_URL, and that it runs."))
        return
    missing = health.missing_migrations()
    if missing:
        names = ", ".join(f"{app}.{name}" for app, name in missing[:5])
        yield fault(
            what,
            _("It lacks migrations: %(names)s.") % {"names": names},
            _("Run manage.py prepare."),
        )
    else:
        yield well(what, _("It answers and has all migrations."))


def redis() -> Iterator[Finding]:
    if not settings.REDIS_URL:
        return
    if health.redis()["ok"]:
        yield well("Redis", _("It answers."))
    else:
        yield fault(
            "Redis",
            _("It does not answer: posts arrive late and limits are not counted."),
            _("Check REDIS_URL, and that it runs."),
        )


def worker() -> Iterator[Finding]:
    what = _("Background work")
    told = health.worker()
    age = told.get("age_seconds")
    if told["ok"]:
        yield well(what, _("A worker said that it lives %(seconds)s s ago.") % {"seconds": age})
        return
    how = _("No worker runs.")
    if age is not None:
        how = _("No worker has said that it lives for %(seconds)s s.") % {"seconds": age}
    yield fault(
        what,
        how + " " + _("No mail goes out."),
        _("Start manage.py worker, or set EMBEDDED_WORKERS to 1."),
    )


def jobs() -> Iterator[Finding]:
    """Work that nobody does, and work that was given up."""
    try:
        late = Job.objects.due(timezone.now() - STUCK).count()
        given_up = list(
            Job.objects.exclude(failed_at=None).values_list("kind").annotate(Count("pk"))
        )
    except (DatabaseAway, PoolTimeout):
        return  # told by the look at the database
    what = _("Waiting work")
    if late and not maintenance.current():
        yield fault(
            what,
            ngettext(
                "%(count)s task has been due for more than a quarter of an hour.",
                "%(count)s tasks have been due for more than a quarter of an hour.",
                late,
            )
            % {"count": late},
            _("Look into the worker's log; start more workers."),
        )
    if given_up:
        yield notice(
            what,
            _("Given up: %(kinds)s.")
            % {"kinds": ", ".join(f"{kind} ({count})" for kind, count in sorted(given_up))},
            _("The administration says why, under jobs, and lets them try again."),
        )
    if not late and not given_up:
        yield well(what, _("Nothing is late, nothing was given up."))


def read_only() -> Iterator[Finding]:
    try:
        state = maintenance.look()
    except (DatabaseAway, PoolTimeout):
        return  # told by the look at the database
    if state:
        yield notice(_("Maintenance"), sentence_of(state), _("manage.py maintenance off ends it."))
