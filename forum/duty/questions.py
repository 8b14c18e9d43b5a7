"""What is a question, what is an answer, and which questions wait.

Source: docs/decisions/0043-nothing-unanswered.md.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from forum.categories.models import Category
from forum.discussions.models import Post, Thread
from forum.lib import working_time

# What is older than that is not dug out again, as on the day when this begins to run.
LOOKED_BACK = timedelta(days=90)
# These forms tell something and ask nothing.
TELLING_FORMS = (Category.Template.PRACTICE, Category.Template.REPORT)


def questions() -> QuerySet[Thread]:
    """Threads that ask: no announcement, no report, not among staff alone, and the question itself
    still stands to be read. A closed one is no longer open, but was asked."""
    among_staff = Q(category__readers=Category.Readers.STAFF) | Q(
        category__parent__readers=Category.Readers.STAFF
    )
    opening = Post.objects.filter(thread=OuterRef("pk"), number=1, state=Post.State.PUBLISHED)
    # As `listed` says, but so that SQLite does not read all unmerged threads by their own index.
    led_on = Coalesce(F("merged_into_id"), Value(0), output_field=BigIntegerField())
    listed = Thread.objects.alias(led_on=led_on).filter(led_on=0)
    asking = listed.asking().exclude(template__in=TELLING_FORMS).exclude(among_staff)
    return asking.filter(Exists(opening))


def waiting_questions() -> QuerySet[Thread]:
    """Questions that are open and that nobody else has answered."""
    return questions().filter(~Exists(answers()), closed_at=None)


def asked_since(threads: QuerySet[Thread], moment: datetime) -> QuerySet[Thread]:
    # Every thread was written in when it began or later: this bound has an index.
    return threads.filter(created_at__gte=moment, last_post_at__gte=moment)


def due(now: datetime, hours: int) -> QuerySet[Thread]:
    """Waiting questions that so many hours of working days have passed over, the oldest first."""
    latest = working_time.before(now, timedelta(hours=hours))
    asked = asked_since(waiting_questions(), now - LOOKED_BACK)
    return asked.filter(created_at__lte=latest).order_by("created_at", "pk")


def due_for_duty(now: datetime) -> QuerySet[Thread]:
    return due(now, settings.UNANSWERED_DUTY_HOURS)


def due_for_adviser(now: datetime) -> QuerySet[Thread]:
    return due(now, settings.UNANSWERED_ADVISER_HOURS)


def answers() -> QuerySet[Post]:
    """For a subquery of threads: published posts of somebody else than who asked, in a voice other
    than the question's. What was asked elsewhere and merged in is no answer."""
    posts = Post.objects.filter(
        thread=OuterRef("pk"), number__gt=1, state=Post.State.PUBLISHED
    ).exclude(author=OuterRef("author"))
    same_voice = Q(
        organization__isnull=False,
        # A null would make the whole condition null, and the post no answer.
        organization=Coalesce(OuterRef("organization"), Value(0)),
    )
    merged_in = Post.objects.filter(moved_to=OuterRef("pk"), number=1)
    return posts.exclude(same_voice).filter(~Exists(merged_in))


def first_answer() -> Subquery:
    """When the first answer in a thread was written, for a query of threads."""
    return Subquery(answers().order_by("number").values("created_at")[:1])
