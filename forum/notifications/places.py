"""The kinds of places that members follow: threads, categories, organizations.

A room that has such places registers them in its apps.py; their names are as streams have them.
"""

from collections.abc import Collection
from dataclasses import dataclass

from accounts.models import Organization, User
from forum.notifications.models.events import NAME_MAX_LENGTH

PLACE = r"[a-z]{1,20}\.[1-9][0-9]{0,17}"


@dataclass(frozen=True, slots=True)
class Named:
    """What a place is called, and where it is."""

    name: str
    url: str
    language: str = ""


class PlaceKind:
    """One kind of place; its names are `<kind>.<pk>`."""

    kind: str

    def readable(self, member: User, pks: Collection[int]) -> dict[int, Named]:
        """Those of the places that the member may read. Queries: one."""
        raise NotImplementedError


class OrganizationPlace(PlaceKind):
    """What an organization says in the forum; everybody may know the organizations."""

    kind = "organization"

    def readable(self, member: User, pks: Collection[int]) -> dict[int, Named]:
        found = Organization.objects.filter(pk__in=pks)
        return {each.pk: Named(each.called, each.get_absolute_url()) for each in found}


_kinds: dict[str, PlaceKind] = {}


def register(*found: PlaceKind) -> None:
    """Make kinds of places known; called from the owning room's apps.py."""
    for each in found:
        assert len(each.kind) <= NAME_MAX_LENGTH - 19, "a name would not fit its column"
        _kinds[each.kind] = each


def named(member: User, places: Collection[str]) -> dict[str, Named]:
    """What these places are called, of those that the member may read.

    Queries: one for each kind.
    """
    by_kind: dict[str, set[int]] = {}
    for place in places:
        kind, _, pk = place.partition(".")
        if kind in _kinds and pk.isdecimal():
            by_kind.setdefault(kind, set()).add(int(pk))
    return {
        f"{kind}.{pk}": found
        for kind, pks in by_kind.items()
        for pk, found in _kinds[kind].readable(member, pks).items()
    }
