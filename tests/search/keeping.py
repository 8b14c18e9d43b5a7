"""What the tests of the search share."""

from django.utils import timezone

from forum.jobs.models import Job
from forum.jobs.tasks import TASKS
from forum.search.models import Entry

KINDS = (
    "discussions.find_named_anew",
    "discussions.read_file",
    "search.analyse",
    "search.renew",
)


def run_jobs():
    """Do what waits for the worker, as far as the search is concerned."""
    waiting = Job.objects.unfinished().filter(kind__in=KINDS)
    while job := waiting.order_by("pk").first():
        TASKS[job.kind].call(**job.args)
        Job.objects.filter(pk=job.pk).update(done_at=timezone.now())


def entries():
    """Everything that the index holds."""
    rows = Entry.objects.order_by("kind", "object_pk")
    return list(rows.exclude(pk=None).values().values_list(*FIELDS))


FIELDS = [
    field.name for field in Entry._meta.concrete_fields if field.name not in {"id", "analyser"}
]
