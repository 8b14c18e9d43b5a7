"""What lower rooms want to be told of mails; each plug is put in by mailbox's own apps.py."""

from collections.abc import Callable

from forum.lib.bounces import Bounce

# A mail of ours did not arrive. Called outside any transaction; the same bounce may come twice.
bounce_noted: list[Callable[[Bounce], object]] = []


def note_bounce(bounce: Bounce) -> None:
    for plug in bounce_noted:
        plug(bounce)
