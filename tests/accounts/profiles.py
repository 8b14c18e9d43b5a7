"""What tests of organizations share: making one, changing one, and sending its form."""

from django.urls import reverse
from django.utils import timezone

from accounts import actions
from accounts.models import Organization, User
from accounts.profiles import Profile, profile_of


def organization(name="Klub", **fields):
    return Organization.objects.create(name=name, **{"kind": "sports_club", **fields})


def change(actor, organization, **fields):
    before = profile_of(organization)
    columns = {name: getattr(before, name) for name in Profile.__slots__}
    return actions.change_organization(
        actor=actor,
        organization=organization,
        profile=Profile(**columns | fields),
        seen=organization.changed_at,
    )


def sent(client, organization, **changed):
    """What a browser sends: the form as it was shown, with some fields typed anew."""
    address = reverse("organizations:edit", args=[organization.pk])
    form = client.get(address).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    fields = {name: value for name, value in shown.items() if value not in (None, False)}
    return client.post(address, {**fields, **changed})


def verify(organization: Organization, by: User | None = None) -> Organization:
    """Give it the badge, as the adviser's decision does."""
    organization.verified_name = organization.name
    organization.verified_register = organization.register
    organization.verified_number = organization.register_number
    organization.verified_at, organization.verified_by = timezone.now(), by
    organization.save()
    return organization
