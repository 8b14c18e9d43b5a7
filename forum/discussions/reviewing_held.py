"""Texts that wait, as the desk reviews them: the kind "held" of forum.moderation.reviewing.

Source: docs/decisions/0035-held-texts.md.
"""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.rules import Viewer
from forum.discussions.actions import judging
from forum.discussions.actions.reviewed import HELD
from forum.discussions.actions.waiting import hold_held
from forum.discussions.mentioning import with_names
from forum.discussions.models import HeldText, Post
from forum.discussions.rules import is_open_to_members
from forum.discussions.templates_of_threads import summary_text
from forum.lib.answers import Refusal, Refused
from forum.lib.markup import plain_text
from forum.moderation import reviewing
from forum.moderation.measures import Measure
from forum.moderation.reviewing import Facts, Line, Reviewable, Shown, Subject

State = HeldText.State

BEFORE_SHOWN = 2  # of the latest posts of the thread, beside the one it answers
EXCERPT_CHARS = 240
POSSIBLE = {
    State.WAITING: frozenset({Measure.PUBLISH, Measure.REFUSE_HELD, Measure.ASK_CORRECTION}),
    State.REFUSED: frozenset({Measure.PUBLISH, Measure.LEAVE}),
    State.RETURNED: frozenset({Measure.LEAVE}),
    State.PUBLISHED: frozenset({Measure.LEAVE}),
}


class HeldTexts(Reviewable):
    """A reply, a new thread or a new text of a post, before others see it."""

    kind = HELD
    label = gettext_lazy("text that waits")
    tells_publication = True

    def readable(self, viewer: Viewer) -> QuerySet[Any, Any]:
        return HeldText.objects.standing_where(viewer).values("pk")

    def may_read(self, viewer: Viewer, pk: int) -> bool:
        return HeldText.objects.to_be_judged_by(viewer).filter(pk=pk).exists()

    def lines(self, pks: Collection[int]) -> Mapping[int, Line]:
        held = _standing().filter(pk__in=pks)
        return {each.pk: _line(each) for each in held}

    def subject(self, pk: int) -> Subject | None:
        held = _standing().select_related("author", "organization").filter(pk=pk).first()
        return _subject(held) if held is not None else None

    def measures(self, pk: int) -> frozenset[Measure]:
        state = HeldText.objects.filter(pk=pk).values_list("state", flat=True).first()
        return _possible(state or "")

    def hold(self, pk: int) -> None:
        held = HeldText.objects.filter(pk=pk).first()
        if held is not None:
            hold_held(held)

    def apply(self, *, moderator: User, pk: int, measure: Measure, place: Facts) -> Facts:
        held = HeldText.objects.get(pk=pk)
        if measure == Measure.PUBLISH:
            return {"post": judging.publish(staff=moderator, held=held).pk}
        if measure == Measure.REFUSE_HELD:
            judging.refuse(staff=moderator, held=held)
        if measure == Measure.ASK_CORRECTION:
            keys = [str(key) for key in held.attachments.values_list("key", flat=True)]
            judging.give_back(staff=moderator, held=held)
            return {"files": keys}
        return {}

    def restore(
        self,
        *,
        moderator: User,
        pk: int,
        measure: Measure,
        effects: Facts,
        waits: bool,
    ) -> None:
        """Where the case waits, the text waits as well; after an appeal that was granted it is
        published."""
        held = HeldText.objects.get(pk=pk)
        if measure == Measure.PUBLISH:
            _hide(moderator, effects)
        if measure in (Measure.REFUSE_HELD, Measure.ASK_CORRECTION):
            files = [UUID(key) for key in effects.get("files", [])]
            judging.let_wait_again(held=held, files=files)
            if not waits:
                judging.publish(staff=moderator, held=held)


def _standing() -> QuerySet[HeldText]:
    """Those that are still there, with their places."""
    places = ("thread__category__parent", "category__parent", "edited")
    return HeldText.objects.exclude(state=State.WITHDRAWN).select_related(*places)


def _possible(state: str) -> frozenset[Measure]:
    return POSSIBLE.get(State(state), frozenset()) if state in State.values else frozenset()


def _line(held: HeldText) -> Line:
    return Line(
        pk=held.pk,
        title=_title(held),
        excerpt=Truncator(" ".join(_words(held).split())).chars(EXCERPT_CHARS),
        url=held.get_absolute_url(),
        author_pk=held.author_id,
        is_open=is_open_to_members(held.stands_in),
        is_about_office=held.is_about_office,
    )


def _subject(held: HeldText) -> Subject:
    thread = held.thread
    crumbs = [(held.stands_in.called, f"/categories/{held.stands_in.pk}/")]
    if thread is not None:
        crumbs.append((thread.title, thread.get_absolute_url()))
    return Subject(
        kind=HELD,
        pk=held.pk,
        title=_title(held),
        url=held.get_absolute_url(),
        author=held.author,
        voice=held.organization,
        html=held.words,
        words=_words(held),
        language=held.language,
        at=held.created_at,
        category_pk=held.stands_in.pk,
        version=held.version,
        state=held.state,
        state_label=held.get_state_display(),
        is_about_office=held.is_about_office,
        is_open=is_open_to_members(held.stands_in),
        is_visible=False,
        measures=_possible(held.state),
        before=_neighbours(held),
        crumbs=tuple(crumbs),
        thread_pk=thread.pk if thread is not None else None,
    )


def _title(held: HeldText) -> str:
    if held.thread is None:
        return held.title
    return held.thread.kept_title or held.thread.title


def _words(held: HeldText) -> str:
    fields = summary_text(held.template, held.filled)
    return "\n\n".join(filter(None, [held.title, fields, plain_text(held.html)]))


def _neighbours(held: HeldText) -> tuple[Shown, ...]:
    """The post as it stands, of an edit; else the one that is answered, and the latest ones."""
    if held.edited is not None:
        return _shown(Post.objects.filter(pk=held.edited.pk))
    if held.thread is None:
        return ()
    posts = held.thread.posts.exclude(state=Post.State.MOVED)
    latest = posts.order_by("-number").values_list("pk", flat=True)[:BEFORE_SHOWN]
    return _shown(posts.filter(pk__in=[*latest, *([held.parent_id] if held.parent_id else [])]))


def _shown(posts: QuerySet[Post]) -> tuple[Shown, ...]:
    found = posts.select_related("author", "organization").prefetch_related("attachments")
    return tuple(
        Shown(
            pk=post.pk,
            url=post.get_absolute_url(),
            name=post.author.display_name,
            organization=post.organization.called if post.organization else "",
            tint=post.organization_id or post.author_id,
            is_official=post.is_official,
            html=post.words if post.state == Post.State.PUBLISHED else SafeString(""),
            at=post.created_at,
            state=post.state,
            label=f"#{post.number}",
            note="" if post.state == Post.State.PUBLISHED else post.get_state_display(),
        )
        for post in with_names(list(found.order_by("number")))
    )


def _hide(moderator: User, effects: Facts) -> None:
    """The post that was published goes out of sight: it has a case of its own from now on."""
    posts = reviewing.find("post")
    if posts is None:
        raise Refused(Refusal(_("It has been published: decide about the post itself.")))
    posts.hold(effects["post"])
    posts.apply(moderator=moderator, pk=effects["post"], measure=Measure.HIDE, place={})
