"""What the tests of saved searches share."""

from forum.jobs.models import Job
from forum.jobs.tasks import TASKS
from forum.notifications.models import Notification
from forum.saved_searches import actions
from forum.saved_searches.actions import Question


def a_search(member, text="dotacja", **narrowed):
    return actions.keep(member=member, question=Question(text=text, **narrowed))


def work():
    """Run every job that waits, those that they write too."""
    while job := Job.objects.unfinished().order_by("pk").first():
        TASKS[job.kind].handler(**job.args)
        Job.objects.filter(pk=job.pk).delete()


def found(member):
    """How many new results the bell tells the member of."""
    work()
    rows = Notification.objects.filter(user=member, kind="saved_search").unread()
    return sum(rows.values_list("count", flat=True))
