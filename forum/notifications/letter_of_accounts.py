"""What organizations have for the weekly letter: mandates that end, requests that wait."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import JoinRequest, Mandate, User
from accounts.models.mandates import represented_by
from forum.notifications.plugs import Chapter, LetterLine

AHEAD = timedelta(days=30)
MOST = 20  # requests in one letter


def lines(member: User, since: datetime) -> Mapping[Chapter, Sequence[LetterLine]]:
    """The member's mandates that end within a month, and whom they have not answered yet.

    Queries: two.
    """
    return {Chapter.DEADLINES: _ending(member), Chapter.ANSWER: _asking(member)}


def _ending(member: User) -> list[LetterLine]:
    today = timezone.localdate()
    held = Mandate.objects.held_by(member).current().without_successor()
    ending = held.filter(valid_to__lte=today + AHEAD).select_related("organization")
    return [
        LetterLine(
            title=_("Your mandate in %(organization)s ends on %(day)s")
            % {
                "organization": mandate.organization.called,
                "day": _day(mandate),
            },
            url=reverse("accounts:own_organizations"),
            at=mandate.created_at,
        )
        for mandate in ending
    ]


def _day(mandate: Mandate) -> str:
    assert mandate.valid_to is not None, "only a mandate with a last day ends"
    return date_format(mandate.valid_to, "DATE_FORMAT")


def _asking(member: User) -> list[LetterLine]:
    waiting = JoinRequest.objects.open().filter(organization__in=represented_by(member))
    asked = waiting.select_related("user", "organization").order_by("-created_at")
    return [
        LetterLine(
            title=_("%(name)s asks to join %(organization)s")
            % {"name": request.user.display_name, "organization": request.organization.called},
            url=reverse("accounts:join_request", args=[request.pk]),
            at=request.created_at,
        )
        for request in asked[:MOST]
    ]
