"""The forms a new thread can begin with: what each asks, and how its answers are shown.

A category names the templates it offers; what was filled in is kept on the opening post by key.
Source: docs/decisions/0019-templates-of-threads.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from django.conf import settings
from django.db.models import TextChoices
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from accounts.models import Organization
from forum.categories.models import Category
from forum.lib.folding import fold

TEXT_MAX_CHARS = 160
WORDS_MAX_CHARS = 1_000
PLAIN = "plain"  # in an address: a thread without a form
Words = str | Promise


class Kind(Enum):
    """How a field is asked and shown."""

    TEXT = "text"  # one line
    WORDS = "words"  # some lines
    CHOICE = "choice"  # one of a few
    DATE = "date"
    NUMBER = "number"
    SEVERAL = "several"  # any of a few


class Subject(TextChoices):
    """What questions are about."""

    LAW = "law", _("law and the statute")
    ACCOUNTS = "accounts", _("accounts and taxes")
    BENEFIT = "opp", _("public benefit status")
    GRANTS = "grants", _("grants and settlements")
    SPACE = "space", _("rooms and equipment")
    PEOPLE = "people", _("people and volunteers")
    OTHER = "other", _("something else")


class Sphere(TextChoices):
    """The spheres of public tasks that the county really funds."""

    EDUCATION = "education", _("education and children")
    COMMUNITIES = "communities", _("local communities")
    HEALTH = "health", _("health")
    SOCIAL = "social", _("social aid")
    CULTURE = "culture", _("culture and heritage")
    SPORT = "sport", _("sport")
    DISABILITY = "disability", _("disability")
    NATURE = "nature", _("ecology and tourism")


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateField:
    """One question of a form."""

    key: str
    label: Words
    help: Words = ""
    kind: Kind = Kind.TEXT
    choices: type[TextChoices] | None = None
    is_required: bool = False

    @property
    def max_length(self) -> int:
        return WORDS_MAX_CHARS if self.kind is Kind.WORDS else TEXT_MAX_CHARS

    def shown(self, value: str) -> str:
        """The value in the reader's language; what was typed freely stays as it is."""
        if self.choices is not None:
            labels = dict(self.choices.choices)
            return ", ".join(str(labels[part]) for part in value.split() if part in labels)
        if self.kind is Kind.DATE:
            try:
                return date_format(date.fromisoformat(value), "DATE_FORMAT")
            except ValueError:
                return value
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadTemplate:
    """A short form for one kind of thread."""

    key: str
    invitation: Words  # on its card: when to choose it
    title_help: Words
    body_label: Words
    fields: tuple[TemplateField, ...]

    @property
    def name(self) -> Words:
        return Category.Template(self.key).label


@dataclass(frozen=True, slots=True)
class Filled:
    """One line of a summary."""

    label: str
    value: str


TEMPLATES: dict[str, ThreadTemplate] = {
    template.key: template
    for template in (
        ThreadTemplate(
            key=Category.Template.QUESTION,
            invitation=_("Something is unclear or does not work. One of us has been through it."),
            title_help=_("The question in one sentence, as you would ask it on the telephone."),
            body_label=_("Your question, in your own words"),
            fields=(
                TemplateField(
                    key="about",
                    label=_("What it is about"),
                    kind=Kind.CHOICE,
                    choices=Subject,
                    is_required=True,
                ),
                TemplateField(
                    key="tried",
                    label=_("What was tried already"),
                    help=_("So that nobody advises what you know."),
                    kind=Kind.WORDS,
                ),
                TemplateField(key="until", label=_("Answer needed by"), kind=Kind.DATE),
            ),
        ),
        ThreadTemplate(
            key=Category.Template.PRACTICE,
            invitation=_("Something worked for you and others could copy it."),
            title_help=_("What you did, in one sentence."),
            body_label=_("How it went"),
            fields=(
                TemplateField(key="whom", label=_("For whom")),
                TemplateField(
                    key="cost",
                    label=_("What it cost"),
                    help=_("Money, hours, people: roughly is enough."),
                ),
                TemplateField(
                    key="worked", label=_("What worked"), kind=Kind.WORDS, is_required=True
                ),
                TemplateField(
                    key="differently",
                    label=_("What we would do differently"),
                    kind=Kind.WORDS,
                ),
                TemplateField(key="spheres", label=_("Sphere"), kind=Kind.SEVERAL, choices=Sphere),
            ),
        ),
        ThreadTemplate(
            key=Category.Template.PARTNER,
            invitation=_("You plan a project, an event or an application and need company."),
            title_help=_("Whom you look for and what for, in one sentence."),
            body_label=_("More about the idea"),
            fields=(
                TemplateField(
                    key="purpose",
                    label=_("What for"),
                    help=_("The grant, the competition or the event."),
                    is_required=True,
                ),
                TemplateField(
                    key="seek", label=_("What we look for"), kind=Kind.WORDS, is_required=True
                ),
                TemplateField(key="bring", label=_("What we bring"), kind=Kind.WORDS),
                TemplateField(
                    key="gminas",
                    label=_("In which communes"),
                    kind=Kind.SEVERAL,
                    choices=Organization.Gmina,
                ),
                TemplateField(key="until", label=_("Replies wanted by"), kind=Kind.DATE),
            ),
        ),
        ThreadTemplate(
            key=Category.Template.REPORT,
            invitation=_("You met and worked something out. Whoever was not there can read it."),
            title_help=_("The subject of the workshop, in one sentence."),
            body_label=_("How it went"),
            fields=(
                TemplateField(
                    key="when", label=_("Day of the workshop"), kind=Kind.DATE, is_required=True
                ),
                TemplateField(key="where", label=_("Where")),
                TemplateField(key="people", label=_("How many people"), kind=Kind.NUMBER),
                TemplateField(
                    key="conclusions",
                    label=_("Conclusions"),
                    kind=Kind.WORDS,
                    is_required=True,
                ),
            ),
        ),
    )
}


def offered_in(category: Category) -> list[ThreadTemplate]:
    """The templates that the category offers, in their fixed order."""
    return [template for key, template in TEMPLATES.items() if key in category.templates]


def summary(template: str, filled: Mapping[str, str]) -> list[Filled]:
    """What was filled in, in the order of the form and the reader's language."""
    if template not in TEMPLATES:
        return []
    lines = [
        Filled(str(field.label), field.shown(filled[field.key]))
        for field in TEMPLATES[template].fields
        if filled.get(field.key)
    ]
    return [line for line in lines if line.value]


def searched_words(template: str, filled: Mapping[str, str]) -> str:
    """What is searched of a filled form: its values as a Polish reader sees them, folded."""
    with override(settings.LANGUAGE_CODE):
        return fold(" ".join(str(line.value) for line in summary(template, filled)))


def summary_text(template: str, filled: Mapping[str, str]) -> str:
    """The summary as plain text, a line for each field: for the history, drafts and searching."""
    return "\n".join(f"{line.label}: {line.value}" for line in summary(template, filled))
