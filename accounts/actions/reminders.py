"""Letters about mandates that end or should be confirmed; each goes out once."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts import rules
from accounts.actions.holding import hold, mark_for_succession
from accounts.letters import write
from accounts.models import Mandate, MandateReminder, Organization, User
from accounts.plugs import tell_mandate_ends

Kind = MandateReminder.Kind


def remind_of_ends() -> int:
    """Write to those whose mandate ends within 30 and within 7 days, and to the representatives.

    Gives how many mandates were reminded of. Two workers at once: the row of the reminder decides.
    """
    return sum(_remind_of_ends_in(kind) for kind in (Kind.WEEK, Kind.MONTH))


def remind_to_confirm() -> int:
    """Ask those who speak without an end whether it still holds, once a year.

    Gives how many were asked.
    """
    today = timezone.localdate()
    due = Mandate.objects.current().unconfirmed_since(today - Mandate.CONFIRMED_FOR)
    asked = 0
    for mandate in due.filter(user__is_active=True).select_related("user", "organization"):
        with transaction.atomic():
            if _is_first(mandate, Kind.YEARLY, mandate.confirm_by):
                write("confirm_mandate", mandate.user, mandate=mandate)
                asked += 1
    return asked


def mark_abandoned() -> int:
    """Mark the organizations whose last representative's day passed, and tell the advisers.

    Gives how many there were. Locks: each organization's row, one after the other.
    """
    ended = Mandate.objects.filter(
        role=Mandate.Role.REPRESENTATIVE,
        valid_to__lt=timezone.localdate(),
        organization__needs_succession_since=None,
    )
    represented = Mandate.objects.current().that_represent().values("organization")
    left = Organization.objects.filter(pk__in=ended.values("organization")).exclude(
        pk__in=represented
    )
    marked = 0
    for organization in left:
        with transaction.atomic():
            held = hold(organization)
            if not held.had_representative:
                mark_for_succession(held.organization, actor=None)
                marked += 1
    return marked


def _remind_of_ends_in(kind: MandateReminder.Kind) -> int:
    """The nearer letter goes first and stands for the farther one, where both are due."""
    today = timezone.localdate()
    before = MandateReminder.BEFORE_THE_END[kind]
    ending = Mandate.objects.current().filter(valid_to__lte=today + before)
    reminded = 0
    for mandate in ending.without_successor().select_related("user", "organization"):
        assert mandate.valid_to is not None
        if timezone.localdate(mandate.created_at) > mandate.valid_to - before:
            continue  # Granted for less than that: nobody has forgotten it yet.
        with transaction.atomic():
            if _is_first(mandate, kind, mandate.valid_to):
                _write_of_the_end(mandate)
                reminded += 1
            if kind == Kind.WEEK:
                _is_first(mandate, Kind.MONTH, mandate.valid_to)
    return reminded


def _write_of_the_end(mandate: Mandate) -> None:
    for reader in _readers(mandate):
        letter = "mandate_ends" if reader.pk == mandate.user_id else "mandate_of_another_ends"
        write(letter, reader, mandate=mandate)
    tell_mandate_ends(mandate)


def _readers(mandate: Mandate) -> list[User]:
    """The holder, and the representatives of the organization."""
    representatives = rules.representatives_of(mandate.organization).exclude(pk=mandate.user_id)
    holder = [mandate.user] if mandate.user.is_active else []
    return [*holder, *representatives]


def _is_first(mandate: Mandate, kind: MandateReminder.Kind, about: date) -> bool:
    """Whether this letter goes out now: a second writer waits for the first and finds its row."""
    _row, is_new = MandateReminder.objects.get_or_create(mandate=mandate, kind=kind, about=about)
    return is_new
