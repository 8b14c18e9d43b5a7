"""What moderators keep beside decisions: notes, saved replies, who they are, and what they read."""

from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from accounts.actions import remember_term
from accounts.models import User
from accounts.plugs import tell_rights_changed
from forum.lib.answers import Answer, Refusal, Refused, demand
from forum.moderation import rules
from forum.moderation.models import AccessNote, Case, Moderator, SavedReply, StaffNote
from forum.moderation.wording import ADMINISTRATORS_ONLY


def note(*, moderator: User, case: Case, words: str) -> StaffNote:
    """A note for the other moderators. Raises: Refused."""
    demand(rules.may_see_case(moderator, case))
    return StaffNote.objects.create(case=case, author=moderator, words=words)


def save_reply(
    *, moderator: User, title: str, words: str, measure: str = "", reply: SavedReply | None = None
) -> SavedReply:
    """A saved reply, new or changed. Raises: Refused."""
    demand(rules.may_moderate(moderator))
    saved = reply or SavedReply()
    saved.title, saved.words, saved.measure = title, words, measure
    saved.save()
    return saved


def drop_reply(*, moderator: User, reply: SavedReply) -> None:
    """A saved reply is offered no longer. Raises: Refused."""
    demand(rules.may_moderate(moderator))
    reply.delete()


def note_access(*, reader: User, member: User, what: AccessNote.What, place: str = "") -> None:
    """That the reader saw private data of the member; nothing for one's own. Queries: one."""
    if reader.pk != member.pk:
        AccessNote.objects.create(reader=reader, member=member, what=what, place=place[:200])


def note_document(reader: User, member: User, place: str) -> None:
    """That the reader was given a private document of the member. For accounts.plugs."""
    note_access(reader=reader, member=member, what=AccessNote.What.DOCUMENT, place=place)


def appoint(*, staff: User, member: User, since: date, until: date, elected_by: str) -> Moderator:
    """A term of a member whom organizations elected. Raises: Refused. Locks: the member's row.

    Source: docs/decisions/0030-conflict-guard.md.
    """
    _demand_administrator(staff)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=member.pk)
        demand(rules.may_be_elected(member))
        demand(_is_free(member, since, until))
        term = Moderator.objects.create(
            user=member, since=since, until=until, elected_by=elected_by
        )
        _remember_last_day(member)
        tell_rights_changed()
    return term


def end_term(*, staff: User, term: Moderator, last_day: date) -> Moderator:
    """The term, ending on that day. Raises: Refused. Locks: the member's row."""
    _demand_administrator(staff)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=term.user_id)
        term.until = max(last_day, term.since)
        term.save(update_fields=["until"])
        _remember_last_day(term.user)
        tell_rights_changed()
    return term


def _is_free(member: User, since: date, until: date) -> Answer:
    terms = Moderator.objects.filter(user=member, since__lte=until, until__gte=since)
    if terms.exists():
        return Refusal(_("This person has a term in these days already."))
    return True


def _remember_last_day(member: User) -> None:
    last = Moderator.objects.filter(user=member).aggregate(last=Max("until"))["last"]
    remember_term(member=member, until=last)


def _demand_administrator(staff: User) -> None:
    if not (staff.is_active and staff.is_staff):
        raise Refused(Refusal(ADMINISTRATORS_ONLY))
