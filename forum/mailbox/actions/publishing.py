"""A mail as a reply: in the voice the member used last there, with its files, by the same action as
on the page."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import Organization, User
from accounts.rules import voices_of
from forum.discussions import actions, rules
from forum.discussions.actions import attaching
from forum.discussions.actions.attaching import NOTHING, Enclosed
from forum.discussions.drafts import context_of
from forum.discussions.models import HeldText, Post, Thread, VoiceOfCategory
from forum.discussions.voices import voice_in
from forum.lib import uploads
from forum.lib.answers import Refusal, Refused
from forum.lib.body_field import BodyForm
from forum.lib.mails import Enclosure
from forum.lib.uploads import Accepted
from forum.mailbox.models import Inbound
from forum.mailbox.places import Place

ONCE = uuid.UUID("8c1d2a52-6b0e-4f1f-9d43-6d61696c2d31")  # of the keys of forms that are mails


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail would publish: its text as Markdown, its files, and which of them not."""

    text: str = ""
    files: tuple[Accepted, ...] = ()
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Published:
    """What a mail became: a post, or a text that a moderator reads first; and what its writer did
    not know of it."""

    post: Post | HeldText
    sentence: str = ""
    remarks: list[str] = field(default_factory=list)


def with_files(letter: Letter, files: Sequence[Enclosure]) -> Letter:
    """The letter with the files that may be attached, judged as on the page."""
    accepted: list[Accepted] = []
    faults: list[str] = []
    for file in files:
        if len(accepted) >= settings.ATTACHMENTS_PER_POST:
            faults.append(f"{file.name}: {attaching.too_many().sentence}")
            continue
        sent = SimpleUploadedFile(file.name, file.content)
        judged = uploads.judge(sent, settings.ATTACHMENT_MAX_BYTES)
        if isinstance(judged, Refusal):
            faults.append(str(judged.sentence))
        else:
            accepted.append(judged)
    return replace(letter, files=tuple(accepted), faults=tuple(faults))


def fault_of(text: str) -> str:
    """The sentence that the page would show below this text; empty where it is fine."""
    form = BodyForm({"body": text, "body_format": "markdown"})
    return "" if form.is_valid() else " ".join(str(fault) for fault in form.errors["body"])


def publish(row: Inbound, place: Place, letter: Letter) -> Published | Refusal:
    """The mail as a reply in its place, or why not.

    Repeating it gives the earlier post. Locks: those of `reply`; the caller has a transaction.
    """
    member = row.member
    once = uuid.uuid5(ONCE, row.key)
    if not Thread.objects.readable_by(member).filter(pk=place.thread.pk).exists():
        return _unreadable(member, place.thread)
    voice, remarks = _voice(member, place.thread)
    # Where the reply is refused they wait beside the draft.
    enclosed, more = _enclosed(member, place.thread, letter.files)
    try:
        post = actions.reply(
            author=member,
            voice=voice,
            thread=place.thread,
            body=letter.text,
            body_format="markdown",
            parent=place.post,
            once=once,
            draft=0,  # what the member writes on the page meanwhile is another text
            enclosed=enclosed,
        )
    except Refused as refused:
        return refused.refusal
    return Published(post, remarks=[*remarks, *more])


def _unreadable(member: User, thread: Thread) -> Refusal:
    may = rules.may_reply(member, thread)
    return may if isinstance(may, Refusal) else Refusal(_("You may not read this thread."))


def _voice(member: User, thread: Thread) -> tuple[Organization | None, list[str]]:
    """The voice that the page would offer; and a remark where it is not the one used last."""
    pk = voice_in(member, thread.category)
    voice = voices_of(member).filter(pk=pk).first() if pk is not None else None
    if voice is not None:
        return voice, []
    used = VoiceOfCategory.objects.filter(user=member, category=thread.category)
    last = used.select_related("organization").first()
    lost = last.organization if last is not None else member.last_voice
    if lost is None:
        return None, []
    remark = _(
        "You wrote here for “%(organization)s”, and have no valid mandate to speak for it any more:"
        " your answer stands in your own name."
    )
    return None, [remark % {"organization": lost.called}]


def _enclosed(
    member: User, thread: Thread, files: Sequence[Accepted]
) -> tuple[Enclosed, list[str]]:
    """The files, kept for this reply; and why others were not."""
    keys: list[uuid.UUID] = []
    faults: list[str] = []
    for file in files:
        try:
            kept = attaching.upload(uploader=member, context=context_of(thread), file=file)
        except Refused as refused:
            faults.append(f"{file.name}: {refused.refusal.sentence}")
        except Http404:
            faults.append(f"{file.name}: {_('You may not read this thread.')}")
        else:
            keys.append(kept.key)
    return (Enclosed(attach=frozenset(keys)) if keys else NOTHING), faults
