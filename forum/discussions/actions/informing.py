"""Who is told of a post: written down here in two rows, spread by the worker.

Locks: none, the caller holds the transaction.
"""

from collections.abc import Iterable

from accounts.models import User
from forum.discussions import kinds
from forum.discussions.models import Post, Thread, ThreadQuerySet
from forum.discussions.places import place_of_category, place_of_thread
from forum.discussions.quoted import places_in
from forum.lib.ranges import Ranges
from forum.notifications import actions as notifications
from forum.notifications.models import Follow


def tell_of_reply(post: Post, *, is_following: bool) -> None:
    """A new reply: whoever wrote it follows the thread, where they are not known to do so.

    Queries: two; one or two more.
    """
    if not is_following:
        place = place_of_thread(post.thread_id)
        notifications.follow_by_writing(member=post.author, place=place, why=Follow.Why.WROTE)
    _tell(post.author, post, kinds.OF_REPLY)


def tell_of_thread(post: Post) -> None:
    """A new thread with its opening post. Queries: four."""
    place = place_of_thread(post.thread_id)
    notifications.follow_by_writing(member=post.author, place=place, why=Follow.Why.STARTED)
    _tell(post.author, post, kinds.OF_THREAD)


def tell_of_edit(post: Post, called: Iterable[str], before: str) -> None:
    """A changed text: whom it calls or quotes by now is told, once. Queries: none or two."""
    if called or set(places_in(post.html)) - set(places_in(before)):
        _tell(post.author, post, kinds.CALLING, once=True)


def tell_of_acceptance(author: User, post: Post) -> None:
    """The post was chosen as the answer. Queries: two."""
    _tell(author, post, [kinds.Accepted.name], once=True)


def look_again_at(posts: Iterable[int]) -> None:
    """Posts were hidden, shown again, moved, or are no longer the answer. Queries: one in 200."""
    notifications.look_again(abouts=[kinds.about_post(pk) for pk in posts])


def lead_followers(source: Thread, target: Thread) -> None:
    """Whoever followed a thread that was merged follows the one it went to."""
    places = (place_of_thread(each.pk) for each in (source, target))
    notifications.lead_follows(source=next(places), target=next(places))


def look_again_in(thread: Thread) -> None:
    """Others may read the thread by now, or its posts went elsewhere. Queries: three."""
    notifications.look_again_in(place=place_of_thread(thread.pk))
    # Of its beginning its category tells.
    opening = thread.posts.filter(number=1).values_list("moved_to", "pk").first()
    if opening is not None:
        look_again_at([next(filter(None, opening))])


def note_reading(member: User, thread: Thread, read: Ranges) -> None:
    """What the member was told of these posts is read with them. Queries: three, mostly.

    Locks: the member's tray.
    """
    places = [place_of_thread(thread.pk), place_of_category(thread.category_id)]
    waiting = notifications.unread_abouts(member, places)
    pks = [int(about.rpartition(".")[2]) for about in waiting]
    if not pks:
        return
    numbers = dict(Post.objects.filter(pk__in=pks, thread=thread).values_list("pk", "number"))
    seen = [kinds.about_post(pk) for pk, number in numbers.items() if number in read]
    notifications.read_events(member=member, abouts=seen)


def note_reading_of(member: User, threads: ThreadQuerySet) -> None:
    """What the member was told of these threads is read with them. Queries: four, mostly.

    Locks: the member's tray.
    """
    by_pk = {
        int(place.rpartition(".")[2]): place
        for place in notifications.unread_places(member)
        if place.startswith("thread.")
    }
    found = threads.filter(pk__in=by_pk).values_list("pk", flat=True)
    notifications.read_places(member=member, places=[by_pk[pk] for pk in found])


def _tell(actor: User, post: Post, names: Iterable[str], *, once: bool = False) -> None:
    about = kinds.about_post(post.pk)
    notifications.tell(actor=actor, about=about, kinds=list(names), once=once)
