"""Texts that could not be published, kept for their writer; and mails let go of in time."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import islice

from django.conf import settings
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import Organization, User
from accounts.personal_data import Erasure
from forum.discussions.actions import drafting
from forum.discussions.actions.drafting import Kept, Text
from forum.discussions.drafts import context_of
from forum.discussions.models import Draft
from forum.discussions.voices import voice_in
from forum.lib.answers import Refused
from forum.lib.markup import SOURCE_MAX_CHARS, TooLong, as_markdown, from_plain_text
from forum.lib.private_files import places_in, private_storage
from forum.mailbox.models import DIRECTORY, Inbound
from forum.mailbox.places import Place

KEEP_ROWS = timedelta(days=365)
KEEP_ROWLESS = timedelta(days=1)  # longer than any door takes to keep one mail
ROWS_AT_ONCE = 500


def keep_as_draft(member: User, place: Place, body: str, *, stranger: str = "") -> str:
    """The name of the draft that the text waits in now; empty where it could not be kept.

    Below what the member is writing there already. What a stranger wrote says so in its first line,
    and is put below nothing: the member may have another address, but somebody else may be it.
    Locks: the draft's row; the caller has a transaction.
    """
    context = context_of(place.thread)
    draft = Draft.objects.select_for_update().filter(user=member, context=context).first()
    if stranger and draft is not None:
        return ""
    if stranger:
        note = _("From a mail that %(address)s sent:") % {"address": stranger}
        body = f"{from_plain_text(note)}\n\n{body}"
    text = _joined(draft, body) if draft is not None else _begun(member, place, body)
    if len(text.body) > SOURCE_MAX_CHARS["markdown"]:
        return ""
    version = draft.version if draft is not None else 0
    try:
        with transaction.atomic():
            kept = drafting.keep(user=member, context=context, version=version, text=text)
    except (Refused, Http404, TooLong):
        return ""
    return context if isinstance(kept, Kept) and kept.version else ""


def clear(now: datetime) -> None:
    """Forget originals and texts after a month, rows after a year, and files without a row."""
    old = Inbound.objects.originals_before(now - timedelta(days=settings.MAIL_ORIGINAL_DAYS))
    while rows := list(old.order_by("pk")[:ROWS_AT_ONCE]):
        _forget_originals(rows)
    Inbound.objects.filter(received_at__lt=now - KEEP_ROWS).delete()
    lying = places_in(DIRECTORY, now - KEEP_ROWLESS)
    while places := list(islice(lying, ROWS_AT_ONCE)):
        known = Inbound.objects.filter(original__in=places).values_list("original", flat=True)
        _delete_files(set(places) - set(known))


def forget_mails(erasure: Erasure) -> None:
    """Remove what an erased member sent. Locks: the mails' rows; the caller has a transaction."""
    rows = list(Inbound.objects.sent_by(erasure.member).select_for_update())
    places = [str(row.original.name) for row in rows if row.original]
    Inbound.objects.filter(pk__in=[row.pk for row in rows]).delete()
    transaction.on_commit(lambda: _delete_files(places))


def _begun(member: User, place: Place, body: str) -> Text:
    voice = voice_in(member, place.thread.category)
    return Text(
        body=body,
        parent_number=place.post.number if place.post is not None else None,
        organization=Organization.objects.filter(pk=voice).first() if voice else None,
    )


def _joined(draft: Draft, body: str) -> Text:
    """The draft with the text of the mail below it, once."""
    written = as_markdown(draft.body, draft.body_format)
    return Text(
        title=draft.title,
        body=written if body in written else f"{written}\n\n{body}".strip(),
        body_format="markdown",
        parent_number=draft.parent_number,
        organization=draft.organization,
        filled=draft.filled,
    )


def _forget_originals(rows: Iterable[Inbound]) -> None:
    places = [str(row.original.name) for row in rows if row.original]
    with transaction.atomic():
        pks = [row.pk for row in rows]
        Inbound.objects.filter(pk__in=pks).update(original="", whole="", text="")
        transaction.on_commit(lambda: _delete_files(places))


def _delete_files(places: Iterable[str]) -> None:
    storage = private_storage()
    for place in places:
        storage.delete(place)
