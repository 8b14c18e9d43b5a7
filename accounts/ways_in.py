"""By which door a reader may come into an organization."""

from accounts.models import JoinRequest, Mandate, Organization, User
from accounts.rules import Viewer


def way_in(viewer: Viewer, organization: Organization) -> str:
    """ "claim" or "join"; "asked" or "in" where the member has done so; empty for an office.

    Queries: 0 for a guest, else 1 to 3.
    """
    if isinstance(viewer, User):
        if Mandate.objects.not_over().filter(user=viewer, organization=organization).exists():
            return "in"
        if organization.verification_cases.open().filter(opened_by=viewer).exists():
            return "asked"
        if JoinRequest.objects.open().filter(user=viewer, organization=organization).exists():
            return "asked"
    if organization.is_office:
        return ""
    return "join" if organization.is_claimed else "claim"
