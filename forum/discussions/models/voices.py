"""Who speaks: a person, in their own voice or an organization's."""

from django.db import models

from accounts.models import Organization, User


class Voiced(models.Model):
    """Something said by a person, in their own voice or an organization's."""

    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        abstract = True

    @property
    def voice_name(self) -> str:
        """In whose name it speaks: the organization, else the person."""
        return self.organization.called if self.organization else self.author.display_name

    @property
    def has_organization(self) -> bool:
        """Whether it speaks in an organization's voice."""
        return self.organization_id is not None

    @property
    def is_official(self) -> bool:
        """Whether it speaks with the voice of the county office."""
        return self.organization is not None and self.organization.is_office
