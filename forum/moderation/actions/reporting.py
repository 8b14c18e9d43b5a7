"""What members and people without an account say against a text."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import staying
from accounts.models import User
from forum.lib.answers import Refusal, Refused, demand
from forum.lib.limits import allow
from forum.moderation import notices, rules
from forum.moderation.actions.holding import show_anew
from forum.moderation.actions.opening import held_case, wait_for
from forum.moderation.models import Case, Report

DAY = timedelta(days=1)
RECEIPT_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is read as another one
RECEIPT_LENGTH = 12


def report(
    *,
    reporter: User,
    kind: str,
    subject_pk: int,
    reason: Report.Kind,
    words: str = "",
    says_about_office: bool = False,
) -> Report:
    """The member's open report of the thing; the earlier one where they have reported it already.

    Raises: Refused. Locks: the case, then the desk.
    """
    demand(rules.may_report(reporter, kind, subject_pk))
    open_reports = Report.objects.open().filter(
        reporter=reporter, case__kind=kind, case__subject_pk=subject_pk
    )
    if (earlier := open_reports.first()) is not None:
        return earlier
    _demand_measure_kept(f"report:{reporter.pk}")
    with transaction.atomic():
        staying.keep(reporter.pk)
        reporter.refresh_from_db(fields=["is_active"])
        case = held_case(kind, subject_pk)
        # Another tab may have sent it, or a moderator hidden the text, while this one waited.
        if (earlier := open_reports.first()) is not None:
            return earlier
        demand(rules.may_report(reporter, kind, subject_pk))
        made = Report.objects.create(
            case=case,
            reporter=reporter,
            kind=reason,
            words=words,
            says_about_office=says_about_office,
            language=reporter.language,
        )
        wait_for(case, Case.Reason.REPORTED, is_about_office=says_about_office)
        show_anew(case)
    return made


def give_notice(
    *,
    kind: str,
    subject_pk: int,
    reason: Report.Kind,
    words: str,
    name: str = "",
    email: str = "",
    language: str = "pl",
    says_about_office: bool = False,
) -> Report:
    """A notice from somebody without an account, who declared their good faith; its `receipt` is
    the code it is known by.

    The caller has made sure that the thing may be read without an account, and counts how many
    notices one address sends. Raises: Refused where the thing is gone. Locks: the case, the desk.
    """
    with transaction.atomic():
        case = held_case(kind, subject_pk)
        made = Report.objects.create(
            case=case,
            kind=reason,
            words=words,
            name=name,
            email=email.strip().lower(),
            language=language,
            says_about_office=says_about_office,
            in_good_faith=True,
            receipt=_new_receipt(),
        )
        wait_for(case, Case.Reason.NOTICE, is_about_office=says_about_office)
        show_anew(case)
        notices.tell_received(made)
    return made


def _demand_measure_kept(key: str) -> None:
    if not allow(key, settings.REPORTS_PER_DAY, DAY):
        sentence = _("You have reported very much today. What you reported already is looked at.")
        raise Refused(Refusal(sentence))


def _new_receipt() -> str:
    return "".join(secrets.choice(RECEIPT_LETTERS) for _letter in range(RECEIPT_LENGTH))
