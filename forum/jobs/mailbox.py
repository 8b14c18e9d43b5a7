"""The development mailbox: mails that were written to files, so that a newcomer finds the code."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from forum.lib.shown_mail import as_page

SHOWN = 50
THIS_MACHINE = {"127.0.0.1", "::1"}
SEPARATOR = b"\n" + b"-" * 79 + b"\n"  # what Django's file backend writes after every mail


@dataclass(frozen=True)
class Mail:
    subject: str
    to: str
    written_at: datetime
    body: str
    file: str = ""
    number: int = 0  # within the file
    html: str = ""


@require_safe
@never_cache
def mailbox(request: HttpRequest) -> HttpResponse:
    """Everybody's mail without asking who reads: so only under DEBUG and on this machine."""
    if not settings.DEBUG or request.META["REMOTE_ADDR"] not in THIS_MACHINE:
        raise Http404
    mails = latest_mails(Path(settings.EMAIL_FILE_PATH), SHOWN)
    return render(request, "jobs/mailbox.html", {"mails": mails})


@require_safe
@never_cache
@xframe_options_sameorigin
def html_of(request: HttpRequest, file: str, number: int) -> HttpResponse:
    """One mail's HTML, for a frame of the page above, as a mail program would show it."""
    if not settings.DEBUG or request.META["REMOTE_ADDR"] not in THIS_MACHINE:
        raise Http404
    found = [path for path in _newest_first(Path(settings.EMAIL_FILE_PATH)) if path.name == file]
    mails = [mail for path in found for mail in _mails_in(path) if mail.number == number]
    if not mails or not mails[0].html:
        raise Http404
    return as_page(mails[0].html)


def latest_mails(directory: Path, limit: int) -> list[Mail]:
    """The newest mails that the file backend wrote, newest first."""
    mails: list[Mail] = []
    for file in _newest_first(directory):
        mails += reversed(list(_mails_in(file)))
        if len(mails) >= limit:
            break
    return mails[:limit]


def _newest_first(directory: Path) -> list[Path]:
    return sorted(
        directory.glob("*.log"), key=lambda file: (file.stat().st_mtime_ns, file.name), reverse=True
    )


def _mails_in(file: Path) -> Iterator[Mail]:
    written_at = datetime.fromtimestamp(file.stat().st_mtime, tz=timezone.get_current_timezone())
    for number, part in enumerate(file.read_bytes().split(SEPARATOR)):
        if part.strip():
            message = message_from_bytes(part, _class=EmailMessage, policy=policy.default)
            yield Mail(
                subject=str(message["subject"]),
                to=str(message["to"]),
                written_at=written_at,
                body=_text(message, "plain", "html"),
                file=file.name,
                number=number,
                html=_text(message, "html"),
            )


def _text(message: EmailMessage, *kinds: str) -> str:
    body = message.get_body(preferencelist=kinds)
    return str(body.get_content()).strip() if body is not None else ""
