"""Posts as moderators look at them and decide about them; plugged in by apps.py."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Substr
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.rules import Viewer
from forum.categories.models import Category
from forum.discussions import actions
from forum.discussions.actions import hiding, moving
from forum.discussions.actions.holding import just_moved
from forum.discussions.actions.managing import put_into, set_closed
from forum.discussions.actions.reviewed import KIND
from forum.discussions.mentioning import plain_texts, with_names
from forum.discussions.models import Post, PostQuerySet, Thread
from forum.discussions.rules import is_open_to_members
from forum.lib.answers import Refusal, Refused
from forum.lib.mentions import with_names as html_with_names
from forum.moderation.measures import Measure
from forum.moderation.models import Case
from forum.moderation.reviewing import Facts, Line, Reviewable, Shown, Subject

POST_FRAGMENT = re.compile(r"post-(\d{1,18})")
NEIGHBOURS = 3  # on each side
READ_CHARS = 1200  # of a post's HTML, from which its first words are taken
EXCERPT_CHARS = 160
AUTHORS_OWN = frozenset({Measure.LEAVE})  # of what its author withdrew
OF_STATES = {
    Post.State.PUBLISHED: frozenset({Measure.LEAVE, Measure.HIDE, Measure.ASK_CORRECTION}),
    # Left as it is, it would stay hidden without a word to its author.
    Post.State.CORRECTION: frozenset({Measure.PUBLISH, Measure.HIDE, Measure.ASK_CORRECTION}),
    Post.State.HIDDEN: frozenset({Measure.LEAVE, Measure.PUBLISH}),
    Post.State.WITHDRAWN: AUTHORS_OWN,
    Post.State.MOVED: frozenset(),
}
STATES = {
    Measure.HIDE: Post.State.HIDDEN,
    Measure.ASK_CORRECTION: Post.State.CORRECTION,
    Measure.PUBLISH: Post.State.PUBLISHED,
}


class ReviewablePost(Reviewable):
    """Posts of threads. The case of one follows it into another thread: its pk stays."""

    kind = KIND
    label = gettext_lazy("post")

    def readable(self, viewer: Viewer) -> QuerySet[Any, Any]:
        return Post.objects.readable_by(viewer).values("pk")

    def may_read(self, viewer: Viewer, pk: int) -> bool:
        readable = Post.objects.readable_by(viewer)
        return readable.filter(pk=pk, state=Post.State.PUBLISHED).exists()

    def pk_at(self, view_name: str, kwargs: Mapping[str, object], fragment: str) -> int | None:
        """A post by its own address or its place; of a thread the named or the opening one."""
        named = POST_FRAGMENT.fullmatch(fragment)
        if view_name == "discussions:post":
            return _pk(kwargs, "pk")
        if view_name not in {"discussions:place", "discussions:thread", "discussions:branch"}:
            return None
        in_thread = Post.objects.filter(thread=_pk(kwargs, "pk"))
        if named is not None:
            return in_thread.filter(pk=int(named[1])).values_list("pk", flat=True).first()
        number = _pk(kwargs, "number") or _pk(kwargs, "root_number") or 1
        found = in_thread.filter(number=number).values_list("pk", "moved_to").first()
        return (found[1] or found[0]) if found is not None else None

    def lines(self, pks: Collection[int]) -> Mapping[int, Line]:
        posts: list[Any] = list(
            Post.objects.filter(pk__in=pks)
            .select_related("thread__category__parent")
            .defer("source", "html")
            .annotate(beginning=Substr("html", 1, READ_CHARS))
        )
        texts = plain_texts(post.beginning for post in posts)
        return {
            post.pk: Line(
                pk=post.pk,
                title=post.thread.kept_title or post.thread.title,
                excerpt=_shortened(text),
                url=post.get_absolute_url(),
                author_pk=post.author_id,
                is_open=is_open_to_members(post.thread.category),
                is_about_office=post.is_about_office,
            )
            for post, text in zip(posts, texts, strict=True)
        }

    def subject(self, pk: int) -> Subject | None:
        """Queries: about eight, and at most two more where somebody is mentioned."""
        found = Post.objects.for_display().filter(pk=pk).exclude(state=Post.State.MOVED)
        post = found.select_related("author", "organization", "thread__category__parent").first()
        if post is None:
            return None
        before, after = _neighbours(post)
        with_names([post, *before, *after])
        thread, category = post.thread, post.thread.category
        return Subject(
            kind=KIND,
            pk=post.pk,
            title=thread.kept_title or thread.title,
            url=post.get_absolute_url(),
            author=post.author,
            voice=post.organization,
            html=SafeString() if post.is_withdrawn else post.words,
            words="" if post.is_withdrawn else _plain(post),
            language=post.language,
            at=post.created_at,
            category_pk=category.pk,
            version=post.revisions_count,
            state=post.state,
            state_label=post.get_state_display(),
            is_about_office=post.is_about_office,
            is_open=is_open_to_members(category),
            is_visible=post.state == Post.State.PUBLISHED,
            measures=_measures(post),
            history_url=_history_url(post),
            before=tuple(_shown(each) for each in before),
            after=tuple(_shown(each) for each in after),
            crumbs=(
                (category.called, reverse("discussions:category", args=[category.pk])),
                (thread.title, thread.get_absolute_url()),
            ),
            thread_pk=thread.pk,
            number=post.number,
        )

    def measures(self, pk: int) -> frozenset[Measure]:
        post = _lean(pk).select_related("thread", "author").first()
        return _measures(post) if post is not None else frozenset()

    def hold(self, pk: int) -> None:
        """Locks: the thread the post stands in."""
        self.hold_for(pk, {})

    def hold_for(self, pk: int, facts: Facts) -> None:
        """Locks: the thread the post stands in and those that the facts name, by pk."""
        thread_pk = _lean(pk).values_list("thread", flat=True).first()
        if thread_pk is None:
            return
        pks = {thread_pk, *(_pk(facts, name) for name in ("thread", "into", "from"))}
        threads = Thread.objects.select_for_update(no_key=True).filter(pk__in=pks)
        list(threads.order_by("pk").values_list("pk"))
        if not _lean(pk).filter(thread=thread_pk).exists():
            raise Refused(just_moved())

    def apply(self, *, moderator: User, pk: int, measure: Measure, place: Facts) -> Facts:
        post = Post.objects.select_related("thread__category").get(pk=pk)
        if (state := STATES.get(measure)) is not None:
            was = post.state
            return {"state": was, "accepted": hiding.put(post=post, state=state)}
        if measure == Measure.LOCK:
            was_closed = post.thread.is_closed
            actions.close(staff=moderator, thread=post.thread, on=True)
            return {"thread": post.thread_id, "was_closed": was_closed}
        if measure == Measure.MOVE:
            return _move(moderator, post, place)
        if measure == Measure.SPLIT:
            return _split(moderator, post, place)
        if measure == Measure.MERGE:
            return _merge(moderator, post, place)
        return {}

    def restore(
        self, *, moderator: User, pk: int, measure: Measure, effects: Facts, waits: bool
    ) -> None:
        if measure in STATES:
            _restore_state(pk, measure, effects)
        elif measure == Measure.LOCK and not effects["was_closed"]:
            set_closed(_held(effects["thread"]), on=False)
        elif measure == Measure.MOVE:
            _move_back(effects)
        elif measure == Measure.SPLIT:
            _join_again(effects)
        elif measure == Measure.MERGE:
            moving.part(*moving.hold_both(effects["thread"], effects["into"]))


# --- What it is -----------------------------------------------------------------------------------
def _lean(pk: int) -> PostQuerySet:
    return Post.objects.filter(pk=pk).defer("source", "html")


def _measures(post: Post) -> frozenset[Measure]:
    measures = OF_STATES[Post.State(post.state)]
    if post.author.erased_at is not None:
        # Nobody is there any more to correct it.
        measures -= {Measure.ASK_CORRECTION}
    if post.is_moved or post.thread.merged_into_id is not None:
        return measures
    measures |= {Measure.MOVE, Measure.MERGE}
    if not post.thread.is_closed:
        measures |= {Measure.LOCK}
    return measures | {Measure.SPLIT} if post.number > 1 else measures


def _neighbours(post: Post) -> tuple[list[Post], list[Post]]:
    """The post it answers and those written just before; those written just after."""
    others = Post.objects.for_display().filter(thread=post.thread).exclude(state=Post.State.MOVED)
    earlier = others.filter(number__lt=post.number).order_by("-number")
    before = list(earlier[:NEIGHBOURS])
    if post.parent_id is not None and post.parent_id not in {each.pk for each in before}:
        before = [*before[: NEIGHBOURS - 1], *others.filter(pk=post.parent_id)]
    after = list(others.filter(number__gt=post.number).order_by("number")[:NEIGHBOURS])
    return sorted(before, key=lambda each: each.number), after


def _shown(post: Post) -> Shown:
    organization = post.organization
    return Shown(
        pk=post.pk,
        url=post.get_absolute_url(),
        name=post.author.display_name,
        organization=organization.name if organization else "",
        tint=post.organization_id or post.author_id,
        is_official=post.is_official,
        html=SafeString() if post.has_tombstone else post.words,
        at=post.created_at,
        state=post.state,
        label=f"#{post.number}",
        note=post.get_state_display() if post.has_tombstone else "",
    )


def _history_url(post: Post) -> str:
    return reverse("discussions:history", args=[post.pk]) if post.revisions_count else ""


def _plain(post: Post) -> str:
    return plain_texts([html_with_names(post.html, post.names or {})])[0]


def _shortened(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= EXCERPT_CHARS else f"{words[: EXCERPT_CHARS - 1]}…"


# --- What is done with it -------------------------------------------------------------------------
def _restore_state(pk: int, measure: Measure, effects: Facts) -> None:
    """As it was before; what was changed by somebody else since, or withdrawn, stays so."""
    post = Post.objects.select_related("thread__category").filter(pk=pk).first()
    if post is None or post.state != STATES[measure]:
        return
    hiding.put(post=post, state=Post.State(effects["state"]), accepted=effects["accepted"])


def _move(moderator: User, post: Post, place: Facts) -> Facts:
    category = Category.objects.readable_by(moderator).filter(pk=_pk(place, "category")).first()
    if category is None:
        raise Refused(Refusal(_("Choose the category that the thread goes to.")))
    was = post.thread.category_id
    actions.move(
        staff=moderator, thread=post.thread, category=category, is_decided=_is_guarded(post)
    )
    return {"thread": post.thread_id, "category": was, "to": category.pk}


def _move_back(effects: Facts) -> None:
    thread = _held(effects["thread"])
    category = Category.objects.filter(pk=effects["category"]).first()
    is_there = thread.merged_into_id is None and thread.category_id == effects["to"]
    if category is not None and is_there:
        put_into(thread, category)


def _join_again(effects: Facts) -> None:
    made, source = moving.hold_both(effects["thread"], effects["from"])
    if made.merged_into_id is None and source.merged_into_id is None:
        moving.join(made, source)


def _split(moderator: User, post: Post, place: Facts) -> Facts:
    category = Category.objects.readable_by(moderator).filter(pk=_pk(place, "category")).first()
    title = str(place.get("title", "")).strip()
    if category is None or not title:
        raise Refused(Refusal(_("Give the new thread a title and a category.")))
    numbers = [number for number in place.get("numbers", []) if isinstance(number, int)]
    source = post.thread
    made = actions.split(
        staff=moderator,
        thread=source,
        numbers=numbers or [post.number],
        title=title[:160],
        category=category,
        is_decided=_is_guarded(post),
    )
    return {"thread": made.pk, "from": source.pk}


def _merge(moderator: User, post: Post, place: Facts) -> Facts:
    into = Thread.objects.readable_by(moderator).filter(pk=_pk(place, "into")).first()
    if into is None:
        raise Refused(Refusal(_("Choose the thread that this one is merged into.")))
    actions.merge(staff=moderator, thread=post.thread, into=into, is_decided=_is_guarded(post))
    return {"thread": post.thread_id, "into": into.pk}


def _is_guarded(post: Post) -> bool:
    """Whether two people, one of them elected, decided about this very post."""
    return Case.objects.about(KIND, post.pk).filter(is_about_office=True).exists()


def _held(pk: int) -> Thread:
    return Thread.objects.select_for_update(no_key=True).get(pk=pk)


def _pk(place: Mapping[str, object], name: str) -> int:
    value = place.get(name)
    return value if isinstance(value, int) else 0
