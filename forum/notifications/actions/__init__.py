"""What changes notifications: telling, reading, following, choosing."""

from forum.notifications.actions.choosing import choose
from forum.notifications.actions.following import follow, follow_by_writing, lead_follows
from forum.notifications.actions.looking_again import look_again, look_again_in
from forum.notifications.actions.reading import (
    mark_read,
    mark_unread,
    read_all,
    read_events,
    read_places,
    unread_abouts,
    unread_places,
)
from forum.notifications.actions.telling import tell

__all__ = [
    "choose",
    "follow",
    "follow_by_writing",
    "lead_follows",
    "look_again",
    "look_again_in",
    "mark_read",
    "mark_unread",
    "read_all",
    "read_events",
    "read_places",
    "tell",
    "unread_abouts",
    "unread_places",
]
