"""What becomes of a mail: published, or answered with the reason and kept as a draft.

A mail is read before its row is locked, and everything that follows from it is one transaction: a
worker that dies leaves either all of it or nothing. Source: docs/decisions/0036-mail-in.md.
"""

from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.functional import Promise

from accounts import staying
from accounts.models import User
from forum.discussions.models import HeldText, Post
from forum.jobs.tasks import task
from forum.lib import mails
from forum.lib.answers import Refusal
from forum.lib.limits import allow
from forum.lib.mails import Mail, Unreadable
from forum.lib.markup import from_plain_text
from forum.lib.trimming import own_words
from forum.mailbox import letters, rules
from forum.mailbox.actions import keeping, publishing
from forum.mailbox.actions.publishing import Letter, Published
from forum.mailbox.addresses import Named, named_by
from forum.mailbox.models import SUBJECT_MAX_CHARS, Inbound
from forum.mailbox.places import Place, place_of

ATTEMPTS = 4  # a letter whose reader dies four times is given up, and its writer told
ANSWERS_PER_HOUR = 20  # two machines that do not know each other would go on for ever
SENTENCE_MAX_CHARS = 600
Reason = Inbound.Reason


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a mail, and what its writer is told."""

    state: Inbound.State
    reason: Inbound.Reason | None = None
    sentence: str | Promise = ""
    remarks: list[str] = field(default_factory=list)
    post: Post | None = None
    held: HeldText | None = None


@task("mailbox.settle", attempts=ATTEMPTS + 2)
def settle(pk: int) -> None:
    """Find out what becomes of the mail, and do it. A repetition changes nothing.

    Locks: that its writer stays, the mail's row, then what publishing and drafts lock.
    """
    row = _begun(pk)
    if row is None:
        return
    with translation.override(row.member.language):
        mail = None if row.attempts > ATTEMPTS else _read(row)
        letter = Letter() if mail is None else _letter(row, mail)
        with transaction.atomic():
            staying.keep(row.member_id)
            rows = Inbound.objects.select_for_update(of=("self",)).select_related("member")
            locked = rows.get(pk=pk)
            if locked.is_waiting:
                _settle(locked, mail, letter)


def _begun(pk: int) -> Inbound | None:
    """The waiting mail with one more attempt counted; before it is read, since that may kill."""
    Inbound.objects.waiting().filter(pk=pk).update(attempts=F("attempts") + 1)
    return Inbound.objects.waiting().select_related("member").filter(pk=pk).first()


def _read(row: Inbound) -> Mail | None:
    """What the mail says; None where it cannot be read, or its file is gone."""
    try:
        with row.original.open("rb") as file:
            return mails.read(file.read())
    except (Unreadable, OSError, ValueError):
        return None


def _letter(row: Inbound, mail: Mail) -> Letter:
    """What the mail would publish. Files are judged here, before anything is locked."""
    words = own_words(mail.text)
    text = words if mail.is_markdown else from_plain_text(words)
    is_own = bool(rules.may_send_from(row.member, mail.sender))
    if not is_own or mail.is_automatic or not row.is_whole:
        return Letter(text)
    return publishing.with_files(Letter(text), mail.files)


def _settle(row: Inbound, mail: Mail | None, letter: Letter) -> None:
    """Locks: the caller holds the mail's row."""
    named = named_by(row.recipient)
    place = place_of(named) if named is not None else None
    row.thread = place.thread if place else None
    if mail is not None:
        row.sender, row.message_id = mail.sender, mail.message_id
        row.subject = mail.subject[:SUBJECT_MAX_CHARS]
        row.text, row.whole = letter.text, mail.text
    outcome = _outcome(row, mail, letter, named, place)
    row.state, row.post, row.held = outcome.state, outcome.post, outcome.held
    row.reason = outcome.reason or ""
    row.sentence = str(outcome.sentence)[:SENTENCE_MAX_CHARS]
    row.remarks = outcome.remarks
    if row.is_refused and place is not None and (letter.text or row.whole).strip():
        body = letter.text or from_plain_text(row.whole)
        stranger = row.sender if row.reason == Reason.WRONG_SENDER else ""
        row.draft_context = keeping.keep_as_draft(row.member, place, body, stranger=stranger)
    row.settled_at = timezone.now()
    row.save()
    _answer(row, is_automatic=mail is not None and mail.is_automatic)


def _outcome(
    row: Inbound, mail: Mail | None, letter: Letter, named: Named | None, place: Place | None
) -> Outcome:
    if mail is None or named is None:
        return _refused(Reason.UNREADABLE, rules.ORIGINAL_MISSING)
    if mail.is_automatic:
        return Outcome(Inbound.State.AUTOMATIC)
    refusal = _formal_refusal(row, mail, letter, named)
    if refusal is not None:
        return refusal
    if place is None:
        return _refused(Reason.NOT_ALLOWED, rules.GONE)
    published = publishing.publish(row, place, letter)
    moved = place_of(named) if isinstance(published, Refusal) else place
    if moved is not None and moved.thread.pk != place.thread.pk:
        # It was merged, or its post moved, in this very moment.
        published = publishing.publish(row, moved, letter)
    if isinstance(published, Published):
        return _taken(published, letter)
    return Outcome(
        Inbound.State.REFUSED, Reason.NOT_ALLOWED, published.sentence, list(letter.faults)
    )


def _taken(published: Published, letter: Letter) -> Outcome:
    """The mail stands in the thread, or waits for a moderator, as on the page."""
    remarks = [*letter.faults, *published.remarks]
    post = published.post
    if isinstance(post, Post):
        return Outcome(
            Inbound.State.POSTED, sentence=published.sentence, remarks=remarks, post=post
        )
    return Outcome(
        Inbound.State.HELD, sentence=rules.WAITS, remarks=[*post.why, *remarks], held=post
    )


def _formal_refusal(row: Inbound, mail: Mail, letter: Letter, named: Named) -> Outcome | None:
    """What is wrong with the mail itself, whatever it answers."""
    own = rules.may_send_from(row.member, mail.sender)
    if isinstance(own, Refusal):
        return _refused(Reason.WRONG_SENDER, own.sentence)
    if not allow(f"mails:{row.member.pk}", rules.mails_per_hour(), rules.HOUR):
        return _refused(Reason.TOO_MANY, rules.TOO_MANY)
    if named.has_ended:
        return _refused(Reason.EXPIRED, rules.EXPIRED)
    if not row.is_whole:
        return _refused(Reason.TOO_LARGE, rules.TOO_LARGE)
    if not letter.text.strip():
        return _refused(Reason.EMPTY, rules.ONLY_FILES if mail.files else rules.EMPTY)
    fault = publishing.fault_of(letter.text)
    return _refused(Reason.UNFIT, fault) if fault else None


def _refused(reason: Inbound.Reason, sentence: str | Promise) -> Outcome:
    return Outcome(Inbound.State.REFUSED, reason, sentence)


def _answer(row: Inbound, *, is_automatic: bool) -> None:
    """Tell the writer what they must know. Of a mail that is simply published they see the post."""
    is_needed = row.is_refused or row.is_held
    is_needed = is_needed or (row.is_posted and bool(row.remarks or row.sentence))
    if not is_needed or is_automatic:
        return
    if not allow(f"mail-answers:{row.member.pk}", ANSWERS_PER_HOUR, rules.HOUR):
        return
    if _may_be_written_to(row.member):
        letters.answer(row, row.member.email, is_member=True)
    if row.reason == Reason.WRONG_SENDER and row.sender:
        letters.answer(row, row.sender, is_member=False)


def _may_be_written_to(member: User) -> bool:
    return member.erased_at is None and bool(member.email)
