"""The weekly letter to one member: what it has to say, and the mail made of it.

Grouped, the newest first, readable in two minutes: of each chapter a few lines, the rest is a
number and a link. Where there is nothing to say, no letter is written.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from forum.notifications import plugs, stop_links
from forum.notifications.lines import Line, lines_of, summed
from forum.notifications.mail_writing import FOLDER, absolute, bulk_headers, list_id, written
from forum.notifications.models import Bundle, Delivery
from forum.notifications.plugs import Chapter, LetterLine, LetterQuestion

LINES_A_CHAPTER = 6
TEXT_MAX_CHARS = 200
TITLES: dict[Chapter, str | Promise] = {
    Chapter.DEADLINES: _("Deadlines"),
    Chapter.ANSWER: _("Waits for your answer"),
    Chapter.DECIDED: _("What was decided"),
    Chapter.NEW: _("What is new"),
}


@dataclass(frozen=True, slots=True)
class Group:
    """Lines of one place, under its name."""

    heading: str
    lines: Sequence[LetterLine]


@dataclass(frozen=True, slots=True)
class Part:
    """A chapter as the templates have it; `left` is how many lines do not fit."""

    title: str | Promise
    groups: Sequence[Group]
    left: int


@dataclass(frozen=True, slots=True)
class Letter:
    """What a weekly letter says."""

    parts: Sequence[Part]
    question: LetterQuestion | None
    # Whether there is nothing new that concerns the member; an old question alone is no letter.
    is_empty: bool


def compose(member: User, deliveries: Iterable[Delivery], since: datetime) -> Letter:
    """What the letter says to the member today, in the active language.

    Queries: those of `lines_of`, and what the hooks of higher rooms ask.
    """
    found = plugs.lines_for(member, since)
    waiting = lines_of(member, deliveries)
    told = {line.told.url for line in waiting}
    for chapter in Chapter:
        # What was told in person is not told again by the room's own list.
        found[chapter] = [line for line in found[chapter] if line.url not in told]
    for line in summed(waiting):
        found[Chapter(line.kind.chapter)].append(_in_letter(line))
    has_news = any(found.values())
    question = plugs.question_for(member)
    asked = question.url if question is not None else ""
    for chapter in Chapter:
        # What is asked at the end is not listed before.
        found[chapter] = [line for line in found[chapter] if line.url != asked]
    parts = [_part(chapter, lines) for chapter, lines in found.items() if lines]
    return Letter(parts, _whole(question), is_empty=not has_news)


def mail_of(bundle: Bundle, letter: Letter) -> EmailMultiAlternatives:
    """The letter as a mail, in the active language; it is given to no mail server yet."""
    stop_url = absolute(stop_links.letter_url(bundle.user))
    message = written(f"{FOLDER}/weekly", shown_of(letter, stop_url), to=bundle.user.email)
    message.extra_headers = {
        "Message-ID": bundle.message_id,
        **bulk_headers(stop_url, list_id("weekly")),
    }
    return message


def shown_of(letter: Letter, stop_url: str) -> dict[str, object]:
    """What the letter's templates take."""
    return {
        "parts": letter.parts,
        "question": letter.question,
        "today": timezone.localdate(),
        "tray_url": absolute(reverse("notifications:list")),
        "stop_url": stop_url,
    }


def _whole(question: LetterQuestion | None) -> LetterQuestion | None:
    """The question with whole addresses."""
    if question is None:
        return None
    urls = absolute(question.url), absolute(question.answer_url)
    return LetterQuestion(question.title, question.text, *urls)


def _in_letter(line: Line) -> LetterLine:
    text = " ".join(line.told.text.split())
    if text and line.told.by not in line.told.title:
        text = f"{line.told.by}: {text}"
    if len(text) > TEXT_MAX_CHARS:
        text = f"{text[: TEXT_MAX_CHARS - 1].rstrip()}…"
    return LetterLine(line.told.title, line.told.url, line.event.at, text, line.told.heading)


def _part(chapter: Chapter, lines: Sequence[LetterLine]) -> Part:
    newest = sorted(lines, key=lambda line: line.at, reverse=True)
    groups: dict[str, list[LetterLine]] = {}
    for line in newest[:LINES_A_CHAPTER]:
        whole = LetterLine(line.title, absolute(line.url), line.at, line.text, line.heading)
        groups.setdefault(line.heading, []).append(whole)
    left = max(len(newest) - LINES_A_CHAPTER, 0)
    return Part(TITLES[chapter], [Group(name, rows) for name, rows in groups.items()], left)
