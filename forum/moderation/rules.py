"""Who may report, moderate, decide, give a second opinion, undo, and appeal."""

from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Mandate, Organization, User
from accounts.rules import Viewer
from forum.lib.answers import Answer, Refusal
from forum.moderation import reviewing
from forum.moderation.measures import GUARDED, OF_THREADS, Measure
from forum.moderation.models import Appeal, Case, Decision, Moderator, Proposal, Report

# What a reporter may appeal against: that nothing was done.
LETS_STAND = frozenset({Measure.LEAVE, Measure.PUBLISH})


# --- Who moderates --------------------------------------------------------------------------------
def may_moderate(viewer: Viewer) -> Answer:
    """Whether the viewer sees the desk: staff, and elected moderators during their term.

    Queries: none for staff and for nearly all members, one for who is or was elected.
    """
    if not isinstance(viewer, User) or not viewer.is_active:
        return Refusal(_("This page is for the moderators of the forum."))
    if viewer.is_staff or _is_in_term(viewer):
        return True
    return Refusal(_("This page is for the moderators of the forum."))


def is_elected(member: User) -> bool:
    """Whether the member moderates for the organizations: elected, and not of the office.

    Queries: none for staff and most members, otherwise two.
    """
    if member.is_staff or not member.is_active or not _is_in_term(member):
        return False
    held = Mandate.objects.held_by(member).current()
    return not held.filter(organization__kind=Organization.Kind.OFFICE).exists()


def may_be_elected(member: User) -> Answer:
    """Whether the member can moderate for the organizations: nobody of the office. Queries: one."""
    if not member.is_active:
        return Refusal(_("This account is suspended."))
    held = Mandate.objects.held_by(member).current()
    is_of_office = held.filter(organization__kind=Organization.Kind.OFFICE).exists()
    if member.is_staff or is_of_office:
        return Refusal(_("Somebody of the office cannot be an elected moderator."))
    return True


def who_moderates() -> QuerySet[User]:
    """Everybody who sees the desk today, by name: may_moderate asked the other way."""
    elected = Moderator.objects.current().values("user")
    active = User.objects.filter(is_active=True)
    return active.filter(Q(is_staff=True) | Q(pk__in=elected)).order_by("display_name", "pk")


def _is_in_term(member: User) -> bool:
    last: date | None = member.moderates_until
    if last is None or last < timezone.localdate():
        return False
    return Moderator.objects.current().filter(user=member).exists()


# --- Reports --------------------------------------------------------------------------------------
def may_report(viewer: Viewer, kind: str, pk: int) -> Answer:
    """Whether the viewer may report the thing: members, what they see and is not their own.

    What they may not read is refused as what there is not. Queries: two to four.
    """
    if not isinstance(viewer, User):
        return Refusal(_("Log in to report, or send a notice without an account."))
    if not viewer.is_active:
        return Refusal(_("This account is suspended."))
    reviewable = reviewing.find(kind)
    if reviewable is None or not reviewable.may_read(viewer, pk):
        return Refusal(_("There is nothing to report here: it is gone or hidden already."))
    line = reviewable.lines([pk]).get(pk)
    if line is not None and line.author_pk == viewer.pk:
        return Refusal(_("This is your own text: you can change or withdraw it."))
    return True


# --- Decisions ------------------------------------------------------------------------------------
def may_see_case(viewer: Viewer, case: Case) -> Answer:
    """Whether the viewer may open the case: moderators, where they may read what it is about."""
    answer = may_moderate(viewer)
    if isinstance(answer, Refusal):
        return answer
    if Case.objects.readable_by(viewer).filter(pk=case.pk).exists():
        return True
    return Refusal(_("You may not read what this case is about."))


def may_decide(moderator: User, case: Case, measure: Measure) -> Answer:
    """Whether the moderator may decide so, or propose it where `needs_second`."""
    answer = may_see_case(moderator, case)
    if isinstance(answer, Refusal):
        return answer
    if case.author_id == moderator.pk:
        return Refusal(_("Nobody decides about their own text. Another moderator has to."))
    if case.state == Case.State.SECOND_OPINION:
        return Refusal(_("A proposal waits for a second person: confirm or decline it first."))
    if not case.is_open:
        return Refusal(_("This case is closed."))
    if measure in OF_THREADS and not moderator.is_staff:
        return Refusal(_("Only the staff of the forum manages threads."))
    return True


def needs_second(case: Case, measure: Measure) -> bool:
    """Whether two persons must agree, one of them elected: it is about the office and takes
    something from who wrote it. Queries: none."""
    return case.is_about_office and measure in GUARDED


def may_confirm(viewer: Viewer, proposal: Proposal) -> Answer:
    """Whether the viewer may confirm or decline what another one proposed."""
    answer = may_see_case(viewer, proposal.case)
    if isinstance(answer, Refusal):
        return answer
    assert isinstance(viewer, User)
    if proposal.state != Proposal.State.OPEN:
        return Refusal(_("This proposal has been answered already."))
    if proposal.proposed_by_id == viewer.pk:
        return Refusal(_("You proposed this: somebody else has to look at it."))
    if proposal.case.author_id == viewer.pk:
        return Refusal(_("Nobody decides about their own text. Another moderator has to."))
    if is_elected(viewer) or is_elected(proposal.proposed_by):
        return True
    return Refusal(_("This is about the office: one of the two has to be an elected moderator."))


def may_withdraw_proposal(viewer: Viewer, proposal: Proposal) -> Answer:
    """Whether the viewer may take the proposal back: their own, while nobody has answered."""
    answer = may_moderate(viewer)
    if isinstance(answer, Refusal):
        return answer
    if proposal.proposed_by_id != viewer.pk:
        return Refusal(_("Only who proposed this may take it back."))
    if proposal.state != Proposal.State.OPEN:
        return Refusal(_("This proposal has been answered already."))
    return True


def may_undo(moderator: User, decision: Decision) -> Answer:
    """Whether the moderator may take the decision back."""
    answer = may_see_case(moderator, decision.case)
    if isinstance(answer, Refusal):
        return answer
    if decision.member_id == moderator.pk:
        return Refusal(_("Nobody decides about their own text. Another moderator has to."))
    if decision.measure in {Measure.RESTORE, Measure.STAND}:
        return Refusal(_("This cannot be undone. Decide anew."))
    if Decision.objects.filter(undoes=decision).exists():
        return Refusal(_("This decision has been undone already."))
    if decision.is_about_office and decision.measure == Measure.PUBLISH:
        return Refusal(_("This is about the office: propose anew what should be done."))
    return True


# --- Appeals --------------------------------------------------------------------------------------
def may_appeal(viewer: Viewer, decision: Decision) -> Answer:
    """Whether the viewer may appeal: whom it restricts, or whose report it dismissed, once."""
    if not isinstance(viewer, User) or not viewer.is_active:
        return Refusal(_("Log in to appeal."))
    if not _concerns(viewer, decision):
        return Refusal(_("This decision does not concern you."))
    if Decision.objects.filter(undoes=decision).exists():
        return Refusal(_("This decision has been undone already."))
    if Appeal.objects.filter(decision=decision).exists():
        return Refusal(_("There has been an appeal against this decision already."))
    if timezone.now() > decision.appeal_until:
        return Refusal(_("The time for an appeal has passed."))
    return True


def may_answer_appeal(moderator: User, appeal: Appeal) -> Answer:
    """Whether the moderator may answer: nobody who decided, seconded, or appealed."""
    decision = appeal.decision
    answer = may_see_case(moderator, decision.case)
    if isinstance(answer, Refusal):
        return answer
    if not appeal.is_open:
        return Refusal(_("This appeal has been answered already."))
    if moderator.pk in {decision.decided_by_id, decision.second_id}:
        return Refusal(_("You took part in this decision: somebody else has to answer the appeal."))
    if moderator.pk in {appeal.member_id, decision.member_id}:
        return Refusal(_("Nobody decides about their own text. Another moderator has to."))
    return True


def may_read_decision(viewer: Viewer, decision: Decision) -> Answer:
    """Whether the viewer may read the decision with its reasons: whom it concerns, and moderators.

    Who reported is told only the outcome: `may_read_outcome`.
    """
    if isinstance(viewer, User) and viewer.is_active and decision.member_id == viewer.pk:
        return True
    return may_see_case(viewer, decision.case)


def may_read_outcome(viewer: Viewer, decision: Decision) -> Answer:
    """Whether the viewer may learn what was decided, without the reasons: who reported it."""
    if isinstance(viewer, User) and viewer.is_active and _reported(viewer, decision):
        return True
    return may_read_decision(viewer, decision)


def _concerns(member: User, decision: Decision) -> bool:
    if decision.is_restriction and decision.member_id == member.pk:
        return True
    return decision.measure in LETS_STAND and _reported(member, decision)


def _reported(member: User, decision: Decision) -> bool:
    return Report.objects.filter(decision=decision, reporter=member).exists()
