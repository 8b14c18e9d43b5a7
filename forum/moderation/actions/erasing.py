"""What becomes of reports, appeals and reasons when an account is erased.

Called by accounts.erasing through the registry of personal data, inside its transaction; nobody is
asked for permission here. Decisions themselves never change: they lead to a number.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.personal_data import Erasure
from forum.moderation.actions.holding import hold_desk
from forum.moderation.actions.opening import note_change
from forum.moderation.models import (
    AccessNote,
    Appeal,
    Case,
    Proposal,
    Report,
    StaffNote,
    Statement,
)


def forget_cases(erasure: Erasure) -> None:
    """Title and beginning of the member's texts go; open cases are told, and show what is left.

    Locks: the open cases, the desk.
    """
    hold_cases_of(erasure.member)
    own = Case.objects.filter(author=erasure.member).order_by("pk")
    for case in own.open():
        note_change(kind=case.kind, subject_pk=case.subject_pk)
    own.filter(state=Case.State.CLOSED).update(title="", excerpt="")


def hold_cases_of(member: User) -> None:
    """Hold the desk, and before it every open case about the member's texts.

    One after the other, each with the desk, the second would wait for somebody who reports that
    text and waits for the desk. Locks: the cases by pk, then the desk.
    """
    own = Case.objects.filter(author=member).open().order_by("pk")
    while True:
        with transaction.atomic():
            held = set(own.select_for_update(no_key=True).values_list("pk", flat=True))
            hold_desk()
            if held >= set(own.values_list("pk", flat=True)):
                return
            # One was opened meanwhile: the desk is let go before its case is waited for.
            transaction.set_rollback(True)


def forget_reasons(erasure: Erasure) -> None:
    """The words of decisions about the member: their hash stays in the chain."""
    words = Statement.objects.filter(decision__member=erasure.member, erased_at=None)
    words.update(facts="", own_words="", erased_at=timezone.now())


def forget_proposals(erasure: Erasure) -> None:
    """What moderators wrote to each other about the member."""
    about = Proposal.objects.filter(case__author=erasure.member)
    about.update(facts="", own_words="", answer="")


def forget_appeals(erasure: Erasure) -> None:
    Appeal.objects.filter(member=erasure.member).update(words="")


def forget_reports(erasure: Erasure) -> None:
    """What the member wrote in reports, and what was settled about the member's texts."""
    Report.objects.filter(reporter=erasure.member).update(words="")
    Report.objects.settled().filter(case__author=erasure.member).update(words="")


def forget_notes(erasure: Erasure) -> None:
    StaffNote.objects.filter(case__author=erasure.member).delete()


def forget_readings(erasure: Erasure) -> None:
    AccessNote.objects.filter(member=erasure.member).delete()


def forget_senders(now: datetime) -> None:
    """Name and address of people without an account, once nothing can come of their notice."""
    over = now - timedelta(days=settings.APPEAL_DAYS)
    settled = Report.objects.settled().filter(reporter=None, decision__at__lt=over)
    settled.exclude(name="", email="").update(name="", email="")
