"""Files of posts: kept as soon as they are chosen, hung on the post when it is sent.

Source: docs/decisions/0017-attachments.md.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Sum
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from forum.discussions.actions.indexing import find_anew, find_no_more
from forum.discussions.drafts import context_of, readable_place, template_of
from forum.discussions.models import Attachment, Draft, HeldText, Post, Thread
from forum.discussions.models.attachments import DIRECTORY
from forum.lib import pictures
from forum.lib.answers import Refusal, Refused
from forum.lib.private_files import places_in, private_storage
from forum.lib.uploads import Accepted

# What one member may have waiting: enough for a dozen texts with pictures.
UNSENT_FILES = 60
UNSENT_BYTES = 120 * 1024 * 1024
KEEP_UNSENT = timedelta(days=14)
KEEP_ROWLESS = timedelta(days=1)  # longer than any upload
FILES_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosed:
    """What a form says of attachments: by their keys, those to hang on the post, those to take
    away, and descriptions of pictures."""

    attach: frozenset[UUID] = frozenset()
    detach: frozenset[UUID] = frozenset()
    alts: Mapping[UUID, str] = field(default_factory=dict)


NOTHING = Enclosed()
GONE = Refusal(_("One of the attachments is no longer here. Attach it again."))


def upload(*, uploader: User, context: str, file: Accepted) -> Attachment:
    """The file, kept for a text that is being written in this place.

    In a thread that was merged meanwhile it waits where its text goes on: in the other thread.
    Raises: Refused at the member's limits, Http404 where the place may not be read.
    """
    place = readable_place(uploader, context)
    if isinstance(place, Thread) and place.merged_into is not None:
        return upload(uploader=uploader, context=context_of(place.merged_into), file=file)
    unsent = Attachment.objects.unsent_by(uploader)
    waiting = unsent.aggregate(count=Count("pk"), size=Sum("size_bytes", default=0))
    size_bytes = len(file.content)
    if waiting["count"] >= UNSENT_FILES or waiting["size"] + size_bytes > UNSENT_BYTES:
        raise Refused(
            Refusal(_("Too many of your files wait in unsent texts. Send or remove some first."))
        )
    return Attachment.objects.create(
        uploader=uploader,
        context=context_of(place, template_of(context)),
        kind=file.kind,
        name=file.name,
        file=ContentFile(file.content, name=file.name),
        size_bytes=size_bytes,
        width=file.width,
        height=file.height,
        has_text=file.has_text,
    )


def describe(*, uploader: User, alts: Mapping[UUID, str]) -> None:
    """Keep the descriptions of the member's own unsent pictures. Others are not touched."""
    if not alts:
        return
    with transaction.atomic():
        unsent = Attachment.objects.unsent_by(uploader).filter(key__in=alts)
        _describe(unsent.select_for_update(), alts)


def discard(*, uploader: User, keys: Collection[UUID]) -> None:
    """Throw the member's own unsent files away. Others are not touched."""
    with transaction.atomic():
        remove(Attachment.objects.unsent_by(uploader).filter(key__in=keys).select_for_update())


def settle(post: Post, context: str, enclosed: Enclosed, *, html: str = "") -> bool:
    """Give the post the files that its form encloses; whether that changed what it shows.

    Only its author's own, that wait in this very place: another form cannot take them away.
    Raises: Refused. Locks: the attachments' rows; the caller has a transaction, and the thread.
    """
    if enclosed == NOTHING:
        return False
    unsent = Attachment.objects.unsent_by(post.author).filter(context=context)
    wanted = enclosed.attach - enclosed.detach
    claimed = list(unsent.filter(key__in=wanted).select_for_update())
    attached = Attachment.objects.filter(post=post)  # whatever was fetched before with the post
    # The same form may have been sent before.
    if len(claimed) + attached.filter(key__in=wanted).count() < len(wanted):
        raise Refused(GONE)
    removed = attached.filter(key__in=enclosed.detach).select_for_update()
    has_removed = remove(removed)
    remove(unsent.filter(key__in=enclosed.detach).select_for_update())
    if attached.count() + len(claimed) > settings.ATTACHMENTS_PER_POST:
        raise Refused(too_many())
    Attachment.objects.filter(pk__in=[each.pk for each in claimed]).update(post=post)
    typed = pictures.named_in(html or post.html)
    has_described = _describe(attached.select_for_update(), enclosed.alts, typed)
    if claimed or has_removed:
        find_anew([post.pk])  # whether it has files is asked for
    return bool(claimed) or has_removed or has_described


def keep_with(held: HeldText, enclosed: Enclosed) -> None:
    """Have the files that the form encloses wait with its text. Files of a post stay on it.

    Raises: Refused. Locks: the attachments' rows; the caller has a transaction, and the text.
    """
    if enclosed == NOTHING:
        return
    unsent = Attachment.objects.unsent_by(held.author).filter(context=held.context)
    there = Attachment.objects.filter(held=held)
    stay = Attachment.objects.filter(post=held.edited) if held.edited else there.none()
    wanted = enclosed.attach - enclosed.detach
    claimed = list(unsent.filter(key__in=wanted).select_for_update())
    known = sum(rows.filter(key__in=wanted).count() for rows in (there, stay))
    if len(claimed) + known < len(wanted):
        raise Refused(GONE)
    for rows in (unsent, there):
        remove(rows.filter(key__in=enclosed.detach).select_for_update())
    count = there.count() + stay.exclude(key__in=enclosed.detach).count() + len(claimed)
    if count > settings.ATTACHMENTS_PER_POST:
        raise Refused(too_many())
    Attachment.objects.filter(pk__in=[each.pk for each in claimed]).update(held=held)
    _describe(there.select_for_update(), enclosed.alts, pictures.named_in(held.html))


def hang(held: HeldText, post: Post) -> None:
    """Give the post the files that waited with its text. Locks: as `keep_with`."""
    has_new = Attachment.objects.filter(held=held).update(post=post, held=None)
    has_left = held.edited is not None and _leave_out(held, post)
    if has_new or has_left:
        find_anew([post.pk])


def _leave_out(held: HeldText, post: Post) -> bool:
    """What the changed text does without; whether there was anything."""
    left_out = Attachment.objects.filter(post=post, key__in=held.detached)
    has_left = remove(left_out.select_for_update())
    alts = {UUID(key): alt for key, alt in held.described.items()}
    _describe(Attachment.objects.filter(post=post).select_for_update(), alts)
    return has_left


def release(held: HeldText) -> None:
    """Have its files wait as unsent ones, in the place where its text is written on."""
    Attachment.objects.filter(held=held).update(held=None, context=held.context)


def repeats(earlier: Post | HeldText, context: str, enclosed: Enclosed) -> bool:
    """Whether the form brings only what the post, or the waiting text, has: it was sent twice.

    A plain form brings its files again: their second copies are removed.
    Locks: the attachments' rows; the caller has a transaction.
    """
    unsent = Attachment.objects.unsent_by(earlier.author).filter(context=context)
    again = list(unsent.filter(key__in=enclosed.attach).select_for_update())
    of = {"held" if isinstance(earlier, HeldText) else "post": earlier}
    there = set(Attachment.objects.filter(**of).values_list("name", "size_bytes"))
    if any((each.name, each.size_bytes) not in there for each in again):
        return False
    remove(again)
    return True


def too_many() -> Refusal:
    """What is said where a post would have too many attachments."""
    sentence = _("A post can have at most %(count)d attachments. Remove some.")
    return Refusal(sentence % {"count": settings.ATTACHMENTS_PER_POST})


def remove(attachments: Iterable[Attachment]) -> bool:
    """Delete the rows now and their files after the commit; whether there were any.

    Locks: the caller holds the rows and has a transaction.
    """
    rows = list(attachments)
    if not rows:
        return False
    Attachment.objects.filter(pk__in=[row.pk for row in rows]).delete()
    find_no_more(row.pk for row in rows if row.post_id is not None)
    places = [str(row.file.name) for row in rows]
    transaction.on_commit(lambda: _delete_files(places))
    return True


def clear(now: datetime) -> None:
    """Throw away what nobody will send any more, and files whose rows are gone.

    A file waits as long as the draft it belongs to. Locks: the attachments' rows.
    """
    draft = Draft.objects.filter(user=OuterRef("uploader"), context=OuterRef("context"))
    lost = Attachment.objects.filter(post=None, held=None, created_at__lt=now - KEEP_UNSENT)
    old = lost.filter(~Exists(draft))
    with transaction.atomic():
        remove(old.select_for_update())
    # Those of deleted posts and accounts, and of uploads that broke off before their row stood.
    lying = places_in(DIRECTORY, now - KEEP_ROWLESS)
    while places := list(islice(lying, FILES_AT_ONCE)):
        known = Attachment.objects.filter(file__in=places).values_list("file", flat=True)
        _delete_files(set(places) - set(known))


def _delete_files(places: Iterable[str]) -> None:
    storage = private_storage()
    for place in places:
        storage.delete(place)


def _describe(
    attachments: Iterable[Attachment],
    alts: Mapping[UUID, str],
    typed: Mapping[UUID, str] | None = None,
) -> bool:
    """Write the descriptions; one typed in the text itself counts where there is no other."""
    changed = []
    for each in attachments:
        if not each.is_image:
            continue
        alt = alts.get(each.key, each.alt) or (typed or {}).get(each.key, "")
        if alt != each.alt:
            each.alt = alt
            changed.append(each)
    Attachment.objects.bulk_update(changed, ["alt"])
    return bool(changed)
