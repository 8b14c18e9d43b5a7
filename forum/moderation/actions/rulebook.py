"""The rules of the forum: a draft is changed section by section, and published as a whole."""

import tomllib
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Literal

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from forum.lib import markup
from forum.lib.answers import Refusal, Refused, demand
from forum.moderation.models.rulebook import Rulebook, RulebookDraft, RuleSection
from forum.moderation.rulebook_rules import may_write_rules

FIRST_RULES = Path(__file__).resolve().parents[1] / "first_rules.toml"
MAX_SECTIONS = 60
ANCHOR_CHARS = 60

Step = Literal["up", "down"]


@dataclass(frozen=True, slots=True)
class Words:
    """What a section says, and whether a decision may rest on it. The texts are Markdown."""

    title: str
    text: str
    title_en: str = ""
    text_en: str = ""
    is_ground: bool = False


@dataclass(frozen=True, slots=True)
class DraftSection:
    """A section of the draft, as a published one would be."""

    anchor: str
    words: Words
    number: int = 0

    @property
    def title(self) -> str:
        return self.words.title

    @property
    def title_en(self) -> str:
        return self.words.title_en

    @property
    def html(self) -> str:
        return markup.render(self.words.text, "markdown")

    @property
    def html_en(self) -> str:
        return markup.render(self.words.text_en, "markdown")

    def as_row(self, rulebook: Rulebook) -> RuleSection:
        """The section of a version that is being published."""
        return RuleSection(
            rulebook=rulebook,
            number=self.number,
            anchor=self.anchor,
            html=self.html,
            html_en=self.html_en,
            **asdict(self.words),
        )


class DraftMovedOn(Refused):
    """The draft is another one than the page showed."""

    def __init__(self) -> None:
        sentence = _("The draft has been changed or published meanwhile. Look at it again.")
        super().__init__(Refusal(sentence))


@dataclass(frozen=True, slots=True)
class Announcement:
    """From which day a new version holds, and what changes, in both languages."""

    valid_from: date
    note: str
    note_en: str = ""


def sections_of_draft() -> tuple[list[DraftSection], int]:
    """The sections as they would be published, and the edition; without a draft, those of the
    newest version. Queries: one or two."""
    draft = RulebookDraft.objects.first()
    if draft is None:
        return _numbered(_published()), 0
    return _numbered([_read(each) for each in draft.sections]), draft.edition


def write_section(*, editor: User, edition: int, anchor: str, words: Words) -> DraftSection:
    """Give the section of the draft these words; an empty anchor adds one at the end.

    Raises: Refused, DraftMovedOn where the draft is not of this edition. Locks: the draft.
    """

    def change(sections: list[DraftSection]) -> list[DraftSection]:
        if not anchor:
            return [*sections, DraftSection(_free_anchor(words.title, sections), words)]
        return [replace(each, words=words) if each.anchor == anchor else each for each in sections]

    changed = _change_draft(editor, edition, change)
    return next(each for each in reversed(changed) if not anchor or each.anchor == anchor)


def move_section(*, editor: User, edition: int, anchor: str, step: Step) -> None:
    """Move the section one place. Raises: Refused, DraftMovedOn. Locks: the draft."""

    def change(sections: list[DraftSection]) -> list[DraftSection]:
        place = [each.anchor for each in sections].index(anchor)
        other = place + (-1 if step == "up" else 1)
        if 0 <= other < len(sections):
            sections[place], sections[other] = sections[other], sections[place]
        return sections

    _change_draft(editor, edition, change)


def remove_section(*, editor: User, edition: int, anchor: str) -> None:
    """Leave the section out of the next version. Raises: Refused, DraftMovedOn.

    Locks: the draft.
    """
    _change_draft(editor, edition, lambda all_: [each for each in all_ if each.anchor != anchor])


def discard_draft(*, editor: User, edition: int) -> None:
    """Begin again with the newest version. Raises: Refused, DraftMovedOn. Locks: the draft."""
    demand(may_write_rules(editor))
    with transaction.atomic():
        _locked_draft(edition).delete()


def publish_rules(*, editor: User, edition: int, announcement: Announcement) -> Rulebook:
    """The draft as the next version, which nothing changes any more.

    Raises: Refused, DraftMovedOn. Locks: the draft. Source: DSA art. 14.
    """
    demand(may_write_rules(editor))
    with transaction.atomic():
        draft = _locked_draft(edition)
        newest = Rulebook.objects.order_by("-version").first()
        _demand_later(announcement.valid_from, newest)
        sections = _numbered([_read(each) for each in draft.sections])
        if sections == _numbered(_published()):
            raise Refused(Refusal(_("The draft says what the rules say already.")))
        rulebook = _publish(editor, sections, announcement)
        draft.delete()
    return rulebook


def publish_first_rules() -> Rulebook | None:
    """The rules that come with the program, where there are none yet; holding from today.

    Called before the forum starts, by one process at a time (forum_site/launching/preparing.py).
    """
    with transaction.atomic():
        if Rulebook.objects.exists():
            return None
        written = tomllib.loads(_filled_in(FIRST_RULES.read_text()))
        sections = [
            DraftSection(table.pop("anchor"), Words(**table)) for table in written["sections"]
        ]
        note = written["note"]
        today = Announcement(timezone.localdate(), note["text"], note["text_en"])
        return _publish(None, _numbered(sections), today)


def _filled_in(text: str) -> str:
    contact = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return text.replace("{site}", settings.SITE_URL).replace("{contact}", contact)


def _change_draft(
    editor: User, edition: int, change: Callable[[list[DraftSection]], list[DraftSection]]
) -> list[DraftSection]:
    demand(may_write_rules(editor))
    with transaction.atomic():
        draft = _locked_draft(edition, or_begin=True)
        changed = _numbered(change([_read(each) for each in draft.sections]))
        if len(changed) > MAX_SECTIONS:
            raise Refused(Refusal(_("There are too many sections. Join some of them.")))
        draft.sections = [{"anchor": each.anchor, **asdict(each.words)} for each in changed]
        draft.edition += 1
        draft.changed_at = timezone.now()
        draft.changed_by = editor
        draft.save()
    return changed


def _locked_draft(edition: int, *, or_begin: bool = False) -> RulebookDraft:
    """The draft, if it is the one that the page showed: edition 0 is shown where there is none."""
    if or_begin and edition == 0:
        beginning = [{"anchor": each.anchor, **asdict(each.words)} for each in _published()]
        RulebookDraft.objects.get_or_create(is_only=True, defaults={"sections": beginning})
    draft = RulebookDraft.objects.select_for_update().first()
    if draft is None or draft.edition != edition:
        raise DraftMovedOn
    return draft


def _demand_later(valid_from: date, newest: Rulebook | None) -> None:
    if valid_from < timezone.localdate():
        raise Refused(Refusal(_("Rules hold from today or later, never for what was before.")))
    if newest is not None and valid_from < newest.valid_from:
        sentence = _("Another version holds from %(day)s. Choose this day or a later one.")
        day = date_format(newest.valid_from, "DATE_FORMAT")
        raise Refused(Refusal(sentence % {"day": day}))


def _publish(
    editor: User | None, sections: list[DraftSection], announcement: Announcement
) -> Rulebook:
    newest = Rulebook.objects.order_by("-version").first()
    rulebook = Rulebook.objects.create(
        version=newest.version + 1 if newest else 1, published_by=editor, **asdict(announcement)
    )
    RuleSection.objects.bulk_create(section.as_row(rulebook) for section in sections)
    return rulebook


def _published() -> list[DraftSection]:
    newest = Rulebook.objects.order_by("-version").first()
    rows = newest.sections.order_by("number") if newest is not None else []
    return [
        DraftSection(
            row.anchor, Words(row.title, row.text, row.title_en, row.text_en, row.is_ground)
        )
        for row in rows
    ]


def _read(kept: dict[str, Any]) -> DraftSection:
    words = {name: value for name, value in kept.items() if name != "anchor"}
    return DraftSection(kept["anchor"], Words(**words))


def _numbered(sections: list[DraftSection]) -> list[DraftSection]:
    return [replace(each, number=number) for number, each in enumerate(sections, start=1)]


def _free_anchor(title: str, sections: list[DraftSection]) -> str:
    """Made of the title, another one than those of the draft and of every earlier version."""
    taken = {each.anchor for each in sections}
    taken |= set(RuleSection.objects.values_list("anchor", flat=True))
    stem = slugify(title.translate(_POLISH))[: ANCHOR_CHARS - 3].strip("-") or "section"
    candidates = [stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3))]
    return next(each for each in candidates if each not in taken)


_POLISH = str.maketrans("łŁ", "lL")  # the only Polish letters that Unicode does not take apart
