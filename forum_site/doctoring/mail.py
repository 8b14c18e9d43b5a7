"""Whether mail goes out, and comes in where that is set up."""

import smtplib
import socket
import ssl
from collections.abc import Iterator
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import get_connection
from django.utils.translation import gettext as _

from forum.mailbox.imap import Failures, Mailbox, opened
from forum_site.doctoring import PATIENCE_S, Finding, fault, notice, well

SMTP = "django.core.mail.backends.smtp.EmailBackend"
NOBODYS = ("localhost", "example.org", "example.com", "example.net")


def outgoing() -> Iterator[Finding]:
    """The mail server takes our login; nothing is sent."""
    what = _("Outgoing mail")
    if not settings.EMAIL_HOST:
        yield fault(
            what,
            _("There is no mail server: mails lie as files in DATA_DIR/mail and reach nobody."),
            _("Set SMTP_HOST, SMTP_USER and SMTP_PASSWORD."),
        )
        return
    place = {"place": f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"}
    connection = get_connection(SMTP, timeout=PATIENCE_S)
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        yield fault(what, f"{place['place']}: {_told(error)}", _advice(error))
    else:
        yield well(what, _("%(place)s answers and lets us in.") % place)
    finally:
        connection.close()


def _told(error: Exception) -> str:
    for kind, sentence in (
        (socket.gaierror, _("there is no machine of this name.")),
        (TimeoutError, _("it does not answer.")),
        (ConnectionRefusedError, _("nobody listens there.")),
        (ssl.SSLCertVerificationError, _("its certificate is not valid.")),
        (ssl.SSLError, _("it does not speak TLS as we do.")),
        (smtplib.SMTPNotSupportedError, _("it offers no STARTTLS, or no login.")),
        (smtplib.SMTPAuthenticationError, _("it refuses our name or password.")),
    ):
        if isinstance(error, kind):
            return sentence
    return _("it breaks off (%(kind)s).") % {"kind": type(error).__name__}


def _advice(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return _("Check SMTP_USER and SMTP_PASSWORD with whoever keeps the mailbox.")
    if isinstance(error, (ssl.SSLError, smtplib.SMTPNotSupportedError)):
        return _("Check SMTP_HOST, SMTP_PORT (usually 587) and SMTP_STARTTLS.")
    return _("Check SMTP_HOST and SMTP_PORT, and whether a firewall stands between.")


def sender() -> Iterator[Finding]:
    """Whether answers to our mails, and reports that they did not arrive, find us."""
    what = _("Sender of mails")
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    domain = address.rpartition("@")[2]
    told = {"address": address or settings.DEFAULT_FROM_EMAIL, "domain": domain}
    if "@" not in address or "." not in domain or domain.endswith(NOBODYS):
        yield fault(
            what,
            _("%(address)s is nobody's address: other servers will refuse our mails.") % told,
            _("Set MAIL_FROM to an address of your own domain."),
        )
        return
    try:
        socket.getaddrinfo(domain, None)
    except OSError:
        yield notice(
            what,
            _("The name %(domain)s leads nowhere from this machine.") % told,
            _("Check the spelling of MAIL_FROM; the domain needs SPF and DKIM, too."),
        )
    else:
        yield well(what, address)


def incoming() -> Iterator[Finding]:
    """The mailbox of answers can be read, where there is one."""
    if not settings.IMAP_URL:
        return
    what = _("Mailbox of answers")
    try:
        with opened(Mailbox.at(settings.IMAP_URL)) as mailbox:
            mailbox.uids(1)
    except (*Failures, ValueError) as error:
        yield fault(what, _told(error), _("Check IMAP_URL: name, password, host and folder."))
    else:
        yield well(what, _("It can be read."))
