"""The rules of the forum as they are read: what holds today, what is offered, what changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from django.conf import settings
from django.utils.translation import get_language

from forum.lib.differences import Piece, differences, shortened
from forum.lib.markup import plain_text
from forum.moderation.models.rulebook import Rulebook, RuleSection

ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class SectionOffered:
    """A section on which a decision may rest, in the reader's language."""

    version: int
    anchor: str
    number: int
    title: str

    def __str__(self) -> str:
        return f"§ {self.number}. {self.title}"


def rules_in_force() -> Rulebook | None:
    """The version that holds today; None where none was ever published. Queries: one."""
    return Rulebook.objects.begun().first()


def sections_offered() -> list[SectionOffered]:
    """The sections of today's rules on which a decision may rest, in order. Queries: two."""
    rulebook = rules_in_force()
    if rulebook is None:
        return []
    return [
        SectionOffered(rulebook.version, section.anchor, section.number, section.called)
        for section in rulebook.sections.filter(is_ground=True).order_by("number")
    ]


def sections_of(rulebook: Rulebook | None) -> list[RuleSection]:
    """The sections of the version in their order; none without one. Queries: one."""
    return list(rulebook.sections.order_by("number")) if rulebook is not None else []


def section_of(version: int | None, anchor: str) -> RuleSection | None:
    """The section that a decision names; None where it names none. Queries: one."""
    if version is None or not anchor:
        return None
    named = RuleSection.objects.filter(rulebook__version=version, anchor=anchor)
    return named.select_related("rulebook").first()


def named_section(version: int, anchor: str) -> tuple[str, str] | None:
    """Its number and title, and its whole address, for mails. Queries: one."""
    section = section_of(version, anchor)
    if section is None:
        return None
    address = f"{settings.SITE_URL}{section.rulebook.get_absolute_url()}#{anchor}"
    return f"§ {section.number}. {section.called}", address


# --- What changed between two versions ------------------------------------------------------------
Change = Literal["same", "changed", "added", "removed"]


class Section(Protocol):
    """What a comparison reads: a published section, or one of the draft."""

    @property
    def number(self) -> int: ...
    @property
    def anchor(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def title_en(self) -> str: ...
    @property
    def html(self) -> str: ...
    @property
    def html_en(self) -> str: ...


@dataclass(frozen=True, slots=True)
class SectionChange:
    """One section in two versions. `number` is the later one, 0 where it was removed."""

    kind: Change
    anchor: str
    title: str
    number: int = 0
    earlier_number: int = 0
    pieces: list[Piece] = field(default_factory=list)

    @property
    def is_moved(self) -> bool:
        return bool(self.number and self.earlier_number) and self.number != self.earlier_number


def changes_between(
    before: Sequence[Section], after: Sequence[Section], language: str = ""
) -> list[SectionChange]:
    """Section by section in the later order, each removed one after what it stood behind.

    Of the text in this language, the Polish one where there is no other.
    """
    language = language or get_language() or ""
    earlier = {section.anchor: section for section in before}
    later = {section.anchor: section for section in after}
    changes = [_change(earlier.get(section.anchor), section, language) for section in after]
    for place, section in enumerate(before):
        if section.anchor not in later:
            gone = SectionChange(
                "removed",
                section.anchor,
                _title(section, language),
                earlier_number=section.number,
                pieces=[Piece("removed", _text(section, language))],
            )
            changes.insert(_place_of(before[:place], changes), gone)
    return changes


def _change(earlier: Section | None, later: Section, language: str) -> SectionChange:
    text = _text(later, language)
    title = _title(later, language)
    if earlier is None:
        pieces = [Piece("added", text)]
        return SectionChange("added", later.anchor, title, later.number, pieces=pieces)
    old = _text(earlier, language)
    new = text
    if (old_title := _title(earlier, language)) != title:
        old, new = f"{old_title}\n\n{old}", f"{title}\n\n{new}"
    pieces = shortened(differences(old, new)) if old != new else []
    kind: Change = "changed" if pieces else "same"
    return SectionChange(kind, later.anchor, title, later.number, earlier.number, pieces)


def _place_of(before: Sequence[Section], changes: Sequence[SectionChange]) -> int:
    """Behind the nearest earlier section that is still among the changes."""
    places: Mapping[str, int] = {change.anchor: n for n, change in enumerate(changes)}
    known = [places[section.anchor] for section in before if section.anchor in places]
    return known[-1] + 1 if known else 0


def _title(section: Section, language: str) -> str:
    return (section.title_en if language == ENGLISH else "") or section.title


def _text(section: Section, language: str) -> str:
    html = (section.html_en if language == ENGLISH else "") or section.html
    return plain_text(html.replace("<li><p>", "<li><p>• "))
