"""What happens to a case between its opening and the decision, and what is tidied after it."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts import documents, registers, verification_rules
from accounts.actions.claiming import add_entry, want_facts_of
from accounts.actions.log import record
from accounts.documents import Upload
from accounts.models import CaseEntry, OrganizationEvent, User, VerificationCase
from accounts.plugs import tell_case_moved, tell_private_read
from forum.lib.answers import demand

# A file without a row: its transaction was rolled back. Younger ones may still be on their way.
ORPHAN_AGE = timedelta(days=1)


def answer(
    *, member: User, case: VerificationCase, text: str, document: Upload | None = None
) -> VerificationCase:
    """The member completes the case, asked or not; it is the adviser's turn again.

    Raises: Refused. Locks: the case's row.
    """
    with transaction.atomic():
        locked = hold_case(case.pk)
        demand(verification_rules.may_answer(member, locked))
        add_entry(locked, member, text, document)
        _step(locked, VerificationCase.State.WAITING)
        _log(locked, member, OrganizationEvent.Kind.VERIFICATION_ANSWERED)
    return locked


def withdraw_case(*, member: User, case: VerificationCase) -> VerificationCase:
    """The member takes the case back; its documents are deleted at once.

    Raises: Refused. Locks: the case's row.
    """
    with transaction.atomic():
        locked = hold_case(case.pk)
        demand(verification_rules.may_withdraw_case(member, locked))
        locked.decided_at = timezone.now()
        _step(locked, VerificationCase.State.WITHDRAWN)
        _log(locked, member, OrganizationEvent.Kind.VERIFICATION_WITHDRAWN)
        for entry in locked.entries.with_document():
            _drop(entry)
    return locked


def note_reading(*, reader: User, entry: CaseEntry) -> None:
    """Somebody is given the document: a reading by staff is a step of the organization's log, and
    the member is told.

    Raises: Refused.
    """
    demand(verification_rules.may_read_document(reader, entry))
    if entry.case.opened_by_id != reader.pk:
        record(
            organization=entry.case.organization,
            actor=reader,
            kind=OrganizationEvent.Kind.DOCUMENT_READ,
            case=entry.case_id,
            entry=entry.pk,
        )
        place = reverse("accounts:case", args=[entry.case_id])
        tell_private_read(reader, entry.case.opened_by, place)


def ask_register(*, staff: User, case: VerificationCase) -> None:
    """Have the register asked again, in the background. Raises: Refused."""
    demand(verification_rules.may_work_at_desk(staff))
    with transaction.atomic():
        want_facts_of(case)


def refresh_facts(*, case_pk: int) -> bool:
    """Ask the register and keep what it says with the case; False where it should be asked again.

    Takes seconds and holds no transaction meanwhile: for background jobs. A register that is away
    takes nothing from what it said before, and the case's version stays: nobody decided anything.
    """
    case = VerificationCase.objects.open().filter(pk=case_pk).first()
    if case is None:
        return True
    register, number = case.claimed.get("register", ""), case.claimed.get("number", "")
    facts = registers.lookup(register, number)
    if facts is None:
        return True
    is_away = isinstance(facts, registers.Unavailable)
    if not is_away or case.register_facts is None:
        # Only where the case still says what was asked about.
        asked = VerificationCase.objects.filter(pk=case_pk, version=case.version)
        asked.update(register_facts=facts.as_json(), facts_fetched_at=timezone.now())
    return not is_away


def clear_documents() -> None:
    """Delete the documents of cases decided long enough ago, and files that no row names.

    Units: settings.DOCUMENT_DAYS after the decision.
    """
    long_ago = timezone.now() - timedelta(days=settings.DOCUMENT_DAYS)
    old = CaseEntry.objects.with_document().filter(case__decided_at__lt=long_ago)
    with transaction.atomic():
        for entry in old.exclude(case__state__in=VerificationCase.OPEN_STATES):
            _drop(entry)
    _clear_orphans()


def hold_case(pk: int) -> VerificationCase:
    """The case, locked. Locks: its row until the end of the transaction."""
    cases = VerificationCase.objects.select_for_update(no_key=True, of=("self",))
    return cases.select_related("organization", "opened_by").get(pk=pk)


def _step(case: VerificationCase, state: VerificationCase.State) -> None:
    case.state = state
    case.version += 1
    case.save(update_fields=["state", "version", "decided_at"])
    tell_case_moved(case.pk)


def _log(case: VerificationCase, member: User, kind: OrganizationEvent.Kind) -> None:
    record(organization=case.organization, actor=member, kind=kind, case=case.pk)


def _drop(entry: CaseEntry) -> None:
    """The file goes once the row says that it is gone."""
    storage, place = entry.document.storage, str(entry.document.name)
    CaseEntry.objects.filter(pk=entry.pk).update(document="")
    transaction.on_commit(lambda: storage.delete(place))


def _clear_orphans() -> None:
    storage = documents.private_storage()
    if not storage.exists(documents.FOLDER):
        return
    _folders, names = storage.listdir(documents.FOLDER)
    places = {f"{documents.FOLDER}/{name}" for name in names}
    known = set(CaseEntry.objects.filter(document__in=places).values_list("document", flat=True))
    young = timezone.now() - ORPHAN_AGE
    for place in places - known:
        if storage.get_modified_time(place) < young:
            storage.delete(place)
