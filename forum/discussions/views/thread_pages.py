"""A page of a thread: kept once for all readers of one standing, and finished for each.

The page is kept under everything it is made of. What is a reader's own comes from their own few
queries at every request, and is put into the holes of the kept page (forum/lib/shared_pages.py).
Source: docs/decisions/0021-shared-pages.md.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import User
from accounts.rules import Viewer, Voices
from forum.discussions import rules
from forum.discussions.belongings import Belongings
from forum.discussions.drafts import draft_of, initial_of
from forum.discussions.forms import ReplyForm
from forum.discussions.models import Thread
from forum.discussions.unread import Shown
from forum.discussions.views.enclosing import attached_in
from forum.discussions.views.own_parts import (
    ALIAS,
    KEPT_SECONDS,
    OWN_NAMES,
    TEMPLATE,
    marks,
    may_share,
    own_names,
    place_of,
    ready_blocks,
)
from forum.discussions.voices import voices_offered
from forum.lib import fragments
from forum.lib.answers import Answer
from forum.lib.conditional import answer_to_guest
from forum.lib.shared_pages import ONCE, Address, SharedPage

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

    A guest whose browser has the page is told so (forum/lib/conditional.py).
    Queries: none for a guest where the page is kept; two for a member, and one for each kind of
    thing that they have here.
    """
    viewer = request.user
    own = Belongings.of(viewer, thread) if isinstance(viewer, User) else None
    standing = Standing.of(viewer, thread)
    names = fragments.names() if may_share(request, PARTS_OF_ADDRESS) else None
    if names is None:
        return _page_alone(request, thread, order, standing, own, make)
    place = place_of((*_state(thread), order, names, standing.key(), request.get_full_path()))
    kept: KeptPage | None = caches[ALIAS].get(place)
    if kept is None:
        kept = _shared(request, thread, standing, make)
        if kept.page.given_away:
            fragments.logger.error("Personal names on a shared page: %s", kept.page.given_away)
            return _page_alone(request, thread, order, standing, own, make)
        caches[ALIAS].set(place, kept, KEPT_SECONDS)
    if own is None:
        return answer_to_guest(request, kept.page)
    page = _filled(request, thread, order, own, kept)
    return HttpResponse(page.finished(marks(request)))


def _page_alone(
    request: HttpRequest,
    thread: Thread,
    order: str,
    standing: Standing,
    own: Belongings | None,
    make: Make,
) -> HttpResponse:
    """The page rendered for this reader and nobody else."""
    names, shown = make()
    form = None
    if own:
        assert isinstance(request.user, User)
        form = composer_for(request.user, thread, own)
    mine = own_names(request.user, thread, shown, order, own)
    voice = form.fields["voice"].initial if form else None
    everything = {**names, **standing.names(), **mine, "form": form, "react_voice": voice}
    return render(request, TEMPLATE, everything)


def composer_for(
    member: User, thread: Thread, own: Belongings, voices: Voices | None = None
) -> ReplyForm:
    """The form under the thread, with what was begun there before.

    Queries: one for a text that was begun, one for files; and where the voices are not given.
    """
    initial = initial_of(draft_of(member, thread)) if own.has_draft else {}
    form = ReplyForm(user=member, thread=thread, initial=initial, voices=voices)
    form.attached = attached_in(member, thread) if own.has_files else []
    return form


def _shared(request: HttpRequest, thread: Thread, standing: Standing, make: Make) -> KeptPage:
    names, shown = make()
    form = ReplyForm(user=NOBODY, thread=thread, voices=Voices())
    form.fields["once"].initial = ONCE
    reader = {"is_authenticated": standing.is_member, "is_staff": standing.is_staff}
    everything = {**names, **standing.names(), "form": form, "reader": reader}
    address = Address(request)
    page = SharedPage.render(TEMPLATE, address, everything, OWN_NAMES)
    if not standing.is_member:
        page = page.filled(address, {}, {}).identified()
    return KeptPage(page, shown)


def _filled(
    request: HttpRequest, thread: Thread, order: str, own: Belongings, kept: KeptPage
) -> SharedPage:
    """The kept page as the member sees it, but for what is of one answer only."""
    member, address = request.user, Address(request)
    assert isinstance(member, User)
    voices = voices_offered(member, thread.category) if own.speaks else Voices(member.display_name)
    names = own_names(member, thread, kept.shown, order, own)
    names["react_voice"] = voices.chosen
    if own.has_draft or own.has_files:
        names["form"] = composer_for(member, thread, own, voices)
    return kept.page.filled(address, names, ready_blocks(thread, voices, names, address))


def _state(thread: Thread) -> tuple[object, ...]:
    """Whatever a page of a thread shows, a change of it moves one of these, or the names."""
    listed = (thread.listing_seq, thread.category_id, thread.category.seq)
    return (thread.pk, thread.created_at, thread.title, thread.seq, *listed)
