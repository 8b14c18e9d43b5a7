"""What members are told of moderation: decisions about them, outcomes of reports, the desk.

Statements, outcomes and what waits for a second person are letters of their own (notices.py), and
are not mailed twice.
"""

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from forum.moderation import rules
from forum.moderation.models import Case, Decision
from forum.moderation.reviewing import find
from forum.notifications import actions as notifications
from forum.notifications.kinds import Filing, Kind, Told
from forum.notifications.models import Event, Notification

DESK_PLACE = "desk.1"
DECISIONS_PLACE = "decisions.1"  # where members see what concerns them


def tell_of_decision(decision: Decision) -> None:
    """Whom it concerns learns of it. Queries: two."""
    _tell(f"decision.{decision.pk}", [DecisionMade.name], actor=decision.decided_by)


def tell_of_appeal(answer: Decision) -> None:
    """Whoever appealed learns that it was answered. Queries: two."""
    _tell(f"decision.{answer.pk}", [AppealAnswered.name], actor=answer.decided_by)


def tell_of_outcome(decision: Decision) -> None:
    """Whoever reported learns what came of it. Queries: two."""
    _tell(f"decision.{decision.pk}", [ReportAnswered.name], actor=decision.decided_by)


def tell_of_waiting(case: Case) -> None:
    """A case begins to wait: whoever moderates is told. Queries: two."""
    _tell(f"waiting.{case.pk}", [DeskWaits.name], actor=None)


def tell_of_end(case: Case) -> None:
    """Nothing waits in the case any more, so nobody is told of it. Queries: one."""
    notifications.look_again(abouts=[f"waiting.{case.pk}"])


class OfDecision(Kind):
    """One decision, told to few members."""

    chapter = "decided"
    is_personal = True
    has_own_mail = True

    def meant(self, decisions: QuerySet[Decision]) -> QuerySet[User]:
        """Who is told of these decisions."""
        raise NotImplementedError

    def title(self, decision: Decision) -> str:
        """One sentence in the active language."""
        raise NotImplementedError

    def url(self, decision: Decision) -> str:
        return decision.get_absolute_url()

    def recipients(self, event: Event) -> QuerySet[User]:
        return self.meant(Decision.objects.filter(pk=event.about_pk))

    def who_may_see(self, event: Event) -> QuerySet[User]:
        return self.recipients(event).filter(is_active=True)

    def seen_by(self, member: User, events: Iterable[Event]) -> set[int]:
        if not member.is_active:
            return set()
        by_decision = {event.about_pk: event.pk for event in events}
        theirs = Decision.objects.readable_by(member).filter(pk__in=by_decision)
        return {by_decision[pk] for pk in theirs.values_list("pk", flat=True)}

    def filing(self, event: Event) -> Filing | None:
        return Filing(DECISIONS_PLACE, event.about)

    def words(self, notifications: Sequence[Notification]) -> Mapping[int, Told]:
        pks = {each.last_event.about_pk for each in notifications}
        decisions = Decision.objects.select_related("case", "undoes").in_bulk(pks)
        return {
            each.pk: self._told(decisions[pk])
            for each in notifications
            if (pk := each.last_event.about_pk) in decisions
        }

    def mutes(self, notification: Notification) -> str:
        return ""  # what is decided about somebody is told to them

    def _told(self, decision: Decision) -> Told:
        return Told(
            title=self.title(decision),
            text=decision.case.title,
            url=self.url(decision),
            heading=_("Decisions of the moderators"),
            heading_url=reverse("moderation:own"),
        )


class DecisionMade(OfDecision):
    """Moderators decided on what the member wrote."""

    name = "decision"

    def meant(self, decisions: QuerySet[Decision]) -> QuerySet[User]:
        return User.objects.filter(pk__in=decisions.values("member"))

    def title(self, decision: Decision) -> str:
        if decision.undoes is not None:
            return _("A decision about you was taken back")
        return _("A decision about you: %(measure)s") % {"measure": decision.get_measure_display()}

    def why(self, notification: Notification) -> str:
        return _("You are told because the decision concerns you.")


class AppealAnswered(OfDecision):
    """Moderators answered what the member said against a decision."""

    name = "appeal_answered"

    def meant(self, decisions: QuerySet[Decision]) -> QuerySet[User]:
        return User.objects.filter(pk__in=decisions.values("answers__member"))

    def seen_by(self, member: User, events: Iterable[Event]) -> set[int]:
        by_decision = {event.about_pk: event.pk for event in events}
        theirs = Decision.objects.filter(pk__in=by_decision, answers__member=member)
        found = theirs.values_list("pk", flat=True)
        return {by_decision[pk] for pk in found} if member.is_active else set()

    def title(self, decision: Decision) -> str:
        return _("Your appeal was answered")

    def url(self, decision: Decision) -> str:
        # Whoever reported reads no decision about somebody else.
        return reverse("moderation:own")

    def why(self, notification: Notification) -> str:
        return _("You are told because you appealed.")


class ReportAnswered(OfDecision):
    """Moderators decided on what the member reported."""

    name = "report_answered"

    def meant(self, decisions: QuerySet[Decision]) -> QuerySet[User]:
        return User.objects.filter(pk__in=decisions.values("reports__reporter"))

    def title(self, decision: Decision) -> str:
        return _("Your report was answered")

    def why(self, notification: Notification) -> str:
        return _("You are told because you reported it.")


class DeskWaits(Kind):
    """Something waits on the desk, for everybody who moderates; all of it in one notification."""

    name = "desk"
    chapter = "answer"
    is_personal = True

    def recipients(self, event: Event) -> QuerySet[User]:
        # Only of texts: verifications are told by the room of accounts.
        if not self._open([event.about_pk]).exists():
            return User.objects.none()
        return User.objects.filter(pk__in=rules.who_moderates().order_by().values("pk"))

    def who_may_see(self, event: Event) -> QuerySet[User]:
        return self.recipients(event)

    def seen_by(self, member: User, events: Iterable[Event]) -> set[int]:
        if not rules.may_moderate(member):
            return set()
        by_case = {event.about_pk: event.pk for event in events}
        waiting = self._open(by_case) & Case.objects.readable_by(member)
        return {by_case[pk] for pk in waiting.values_list("pk", flat=True)}

    def filing(self, event: Event) -> Filing | None:
        return Filing(DESK_PLACE, DESK_PLACE) if self._open([event.about_pk]).exists() else None

    def words(self, notifications: Sequence[Notification]) -> Mapping[int, Told]:
        cases = Case.objects.in_bulk({each.last_event.about_pk for each in notifications})
        return {
            each.pk: self._told(each, cases[pk])
            for each in notifications
            if (pk := each.last_event.about_pk) in cases
        }

    def why(self, notification: Notification) -> str:
        return _("You are told because you moderate the forum.")

    def mutes(self, notification: Notification) -> str:
        return ""

    @staticmethod
    def _open(pks: Iterable[int]) -> QuerySet[Case]:
        return Case.objects.open().filter(pk__in=list(pks)).exclude(kind="verification")

    def _told(self, notification: Notification, case: Case) -> Told:
        title = ngettext(
            "%(count)s case waits on the desk", "%(count)s cases wait on the desk",
            notification.count,
        )  # fmt: skip
        return Told(
            title=title % {"count": notification.count},
            text=case.title or _label_of(case),
            url=reverse("moderation:desk"),
            heading=_("The desk"),
            heading_url=reverse("moderation:desk"),
        )


def _label_of(case: Case) -> str:
    reviewable = find(case.kind)
    return str(reviewable.label) if reviewable is not None else ""


def _tell(about: str, kinds: Sequence[str], *, actor: User | None) -> None:
    notifications.tell(actor=actor, about=about, kinds=list(kinds))


ALL = (DecisionMade(), AppealAnswered(), ReportAnswered(), DeskWaits())
