"""What is the reader's own on a page of a thread, for the holes of a shared one.

Source: docs/decisions/0021-shared-pages.md.
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from django.core.cache import caches
from django.utils.translation import get_language

from accounts.models import User
from accounts.rules import Viewer, Voices
from forum.discussions.forms import ReplyForm
from forum.discussions.keepsakes import saved_in
from forum.discussions.models import Thread
from forum.discussions.places import place_of_thread
from forum.discussions.rail import unread_context
from forum.discussions.unread import Shown, Unread
from forum.lib.shared_pages import Address, Ready, block_of
from forum.moderation.queue import waiting_for
from forum.notifications.bell import bell_of
from forum.notifications.levels import standing_for

ALIAS = "pages"  # in this process's memory: a page is 100 KB, and the key alone makes it right
KEPT_SECONDS = 10 * 60
TEMPLATE = "discussions/thread.html"
OWN_NAMES = {
    "user",
    "viewer_id",
    "bell",
    "desk",
    "follow",
    "held",
    "saved",
    "react_voice",
    "unread",
}


def own_names(
    viewer: Viewer, thread: Thread, shown: list[Shown], order: str, voice: int | None
) -> dict[str, Any]:
    """The reader's own names. Queries: none for a guest, four or five for a member."""
    place = place_of_thread(thread.pk)
    return {
        "user": viewer,
        "viewer_id": viewer.pk or "",
        "bell": bell_of(viewer),
        "follow": standing_for(viewer, place),
        "saved": saved_in(viewer, thread),
        "react_voice": voice,
        # What waits at the desk, for whoever moderates. Queries: none for others.
        "desk": waiting_for(viewer),
        # Where something waits the page is the reader's alone (thread_pages.py).
        "held": [],
        **unread_context(viewer, thread, shown, order),
    }


def ready_blocks(
    member: User, thread: Thread, voices: Voices, unread: Unread, address: Address
) -> dict[str, Ready]:
    """Blocks that are alike on many pages, rendered once for each thing they show."""

    def account(_number: int) -> str:
        shown = (member.pk, member.display_name, member.email, member.is_staff)
        return _kept("account", shown, address, lambda: {"user": member})

    def voice(_number: int) -> str:
        def names() -> dict[str, Any]:
            return {"user": member, "form": ReplyForm(user=member, thread=thread)}

        return _kept("voice", (member.pk, voices), address, names)

    made: dict[tuple[bool, bool], str] = {}

    def row(number: int) -> str:
        marks = (number == unread.first_new, number in unread.on_page)
        if not any(marks):
            return ""  # as most posts
        if marks not in made:
            made[marks] = _kept("row", marks, address, lambda: {"unread": unread}, number)
        return made[marks]

    return {"account": account, "voice": voice, "row": row}


def place_of(parts: tuple[object, ...]) -> str:
    """The key of what is made of these parts, in the reader's language."""
    return hashlib.sha256(repr((*parts, get_language())).encode()).hexdigest()


def _kept(
    name: str,
    shown: object,
    address: Address,
    names: Callable[[], Mapping[str, Any]],
    number: int | None = None,
) -> str:
    """The block from the cache, where what it shows is all in its key."""
    place = place_of((name, shown))
    html: str | None = caches[ALIAS].get(place)
    if html is None:
        html = block_of(TEMPLATE, name, address, names(), number)
        caches[ALIAS].set(place, html, KEPT_SECONDS)
    return html
