"""Daily tidying: sessions that ran out, and jobs that nobody will ask about again."""

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Q
from django.utils import timezone

from forum.jobs.models import Job
from forum.jobs.tasks import KEEP_DONE, TASKS, periodic

DAY = timedelta(days=1)
# Jobs given up still hold their arguments, which are personal data: they are not kept for ever.
KEEP_FAILED = timedelta(days=90)


@periodic("jobs.clear_sessions", every=DAY)
def clear_sessions() -> None:
    """Remove sessions that ran out, and what is known of the devices they were on."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    standing = Session.objects.values("session_key")
    UserSession.objects.exclude(session_key__in=standing).delete()


@periodic("jobs.clear_jobs", every=DAY)
def clear_jobs() -> None:
    """Remove old finished jobs, and give up those of a kind that no version knows any more."""
    now = timezone.now()
    Job.objects.filter(Q(done_at__lt=now - KEEP_DONE) | Q(failed_at__lt=now - KEEP_FAILED)).delete()
    # A day is longer than any roll-out, in which older workers may meet newer kinds.
    Job.objects.due(now - DAY).exclude(kind__in=TASKS).update(
        failed_at=now, last_error="No worker knows this kind of job."
    )
