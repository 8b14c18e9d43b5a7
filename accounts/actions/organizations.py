"""What changes an organization's own profile."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actions.claiming import note_change
from accounts.actions.log import record
from accounts.models import (
    Organization,
    OrganizationEvent,
    OrganizationGmina,
    OrganizationLogo,
    OrganizationSphere,
    User,
)
from accounts.plugs import tell_known_otherwise
from accounts.profiles import COLUMNS, KNOWN_BY, Profile, changes, profile_of
from accounts.rules import may_edit_profile, may_give_kind
from forum.lib import markup
from forum.lib.answers import demand
from forum.lib.fragments import forget_names

SHOWN_IN_FRAGMENTS = {"name", "short_name", "kind"}
LONG = {"description_source", "description_format"}  # the log says that, not what


class ChangedMeanwhile(Exception):
    """Somebody changed the profile after it was shown to this member."""


class Taken(Exception):
    """Another organization has this name in this commune, or this number in this register."""


def change_organization(
    *, actor: User, organization: Organization, profile: Profile, seen: datetime
) -> Organization:
    """Make the profile say this, where it is still as it was `seen` to have been changed last.

    A badge stays what it was: it holds while the name and the number are those that were checked.
    Where they no longer are, the adviser finds a case to check them anew.
    Locks: the organization's row. Raises: Refused, ChangedMeanwhile, Taken.
    """
    demand(may_edit_profile(actor, organization))
    demand(may_give_kind(actor, profile.kind, instead_of=organization.kind))
    with _single(), transaction.atomic():
        locked = Organization.objects.select_for_update().get(pk=organization.pk)
        if locked.changed_at != seen:
            raise ChangedMeanwhile
        before = profile_of(locked)
        changed = sorted(changes(before, profile))
        if not changed:
            return locked
        was_verified = locked.is_verified
        for name, value in columns_of(profile).items():
            setattr(locked, name, value)
        locked.save()
        _keep_sets(locked, profile)
        record(
            organization=locked,
            actor=actor,
            kind=OrganizationEvent.Kind.CHANGED,
            changed={name: _logged(name, before, profile) for name in changed},
            dropped_badge=was_verified and not locked.is_verified,
        )
        note_change(organization=locked, actor=actor)
        if SHOWN_IN_FRAGMENTS.intersection(changed):
            forget_names()
        if KNOWN_BY.intersection(changed):
            tell_known_otherwise(locked)
    return locked


@transaction.atomic
def change_logo(*, actor: User, organization: Organization, webp: bytes | None) -> None:
    """Show this picture (made small by accounts.logos), or none. Raises: Refused."""
    demand(may_edit_profile(actor, organization))
    if webp is None:
        OrganizationLogo.objects.filter(organization=organization).delete()
    else:
        OrganizationLogo.objects.update_or_create(
            organization=organization, defaults={"webp": webp}
        )
    organization.logo_digest = hashlib.sha256(webp).hexdigest()[:32] if webp else ""
    organization.changed_at = timezone.now()
    organization.save(update_fields=["logo_digest", "changed_at"])
    record(
        organization=organization,
        actor=actor,
        kind=OrganizationEvent.Kind.CHANGED,
        changed={"logo": webp is not None},
    )


@contextmanager
def _single() -> Iterator[None]:
    """Turns the database's word on a double into Taken."""
    try:
        yield
    except IntegrityError as error:
        raise Taken from error


def columns_of(profile: Profile) -> dict[str, Any]:
    """The columns of the organization's own row, changed now."""
    html = markup.render(profile.description_source, profile.description_format)
    columns = {name: getattr(profile, name) for name in COLUMNS}
    return columns | {"description_html": html, "changed_at": timezone.now()}


def _keep_sets(organization: Organization, profile: Profile) -> None:
    gminas = profile.other_gminas - {profile.gmina}
    organization.other_gminas.exclude(gmina__in=gminas).delete()
    OrganizationGmina.objects.bulk_create(
        (OrganizationGmina(organization=organization, gmina=gmina) for gmina in sorted(gminas)),
        ignore_conflicts=True,
    )
    organization.spheres.exclude(sphere__in=profile.spheres).delete()
    OrganizationSphere.objects.bulk_create(
        (OrganizationSphere(organization=organization, sphere=each) for each in profile.spheres),
        ignore_conflicts=True,
    )


def _logged(name: str, before: Profile, after: Profile) -> object:
    """What the log keeps of one change: the old and the new."""
    if name in LONG:
        return True
    return [_plain(getattr(before, name)), _plain(getattr(after, name))]


def _plain(value: object) -> object:
    if isinstance(value, Organization):
        return value.pk
    return sorted(value) if isinstance(value, frozenset) else value
