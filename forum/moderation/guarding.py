"""Why a text waits before it is seen: pure rules over facts, each with the sentence for its author.

What a text says and who wrote it is gathered by the room whose text it is.
Source: docs/decisions/0035-held-texts.md.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from forum.lib.folding import fold
from forum.moderation.models.guarding import GuardSettings

# Below this, equal texts are how people are polite: "Dziękuję bardzo, do zobaczenia we wtorek".
REPEATED_MIN_CHARS = 60
_LINK = re.compile(r"<a\s[^>]*href=", re.IGNORECASE)


class Reason(TextChoices):
    """Why a text waits. The order is that in which its author reads them."""

    FIRST = "first", _("somebody's first text")
    LINKS = "links", _("many links")
    FLOOD = "flood", _("many texts in an hour")
    WORDS = "words", _("listed words")
    REPEATED = "repeated", _("same text elsewhere")
    CORRECTED = "corrected", _("corrected after it was returned")


SENTENCES: dict[str, str | Promise] = {
    Reason.FIRST: _(
        "It is your first text here. The first one of each person is read by a moderator before "
        "others see it; the next ones appear at once."
    ),
    Reason.LINKS: _("It holds more links than the texts of new people usually do."),
    Reason.FLOOD: _("You have sent many texts in the last hour."),
    Reason.WORDS: _(
        "It holds words with which texts are looked at first. That is not yet a judgement."
    ),
    Reason.REPEATED: _("You have sent the same text in another thread lately."),
    Reason.CORRECTED: _("A moderator asked you to change it, and looks at it once more."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a text and of its author at the moment of sending."""

    is_staff: bool
    # Speaks for a verified organization: somebody answers for them.
    is_vouched_for: bool
    first_seen_at: datetime | None  # when the first text of theirs was published
    texts_in_last_hour: int
    links: int
    listed: tuple[str, ...]  # the words of the list that are in it
    is_repeated: bool
    is_corrected: bool = False
    now: datetime


def reasons_to_wait(facts: Facts, guards: GuardSettings) -> list[Reason]:
    """Why the text waits; empty where everybody may read it at once."""
    if facts.is_staff:
        return []
    is_new = not facts.is_vouched_for and is_newcomer(facts.first_seen_at, facts.now, guards)
    is_first = not facts.is_vouched_for and facts.first_seen_at is None
    asked = {
        Reason.FIRST: guards.holds_first_texts and is_first,
        Reason.LINKS: is_new and facts.links > guards.newcomer_links,
        Reason.FLOOD: is_new and facts.texts_in_last_hour >= guards.newcomer_texts_an_hour,
        Reason.WORDS: bool(facts.listed),
        Reason.REPEATED: facts.is_repeated,
        Reason.CORRECTED: facts.is_corrected,
    }
    return [reason for reason, holds in asked.items() if holds]


def is_newcomer(first_seen_at: datetime | None, now: datetime, guards: GuardSettings) -> bool:
    """Whether somebody whose first text was published then is still new."""
    newcomer = timedelta(days=guards.newcomer_days)
    return bool(newcomer) and (first_seen_at is None or now - first_seen_at < newcomer)


def sentences_of(reasons: Iterable[str]) -> list[str]:
    """What the author of a waiting text reads, in their language."""
    return [str(SENTENCES[reason]) for reason in reasons if reason in SENTENCES]


def listed_in(text: str, listed: Iterable[str]) -> list[str]:
    """Those of the folded listed words that stand in the text, as whole words or beginnings."""
    if not (known := list(listed)):
        return []  # mostly: it is not worth folding the text
    words = f" {fold(text)} "
    return [each for each in known if _stands_in(words, each)]


def links_in(html: str) -> int:
    """How many links a text holds."""
    return len(_LINK.findall(html))


def says_the_same(text: str, other: str) -> bool:
    """Whether two texts have the same words, and enough of them to be no mere courtesy."""
    return says_one_of(text, [other])


def says_one_of(text: str, others: Iterable[str]) -> bool:
    """Whether the text says the same as one of the others."""
    folded = fold(text)
    return len(folded) >= REPEATED_MIN_CHARS and any(folded == fold(each) for each in others)


def _stands_in(words: str, listed: str) -> bool:
    return (
        bool(listed) and f" {listed[:-1]}" in words
        if listed.endswith("*")
        else (f" {listed} " in words)
    )
