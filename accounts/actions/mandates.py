"""What changes mandates: grant, change, end, leave, confirm, and the consent to be named."""

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import documents, rules
from accounts.actions.holding import Held, Term, fresh, hold, mark_for_succession, settle
from accounts.actions.log import record
from accounts.letters import write
from accounts.models import Invitation, JoinRequest, Mandate, Organization, OrganizationEvent, User
from accounts.plugs import tell_private_read
from forum.lib.answers import Refusal, Refused, demand

Kind = OrganizationEvent.Kind
RANK = {role: rank for rank, role in enumerate(Mandate.Role.values)}  # 0 is the highest


def grant(
    *,
    actor: User,
    organization: Organization,
    member: User,
    term: Term,
    ground: str,
    note: str = "",
) -> Mandate:
    """The new mandate of somebody who has none in the organization.

    Raises: Refused. Locks: the organization's row.
    """
    demand(rules.may_manage_mandates(actor, organization))
    with transaction.atomic():
        held = hold(organization)
        demand(rules.may_manage_mandates(actor, organization))
        if Mandate.objects.not_over().filter(user=member, organization=organization).exists():
            raise Refused(
                Refusal(
                    _("This person has a mandate in the organization already. Change that one.")
                )
            )
        mandate = _written(held, member, term, actor, ground, note)
        settle(held, actor=actor)
    return mandate


def take_in(
    held: Held, *, member: User, term: Term, granted_by: User | None, ground: str
) -> Mandate:
    """The member's mandate after an invitation or a request was accepted.

    A mandate that stands gives way only to a higher role, or to the same with a later end. What
    the member had asked is answered by this. Locks: the caller holds the organization.
    """
    asked = JoinRequest.objects.open().filter(user=member, organization=held.organization)
    asked.update(
        answer=JoinRequest.Answer.ACCEPTED, answered_at=timezone.now(), answered_by=granted_by
    )
    standing = Mandate.objects.not_over().filter(user=member, organization=held.organization)
    for mandate in standing:
        if not _is_more(term, mandate):
            return mandate
    return replace(held, member=member, term=term, granted_by=granted_by, ground=ground)


def replace(
    held: Held, *, member: User, term: Term, granted_by: User | None, ground: str
) -> Mandate:
    """A new mandate in place of those that stand; they stay as history.

    The consent to be named goes with the member. Locks: the caller holds the organization.
    """
    standing = Mandate.objects.not_over().filter(user=member, organization=held.organization)
    is_public = standing.filter(is_public=True).exists()
    standing.update(revoked_at=timezone.now())
    mandate = _written(held, member, term, granted_by, ground, is_public=is_public)
    settle(held, actor=granted_by)
    return mandate


def change_mandate(
    *,
    actor: User,
    mandate: Mandate,
    term: Term,
    document: "UploadedFile[bytes] | None" = None,
) -> Mandate:
    """The mandate with another role or other days, and the document where one is given.

    Raises: Refused, also where the document is none. Locks: the organization's row.
    """
    demand(rules.may_change_mandate(actor, mandate))
    with transaction.atomic():
        held = hold(mandate.organization)
        mandate = fresh(mandate, held)
        demand(rules.may_change_mandate(actor, mandate))
        before = Term(mandate.role, mandate.valid_from, mandate.valid_to)
        if before == term and document is None:
            return mandate
        _demand_one_open(mandate, term)
        mandate.role, mandate.valid_from, mandate.valid_to = (
            term.role,
            term.valid_from,
            term.valid_to,
        )
        if document is not None:
            demand(documents.may_be_kept(document))
            mandate.document = documents.tidy(document)
        mandate.save(update_fields=["role", "valid_from", "valid_to", "document"])
        record(
            organization=held.organization,
            actor=actor,
            kind=Kind.MANDATE_CHANGED,
            **_facts(mandate),
            before=_as_json(before),
        )
        if before.role == Mandate.Role.REPRESENTATIVE != term.role:
            _withdraw_invitations(mandate, actor)
        settle(held, actor=actor, by_adviser=actor.is_staff)
        if mandate.user_id != actor.pk:
            write("mandate_changed", mandate.user, mandate=mandate, actor=actor)
    return mandate


def end_mandate(*, actor: User, mandate: Mandate) -> Mandate:
    """The mandate, ended at once by somebody who manages it.

    Raises: Refused, also where nobody would represent the organization, unless the adviser does it.
    Locks: the organization's row.
    """
    demand(rules.may_change_mandate(actor, mandate))
    with transaction.atomic():
        held = hold(mandate.organization)
        mandate = fresh(mandate, held)
        demand(rules.may_change_mandate(actor, mandate))
        _end(mandate, actor)
        _withdraw_invitations(mandate, actor)
        settle(held, actor=actor, by_adviser=actor.is_staff)
        if mandate.user_id != actor.pk:
            write("mandate_ended", mandate.user, mandate=mandate, actor=actor)
    return mandate


def leave(*, member: User, mandate: Mandate) -> Mandate:
    """The member's own mandate, given up.

    Raises: Refused, also for the last representative. Locks: the organization's row.
    """
    demand(rules.may_leave(member, mandate))
    with transaction.atomic():
        held = hold(mandate.organization)
        mandate = fresh(mandate, held)
        demand(rules.may_leave(member, mandate))
        _end(mandate, member)
        settle(held, actor=member)
    return mandate


def leave_to_adviser(*, member: User, mandate: Mandate, words: str = "") -> Mandate:
    """The last representative's mandate, given up; the adviser is asked to find the next one.

    Raises: Refused. Locks: the organization's row.
    """
    demand(rules.may_leave_to_adviser(member, mandate))
    with transaction.atomic():
        held = hold(mandate.organization)
        mandate = fresh(mandate, held)
        demand(rules.may_leave_to_adviser(member, mandate))
        _end(mandate, member)
        mark_for_succession(held.organization, actor=member, words=words)
        settle(held, actor=member, by_adviser=True)
    return mandate


def confirm_mandate(*, actor: User, mandate: Mandate) -> Mandate:
    """The mandate, said to hold still; for another year nobody is asked.

    Raises: Refused. Locks: the organization's row.
    """
    demand(rules.may_confirm_mandate(actor, mandate))
    with transaction.atomic():
        held = hold(mandate.organization)
        mandate = fresh(mandate, held)
        demand(rules.may_confirm_mandate(actor, mandate))
        if mandate.confirmed_on != timezone.localdate():
            mandate.confirmed_on = timezone.localdate()
            mandate.save(update_fields=["confirmed_on"])
            _record(held, actor, Kind.MANDATE_CONFIRMED, mandate)
    return mandate


def show_name(*, member: User, mandate: Mandate, on: bool) -> Mandate:
    """The mandate with the holder's consent to be named on the organization's page, or without.

    Raises: Refused. Locks: the organization's row.
    """
    demand(rules.may_show_name(member, mandate))
    with transaction.atomic():
        held = hold(mandate.organization)
        mandate = fresh(mandate, held)
        demand(rules.may_show_name(member, mandate))
        if mandate.is_public != on:
            mandate.is_public = on
            mandate.save(update_fields=["is_public"])
            _record(held, member, Kind.NAME_SHOWN if on else Kind.NAME_HIDDEN, mandate)
    return mandate


def note_document_reading(*, reader: User, mandate: Mandate) -> None:
    """Somebody is given its document: of a reading by staff its holder is told. Raises: Refused."""
    demand(rules.may_read_document(reader, mandate))
    if reader.is_staff and reader.pk != mandate.user_id:
        place = reverse("accounts:people", args=[mandate.organization_id])
        tell_private_read(reader, mandate.user, place)


def _written(
    held: Held,
    member: User,
    term: Term,
    granted_by: User | None,
    ground: str,
    note: str = "",
    *,
    is_public: bool = False,
) -> Mandate:
    mandate = Mandate.objects.create(
        user=member,
        organization=held.organization,
        role=term.role,
        valid_from=term.valid_from,
        valid_to=term.valid_to,
        granted_by=granted_by,
        ground=ground,
        note=note,
        is_public=is_public,
    )
    _record(held, granted_by, Kind.MANDATE_GRANTED, mandate)
    return mandate


def _end(mandate: Mandate, actor: User) -> None:
    mandate.revoked_at = timezone.now()
    mandate.save(update_fields=["revoked_at"])
    record(
        organization=mandate.organization,
        actor=actor,
        kind=Kind.MANDATE_ENDED,
        **_facts(mandate),
    )


def _withdraw_invitations(mandate: Mandate, actor: User) -> None:
    """Whoever was put out must not come back, or send others in, by a letter sent before."""
    sent = Invitation.objects.open().filter(
        organization=mandate.organization, invited_by=mandate.user_id
    )
    pks = list(sent.values_list("pk", flat=True))
    sent.update(revoked_at=timezone.now())
    for pk in pks:
        record(
            organization=mandate.organization,
            actor=actor,
            kind=Kind.INVITATION_REVOKED,
            invitation=pk,
        )


def _demand_one_open(mandate: Mandate, term: Term) -> None:
    others = Mandate.objects.filter(
        user=mandate.user_id, organization=mandate.organization, revoked_at=None, valid_to=None
    ).exclude(pk=mandate.pk)
    if term.valid_to is None and others.exists():
        raise Refused(
            Refusal(_("This person has another mandate without an end here. Give this one an end."))
        )


def _is_more(term: Term, mandate: Mandate) -> bool:
    if RANK[term.role] != RANK[mandate.role]:
        return RANK[term.role] < RANK[mandate.role]
    if mandate.valid_to is None:
        return False
    return term.valid_to is None or term.valid_to > mandate.valid_to


def _record(held: Held, actor: User | None, kind: OrganizationEvent.Kind, mandate: Mandate) -> None:
    record(organization=held.organization, actor=actor, kind=kind, **_facts(mandate))


def _facts(mandate: Mandate) -> dict[str, object]:
    """What the log keeps of a mandate for ever: whose it was, and what it said."""
    term = Term(mandate.role, mandate.valid_from, mandate.valid_to)
    return {"mandate": mandate.pk, "member": mandate.user_id, **_as_json(term)}


def _as_json(term: Term) -> dict[str, object]:
    return {
        "role": str(term.role),
        "valid_from": term.valid_from.isoformat(),
        "valid_to": term.valid_to.isoformat() if term.valid_to else None,
    }
