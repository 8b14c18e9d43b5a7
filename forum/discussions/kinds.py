"""What members are told of threads and posts; plugged into the registry by apps.py.

Each kind is a sentence: who is told, who may see it, what it says. The strongest comes first in
`OF_REPLY` and `OF_THREAD`: a member who is mentioned in a reply hears of the mention only.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, cast

from django.db.models import Q, QuerySet
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Mandate, User
from forum.categories.rules import who_may_read
from forum.discussions.mentioning import plain_texts
from forum.discussions.models import Post, ReadMark, Thread
from forum.discussions.places import address_of_category, place_of_category, place_of_thread
from forum.discussions.quoted import posts_quoted_in
from forum.discussions.unread import unread_url
from forum.lib.mentions import keys_in
from forum.lib.prepared import Prepared
from forum.lib.ranges import Ranges
from forum.notifications import levels
from forum.notifications.kinds import Filing, Kind, Told
from forum.notifications.models import Event, Follow, Notification

EXCERPT_WORDS = 24
NOBODY = Q(pk__in=[])
_POST = Prepared(
    lambda pk: Post.objects.select_related(
        "thread__category__parent", "parent", "organization", "author"
    ).filter(pk=pk)
)
READ_CHARS = 900  # of a post's HTML, from which its first words are taken


def about_post(pk: int) -> str:
    """The name that events have for a post."""
    return f"post.{pk}"


class OfPost(Kind):
    """What all kinds about a post share: who may see it, and where it is listed."""

    def who_may_see(self, event: Event) -> QuerySet[User]:
        post = _post(event)
        return who_may_read(post.thread.category) if _stands(post) else User.objects.none()

    def seen_by(self, member: User, events: Iterable[Event]) -> set[int]:
        by_post = {event.about_pk: event.pk for event in events}
        posts = Post.objects.readable_by(member).filter(state=Post.State.PUBLISHED)
        found = set(posts.filter(pk__in=by_post).values_list("pk", flat=True))
        # Whoever is suspended reads what everybody reads, but is told nothing.
        return {event.pk for event in events if event.about_pk in found and member.is_active}

    def have_seen(self, event: Event, members: Collection[int]) -> set[int]:
        post = _post(event)
        marks = ReadMark.objects.filter(thread=post.thread_id, user__in=members)
        read = marks.values_list("user", "ranges")
        return {user for user, ranges in read if post.number in Ranges.parse(ranges)}

    def filing(self, event: Event) -> Filing | None:
        post = _post(event)
        if not _stands(post):
            return None
        return Filing(place_of_thread(post.thread_id), self.subject(post))

    def recipients(self, event: Event) -> QuerySet[User]:
        post = _post(event)
        meant = self.meant(post, event.pk)
        if meant == NOBODY:
            return User.objects.none()
        near, wider = place_of_thread(post.thread_id), _around(post)
        return User.objects.filter(meant).exclude(levels.deaf_to(near, wider))

    def meant(self, post: Post, event: int) -> Q:
        """Whom the post concerns in this way; NOBODY where the post itself says so."""
        raise NotImplementedError

    def subject(self, post: Post) -> str:
        """What is counted together: the post alone."""
        return about_post(post.pk)

    def words(self, notifications: Sequence[Notification]) -> Mapping[int, Told]:
        posts = _posts({each.last_event.about_pk for each in notifications})
        said = dict(
            zip(posts, plain_texts(p.html[:READ_CHARS] for p in posts.values()), strict=True)
        )
        return {
            each.pk: self._told(each, posts[pk], said[pk])
            for each in notifications
            if (pk := each.last_event.about_pk) in posts
        }

    def title(self, notification: Notification, post: Post) -> str:
        """One sentence in the active language."""
        raise NotImplementedError

    def url(self, notification: Notification, post: Post) -> str:
        return post.get_absolute_url()

    def _told(self, notification: Notification, post: Post, said: str) -> Told:
        return Told(
            title=self.title(notification, post),
            text=Truncator(" ".join(said.split())).words(EXCERPT_WORDS),
            url=self.url(notification, post),
            heading=post.thread.title,
            heading_url=post.thread.get_absolute_url(),
            language=post.thread.language,
            by=post.voice_name,
        )

    def said(self, events: Iterable[Event]) -> Mapping[int, str]:
        by_post = {event.about_pk: event.pk for event in events}
        posts = _posts(by_post)
        texts = plain_texts(post.html for post in posts.values())
        return {
            by_post[pk]: "\n\n".join(filter(None, map(str.strip, text.splitlines())))
            for pk, text in zip(posts, texts, strict=True)
        }


class Mentioned(OfPost):
    """Somebody calls the member by "@"."""

    name = "mention"
    chapter = "answer"
    is_personal = True

    def meant(self, post: Post, event: int) -> Q:
        called = post.mentions.exclude(user=None).values("user")
        return Q(pk__in=called) if keys_in([post.html]) else NOBODY

    def title(self, notification: Notification, post: Post) -> str:
        return _("%(name)s mentions you") % {"name": post.voice_name}

    def why(self, notification: Notification) -> str:
        return _("You are told because you are mentioned by name.")


class OrganizationMentioned(OfPost):
    """Somebody calls an organization that the member speaks for."""

    name = "mention_of_organization"
    chapter = "answer"
    is_personal = True

    def meant(self, post: Post, event: int) -> Q:
        called = post.mentions.exclude(organization=None).values("organization")
        return _speaking_for(called) if keys_in([post.html]) else NOBODY

    def title(self, notification: Notification, post: Post) -> str:
        return _("%(name)s mentions your organization") % {"name": post.voice_name}

    def why(self, notification: Notification) -> str:
        return _("You are told because an organization that you speak for is mentioned.")


class Quoted(OfPost):
    """Somebody quotes the member's words."""

    name = "quote"
    chapter = "answer"
    is_personal = True

    def meant(self, post: Post, event: int) -> Q:
        quoted = posts_quoted_in(post.html)
        return NOBODY if quoted.query.is_empty() else Q(pk__in=quoted.values("author"))

    def title(self, notification: Notification, post: Post) -> str:
        return _("%(name)s quotes your words") % {"name": post.voice_name}

    def why(self, notification: Notification) -> str:
        return _("You are told because your words are quoted.")


class Answered(OfPost):
    """Somebody answers a post of the member, or of an organization they speak for."""

    name = "answer"
    chapter = "answer"
    is_personal = True

    def meant(self, post: Post, event: int) -> Q:
        if post.parent is None:
            return NOBODY
        own = Q(pk=post.parent.author_id)
        voice = post.parent.organization_id
        return own | _speaking_for([voice]) if voice is not None else own

    def subject(self, post: Post) -> str:
        """Answers to one post are counted together."""
        return about_post(post.parent_id or post.pk)

    def title(self, notification: Notification, post: Post) -> str:
        if notification.count == 1:
            return _("%(name)s answers your post") % {"name": post.voice_name}
        return ngettext(
            "%(count)s answer to your post", "%(count)s answers to your post", notification.count
        ) % {"count": notification.count}

    def why(self, notification: Notification) -> str:
        return _("You are told because this answers you or your organization.")


class Positioned(OfPost):
    """The office says something in a thread that the member follows, at whatever level."""

    name = "position"
    chapter = "decided"
    is_personal = True

    def meant(self, post: Post, event: int) -> Q:
        if not post.is_official:
            return NOBODY
        near = place_of_thread(post.thread_id)
        return levels.following(near, event) | levels.hearing_everything(near, _around(post), event)

    def title(self, notification: Notification, post: Post) -> str:
        return _("Position of the office: %(name)s") % {"name": post.voice_name}

    def why(self, notification: Notification) -> str:
        return _("You are told because the office answers in a thread that you follow.")


class Replied(OfPost):
    """Somebody replies in a thread of which the member wants to hear everything."""

    name = "reply"

    def meant(self, post: Post, event: int) -> Q:
        return levels.hearing_everything(place_of_thread(post.thread_id), _around(post), event)

    def subject(self, post: Post) -> str:
        return place_of_thread(post.thread_id)

    def title(self, notification: Notification, post: Post) -> str:
        names = {"count": notification.count}
        if notification.is_unread:
            return ngettext("%(count)s new reply", "%(count)s new replies", names["count"]) % names
        return ngettext("%(count)s reply", "%(count)s replies", names["count"]) % names

    def url(self, notification: Notification, post: Post) -> str:
        is_more = notification.is_unread and notification.count > 1
        return unread_url(post.thread) if is_more else post.get_absolute_url()

    def why(self, notification: Notification) -> str:
        why = Follow.objects.filter(user=notification.user_id, place=notification.place)
        reasons = {
            Follow.Why.STARTED: _("You are told because you started this thread."),
            Follow.Why.WROTE: _("You are told because you wrote in this thread."),
            Follow.Why.CHOSE: _("You are told because you chose to follow this thread."),
        }
        found = why.values_list("why", flat=True).first()
        general = _("You are told because you want to hear of everything that is written here.")
        return reasons[Follow.Why(found)] if found else general


class Started(OfPost):
    """Somebody starts a thread where the member wants to hear of everything."""

    name = "thread"

    def meant(self, post: Post, event: int) -> Q:
        return levels.hearing_everything(place_of_thread(post.thread_id), _around(post), event)

    def filing(self, event: Event) -> Filing | None:
        post = _post(event)
        place = place_of_category(post.thread.category_id)
        # In a thread that was merged it opens nothing any more.
        return Filing(place, place) if _stands(post) and post.number == 1 else None

    def title(self, notification: Notification, post: Post) -> str:
        names = {"count": notification.count}
        if notification.is_unread:
            return ngettext("%(count)s new thread", "%(count)s new threads", names["count"]) % names
        return ngettext("%(count)s thread", "%(count)s threads", names["count"]) % names

    def url(self, notification: Notification, post: Post) -> str:
        thread = post.thread
        return (
            thread.get_absolute_url()
            if notification.count == 1
            else address_of_category(thread.category_id)
        )

    def _told(self, notification: Notification, post: Post, said: str) -> Told:
        thread = post.thread
        return Told(
            title=self.title(notification, post),
            text=thread.title,
            url=self.url(notification, post),
            heading=thread.category.called,
            heading_url=address_of_category(thread.category_id),
        )

    def why(self, notification: Notification) -> str:
        return _("You are told because you want to hear of new threads here.")


class Accepted(OfPost):
    """A reply was chosen as the answer: told to whoever wrote it, and to those who follow."""

    name = "accepted"
    chapter = "decided"
    is_personal = True

    def meant(self, post: Post, event: int) -> Q:
        near = place_of_thread(post.thread_id)
        return Q(pk=post.author_id) | levels.hearing_everything(near, _around(post), event)

    def filing(self, event: Event) -> Filing | None:
        filed = super().filing(event)
        is_chosen = _post(event).thread.accepted_id == event.about_pk
        return filed if is_chosen else None

    def seen_by(self, member: User, events: Iterable[Event]) -> set[int]:
        events = list(events)
        chosen = Thread.objects.filter(accepted__in=[event.about_pk for event in events])
        standing = set(chosen.values_list("accepted", flat=True))
        seen = super().seen_by(member, events)
        return {event.pk for event in events if event.pk in seen and event.about_pk in standing}

    def have_seen(self, event: Event, members: Collection[int]) -> set[int]:
        return set()  # the post was read long ago, but not that it was chosen

    def title(self, notification: Notification, post: Post) -> str:
        if post.author_id == notification.user_id:
            return _("Your post was chosen as the answer")
        return _("The answer was chosen: %(name)s") % {"name": post.voice_name}

    def why(self, notification: Notification) -> str:
        return _("You are told because you wrote the answer, or follow the thread.")


ALL = (
    Mentioned(),
    OrganizationMentioned(),
    Quoted(),
    Answered(),
    Positioned(),
    Replied(),
    Started(),
    Accepted(),
)
CALLING = (Mentioned.name, OrganizationMentioned.name, Quoted.name)
OF_REPLY = (*CALLING, Answered.name, Positioned.name, Replied.name)
OF_THREAD = (*CALLING, Started.name)


def _post(event: Event) -> Post:
    """The post of the event with what is asked of it, as it was when it was first asked.

    Queries: one for each object of an event. Raises: Post.DoesNotExist.
    """
    if (post := event.read.get("post")) is None:
        post = event.read["post"] = _POST.object(pk=event.about_pk)
        if post is None:
            raise Post.DoesNotExist
    return cast(Post, post)


def _posts(pks: Iterable[int]) -> dict[int, Post]:
    posts = Post.objects.filter(pk__in=pks, state=Post.State.PUBLISHED)
    related = posts.select_related("thread__category", "author", "organization")
    return {post.pk: post for post in related}


def _stands(post: Post) -> bool:
    return post.state == Post.State.PUBLISHED


def _around(post: Post) -> list[str]:
    """The places round the thread whose levels count for the post."""
    category = post.thread.category
    places = [place_of_category(category.pk)]
    if category.parent_id is not None:
        places.append(place_of_category(category.parent_id))
    if post.organization_id is not None:
        places.append(f"organization.{post.organization_id}")
    return places


def _speaking_for(organizations: Iterable[int] | QuerySet[Any, Any]) -> Q:
    held = Mandate.objects.current().that_speak().filter(organization__in=organizations)
    return Q(pk__in=held.values("user"))
