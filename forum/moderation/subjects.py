"""What the page of a case shows: the subject in its place, who wrote it, and what to begin with."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from accounts.models import Mandate, User
from forum.moderation import reviewing
from forum.moderation.measures import OF_ACCOUNTS, OF_THREADS, WITH_END, Measure
from forum.moderation.models import Case, Report
from forum.moderation.reviewing import Subject
from forum.moderation.rulebook import SectionOffered
from forum.moderation.taken import Taken, decisions_about

EARLIER_SHOWN = 5
# What a report of each kind usually leads to: the section by its anchor, and the first words.
SUGGESTED = {
    Report.Kind.SPAM: (
        "advertising",
        _("The post is an advertisement that has nothing to do with the thread."),
    ),
    Report.Kind.OFFENSIVE: ("respect", _("The post offends a person.")),
    Report.Kind.UNLAWFUL: ("unlawful", _("The post contains what the law forbids.")),
    Report.Kind.PERSONAL_DATA: (
        "personal-data",
        _("The post shows personal data of somebody who did not agree to it."),
    ),
    Report.Kind.OFF_TOPIC: ("topic", _("The post does not belong to the subject of this thread.")),
}
# The keys of the buttons, by the first letters of the Polish words. Z: zostaw.
KEYS = {
    Measure.PUBLISH: "c",
    Measure.LEAVE: "z",
    Measure.HIDE: "u",
    Measure.REFUSE_HELD: "n",
    Measure.ASK_CORRECTION: "p",
    Measure.WARN: "o",
    Measure.SLOW: "s",
    Measure.SUSPEND: "b",
    Measure.LOCK: "l",
    Measure.MOVE: "m",
    Measure.SPLIT: "w",
    Measure.MERGE: "k",
}


@dataclass(frozen=True, slots=True)
class Button:
    """One way to decide; `tone` is its look."""

    measure: Measure
    label: Any
    tone: str = ""

    @property
    def key(self) -> str:
        return KEYS[self.measure]


LABELS = {
    Measure.PUBLISH: _("Publish"),
    Measure.LEAVE: _("Leave it as it is"),
    Measure.HIDE: _("Hide the post"),
    Measure.REFUSE_HELD: _("Do not publish"),
    Measure.ASK_CORRECTION: _("Ask for a correction"),
    Measure.WARN: _("Warn the author"),
    Measure.SLOW: _("Slow the account down"),
    Measure.SUSPEND: _("Suspend the account"),
    Measure.LOCK: _("Close the thread"),
    Measure.MOVE: _("Move the thread"),
    Measure.SPLIT: _("Split off"),
    Measure.MERGE: _("Merge threads"),
}
TONES = {
    Measure.PUBLISH: "primary",
    Measure.HIDE: "primary",
    Measure.REFUSE_HELD: "danger",
    Measure.SUSPEND: "danger",
    Measure.MERGE: "danger",
}
# The order in which they stand.
ON_TEXTS = (
    Measure.PUBLISH,
    Measure.HIDE,
    Measure.LEAVE,
    Measure.ASK_CORRECTION,
    Measure.REFUSE_HELD,
)
ON_ACCOUNTS = tuple(each for each in Measure if each in OF_ACCOUNTS)
ON_THREADS = tuple(each for each in Measure if each in OF_THREADS)


@dataclass(frozen=True, slots=True)
class Choices:
    """The buttons of a case: on the text, on the account, on the thread."""

    on_text: list[Button]
    on_account: list[Button]
    on_thread: list[Button]


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote it: since when here, for whom they speak, what was decided before."""

    user: User
    mandates: list[Mandate]
    earlier: list[Taken]

    @property
    def is_new(self) -> bool:
        """Whether the account is younger than a week."""
        return (timezone.now() - self.user.date_joined).days < 7

    @property
    def restricted_until(self) -> datetime | None:
        return self.user.suspended_until if self.user.is_suspended else None


def subject_of(case: Case) -> Subject | None:
    """What the case is about as it is now; None where it is gone."""
    reviewable = reviewing.find(case.kind)
    return reviewable.subject(case.subject_pk) if reviewable is not None else None


def author_of(moderator: User, case: Case) -> Author | None:
    """What the desk shows of the author. Queries: two."""
    member = case.author
    if member is None:
        return None
    mandates = Mandate.objects.held_by(member).current().select_related("organization")
    return Author(member, list(mandates), decisions_about(moderator, member, EARLIER_SHOWN))


def choices_for(moderator: User, case: Case, subject: Subject | None) -> Choices:
    """What can be decided now. Queries: none."""
    possible = subject.measures if subject is not None else frozenset()
    author = case.author
    is_there = author is not None and author.erased_at is None
    on_account = [each for each in ON_ACCOUNTS if is_there and _may_fall(author, each)]
    on_thread = [each for each in ON_THREADS if each in possible and moderator.is_staff]
    return Choices(
        [_button(each) for each in ON_TEXTS if each in possible],
        [_button(each) for each in on_account],
        [_button(each) for each in on_thread],
    )


def suggestion(case: Case, reports: list[Report], sections: list[SectionOffered]) -> dict[str, str]:
    """What the form begins with: what the open reports say most. Queries: none."""
    waiting = [each.kind for each in reports if each.outcome == Report.Outcome.OPEN]
    if not waiting:
        return {}
    kind = max(waiting, key=waiting.count)
    if kind not in SUGGESTED:
        return {}
    anchor, words = SUGGESTED[Report.Kind(kind)]
    offered = {each.anchor for each in sections}
    # The author reads it: in their language.
    with translation.override(case.author.language if case.author else None):
        return {"section": anchor if anchor in offered else "", "facts": str(words)}


def _may_fall(author: User | None, measure: Measure) -> bool:
    return author is not None and not (author.is_staff and measure in WITH_END)


def _button(measure: Measure) -> Button:
    return Button(measure, LABELS[measure], TONES.get(measure, ""))
