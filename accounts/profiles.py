"""What a profile of an organization says, as forms and files hand it to the actions."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from accounts.models import Organization


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Everything in a profile that people write themselves; only the name and kind are needed."""

    name: str
    kind: str
    short_name: str = ""
    gmina: str = ""
    register: str = Organization.Register.NONE
    register_number: str = ""
    nip: str = ""
    regon: str = ""
    is_opp: bool = False
    parent: Organization | None = None
    address: str = ""
    website: str = ""
    email: str = ""
    phone: str = ""
    description_source: str = ""
    description_format: str = "markdown"
    other_gminas: frozenset[str] = frozenset()
    spheres: frozenset[str] = frozenset()


# What others know it by, wherever it speaks or is mentioned.
KNOWN_BY = frozenset({"name", "short_name", "kind", "gmina"})
# Kept in tables of their own.
SETS = ("other_gminas", "spheres")
COLUMNS = tuple(field.name for field in fields(Profile) if field.name not in SETS)


def profile_of(organization: Organization) -> Profile:
    """The profile as it stands. Queries: two."""
    columns: dict[str, Any] = {name: getattr(organization, name) for name in COLUMNS}
    gminas = organization.other_gminas.values_list("gmina", flat=True)
    spheres = organization.spheres.values_list("sphere", flat=True)
    return Profile(**columns, other_gminas=frozenset(gminas), spheres=frozenset(spheres))


def changes(before: Profile, after: Profile) -> Iterator[str]:
    """The names of what differs."""
    for field in fields(Profile):
        if getattr(before, field.name) != getattr(after, field.name):
            yield field.name
