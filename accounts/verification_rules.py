"""Who may claim, create, answer, withdraw, decide, and read a private document.

Source: docs/decisions/0027-verification.md.
"""

from django.utils.translation import gettext_lazy as _

from accounts.models import CaseEntry, Mandate, Organization, User, VerificationCase
from accounts.rules import Viewer, is_standing, voices_of
from forum.lib.answers import Answer, Refusal

# Public authority speaks only after it was checked; everybody else at once, without the badge.
CHECKED_FIRST = (Organization.Kind.LOCAL_GOVERNMENT,)
CLAIM_GROUNDS = (
    Mandate.Ground.STATUTE,
    Mandate.Ground.RESOLUTION,
    Mandate.Ground.POWER_OF_ATTORNEY,
)


def may_claim(viewer: Viewer, organization: Organization) -> Answer:
    """Whether the member may say that they represent the organization."""
    answer = _is_active_member(viewer)
    if isinstance(answer, Refusal):
        return answer
    assert isinstance(viewer, User)
    if organization.is_office:
        return Refusal(
            _("Mandates of the county office are given by the office itself. Ask your superior.")
        )
    if voices_of(viewer).filter(pk=organization.pk).exists():
        return Refusal(_("You speak for this organization already."))
    if organization.verification_cases.open().filter(opened_by=viewer).exists():
        return Refusal(_("You have asked for this already. The adviser will answer."))
    return True


def may_reclaim(viewer: Viewer, organization: Organization) -> Answer:
    """Whether the member may ask to take over from representatives who left."""
    if not organization.is_claimed:
        return Refusal(_("Nobody speaks for this organization yet. Claim it."))
    return may_claim(viewer, organization)


def may_create(viewer: Viewer, kind: str) -> Answer:
    """Whether the member may add an organization of this kind."""
    if kind == Organization.Kind.OFFICE:
        return Refusal(_("The county office is here already."))
    return _is_active_member(viewer)


def speaks_at_once(kind: str) -> bool:
    """Whether whoever adds an organization of this kind may speak for it before the check."""
    return kind not in CHECKED_FIRST


def may_answer(viewer: Viewer, case: VerificationCase) -> Answer:
    """Whether the member may complete the case: its opener, while it is open."""
    if not isinstance(viewer, User) or case.opened_by_id != viewer.pk:
        return Refusal(_("Only who asked for this may complete it."))
    if not case.is_open:
        return Refusal(_("This has been decided. You may ask anew."))
    return _is_active_member(viewer)


def may_withdraw_case(viewer: Viewer, case: VerificationCase) -> Answer:
    """Whether the member may take the case back."""
    is_new = case.kind == VerificationCase.Kind.NEW
    if is_new and voices_of(viewer).filter(pk=case.organization_id).exists():
        return Refusal(
            _("You speak for this organization already, so the adviser has to look at it.")
        )
    return may_answer(viewer, case)


def may_work_at_desk(viewer: Viewer) -> Answer:
    """Whether the viewer sees the queue: staff do."""
    if isinstance(viewer, User) and viewer.is_active and viewer.is_staff:
        return True
    return Refusal(_("This page is for the adviser of the county office."))


def may_decide(viewer: Viewer, case: VerificationCase) -> Answer:
    """Whether the viewer may accept, ask or refuse: staff, but nobody in their own case.

    An adviser who corrected a name may check it, unless they speak for that organization.
    """
    answer = may_work_at_desk(viewer)
    if isinstance(answer, Refusal):
        return answer
    if case.opened_by_id == viewer.pk and _is_own(viewer, case):
        return Refusal(_("You asked for this yourself. Another person of the staff has to decide."))
    if not case.is_open:
        return Refusal(_("This case is closed."))
    return True


def _is_own(viewer: Viewer, case: VerificationCase) -> bool:
    if case.kind != VerificationCase.Kind.CHANGE:
        return True
    return voices_of(viewer).filter(pk=case.organization_id).exists()


def may_read_document(viewer: Viewer, entry: CaseEntry) -> Answer:
    """The single form of CaseEntry.objects.readable_by, for an entry that has a document."""
    if entry.document and CaseEntry.objects.readable_by(viewer).filter(pk=entry.pk).exists():
        return True
    return Refusal(_("There is no such document."))


def _is_active_member(viewer: Viewer) -> Answer:
    if not isinstance(viewer, User):
        return Refusal(_("Log in to act for an organization."))
    return is_standing(viewer)
