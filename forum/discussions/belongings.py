"""What one member has in one thread and in the frame round it, asked in one question.

Each of these is a small question of its own room; asked one by one they cost a page more than all
the rest of it. Source: docs/decisions/0021-shared-pages.md.
"""

from dataclasses import dataclass
from typing import Any, Self

from django.db.models import Exists, OuterRef

from accounts.models import User
from accounts.rules import mandates_that_speak
from forum.discussions.drafts import context_of
from forum.discussions.models import Attachment, Draft, HeldText, SavedPost, Thread
from forum.discussions.places import place_of_thread
from forum.lib.prepared import Prepared
from forum.notifications.bell import BELL, Bell
from forum.notifications.levels import Standing, own_level


@dataclass(frozen=True, slots=True)
class Belongings:
    """What a page of a thread shows of its reader beside what they have read."""

    bell: Bell
    follow: Standing
    has_draft: bool
    has_files: bool  # attached, and not sent
    has_held: bool  # a text that waits for a moderator
    has_saved: bool  # posts
    speaks: bool  # for any organization, by a mandate of today

    @classmethod
    def of(cls, member: User, thread: Thread) -> Self:
        """Queries: one."""
        place, context = place_of_thread(thread.pk), context_of(thread)
        row = _ROW.first(viewer=member.pk, thread=thread.pk, place=place, context=context)
        if row is None:  # erased at this moment
            row = (0, 0, False, "", "", "", *[False] * 5)
        bell, level, has = row[:3], row[3:6], row[6:]
        return cls(Bell(member.pk, *bell), Standing.chosen(place, *level), *has)

    @property
    def has_begun(self) -> bool:
        """Whether a text or a file waits there: to be sent, or for a moderator."""
        return self.has_draft or self.has_files or self.has_held


def _row(viewer: int, thread: int, place: str, context: str) -> Any:
    member = {"user": OuterRef("pk")}
    files = Attachment.objects.filter(uploader=OuterRef("pk"), post=None, held=None)
    held = HeldText.objects.waiting().filter(author=OuterRef("pk"), thread=thread)
    saved = SavedPost.objects.filter(**member, post__thread=thread)
    has = {
        "has_draft": Exists(Draft.objects.filter(**member, context=context)),
        "has_files": Exists(files.filter(context=context)),
        "has_held": Exists(held),
        "has_saved": Exists(saved),
        "speaks": Exists(mandates_that_speak(OuterRef("pk"))),
    }
    columns = {**BELL, **own_level(place), **has}
    return User.objects.filter(pk=viewer).annotate(**columns).values_list(*columns)


_ROW = Prepared(_row)
