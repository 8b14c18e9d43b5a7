"""Takes organizations from a public list into the directory, with few queries for many rows."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions.organizations import columns_of
from accounts.importing import Remark, Row
from accounts.models import (
    Organization,
    OrganizationEvent,
    OrganizationGmina,
    OrganizationSphere,
)
from accounts.plugs import tell_known_otherwise
from accounts.profiles import COLUMNS, KNOWN_BY, Profile
from forum.lib.folding import fold
from forum.lib.fragments import forget_names

BATCH = 500
Key = tuple[str, str]


@dataclass(slots=True)
class Plan:
    """What would become of every row."""

    added: list[Row] = field(default_factory=list)
    changed: list[tuple[Organization, Row]] = field(default_factory=list)
    unchanged: list[Row] = field(default_factory=list)
    claimed: list[Row] = field(default_factory=list)  # its own people keep the profile
    faults: list[Remark] = field(default_factory=list)


class Known:
    """Organizations by number and by name and commune; the rows of the list join them."""

    def __init__(self, organizations: Iterable[Organization]) -> None:
        self._by_number: dict[Key, Organization] = {}
        self._by_name: dict[Key, Organization] = {}
        self._lines: dict[tuple[str, ...], int] = {}
        for each in organizations:
            if each.register_number:
                self._by_number[each.register, each.register_number] = each
            self._by_name[fold(each.name), each.gmina] = each

    def earlier_line(self, profile: Profile, line: int) -> int:
        """The line that named the same organization before; 0 where none did."""
        keys: list[tuple[str, ...]] = [("name", *_name(profile))]
        if profile.register_number:
            keys.append(("number", *_number(profile)))
        earlier = next((self._lines[key] for key in keys if key in self._lines), 0)
        for key in keys:
            self._lines.setdefault(key, line)
        return earlier

    def the_same(self, profile: Profile) -> Organization | None:
        """The organization that the row is about, if it is known."""
        return self._numbered(profile) or self._by_name.get(_name(profile))

    def contradicts(self, profile: Profile) -> bool:
        """Whether the name is known here with another number."""
        named = self._by_name.get(_name(profile))
        numbers = {profile.register_number, named.register_number if named else ""} - {""}
        is_other = self._numbered(profile) not in (None, named)
        return named is not None and (is_other or len(numbers) > 1)

    def _numbered(self, profile: Profile) -> Organization | None:
        return self._by_number.get(_number(profile)) if profile.register_number else None


def plan_import(rows: Iterable[Row]) -> Plan:
    """What an import of these rows would do. Queries: three."""
    organizations = Organization.objects.prefetch_related("other_gminas", "spheres")
    known, plan = Known(organizations), Plan()
    for row in rows:
        _place(row, known, plan)
    return plan


def import_organizations(*, plan: Plan) -> None:
    """Add the new profiles, unclaimed, and bring the unclaimed ones up to date.

    The forum itself acts: whoever may start a command on its machine may do this. An import run
    twice changes nothing the second time. Raises: IntegrityError where somebody was faster.
    """
    with transaction.atomic():
        new = [row.profile for row in plan.added]
        added = [Organization(is_claimed=False, **columns_of(profile)) for profile in new]
        Organization.objects.bulk_create(added, batch_size=BATCH)
        known_otherwise = [
            each for each, row in plan.changed if KNOWN_BY & _news(each, row.profile).keys()
        ]
        changed = [_brought_up_to_date(each, row.profile) for each, row in plan.changed]
        _save(changed)
        _add_sets([*added, *changed], [*new, *(row.profile for _each, row in plan.changed)])
        _log(added, OrganizationEvent.Kind.IMPORTED)
        _log(changed, OrganizationEvent.Kind.CHANGED)
        if changed:
            forget_names()
        tell_known_otherwise(*known_otherwise)


def _place(row: Row, known: Known, plan: Plan) -> None:
    earlier = known.earlier_line(row.profile, row.line)
    there = known.the_same(row.profile)
    if earlier:
        sentence = _("Line %(line)d names the same organization.") % {"line": earlier}
        plan.faults.append(Remark(row.line, sentence))
    elif there is None:
        plan.added.append(row)
    elif known.contradicts(row.profile):
        sentence = _("The directory has this name in this commune with another number.")
        plan.faults.append(Remark(row.line, sentence))
    elif there.is_claimed:
        plan.claimed.append(row)
    elif _news(there, row.profile):
        plan.changed.append((there, row))
    else:
        plan.unchanged.append(row)


def _news(there: Organization, profile: Profile) -> dict[str, object]:
    """What the row says and the profile does not say yet; an empty cell says nothing."""
    given = {name: getattr(profile, name) for name in COLUMNS}
    news = {
        name: value
        for name, value in given.items()
        if value and value != getattr(there, name) and name != "description_format"
    }
    if not profile.register_number:
        news.pop("register", None)
    gminas = profile.other_gminas - {row.gmina for row in there.other_gminas.all()} - {there.gmina}
    spheres = profile.spheres - {row.sphere for row in there.spheres.all()}
    return news | ({"sets": True} if gminas or spheres else {})


def _brought_up_to_date(there: Organization, profile: Profile) -> Organization:
    for name, value in _news(there, profile).items():
        if name in COLUMNS:
            setattr(there, name, value)
    there.changed_at = columns_of(profile)["changed_at"]
    return there


def _save(changed: list[Organization]) -> None:
    for each in changed:
        # bulk_update, unlike every other way to save, asks no field for its value.
        each.searched_words, each.sorted_name = each.words_to_search(), each.name_to_sort()
    derived = ["searched_words", "sorted_name", "changed_at"]
    written = [name for name in COLUMNS if not name.startswith("description")]
    Organization.objects.bulk_update(changed, [*written, *derived], batch_size=BATCH)


def _add_sets(organizations: list[Organization], profiles: list[Profile]) -> None:
    pairs = list(zip(organizations, profiles, strict=True))
    OrganizationGmina.objects.bulk_create(
        [
            OrganizationGmina(organization=each, gmina=gmina)
            for each, profile in pairs
            for gmina in sorted(profile.other_gminas - {each.gmina})
        ],
        batch_size=BATCH,
        ignore_conflicts=True,
    )
    OrganizationSphere.objects.bulk_create(
        [
            OrganizationSphere(organization=each, sphere=sphere)
            for each, profile in pairs
            for sphere in sorted(profile.spheres)
        ],
        batch_size=BATCH,
        ignore_conflicts=True,
    )


def _log(organizations: list[Organization], kind: OrganizationEvent.Kind) -> None:
    OrganizationEvent.objects.bulk_create(
        [
            OrganizationEvent(organization=each, kind=kind, details={"source": "import"})
            for each in organizations
        ],
        batch_size=BATCH,
    )


def _number(profile: Profile) -> Key:
    return profile.register, profile.register_number


def _name(profile: Profile) -> Key:
    return fold(profile.name), profile.gmina
