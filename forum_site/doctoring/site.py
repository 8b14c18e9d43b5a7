"""The site as the world reaches it: its address, its names, its certificate."""

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import validate_host
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from forum_site.doctoring import PATIENCE_S, Finding, fault, notice, well

SOON_DAYS, VERY_SOON_DAYS = 21, 5
HERE = {"localhost", "127.0.0.1", "::1"}
HTTPS_PORT = 443


def address() -> Iterator[Finding]:
    """SITE_URL is one that people may type, and the forum answers to its name."""
    parts = urlsplit(settings.SITE_URL)
    host = parts.hostname or ""
    if not validate_host(host, settings.ALLOWED_HOSTS):
        yield fault(
            "SITE_URL",
            _("The forum does not answer to the name %(host)s.") % {"host": host},
            _("Add the name to ALLOWED_HOSTS."),
        )
    elif parts.scheme != "https" and host not in HERE:
        yield fault(
            "SITE_URL",
            _("%(url)s is not encrypted: passwords can be read on the way.")
            % {"url": settings.SITE_URL},
            _("Get a certificate and begin SITE_URL with https://."),
        )
    else:
        yield well("SITE_URL", settings.SITE_URL)
    if settings.DEBUG:
        yield notice("DEBUG", _("It is on: for trying out only."), _("Set DEBUG=false."))


def certificate() -> Iterator[Finding]:
    """The certificate is ours, and good for some time."""
    parts = urlsplit(settings.SITE_URL)
    if parts.scheme != "https":
        return
    what = _("Certificate")
    try:
        until = _good_until(parts.hostname or "", parts.port or HTTPS_PORT)
    except ssl.SSLCertVerificationError as error:
        yield fault(
            what,
            _("Browsers refuse it: %(why)s.") % {"why": error.verify_message},
            _("Renew it, with the name of the site and the whole chain, and reload the proxy."),
        )
    except OSError as error:
        yield notice(
            what,
            _("The site cannot be reached from here: %(why)s.") % {"why": error.strerror or error},
            _("Look from another machine; from this one it may be in the way of the network."),
        )
    else:
        yield _by_days(what, (until - datetime.now(UTC)).days)


def _by_days(what: str, days: int) -> Finding:
    how = ngettext("It is good for %(days)s day.", "It is good for %(days)s days.", days) % {
        "days": days
    }
    do = _("Renew it and reload the proxy; see why it is not renewed by itself.")
    if days < VERY_SOON_DAYS:
        return fault(what, how, do)
    return notice(what, how, do) if days < SOON_DAYS else well(what, how)


def _good_until(host: str, port: int) -> datetime:
    context = ssl.create_default_context()
    with (
        socket.create_connection((host, port), timeout=PATIENCE_S) as plain,
        context.wrap_socket(plain, server_hostname=host) as encrypted,
    ):
        told = encrypted.getpeercert() or {}
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(told["notAfter"])), UTC)
