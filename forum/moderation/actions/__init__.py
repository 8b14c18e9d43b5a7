"""What members and moderators do at the desk, by verb.

Locks, in this order: the people concerned, the subject's own rows, the case, the desk.
"""

from forum.moderation.actions.appealing import answer_appeal, appeal
from forum.moderation.actions.deciding import (
    Conflict,
    Outcome,
    Verdict,
    decide,
    decide_many,
)
from forum.moderation.actions.erasing import hold_cases_of
from forum.moderation.actions.keeping import (
    appoint,
    drop_reply,
    end_term,
    note,
    note_access,
    save_reply,
)
from forum.moderation.actions.leasing import release_lease, renew_lease, take_lease
from forum.moderation.actions.opening import (
    close_case,
    look_into,
    note_change,
    note_changes,
    open_case,
)
from forum.moderation.actions.reporting import give_notice, report
from forum.moderation.actions.seconding import confirm, decline, withdraw_proposal
from forum.moderation.actions.undoing import undo

__all__ = [
    "Conflict",
    "Outcome",
    "Verdict",
    "answer_appeal",
    "appeal",
    "appoint",
    "close_case",
    "confirm",
    "decide",
    "decide_many",
    "decline",
    "drop_reply",
    "end_term",
    "give_notice",
    "hold_cases_of",
    "look_into",
    "note",
    "note_access",
    "note_change",
    "note_changes",
    "open_case",
    "release_lease",
    "renew_lease",
    "report",
    "save_reply",
    "take_lease",
    "undo",
    "withdraw_proposal",
]
