"""Which voice a composer offers first: the one a member used last in the category."""

from dataclasses import replace
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Organization, User
from accounts.rules import Viewer, Voices, remembered_voice, voices_listed, voices_of
from forum.categories.models import Category
from forum.discussions.models import VoiceOfCategory
from forum.lib.prepared import Prepared

Remembered = tuple[int | None] | None  # an organization or one's own voice; nothing yet


def voice_in(viewer: Viewer, category: Category | None) -> int | None:
    """The organization the member wrote for last in the category, else anywhere; None is their own
    voice. A voice that was lost is not offered. Queries: 0 for a guest, else 1 or 2."""
    if not isinstance(viewer, User) or category is None:
        return remembered_voice(viewer)
    is_theirs = Exists(voices_of(viewer).filter(pk=OuterRef("organization")))
    remembered = VoiceOfCategory.objects.filter(user=viewer, category=category)
    found = remembered.values_list("organization", is_theirs).first()
    if found is None:
        return remembered_voice(viewer)
    organization, is_valid = found
    return organization if is_valid else None


def voices_offered(viewer: Viewer, category: Category) -> Voices:
    """The voices of the viewer, with the one chosen that `voice_in` chooses.

    Queries: none for a guest, two for a member.
    """
    voices = voices_listed(viewer)
    if not isinstance(viewer, User):
        return voices
    found: Remembered = _REMEMBERED.first(member=viewer.pk, category=category.pk)
    if found is None:
        return voices
    held = {pk for pk, _ in voices.organizations}
    return replace(voices, chosen=found[0] if found[0] in held else None)


def voice_remembered(member: int, category: int) -> QuerySet[Any, Any]:
    """As whom the member wrote last in the category, where they did; NULL is their own voice."""
    remembered = VoiceOfCategory.objects.filter(user=member, category=category)
    return remembered.values_list("organization")


def remember_voice(
    member: User, category_pk: int, voice: Organization | None, before: Remembered
) -> None:
    """Keep the voice for the next time, for the category and for places without one.

    Takes what `voice_remembered` gave. Queries: none where it is the same again, as mostly; at most
    two. Locks: the caller holds the category's row.
    """
    voice_pk = voice.pk if voice else None
    if before != (voice_pk,):
        VoiceOfCategory.objects.bulk_create(
            [VoiceOfCategory(user=member, category_id=category_pk, organization=voice)],
            update_conflicts=True,
            unique_fields=["user", "category"],
            update_fields=["organization"],
        )
    if member.last_voice_id != voice_pk:
        User.objects.filter(pk=member.pk).update(last_voice=voice)


_REMEMBERED = Prepared(voice_remembered)
