"""What higher rooms add to mails and letters; each plugs itself in, in its apps.py."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from accounts.models import User
from forum.notifications.models import Event, Notification


@dataclass(frozen=True, slots=True)
class ReplyPlace:
    """Where an answer to a mail goes, and the line above which it is to be written."""

    address: str
    line: str


@dataclass(frozen=True, slots=True)
class MailAct:
    """Something that can be done from a mail with one click more; the address needs a POST."""

    label: str
    url: str


# Called with the member, the place ("thread.42"), and the row that the mail tells of ("post.77"),
# empty where it tells of several; None where no answer is taken.
reply_places: list[Callable[[User, str, str], ReplyPlace | None]] = []
# Called with the member, the notification, and the event that the mail tells of.
mail_acts: list[Callable[[User, Notification, Event], Sequence[MailAct]]] = []

# Places whose notifications tell of rows from anywhere: what is read elsewhere is read there too.
gathering_places: list[str] = []


def reply_place(member: User, place: str, about: str = "") -> ReplyPlace | None:
    """Where the member's answer about this place, or this row in it, goes; None where none is
    taken."""
    found = (plug(member, place, about) for plug in reply_places)
    return next((each for each in found if each is not None), None)


def acts_for(member: User, notification: Notification, event: Event) -> list[MailAct]:
    """What the member can do from the mail about this event."""
    return [act for plug in mail_acts for act in plug(member, notification, event)]


@dataclass(frozen=True, slots=True)
class LetterLine:
    """One line of the weekly letter; `heading` is what several of them are grouped under."""

    title: str
    url: str
    at: datetime
    text: str = ""
    heading: str = ""


@dataclass(frozen=True, slots=True)
class LetterQuestion:
    """A question that waits for anybody's answer, a click away."""

    title: str
    text: str
    url: str
    answer_url: str


class Chapter(StrEnum):
    """The parts of the weekly letter, in their order."""

    DEADLINES = "deadlines"
    ANSWER = "answer"
    DECIDED = "decided"
    NEW = "new"


# Called with the member and the moment from which on; what they find is in the active language.
letter_lines: list[Callable[[User, datetime], Mapping[Chapter, Sequence[LetterLine]]]] = []
# Called with the member; the first question found is in the letter.
letter_questions: list[Callable[[User], LetterQuestion | None]] = []


def lines_for(member: User, since: datetime) -> dict[Chapter, list[LetterLine]]:
    """What every room has for the member's letter, by chapter."""
    found: dict[Chapter, list[LetterLine]] = {chapter: [] for chapter in Chapter}
    for plug in letter_lines:
        for chapter, lines in plug(member, since).items():
            found[chapter] += lines
    return found


def question_for(member: User) -> LetterQuestion | None:
    """A question that the member could answer; None where none waits."""
    found = (plug(member) for plug in letter_questions)
    return next((each for each in found if each is not None), None)
