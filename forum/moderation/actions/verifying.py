"""Keeps the queue of the desk in step with the organizations that wait to be verified."""

from accounts.models import VerificationCase
from forum.moderation.actions.opening import close_case, open_case
from forum.moderation.models import Case
from forum.moderation.verification import KIND


def note_verification(pk: int) -> None:
    """Put the case of verification into the queue while it waits for the adviser, else take it
    out. For accounts.plugs: inside the transaction that moved it. Locks: the case, the desk.
    """
    if VerificationCase.objects.waiting().filter(pk=pk).exists():
        open_case(kind=KIND, subject_pk=pk, reason=Case.Reason.VERIFICATION)
    else:
        close_case(kind=KIND, subject_pk=pk)
