"""A page of a thread: kept once for all readers of one standing, and finished for each.

The page is kept under everything it is made of. What is a reader's own comes from their own few
queries at every request, and is put into the holes of the kept page (forum/lib/shared_pages.py).
Source: docs/decisions/0021-shared-pages.md.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.dummy import DummyCache
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render

from accounts.models import User
from accounts.rules import Viewer
from forum.discussions import rules
from forum.discussions.drafts import draft_of, has_begun, initial_of
from forum.discussions.forms import ReplyForm
from forum.discussions.models import Thread
from forum.discussions.unread import Shown
from forum.discussions.views.enclosing import attached_in
from forum.discussions.views.own_parts import (
    ALIAS,
    KEPT_SECONDS,
    OWN_NAMES,
    TEMPLATE,
    own_names,
    place_of,
    ready_blocks,
)
from forum.discussions.voices import voices_offered
from forum.discussions.waiting import held_in
from forum.lib import fragments
from forum.lib.answers import Answer
from forum.lib.shared_pages import NONCE, ONCE, TOKEN, Address, SharedPage

PARTS_OF_ADDRESS = {"order", "page", "after", "before", "at"}

NOBODY = User(pk=0)  # whose composer is everybody's: the choice of voices is an own block


@dataclass(frozen=True, slots=True)
class Standing:
    """What a thread's page shows of its reader's rights: who has the same shares the page."""

    is_member: bool
    is_staff: bool
    may_reply: Answer
    may_manage: bool
    may_choose_answer: bool

    @classmethod
    def of(cls, viewer: Viewer, thread: Thread) -> "Standing":
        return cls(
            isinstance(viewer, User),
            viewer.is_staff,
            rules.may_reply(viewer, thread),
            bool(rules.may_retitle(viewer, thread)),
            bool(rules.may_choose_answer(viewer, thread)),
        )

    def key(self) -> tuple[object, ...]:
        """What tells it from other standings, in the reader's language."""
        sentence = "" if self.may_reply else str(self.may_reply.sentence)
        return (self.is_member, self.is_staff, sentence, self.may_manage, self.may_choose_answer)

    def names(self) -> dict[str, Any]:
        """The names a template knows them by."""
        return {
            "may_reply": self.may_reply,
            "may_manage": self.may_manage,
            "may_choose_answer": self.may_choose_answer,
        }


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A shared page, and which posts it shows."""

    page: SharedPage
    shown: list[Shown]


Make = Callable[[], tuple[Mapping[str, Any], list[Shown]]]


def thread_page(request: HttpRequest, thread: Thread, order: str, make: Make) -> HttpResponse:
    """The page for whoever asks. `make` gives the names that are the same for every reader.

    Queries: none for a guest where the page is kept; five or six for a member.
    """
    standing = Standing.of(request.user, thread)
    names = fragments.names() if _may_share(request, thread) else None
    if names is None:
        return _page_alone(request, thread, order, standing, make)
    place = place_of((*_state(thread), order, names, standing.key(), request.get_full_path()))
    kept: KeptPage | None = caches[ALIAS].get(place)
    if kept is None:
        kept = _shared(request, thread, standing, make)
        if kept.page.given_away:
            fragments.logger.error("Personal names on a shared page: %s", kept.page.given_away)
            return _page_alone(request, thread, order, standing, make)
        caches[ALIAS].set(place, kept, KEPT_SECONDS)
    page = kept.page
    if standing.is_member:
        page = _filled(request, thread, order, kept)
    return HttpResponse(page.finished(_marks(request)))


def _may_share(request: HttpRequest, thread: Thread) -> bool:
    """Not where something waits for this reader alone: a message, a text begun or held."""
    if settings.DEBUG or isinstance(caches[ALIAS], DummyCache):
        return False  # nothing is kept: what is shared would only cost more
    if not request.GET.keys() <= PARTS_OF_ADDRESS:
        return False
    if "messages" in request.COOKIES:  # also where most of them are in the session
        return False
    return not has_begun(request.user, thread)


def _page_alone(
    request: HttpRequest, thread: Thread, order: str, standing: Standing, make: Make
) -> HttpResponse:
    """The page rendered for this reader and nobody else."""
    names, shown = make()
    form = composer_for(request.user, thread)
    voice = form.fields["voice"].initial if form else None
    own = own_names(request.user, thread, shown, order, voice)
    own["held"] = held_in(request.user, thread)
    return render(request, TEMPLATE, {**names, **standing.names(), **own, "form": form})


def composer_for(viewer: Viewer, thread: Thread) -> ReplyForm | None:
    """The form under the thread, with what was begun there before; None for a guest."""
    if not isinstance(viewer, User):
        return None
    form = ReplyForm(user=viewer, thread=thread, initial=initial_of(draft_of(viewer, thread)))
    form.attached = attached_in(viewer, thread)
    return form


def _shared(request: HttpRequest, thread: Thread, standing: Standing, make: Make) -> KeptPage:
    names, shown = make()
    form = ReplyForm(user=NOBODY, thread=thread)
    form.fields["once"].initial = ONCE
    reader = {"is_authenticated": standing.is_member, "is_staff": standing.is_staff}
    everything = {**names, **standing.names(), "form": form, "reader": reader}
    address = Address(request)
    page = SharedPage.render(TEMPLATE, address, everything, OWN_NAMES)
    if not standing.is_member:
        page = page.filled(address, {}, {})
    return KeptPage(page, shown)


def _filled(request: HttpRequest, thread: Thread, order: str, kept: KeptPage) -> SharedPage:
    """The kept page as the member sees it, but for what is of one answer only."""
    member, address = request.user, Address(request)
    assert isinstance(member, User)
    voices = voices_offered(member, thread.category)
    own = own_names(member, thread, kept.shown, order, voices.chosen)
    ready = ready_blocks(member, thread, voices, own["unread"], address)
    return kept.page.filled(address, own, ready)


def _marks(request: HttpRequest) -> dict[str, str]:
    return {
        NONCE: request.csp_nonce,  # type: ignore[attr-defined]  # our middleware's
        TOKEN: get_token(request),
        ONCE: str(uuid.uuid4()),
    }


def _state(thread: Thread) -> tuple[object, ...]:
    """Whatever a page of a thread shows, a change of it moves one of these, or the names."""
    listed = (thread.listing_seq, thread.category_id, thread.category.seq)
    return (thread.pk, thread.created_at, thread.title, thread.seq, *listed)
