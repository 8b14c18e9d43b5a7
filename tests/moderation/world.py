"""What the tests of moderation share: an elected moderator, reports, and verdicts on them."""

import threading
from datetime import date, timedelta

from django.db import connection
from django.utils import timezone

from accounts.models import User
from forum.discussions.models import Post
from forum.lib.answers import Refused
from forum.moderation import actions
from forum.moderation.measures import Measure
from forum.moderation.models import Case, Decision, Report
from tests.cast import a_member

RULE = {"rule_version": 1, "section": "obrazanie"}
FACTS = "We wpisie są obraźliwe słowa o sąsiadach."
SECRET = "tajemnica-poliszynela"  # in every text that nobody may see


def an_elected(first_name="Frank", last_name="Lis", *, days=365):
    """A member whom organizations elected to moderate."""
    member = a_member(first_name, last_name)
    today = timezone.localdate()
    actions.appoint(
        staff=a_clerk(),
        member=member,
        since=today - timedelta(days=30),
        until=today + timedelta(days=days),
        elected_by="Konferencja organizacji",
    )
    member.refresh_from_db()
    return member


def a_clerk():
    """Somebody of the staff who takes part in nothing else."""
    clerk = User.objects.filter(email="grazyna@example.org").first()
    if clerk is None:
        clerk = a_member("Grazyna", "Urban")
        clerk.is_staff = True
        clerk.save(update_fields=["is_staff"])
    return clerk


def a_report(reporter, post, kind=Report.Kind.OFFENSIVE, words="To mnie obraża.", **fields):
    return actions.report(
        reporter=reporter, kind="post", subject_pk=post.pk, reason=kind, words=words, **fields
    )


def a_verdict(measure=Measure.HIDE, **fields):
    given = {"facts": FACTS, **RULE}
    if measure in {Measure.SLOW, Measure.SUSPEND}:
        given["until"] = timezone.now() + timedelta(days=7)
    return actions.Verdict(measure=measure, **given | fields)


def decide(moderator, post, measure=Measure.HIDE, *, version=None, **fields):
    """A decision on the case of the post, in the version that it has now."""
    case = case_of(post)
    return actions.decide(
        moderator=moderator,
        case=case,
        case_version=case.version if version is None else version,
        verdict=a_verdict(measure, **fields),
    )


def found(moderator, post, measure=Measure.HIDE, **fields):
    """A decision on a post that nobody reported."""
    actions.look_into(moderator=moderator, kind="post", subject_pk=post.pk)
    return decide(moderator, post, measure, **fields)


def case_of(post):
    return Case.objects.get(kind="post", subject_pk=post.pk)


def state_of(post):
    return Post.objects.get(pk=post.pk).state


def fresh(row):
    return type(row)._base_manager.get(pk=row.pk)


def at_once(*deeds):
    """Each in a thread of its own; what they gave, "refused", or the error that none may raise."""
    together = threading.Barrier(len(deeds))
    outcomes = []

    def run(deed):
        together.wait()
        try:
            outcomes.append(deed())
        except Refused:
            outcomes.append("refused")
        except Exception as error:
            outcomes.append(error)
        finally:
            connection.close()

    runs = [threading.Thread(target=run, args=[deed]) for deed in deeds]
    for each in runs:
        each.start()
    for each in runs:
        each.join()
    errors = [each for each in outcomes if isinstance(each, Exception)]
    assert errors == [], errors
    return outcomes


def numbers():
    return list(Decision.objects.order_by("number").values_list("number", flat=True))


LONG_AGO = date(2020, 1, 1)
