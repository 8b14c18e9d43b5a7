"""What the accounts room keeps about members as people of organizations.

The log of an organization and its mandates stay for ever: who spoke for it must remain known. After
an erasure they lead to a number.
"""

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import (
    CaseEntry,
    Invitation,
    JoinRequest,
    Mandate,
    MandateReminder,
    Organization,
    OrganizationEvent,
    OrganizationGmina,
    OrganizationLogo,
    OrganizationSphere,
    User,
    VerificationCase,
)
from accounts.personal_data import Erasure, Holding
from accounts.plugs import tell_case_moved
from accounts.rules import proven_addresses

NOWHERE = "invalid"  # a domain that can never exist: RFC 2606
PUBLIC = (
    "short_name",
    "searched_words",
    "sorted_name",
    "kind",
    "gmina",
    "register",
    "register_number",
    "nip",
    "regon",
    "address",
    "website",
    "email",
    "phone",
    "description_source",
    "description_format",
    "description_html",
    "logo_digest",
    "verified_name",
    "verified_register",
    "verified_number",
)


def _end_mandates(erasure: Erasure) -> None:
    """Those in force end; what stands in them about the person goes, with its document."""
    held = Mandate.objects.held_by(erasure.member)
    held.filter(Q(valid_to=None) | Q(valid_to__gte=timezone.localdate()), revoked_at=None).update(
        revoked_at=timezone.now()
    )
    _delete_files(held.exclude(document=""))
    held.update(note="", document="", is_public=False)


def _forget_invitations(erasure: Erasure) -> None:
    """Letters to the member lead nowhere any more, and name no address."""
    sent = Invitation.objects.sent_to(proven_addresses(erasure.member))
    sent.open().update(revoked_at=timezone.now())
    sent.update(email=f"erased-{erasure.member.pk}@{NOWHERE}", message_id="")


def _forget_requests(erasure: Erasure) -> None:
    asked = JoinRequest.objects.filter(user=erasure.member)
    asked.open().update(
        answer=JoinRequest.Answer.WITHDRAWN,
        answered_at=timezone.now(),
        answered_by=erasure.member,
    )
    asked.update(message="", reason="")


def _close_cases(erasure: Erasure) -> None:
    opened = VerificationCase.objects.filter(opened_by=erasure.member)
    pks = list(opened.open().values_list("pk", flat=True))
    opened.open().update(state=VerificationCase.State.WITHDRAWN, decided_at=timezone.now())
    for pk in pks:
        tell_case_moved(pk)
    opened.update(position="", reason="")


def _forget_entries(erasure: Erasure) -> None:
    """What was said and sent in the member's own cases; what an adviser asked others stays."""
    own = CaseEntry.objects.filter(case__opened_by=erasure.member)
    _delete_files(own.with_document())
    own.update(text="", document="", document_name="")


def _delete_files(rows: "models.QuerySet[Mandate] | models.QuerySet[CaseEntry]") -> None:
    """The files go once the rows say that they are gone."""
    for row in rows:
        storage, place = row.document.storage, str(row.document.name)
        transaction.on_commit(lambda storage=storage, place=place: storage.delete(place))  # type: ignore[misc]  # bound now


def _letters_of(member: User) -> "models.QuerySet[Invitation]":
    """Those the member sent, and those sent to the member."""
    own = Q(invited_by=member) | Q(email__in=proven_addresses(member))
    return Invitation.objects.filter(own)


VERIFIED_ORGANIZATIONS = Holding(
    model=Organization,
    member="verified_by",
    title=_("Organizations you verified"),
    purpose=_("So that it is known who checked the name and the number."),
    kept=_("Until it is checked again."),
    erased=_("The number of your account stays instead of your name."),
    fields={"name": _("organization"), "verified_at": _("when")},
    impersonal={
        "verified_by": "the member themselves",
        **dict.fromkeys(PUBLIC, "of the organization, for everybody"),
    },
)
MANDATES = Holding(
    model=Mandate,
    member="user",
    title=_("Mandates"),
    purpose=_("So that it is known for ever who spoke for an organization, and when."),
    kept=_("For ever: they are the ground of what was said in the organization's name."),
    erased=_(
        "Those in force end, and the power of attorney is deleted. The row stays with your number "
        "instead of your name."
    ),
    erase=_end_mandates,
    fields={
        "organization": _("organization"),
        "role": _("role"),
        "ground": _("ground"),
        "valid_from": _("from"),
        "valid_to": _("to"),
        "revoked_at": _("revoked"),
        "confirmed_on": _("confirmed"),
        "is_public": _("whether your name is shown on the organization's page"),
        "note": _("note"),
        "created_at": _("entered"),
    },
    secret={"document": _("the power of attorney, which you can open on your organizations")},
    impersonal={"user": "the member themselves", "granted_by": "another member's number"},
)
ORGANIZATION_LOG = Holding(
    model=OrganizationEvent,
    member="actor",
    title=_("Steps you took for organizations"),
    purpose=_("So that every change of who speaks for whom can be traced."),
    kept=_("For ever."),
    erased=_("The steps stay with your number instead of your name."),
    fields={
        "organization": _("organization"),
        "kind": _("step"),
        "at": _("when"),
        "details": _("details, people in them by number"),
    },
    impersonal={"actor": "the member themselves"},
)
INVITATIONS = Holding(
    model=Invitation,
    member="invited_by",
    rows_of=_letters_of,
    title=_("Invitations, those you sent and those sent to you"),
    purpose=_("So that an organization lets in whom it means to."),
    kept=_("As long as the organization has a profile."),
    erased=_("Letters to you end, and your address in them is overwritten."),
    erase=_forget_invitations,
    fields={
        "organization": _("organization"),
        "email": _("to which address"),
        "role": _("role"),
        "created_at": _("written"),
        "sent_at": _("sent"),
        "opened_at": _("opened"),
        "accepted_at": _("accepted"),
        "bounced_at": _("bounced"),
        "revoked_at": _("revoked"),
        "expires_at": _("valid until"),
    },
    secret={"token_hash": _("a fingerprint of the link; the link itself is not kept")},
    impersonal={
        "invited_by": "the member themselves, or another member's number",
        "message_id": "how mail servers name the letter",
    },
)
JOIN_REQUESTS = Holding(
    model=JoinRequest,
    member="user",
    title=_("Requests to join organizations"),
    purpose=_("So that the organization can answer you."),
    kept=_("As long as the organization has a profile."),
    erased=_("Open ones are taken back; the words in them are removed."),
    erase=_forget_requests,
    fields={
        "organization": _("organization"),
        "role": _("role"),
        "message": _("message"),
        "created_at": _("when"),
        "answer": _("answer"),
        "answered_at": _("answered"),
        "reason": _("reason"),
    },
    impersonal={"user": "the member themselves", "answered_by": "another member's number"},
)
CASES = Holding(
    model=VerificationCase,
    member="opened_by",
    title=_("Verifications you asked for"),
    purpose=_("So that the adviser checks who speaks for an organization."),
    kept=_("For ever: they are the ground of the mandate and of the badge."),
    erased=_("Open ones end. What you said of yourself is removed; the decision stays."),
    erase=_close_cases,
    fields={
        "organization": _("organization"),
        "kind": _("kind"),
        "position": _("function in the organization"),
        "ground": _("ground"),
        "claimed": _("what was claimed"),
        "register_facts": _("what the register says"),
        "state": _("state"),
        "opened_at": _("opened"),
        "decided_at": _("decided"),
        "reason": _("reason"),
    },
    impersonal={"opened_by": "the member themselves", "decided_by": "another member's number"},
)
CASE_ENTRIES = Holding(
    model=CaseEntry,
    member="author",
    title=_("What you wrote and sent in verifications"),
    purpose=_("So that the adviser can decide."),
    kept=_("The words as long as the case; documents until some weeks after the decision."),
    erased=_("In your own cases words and documents are deleted."),
    erase=_forget_entries,
    fields={
        "case": _("verification"),
        "text": _("message"),
        "document_name": _("name of the document"),
        "at": _("when"),
    },
    secret={"document": _("the document itself, which you can open in the case while it is kept")},
    impersonal={"author": "the member themselves"},
)
ALL = (
    VERIFIED_ORGANIZATIONS,
    MANDATES,
    ORGANIZATION_LOG,
    INVITATIONS,
    JOIN_REQUESTS,
    CASES,
    CASE_ENTRIES,
)
IMPERSONAL = {
    OrganizationGmina: "where an organization works",
    OrganizationSphere: "what an organization works for",
    OrganizationLogo: "the picture of an organization",
    MandateReminder: "that a letter about a mandate has gone out",
}
