"""How a case begins: a claim, a new organization, a changed name, a board that takes over."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import documents, registers, verification_rules
from accounts.actions.entrusting import entrust
from accounts.actions.log import record
from accounts.documents import Upload
from accounts.models import (
    CaseEntry,
    Mandate,
    Organization,
    OrganizationEvent,
    User,
    VerificationCase,
)
from accounts.plugs import tell_case_moved, want_facts
from accounts.resemblance import Found, find_taken, sounds_official
from forum.lib.answers import Answer, Refusal, Refused, demand

CLAIMED_FIELDS = ("name", "short_name", "kind", "gmina", "register", "nip", "regon", "address")


class NameTaken(Refused):
    """The name or number is another organization's: the page leads to it."""

    def __init__(self, refusal: Refusal, found: Found) -> None:
        super().__init__(refusal)
        self.organization = found.organization
        self.is_exact = found.is_exact


@dataclass(frozen=True, slots=True)
class Standing:
    """What the member says of their place in the organization."""

    position: str = ""
    ground: str = Mandate.Ground.STATUTE
    message: str = ""
    document: Upload | None = None


@dataclass(frozen=True, slots=True)
class NewOrganization:
    """What a new organization is called and where it is registered."""

    name: str
    kind: str
    short_name: str = ""
    gmina: str = ""
    register: str = Organization.Register.NONE
    register_number: str = ""
    nip: str = ""
    regon: str = ""
    address: str = ""

    def as_row(self) -> Organization:
        return Organization(**{name: getattr(self, name) for name in self.__slots__})


def claim(*, member: User, organization: Organization, standing: Standing) -> VerificationCase:
    """The member says that they represent the organization; the adviser checks it.

    Until then they write in their own voice. Several members may claim one organization.
    Raises: Refused. Locks: the organization's row.
    """
    return _claim(member, organization, VerificationCase.Kind.CLAIM, standing)


def open_succession(
    *, member: User, organization: Organization, standing: Standing
) -> VerificationCase:
    """The board asks to take over from representatives who left. As `claim` otherwise."""
    demand(verification_rules.may_reclaim(member, organization))
    return _claim(member, organization, VerificationCase.Kind.SUCCESSION, standing)


def create_organization(
    *,
    member: User,
    new: NewOrganization,
    standing: Standing,
    is_another: bool = False,
) -> VerificationCase:
    """A new organization, without the badge, whose creator speaks for it at once.

    Where it may be taken for a public authority, or where the member says that a close name is
    another organization's, the voice comes with the adviser's acceptance.
    Raises: Refused; NameTaken where it is here already.
    Source: docs/decisions/0027-verification.md.
    """
    demand(verification_rules.may_create(member, new.kind))
    close = demand_free(new, is_another=is_another)
    is_trusted = close is None and verification_rules.speaks_at_once(new.kind)
    try:
        with transaction.atomic():
            organization = new.as_row()
            organization.is_claimed = is_trusted
            organization.save(force_insert=True)
            record(organization=organization, actor=member, kind=OrganizationEvent.Kind.CREATED)
            if is_trusted:
                entrust(
                    actor=member,
                    member=member,
                    organization=organization,
                    ground=standing.ground,
                    granted_by=None,
                )
            return _open(member, organization, VerificationCase.Kind.NEW, standing)
    except IntegrityError:
        # Somebody else added it between the look and the writing.
        demand_free(new, is_another=is_another)
        raise


def note_change(*, organization: Organization, actor: User) -> VerificationCase | None:
    """To be called by whatever changes a profile: a verified name or number is checked anew.

    Opens a case, or brings the open one up to date; a change taken back closes it. Gives the open
    case, if there is one. Locks: the organization's row; the caller's transaction or its own.
    """
    with transaction.atomic():
        locked = Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
        if locked.verified_at is None:
            return None
        cases = locked.verification_cases.open().filter(kind=VerificationCase.Kind.CHANGE)
        open_one = cases.select_for_update(no_key=True).first()
        if locked.is_verified:
            if open_one is not None:
                _close_as_taken_back(open_one, actor)
            return None
        if open_one is not None:
            return _bring_up_to_date(open_one, locked)
        others = locked.verification_cases.open().filter(opened_by=actor)
        if another := others.select_for_update(no_key=True).first():
            # One open case a member: the change is looked at with what they asked already.
            return _bring_up_to_date(another, locked)
        return _open(actor, locked, VerificationCase.Kind.CHANGE, Standing(ground=""))


def claimed_profile(organization: Organization) -> dict[str, str]:
    """The profile as a case keeps it: what is checked, and nothing else."""
    profile = {name: str(getattr(organization, name)) for name in CLAIMED_FIELDS}
    return profile | {"number": organization.register_number}


def _claim(
    member: User, organization: Organization, kind: VerificationCase.Kind, standing: Standing
) -> VerificationCase:
    with transaction.atomic():
        locked = Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
        demand(verification_rules.may_claim(member, locked))
        return _open(member, locked, kind, standing)


def _open(
    member: User, organization: Organization, kind: VerificationCase.Kind, standing: Standing
) -> VerificationCase:
    case = VerificationCase.objects.create(
        organization=organization,
        kind=kind,
        opened_by=member,
        position=standing.position,
        ground=standing.ground,
        claimed=claimed_profile(organization),
    )
    add_entry(case, member, standing.message, standing.document)
    record(
        organization=organization,
        actor=member,
        kind=OrganizationEvent.Kind.VERIFICATION_OPENED,
        case=case.pk,
        about=kind,
    )
    want_facts_of(case)
    tell_case_moved(case.pk)
    return case


def want_facts_of(case: VerificationCase) -> None:
    """Have the register asked in the background, where it is one that can be asked.

    Locks: none, the caller holds the transaction.
    """
    if case.claimed.get("number") and registers.source_of(case.claimed["register"]):
        want_facts(case.pk)


def add_entry(
    case: VerificationCase, author: User, text: str, document: Upload | None = None
) -> None:
    """What was said, with the document if there is one; nothing where nothing was said.

    Raises: Refused where the document is not one. Locks: none, the caller holds the transaction.
    """
    if document is not None:
        demand(documents.may_be_kept(document))
        name = documents.shown_name(document.name)
        CaseEntry.objects.create(
            case=case,
            author=author,
            text=text,
            document=documents.tidy(document),
            document_name=name,
        )
    elif text:
        CaseEntry.objects.create(case=case, author=author, text=text)


def demand_free(new: NewOrganization, *, is_another: bool) -> Organization | None:
    """The organization with a close name, which the member says is another one.

    Raises: NameTaken for a name or number that is in use; Refused for the name of an office.
    """
    if any(sounds_official(name, new.kind) for name in (new.name, new.short_name)):
        raise Refused(
            Refusal(_("This name sounds like a public office. Write to the county office."))
        )
    registered = Organization.objects.registered_as(new.register, new.register_number).first()
    if registered is not None:
        raise NameTaken(
            Refusal(_("The organization with this number is here already.")),
            Found(registered, is_exact=True),
        )
    found = find_taken([new.name, new.short_name], new.gmina)
    answer = _is_free(found, is_another)
    if found is not None and isinstance(answer, Refusal):
        raise NameTaken(answer, found)
    return found.organization if found else None


def _is_free(found: Found | None, is_another: bool) -> Answer:
    if found is None:
        return True
    if found.is_exact:
        return Refusal(_("An organization of this name is here already."))
    if not is_another:
        return Refusal(_("An organization of nearly this name is here already. Is it yours?"))
    return True


def _bring_up_to_date(case: VerificationCase, organization: Organization) -> VerificationCase:
    """Whoever decides on what the page showed before is told that it has moved on."""
    claimed = claimed_profile(organization)
    if case.claimed == claimed:
        return case
    case.claimed = claimed
    case.version += 1
    case.register_facts = None
    case.facts_fetched_at = None
    case.save(update_fields=["claimed", "version", "register_facts", "facts_fetched_at"])
    want_facts_of(case)
    return case


def _close_as_taken_back(case: VerificationCase, actor: User) -> None:
    VerificationCase.objects.filter(pk=case.pk).update(
        state=VerificationCase.State.WITHDRAWN,
        version=case.version + 1,
        decided_at=timezone.now(),
    )
    record(
        organization=case.organization,
        actor=actor,
        kind=OrganizationEvent.Kind.VERIFICATION_WITHDRAWN,
        case=case.pk,
    )
    tell_case_moved(case.pk)
