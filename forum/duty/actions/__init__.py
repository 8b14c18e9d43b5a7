"""What changes the duty: the roster, and what is offered to whom."""

from forum.duty.actions.offering import pass_on
from forum.duty.actions.roster import enlist, leave
from forum.duty.actions.watching import look_after

__all__ = ["enlist", "leave", "look_after", "pass_on"]
