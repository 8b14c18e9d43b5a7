"""What moderation keeps about a member; plugged into the registry by apps.py."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.personal_data import Holding
from forum.moderation.actions import erasing
from forum.moderation.models import (
    AccessNote,
    Appeal,
    Case,
    Decision,
    Moderator,
    Proposal,
    Report,
    StaffNote,
    Statement,
)

FOR_EVER = _("For ever: whoever asks later can see that nothing was done in secret.")
NUMBER_STAYS = _("The number of your account stays instead of your name.")


def _decisions_of(member: User) -> QuerySet[Decision]:
    took_part = Q(decided_by=member) | Q(second=member)
    return Decision.objects.filter(Q(member=member) | took_part)


def _proposals_of(member: User) -> QuerySet[Proposal]:
    return Proposal.objects.filter(Q(proposed_by=member) | Q(answered_by=member))


CASES = Holding(
    model=Case,
    member="author",
    title=_("Cases about your texts"),
    purpose=_("So that moderators decide once, and see what they decided before."),
    kept=_("As long as the text."),
    erased=_("The beginning of the text is removed. The number of your account stays."),
    erase=erasing.forget_cases,
    fields={
        "title": _("thread"),
        "excerpt": _("beginning of the text"),
        "state": _("state"),
        "opened_at": _("since when"),
        "closed_at": _("closed"),
    },
    impersonal={
        "author": "the member themselves",
        "kind": "a kind of text",
        "reasons": "words of a list: why it waits",
        "lease_by": "which moderator looks at it just now",
    },
)
REPORTS = Holding(
    model=Report,
    member="reporter",
    title=_("Your reports"),
    purpose=_("So that moderators look at what you found, and tell you what came of it."),
    kept=_("As long as the text. The author never learns who reported."),
    erased=_("Your words are removed. The number of your account stays."),
    erase=erasing.forget_reports,
    fields={
        "kind": _("why"),
        "words": _("what is wrong"),
        "created_at": _("when"),
        "outcome": _("outcome"),
    },
    impersonal={
        "reporter": "the member themselves",
        "name": "of people without an account",
        "email": "of people without an account",
        "receipt": "of people without an account",
        "language": "of the mail with the outcome",
    },
)
DECISIONS = Holding(
    model=Decision,
    member="member",
    rows_of=_decisions_of,
    title=_("Decisions about your texts and your account, and those you took"),
    purpose=_("So that every decision can be checked and undone."),
    kept=FOR_EVER,
    erased=NUMBER_STAYS,
    fields={
        "number": _("number"),
        "measure": _("measure"),
        "until": _("until"),
        "section": _("section of the rules"),
        "law": _("law"),
        "at": _("when"),
    },
    impersonal={
        "member": "the member themselves",
        "decided_by": "which moderator decided",
        "second": "which moderator confirmed it",
        "place": "numbers of threads and categories, and the title of a new thread",
        "effects": "states and numbers that an undo needs",
        "previous_hash": "a sum of the decision before",
        "hash": "a sum of the decision",
        "statement_hash": "a sum of its words",
    },
)
STATEMENTS = Holding(
    model=Statement,
    member="decision__member",
    title=_("Reasons of decisions about you"),
    purpose=_("So that you know why, and can appeal."),
    kept=_("As long as the account exists."),
    erased=_("Removed; only a sum remains, which shows that they were not changed before."),
    erase=erasing.forget_reasons,
    fields={"decision": _("decision"), "facts": _("facts"), "own_words": _("own words")},
    secret={"salt": _("a random number, so that nobody guesses removed words")},
)
PROPOSALS = Holding(
    model=Proposal,
    member="proposed_by",
    rows_of=_proposals_of,
    title=_("Decisions you proposed or confirmed"),
    purpose=_("So that two people decide on what is about the county office."),
    kept=FOR_EVER,
    erased=NUMBER_STAYS,
    erase=erasing.forget_proposals,
    fields={
        "measure": _("measure"),
        "section": _("section of the rules"),
        "law": _("law"),
        "facts": _("facts"),
        "own_words": _("own words"),
        "state": _("state"),
        "answer": _("answer"),
        "proposed_at": _("when"),
    },
    impersonal={
        "proposed_by": "the member themselves",
        "answered_by": "the member themselves, or another moderator",
        "place": "numbers of threads and categories",
    },
)
APPEALS = Holding(
    model=Appeal,
    member="member",
    title=_("Your appeals"),
    purpose=_("So that somebody else looks at the decision again."),
    kept=FOR_EVER,
    erased=_("Your words are removed. The number of your account stays."),
    erase=erasing.forget_appeals,
    fields={
        "decision": _("decision"),
        "words": _("why the decision is wrong"),
        "created_at": _("when"),
        "outcome": _("outcome"),
    },
    impersonal={"member": "the member themselves"},
)
NOTES = Holding(
    model=StaffNote,
    member="author",
    title=_("Notes you wrote as a moderator"),
    purpose=_("So that moderators tell each other what they know of a case."),
    kept=_("As long as the case."),
    erased=_("They stay without your name. Notes about your own texts are removed."),
    erase=erasing.forget_notes,
    fields={"words": _("note"), "at": _("when")},
    impersonal={"author": "the member themselves"},
)
TERMS = Holding(
    model=Moderator,
    member="user",
    title=_("Your terms as an elected moderator"),
    purpose=_("So that everybody knows who decides, and who chose them."),
    kept=FOR_EVER,
    erased=NUMBER_STAYS,
    fields={"since": _("from"), "until": _("to"), "elected_by": _("who elected them, and when")},
    impersonal={"user": "the member themselves"},
)
READINGS = Holding(
    model=AccessNote,
    member="member",
    title=_("Who of the staff read your private data"),
    purpose=_("So that you see that nobody reads it without need."),
    kept=_("As long as the account exists."),
    erased=_("Removed."),
    erase=erasing.forget_readings,
    fields={"reader": _("who read"), "what": _("what"), "place": _("where"), "at": _("when")},
    impersonal={"member": "the member themselves"},
)
ALL = (
    CASES,
    REPORTS,
    DECISIONS,
    STATEMENTS,
    PROPOSALS,
    APPEALS,
    NOTES,
    TERMS,
    READINGS,
)
