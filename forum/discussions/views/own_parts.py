"""What is the reader's own on a page of a thread, for the holes of a shared one.

Source: docs/decisions/0021-shared-pages.md.
"""

import hashlib
import uuid
from collections.abc import Callable, Hashable, Mapping
from functools import partial
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.dummy import DummyCache
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.translation import get_language

from accounts.models import User
from accounts.rules import Viewer, Voices
from forum.discussions.belongings import Belongings
from forum.discussions.forms import ReplyForm
from forum.discussions.keepsakes import saved_in
from forum.discussions.models import Thread
from forum.discussions.rail import unread_context
from forum.discussions.unread import Shown, Unread
from forum.discussions.waiting import held_in
from forum.lib.remembered import Remembered
from forum.lib.shared_pages import NONCE, ONCE, TOKEN, Address, Ready, block_of
from forum.moderation.queue import waiting_for
from forum.notifications.bell import Bell

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

# Of the composer, where something was begun.
OF_DRAFT = ("unsent", "body", "attached", "about-office", "draft-back", "kept-draft")

_blocks = Remembered[str](4_000)  # of one to three kilobytes


def own_names(
    viewer: Viewer, thread: Thread, shown: list[Shown], order: str, own: Belongings | None
) -> dict[str, Any]:
    """The reader's own names; None of the belongings is a guest's. Queries: none for a guest; one
    for a member, and one for each kind of thing that they have here."""
    return {
        "user": viewer,
        "viewer_id": viewer.pk or "",
        "bell": own.bell if own else Bell(),
        "follow": own.follow if own else None,
        "saved": saved_in(viewer, thread) if own and own.has_saved else [],
        # What waits at the desk, for whoever moderates. Queries: none for others.
        "desk": waiting_for(viewer),
        "held": held_in(viewer, thread) if own and own.has_held else [],
        **unread_context(viewer, thread, shown, order),
    }


def ready_blocks(
    thread: Thread, voices: Voices, names: Mapping[str, Any], address: Address
) -> dict[str, Ready]:
    """Blocks that are alike on many pages, rendered once for each thing they show."""
    member: User = names["user"]
    unread: Unread = names["unread"]
    follow, language = names["follow"], get_language()
    kept = partial(_kept, names, address, language)

    def of_form(name: str, shown: Hashable = None) -> str:
        """Of a composer in which nothing was begun."""

        def make() -> str:
            form = ReplyForm(user=member, thread=thread, voices=voices)
            return block_of(TEMPLATE, name, address, {**names, "form": form})

        return _blocks.get((name, shown, language), make)

    def row(number: int) -> str:
        marks = (number == unread.first_new, number in unread.on_page)
        return kept("row", marks, number) if any(marks) else ""  # as most posts

    ready: dict[str, Ready] = {
        **frame_blocks(names, address),
        "row": row,
        "follow": lambda _: kept("follow", (follow, address.get_full_path())),
        "rail-count": lambda _: kept("rail-count", unread.count),
        "rail-next": lambda _: kept("rail-next", unread.count > 0),
        "rail-all": lambda _: kept("rail-all", unread.count > 0),
    }
    if not names["held"]:
        ready["held"] = lambda _: kept("held", None)
    if "form" not in names:
        ready["voice"] = lambda _: of_form("voice", voices)
        ready |= {name: partial(_alike, of_form, name) for name in OF_DRAFT}
    return ready


def frame_blocks(names: Mapping[str, Any], address: Address) -> dict[str, Ready]:
    """Those of the frame round every page."""
    member: User = names["user"]
    bell = names["bell"]
    me = (member.pk, member.display_name, member.email)
    kept = partial(_kept, names, address, get_language())
    ready: dict[str, Ready] = {"bell-count": lambda _: kept("bell-count", bell)}
    if not member.is_staff:  # theirs shows how many cases wait
        ready["account"] = lambda _: kept("account", me)
    return ready


def may_share(request: HttpRequest, parts_of_address: set[str]) -> bool:
    """Whether the answer may come from a kept page: not where a message waits for this reader."""
    if settings.DEBUG or isinstance(caches[ALIAS], DummyCache):
        return False  # nothing is kept: what is shared would only cost more
    if "messages" in request.COOKIES:  # also where most of them are in the session
        return False
    return request.GET.keys() <= parts_of_address


def marks(request: HttpRequest) -> dict[str, str]:
    """What is of one answer only."""
    return {
        NONCE: request.csp_nonce,  # type: ignore[attr-defined]  # our middleware's
        TOKEN: get_token(request),
        ONCE: str(uuid.uuid4()),
    }


def _kept(
    names: Mapping[str, Any],
    address: Address,
    language: str | None,
    name: str,
    shown: Hashable,
    number: int | None = None,
) -> str:
    key = (name, shown, language)
    return _blocks.get(key, lambda: block_of(TEMPLATE, name, address, names, number))


def _alike(make: Callable[[str], str], name: str, _number: int) -> str:
    return make(name)


def place_of(parts: tuple[object, ...]) -> str:
    """The key of what is made of these parts, in the reader's language."""
    return hashlib.sha256(repr((*parts, get_language())).encode()).hexdigest()
