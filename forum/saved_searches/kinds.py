"""What members are told of their saved searches; plugged into the registry by apps.py."""

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from forum.discussions.kinds import OfPost, about_post
from forum.discussions.models import Post
from forum.notifications.kinds import Filing, Told
from forum.notifications.models import Event, Item, Notification
from forum.saved_searches.models import Match

# All searches of a member are told of together: one evening of posts is one notification, and one
# mail. A name is that of no row: every member has this one place.
PLACE = "searches.1"


class NewResult(OfPost):
    """Something new fits what the member looks for, and they were not told of it otherwise."""

    name = "saved_search"
    is_personal = True

    def meant(self, post: Post, event: int) -> Q:
        about = about_post(post.pk)
        heard = Item.objects.filter(event__about=about, is_hidden=False)
        return _looking_for(about) & ~Q(pk__in=heard.values("user"))

    def who_may_see(self, event: Event) -> QuerySet[User]:
        return super().who_may_see(event).filter(_looking_for(event.about))

    def seen_by(self, member: User, events: Iterable[Event]) -> set[int]:
        events = list(events)
        abouts = {event.about for event in events}
        fitting = Match.objects.filter(search__user=member, about__in=abouts)
        standing = set(fitting.values_list("about", flat=True))
        seen = super().seen_by(member, events)
        return {event.pk for event in events if event.pk in seen and event.about in standing}

    def filing(self, event: Event) -> Filing | None:
        return Filing(PLACE, PLACE) if super().filing(event) is not None else None

    def mutes(self, notification: Notification) -> str:
        return ""  # each search has its own button; a mail's link stops the mails of all of them

    def words(self, notifications: Sequence[Notification]) -> Mapping[int, Told]:
        told = super().words(notifications)
        names = _names(notifications)
        return {
            each.pk: self._named(each, told[each.pk], names[key])
            for each in notifications
            if each.pk in told and (key := (each.user_id, each.last_event.about)) in names
        }

    def title(self, notification: Notification, post: Post) -> str:
        return post.thread.title

    def said(self, events: Iterable[Event]) -> Mapping[int, str]:
        return {}  # a beginning is enough to know whether it is what was looked for

    def why(self, notification: Notification) -> str:
        return _("You are told because you saved a search.")

    def _named(self, notification: Notification, told: Told, name: str) -> Told:
        one = _("“%(search)s”: %(thread)s") % {"search": name, "thread": told.title}
        is_one = notification.count == 1
        return Told(
            title=one if is_one else _counted(notification),
            text=told.text if is_one else one,
            url=told.url if is_one else reverse("saved_searches:list"),
            heading=_("Saved searches"),
            heading_url=reverse("saved_searches:list"),
            by=told.by,
        )


def _counted(notification: Notification) -> str:
    names = {"count": notification.count}
    if notification.is_unread:
        return ngettext("%(count)s new result", "%(count)s new results", names["count"]) % names
    return ngettext("%(count)s result", "%(count)s results", names["count"]) % names


def _looking_for(about: str) -> Q:
    return Q(pk__in=Match.objects.filter(about=about).values("search__user"))


def _names(notifications: Iterable[Notification]) -> dict[tuple[int, str], str]:
    """By member and post, what the first search that it fits is called. Queries: one."""
    rows = list(notifications)
    found = Match.objects.filter(
        search__user__in={row.user_id for row in rows},
        about__in={row.last_event.about for row in rows},
    )
    matches = found.select_related("search").order_by("-search")
    return {(each.search.user_id, each.about): each.search.called for each in matches}


ALL = (NewResult(),)
