"""Organizations and categories: a county has so few that each is compared with the question.

They are found by every form of the words of their name and of what they say of themselves. What is
compared is kept by each process as long as the row says that it has not changed: no copy in the
database has to be kept in step. Source: docs/decisions/0040-text-of-files.md.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import get_language

from accounts.models import Organization, OrganizationSphere
from accounts.models.spheres import Sphere
from accounts.rules import Viewer
from forum.categories.models import Category
from forum.lib.markup import plain_text
from forum.search.phrases import has_phrase, has_word
from forum.search.queries import Asked, Word
from forum.search.terms import indexed

CATEGORIES_KEPT = 500
HTML_READ_CHARS = 8_000  # of what an organization says of itself


@dataclass(frozen=True, slots=True)
class Compared:
    """The terms of a thing, as the index would have them: of its name, and of all it says."""

    name: str
    whole: str


# By language: of each organization, what its row said of itself when it was read, and its words.
Stamp = tuple[object, ...]
_organizations: dict[str, dict[int, tuple[Stamp, Compared]]] = {}


def categories(viewer: Viewer, asked: Asked) -> list[Category]:
    """The categories that the viewer may read and that fit, in their order; those whose name fits
    come first. Queries: one."""
    readable = {each.pk: each for each in Category.objects.readable_by(viewer)}
    texts = (
        (each.pk, f"{each.name}\n{each.name_en}", f"{each.description}\n{each.description_en}")
        for each in readable.values()
    )
    found = _fitting(asked, ((pk, _kept(name, about)) for pk, name, about in texts))
    return [readable[pk] for pk in found]


def organizations(asked: Asked, limit: int) -> list[Organization]:
    """The organizations that fit by their name, kind, seat, spheres and description, by their
    names in Polish order; those whose name fits come first.

    Queries: two; another two where some have changed since this process read them.
    """
    found = _fitting(asked, _read_organizations())[:limit]
    rows = Organization.objects.in_bulk(found)
    return [rows[pk] for pk in found if pk in rows]


def _fitting(asked: Asked, things: Iterable[tuple[int, Compared]]) -> list[int]:
    """Of these things those that have all the words and phrases, and nothing that is not wanted."""
    by_name: list[int] = []
    by_text: list[int] = []
    for pk, each in things:
        if not all(_stands_in(word, each.whole) for word in asked.words):
            continue
        if not all(has_phrase(each.whole, phrase) for phrase in asked.phrases):
            continue
        if _has_unwanted(each, asked):
            continue
        is_named = all(_stands_in(word, each.name) for word in asked.words)
        (by_name if is_named else by_text).append(pk)
    return [*by_name, *by_text]


def _has_unwanted(thing: Compared, asked: Asked) -> bool:
    has_words = any(has_word(thing.whole, word) for word in asked.unwanted)
    return has_words or any(has_phrase(thing.whole, phrase) for phrase in asked.unwanted_phrases)


def _stands_in(word: Word, terms: str) -> bool:
    return has_word(terms, word) or (bool(word.prefix) and f" {word.prefix}" in f" {terms}")


def _read_organizations() -> Iterator[tuple[int, Compared]]:
    """All of them in their order; read are those that this process does not know as they are."""
    language = get_language() or ""
    known = _organizations.get(language, {})
    rows = Organization.objects.order_by("sorted_name", "pk")
    stamps = {pk: tuple(stamp) for pk, *stamp in rows.values_list("pk", "changed_at", "name")}
    changed = [pk for pk, stamp in stamps.items() if pk not in known or known[pk][0] != stamp]
    if changed or len(known) > len(stamps):
        new = _described(changed) if changed else {}
        known = {
            pk: (stamp, new[pk]) if pk in new else known[pk]
            for pk, stamp in stamps.items()
            if pk in new or pk in known
        }
        _organizations[language] = known
    return ((pk, known[pk][1]) for pk in stamps if pk in known)


def _described(pks: list[int]) -> dict[int, Compared]:
    spheres: dict[int, list[str]] = {}
    works = OrganizationSphere.objects.filter(organization__in=pks).order_by("sphere")
    for pk, sphere in works.values_list("organization_id", "sphere"):
        spheres.setdefault(pk, []).append(str(Sphere(sphere).label))
    return {
        each.pk: _compared(
            f"{each.name}\n{each.short_name}", _about(each, spheres.get(each.pk, []))
        )
        for each in Organization.objects.filter(pk__in=pks)
    }


def _about(organization: Organization, spheres: Iterable[str]) -> str:
    facts = [organization.get_kind_display(), organization.get_gmina_display(), *spheres]
    html = organization.description_html[:HTML_READ_CHARS]
    return "\n".join([*map(str, facts), plain_text(html) if html else ""])


def _compared(name: str, about: str) -> Compared:
    return Compared(indexed(name), indexed(f"{name}\n{about}"))


@lru_cache(CATEGORIES_KEPT)
def _kept(name: str, about: str) -> Compared:
    return _compared(name, about)
