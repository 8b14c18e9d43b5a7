"""Time that is moved by hand, workers, and a mail server in memory."""

from tests.notifications.conftest import clock, later, outbox, work

__all__ = ["clock", "later", "outbox", "work"]
