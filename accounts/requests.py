"""Requests: of people who are logged in, and where others come from."""

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

from accounts.models import User
from forum.lib.networks import network_of


class MemberRequest(HttpRequest):
    """A request behind `login_required`: its user is a member."""

    user: User


def sender_of(request: HttpRequest) -> str:
    """Where the request comes from, as limits count it: an address, or an IPv6 network."""
    return network_of(get_adapter().get_client_ip(request))
