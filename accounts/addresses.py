"""Where a reader may be sent back to, what stands in mails, and pages that stand elsewhere."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.models import Organization


def is_ours(request: HttpRequest, url: str) -> bool:
    """Whether the address stays on the host that was asked, and on TLS where it was."""
    return url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )


def on_the_site(path: str) -> str:
    """The path as a whole address of the forum, whatever host the request named."""
    return f"{settings.SITE_URL}{path}"


def profile_of(organization: Organization) -> str:
    """The address of the organization's page; empty where no room offers one."""
    return _address("organizations:profile", organization.pk)


def claim_of(organization: Organization) -> str:
    """Where a new board asks the adviser for the organization; empty where no room offers it."""
    return _address("accounts:claim", organization.pk)


def directory() -> str:
    """The address of the list of organizations; empty where no room offers one."""
    return _address("organizations:directory")


def welcome() -> str:
    """Where somebody writes their first post; empty where no room offers it."""
    return _address("overview:welcome")


def _address(name: str, *args: object) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
