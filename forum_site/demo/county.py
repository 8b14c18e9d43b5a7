"""Builds the organizations, the people and the categories of the demo county."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.models import (
    Mandate,
    Organization,
    OrganizationGmina,
    OrganizationSphere,
    User,
)
from forum.categories.models import Category
from forum.lib import markup
from forum_site.demo.reading import tables

PASSWORD = "forum-demo-2026"  # noqa: S105  # no secret: the command prints it
OFFICE = "starostwo"  # key of the county office in organizations.toml
JOINED_DAYS_AGO = 420
VERIFIED_DAYS_AGO = 400
MANDATE_DAYS = 400  # age of a mandate that is written without days


@dataclass(frozen=True, slots=True)
class County:
    """The rows that conversations refer to, by their keys in the files."""

    organizations: dict[str, Organization]
    people: dict[str, User]
    categories: dict[str, Category]


def build_county(now: datetime) -> County:
    """Add what is missing; rows that are there already stay as they are.

    Locks: none, the caller holds the transaction.
    """
    organizations = _organizations(now)
    return County(organizations, _people(now, organizations), _categories(organizations))


def _organizations(now: datetime) -> dict[str, Organization]:
    written = tables("organizations.toml")
    there = set(Organization.objects.values_list("name", flat=True))
    missing = {key: table for key, table in written.items() if table["name"] not in there}
    Organization.objects.bulk_create(_organization(table, now) for table in missing.values())
    by_name = {row.name: row for row in Organization.objects.all()}
    organizations = {key: by_name[table["name"]] for key, table in written.items()}
    OrganizationGmina.objects.bulk_create(
        OrganizationGmina(organization=organizations[key], gmina=gmina)
        for key, table in missing.items()
        for gmina in table.get("other_gminas", [])
    )
    OrganizationSphere.objects.bulk_create(
        OrganizationSphere(organization=organizations[key], sphere=sphere)
        for key, table in missing.items()
        for sphere in table.get("spheres", [])
    )
    return organizations


def _organization(table: dict[str, Any], now: datetime) -> Organization:
    """`about` is its description, `verified` gives it the badge."""
    apart = {"other_gminas", "spheres", "about", "verified"}
    columns = {name: value for name, value in table.items() if name not in apart}
    about = table.get("about", "")
    row = Organization(
        created_at=now - timedelta(days=JOINED_DAYS_AGO),
        changed_at=now - timedelta(days=JOINED_DAYS_AGO),
        description_source=about,
        description_html=markup.render(about, "markdown"),
        **columns,
    )
    if table.get("verified"):
        row.verified_name, row.verified_register = row.name, row.register
        row.verified_number = row.register_number
        row.verified_at = now - timedelta(days=VERIFIED_DAYS_AGO)
    return row


def _people(now: datetime, organizations: dict[str, Organization]) -> dict[str, User]:
    written = tables("people.toml")
    there = set(User.objects.values_list("email", flat=True))
    missing = {key: table for key, table in written.items() if table["email"] not in there}
    if missing:
        password = make_password(PASSWORD)  # once: a hash takes longer than all the rest
        joined = now - timedelta(days=JOINED_DAYS_AGO)
        User.objects.bulk_create(
            User(
                email=table["email"],
                display_name=table["name"],
                password=password,
                is_staff=table.get("staff", False),
                is_superuser=table.get("superuser", False),
                date_joined=joined,
            )
            for table in missing.values()
        )
    by_email = {row.email: row for row in User.objects.all()}
    people = {key: by_email[table["email"]] for key, table in written.items()}
    newcomers = {people[key]: table.get("mandates", []) for key, table in missing.items()}
    _addresses(list(newcomers))
    _mandates(newcomers, organizations, now)
    return people


def _addresses(newcomers: list[User]) -> None:
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in newcomers
    )


def _mandates(
    newcomers: dict[User, list[str]], organizations: dict[str, Organization], now: datetime
) -> None:
    Mandate.objects.bulk_create(
        _mandate(user, text, organizations, now)
        for user, mandates in newcomers.items()
        for text in mandates
    )


def _mandate(
    user: User, text: str, organizations: dict[str, Organization], now: datetime
) -> Mandate:
    """`peron proxy 700 60` is a proxy of Peron from 700 days ago to 60 days ago.

    A final `named` is the consent to the name on the organization's page.
    """
    key, role, *days = text.split()
    is_public = days[-1:] == ["named"]
    days = days[: len(days) - is_public]
    revoked = days[-1:] == ["revoked"]
    spans = [timedelta(days=int(day)) for day in days[: len(days) - revoked]]
    begins, ends = (*spans, None, None)[:2]
    today = timezone.localdate(now)
    return Mandate(
        user=user,
        organization=organizations[key],
        role=role,
        is_public=is_public,
        valid_from=today - (begins or timedelta(days=MANDATE_DAYS)),
        valid_to=today - ends if ends else None,
        revoked_at=now - ends if ends and revoked else None,
    )


def _categories(organizations: dict[str, Organization]) -> dict[str, Category]:
    categories: dict[str, Category] = {}
    for position, (key, table) in enumerate(tables("categories.toml").items(), start=1):
        fields = dict(table)
        named = [organizations[name] for name in fields.pop("organizations", [])]
        fields["parent"] = categories.get(fields.pop("parent", ""))
        category, is_new = Category.objects.get_or_create(
            name=fields.pop("name"), defaults=fields | {"position": position}
        )
        if is_new and named:
            category.organizations.set(named)
        categories[key] = category
    return categories
