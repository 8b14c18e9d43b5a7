"""People, the organizations they come from, and what joins the two."""

from accounts.models.events import OrganizationEvent
from accounts.models.joining import Invitation, JoinRequest
from accounts.models.mandates import Mandate, MandateQuerySet, MandateReminder
from accounts.models.organizations import (
    Organization,
    OrganizationGmina,
    OrganizationLogo,
    OrganizationQuerySet,
    OrganizationSphere,
)
from accounts.models.people import User, UserManager
from accounts.models.spheres import FIRST_SPHERES, Sphere
from accounts.models.verification import CaseEntry, VerificationCase

__all__ = [
    "FIRST_SPHERES",
    "CaseEntry",
    "Invitation",
    "JoinRequest",
    "Mandate",
    "MandateQuerySet",
    "MandateReminder",
    "Organization",
    "OrganizationEvent",
    "OrganizationGmina",
    "OrganizationLogo",
    "OrganizationQuerySet",
    "OrganizationSphere",
    "Sphere",
    "User",
    "UserManager",
    "VerificationCase",
]
