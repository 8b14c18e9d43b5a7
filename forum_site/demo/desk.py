"""Builds what waits at the desk of the demo county, and who moderates for the organizations."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from forum.discussions.models import Post
from forum.moderation import actions
from forum.moderation.actions.rulebook import publish_first_rules
from forum.moderation.measures import Measure
from forum.moderation.models import Appeal, Case, Decision, Moderator, Report
from forum.moderation.rulebook import sections_offered
from forum_site.demo.county import County
from forum_site.demo.reading import tables
from forum_site.demo.times import moment

KIND = "post"
ELECTED = "luczak"  # key of the elected moderator in people.toml
APPOINTED_BY = "rybicki"
TERM_BEGAN_DAYS_AGO = 60
TERM_DAYS = 365
ELECTION = "Organizacje na spotkaniu w remizie, 34 głosy z 41"


def build_desk(county: County, now: datetime) -> None:
    """Open what is missing; a post that has had a case gets none.

    Locks: none, the caller holds the transaction.
    """
    publish_first_rules()
    _elect(county, now)
    for table in tables("desk.toml").values():
        post = Post.objects.filter(thread__title=table["thread"], number=table["number"]).first()
        if post is not None and not Case.objects.about(KIND, post.pk).exists():
            _build(county, now, table, post)


def _elect(county: County, now: datetime) -> None:
    member = county.people[ELECTED]
    if Moderator.objects.filter(user=member).exists():
        return
    since = timezone.localdate(now) - timedelta(days=TERM_BEGAN_DAYS_AGO)
    actions.appoint(
        staff=county.people[APPOINTED_BY],
        member=member,
        since=since,
        until=since + timedelta(days=TERM_DAYS),
        elected_by=ELECTION,
    )


def _build(county: County, now: datetime, table: dict[str, Any], post: Post) -> None:
    for given in table["reports"]:
        report = _reported(county, given, post)
        Report.objects.filter(pk=report.pk).update(created_at=moment(given["when"], now))
    case = Case.objects.about(KIND, post.pk).get()
    began = moment(table["reports"][0]["when"], now)
    due = began - timedelta(hours=case.urgency)
    Case.objects.filter(pk=case.pk).update(opened_at=began, waiting_since=began, due_at=due)
    if "decision" in table:
        decided = _decided(county, table["decision"], case)
        if "appeal" in table and isinstance(decided, Decision):
            _appeal(county, now, table, decided)


def _reported(county: County, given: dict[str, Any], post: Post) -> Report:
    reason, words = Report.Kind(given["kind"]), given.get("words", "")
    if "by" not in given:
        return actions.give_notice(
            kind=KIND,
            subject_pk=post.pk,
            reason=reason,
            words=words,
            name=given["name"],
            email=given["email"],
        )
    return actions.report(
        reporter=county.people[given["by"]],
        kind=KIND,
        subject_pk=post.pk,
        reason=reason,
        words=words,
        says_about_office=given.get("about_office", False),
    )


def _decided(county: County, given: dict[str, Any], case: Case) -> object:
    section = given.get("section", "")
    offered = {each.anchor: each for each in sections_offered()}
    verdict = actions.Verdict(
        measure=Measure(given["measure"]),
        rule_version=offered[section].version if section else None,
        section=section,
        facts=given.get("facts", ""),
        own_words=given.get("words", ""),
    )
    fresh = Case.objects.get(pk=case.pk)
    return actions.decide(
        moderator=county.people[given["by"]],
        case=fresh,
        case_version=fresh.version,
        verdict=verdict,
    )


def _appeal(county: County, now: datetime, table: dict[str, Any], decision: Decision) -> None:
    given = table["appeal"]
    member = county.people[table["reports"][0]["by"]]
    made = actions.appeal(member=member, decision=decision, words=given["words"])
    Appeal.objects.filter(pk=made.pk).update(created_at=moment(given["when"], now))
