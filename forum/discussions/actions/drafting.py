"""What members write and have not sent: kept with a version, so that no window overwrites another.

Source: docs/decisions/0014-drafts.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import BigIntegerField, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from forum.categories.models import Category
from forum.discussions.actions.leading_drafts import join, new_numbers
from forum.discussions.drafts import Place, context_of, readable_place
from forum.discussions.models import Draft, Post, Thread
from forum.lib.answers import Refusal, Refused
from forum.lib.markup import clean_html
from forum.lib.prepared import PreparedWrite, deleting

DRAFTS_PER_MEMBER = 100
# Versions of a place never come twice, also when its draft was sent and another begun: each draft
# starts at the seconds since this day, and nobody saves more often than once a second for long.
VERSIONS_SINCE = datetime(2026, 1, 1, tzinfo=UTC)

_SENT = PreparedWrite(
    lambda user, context: deleting(Draft.objects.filter(user=user, context=context))
)
_SENT_VERSION = PreparedWrite(
    lambda user, context, version: deleting(
        # As a value of its own: a stand-in for it would not fit the column.
        Draft.objects.filter(user=user, context=context, version=Value(version, BigIntegerField()))
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What a form holds when it is not sent yet."""

    title: str = ""
    body: str = ""
    body_format: str = "markdown"
    parent_number: int | None = None
    organization: Organization | None = None
    filled: Mapping[str, str] = field(default_factory=dict)
    is_about_office: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.body or self.title or self.filled)


@dataclass(frozen=True, slots=True)
class Kept:
    """The text is on the server, under this version; 0 where there is none."""

    version: int


@dataclass(frozen=True, slots=True)
class Conflict:
    """Another window kept another text meanwhile; nothing was changed."""

    draft: Draft


def keep(*, user: User, context: str, version: int, text: Text) -> Kept | Conflict:
    """Keep the text in place of the version that the window knows (0: it knows of none).

    An empty text removes the draft. The right to read the place is asked for at the first keeping
    only: what was written stays its author's. Locks: the draft's row.
    Raises: Refused at the limit, Http404 where the place may not be read, TooLong.
    """
    if text.body_format == "html":
        text = replace(text, body=clean_html(text.body))
    with transaction.atomic():
        draft = _locked(user, context)
        if draft is None:
            place = readable_place(user, context)
            if isinstance(place, Thread) and place.merged_into is not None:
                return _keep_where_it_led(user, place, version, text)
            if text.is_empty:
                return Kept(0)
            draft, is_new = _begin(user, place, context, version, text)
            if is_new:
                return Kept(draft.version)
        return _keep_in(draft, version, text)


def _keep_where_it_led(user: User, merged: Thread, version: int, text: Text) -> Kept | Conflict:
    """The window was opened before the thread was merged: its text goes on in the other one."""
    assert merged.merged_into is not None
    parent = new_numbers(merged, [text.parent_number]).get(text.parent_number)
    context = context_of(merged.merged_into)
    return keep(
        user=user, context=context, version=version, text=replace(text, parent_number=parent)
    )


def discard(*, user: User, context: str, version: int) -> Kept | Conflict:
    """Throw the draft away, if it is the one that was seen. Locks: the draft's row."""
    return keep(user=user, context=context, version=version, text=Text())


def put_back(*, user: User, context: str, place: Place, text: Text) -> bool:
    """Whether a text that was on its way is a draft again: a new one, or below what was begun there
    meanwhile. False where both are too long for one draft.

    No limit holds: the text was its author's before. Locks: the draft's row; the caller has a
    transaction.
    """
    fields = _fields(text) | _leading_to(place)
    draft, is_new = Draft.objects.select_for_update().get_or_create(
        user=user,
        context=context,
        defaults={**fields, "version": _first_version(), "changed_at": timezone.now()},
    )
    if is_new:
        return True
    if text.title and not draft.title:
        draft.title = text.title
        draft.save(update_fields=["title"])
    return join(draft, Draft(user=user, context=context, **fields))


def forget(user: User, place: Place, version: int | None, template: str = "") -> None:
    """Remove the draft that has just been sent.

    Only the version that the form knew: what another window kept meanwhile is another text.
    None is a form that knows of no versions. Locks: the draft's row; the caller has a transaction.
    """
    context = context_of(place, template)
    if version is None:
        _SENT.done(user=user.pk, context=context)
    else:
        _SENT_VERSION.done(user=user.pk, context=context, version=version)


def _locked(user: User, context: str) -> Draft | None:
    return Draft.objects.select_for_update().filter(user=user, context=context).first()


def _begin(user: User, place: Place, context: str, version: int, text: Text) -> tuple[Draft, bool]:
    """The new draft, or the one that another window began in the same moment."""
    if Draft.objects.filter(user=user).count() >= DRAFTS_PER_MEMBER:
        raise Refused(
            Refusal(_("You have too many drafts. Send or discard some, then this one is kept too."))
        )
    return Draft.objects.select_for_update().get_or_create(
        user=user,
        context=context,
        defaults={
            **_fields(text),
            "version": max(_first_version(), version + 1),
            "changed_at": timezone.now(),
            **_leading_to(place),
        },
    )


def _first_version() -> int:
    return max(int((timezone.now() - VERSIONS_SINCE).total_seconds()), 1)


def _leading_to(place: Place) -> dict[str, Any]:
    """Where a draft leads back to."""
    return {
        "thread": place if isinstance(place, Thread) else None,
        "category": place if isinstance(place, Category) else None,
        "post": place if isinstance(place, Post) else None,
    }


def _keep_in(draft: Draft, version: int, text: Text) -> Kept | Conflict:
    is_same = (draft.title, draft.body, draft.filled) == (text.title, text.body, text.filled)
    # The answer to the first saving of these words may have been lost on its way.
    if draft.version != version and not is_same:
        return Conflict(draft)
    if text.is_empty:
        draft.delete()
        return Kept(0)
    draft.version += 1
    draft.changed_at = timezone.now()
    for name, value in _fields(text).items():
        setattr(draft, name, value)
    draft.save(update_fields=[*_fields(text), "version", "changed_at"])
    return Kept(draft.version)


def _fields(text: Text) -> dict[str, Any]:
    return {name: getattr(text, name) for name in Text.__dataclass_fields__}
