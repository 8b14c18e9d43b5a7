"""The answer to a successful POST."""

from django.http import HttpResponseRedirect
from django.utils.encoding import iri_to_uri


class SeeOther(HttpResponseRedirect):
    """Go and GET another address. Source: RFC 9110, 15.4.4."""

    status_code = 303


def see_other(address: str) -> SeeOther:
    """A redirect after a POST, so that reloading the page sends nothing twice."""
    return SeeOther(iri_to_uri(address))
