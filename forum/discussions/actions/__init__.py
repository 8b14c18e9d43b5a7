"""What members do in threads, by verb."""

from forum.discussions.actions.accepting import accept
from forum.discussions.actions.keeping import save_for_later, save_no_longer
from forum.discussions.actions.managing import close, move, pin, retitle, set_pace
from forum.discussions.actions.moving import merge, split
from forum.discussions.actions.posting import edit, react, reply, start_thread, withdraw
from forum.discussions.actions.reading import (
    mark_all_read,
    mark_read,
    mark_thread_read,
    mark_unread,
    visit,
)
from forum.discussions.actions.visiting import be_here
from forum.discussions.actions.waiting import take_back

__all__ = [
    "accept",
    "be_here",
    "close",
    "edit",
    "mark_all_read",
    "mark_read",
    "mark_thread_read",
    "mark_unread",
    "merge",
    "move",
    "pin",
    "react",
    "reply",
    "retitle",
    "save_for_later",
    "save_no_longer",
    "set_pace",
    "split",
    "start_thread",
    "take_back",
    "visit",
    "withdraw",
]
