"""Mails about what is new, as text and as HTML, with the headers by which they are known again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.utils import formataddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from forum.notifications import plugs, stop_links
from forum.notifications.lines import Line
from forum.notifications.mail_styles import inline
from forum.notifications.models import Bundle
from forum.notifications.plugs import MailAct

FOLDER = "notifications/mail"


@dataclass(frozen=True, slots=True)
class Shown:
    """One line as the templates have it; every address is whole."""

    line: Line
    url: str
    acts: Sequence[MailAct]


def news(bundle: Bundle, lines: Sequence[Line]) -> EmailMultiAlternatives:
    """The mail of a bundle, in the active language; it is given to no mail server yet.

    Queries: two, and what the kinds and the hooks of higher rooms ask.
    """
    told_of = {line.event.about for line in lines}
    about = told_of.pop() if len(told_of) == 1 else ""
    reply = plugs.reply_place(bundle.user, bundle.place, about)
    previous = _previous(bundle)
    last = lines[-1]
    stop_url = absolute(stop_links.url_of(last.notification))
    context = {
        "heading": last.told.heading,
        "heading_language": last.told.language,
        "is_answer": previous is not None,
        "lines": [_shown(bundle, line) for line in lines],
        "reply": reply,
        "why": last.kind.why(last.notification),
        "stop_url": stop_url,
    }
    message = written(_template(lines), context, to=bundle.user.email)
    message.reply_to = [formataddr((settings.SITE_NAME, reply.address))] if reply else []
    message.extra_headers = {
        "Message-ID": bundle.message_id,
        **_thread_headers(bundle, previous),
        **bulk_headers(stop_url, list_id(bundle.place)),
    }
    return message


def written(template: str, context: Mapping[str, object], *, to: str) -> EmailMultiAlternatives:
    """A mail of `<template>_subject.txt`, `<template>.txt` and `<template>.html`."""
    known = {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL, **context}
    subject = render_to_string(f"{template}_subject.txt", known)
    message = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=render_to_string(f"{template}.txt", known).strip() + "\n",
        to=[to],
    )
    message.attach_alternative(inline(render_to_string(f"{template}.html", known)), "text/html")
    return message


def bulk_headers(stop_url: str, list_name: str) -> dict[str, str]:
    """What says that a machine wrote it, to which list it belongs, and how it is stopped.

    Source: RFC 3834, RFC 2919, RFC 8058; the last must be signed by the outgoing mail server.
    """
    return {
        "List-Id": f"<{list_name}>",
        "List-Unsubscribe": f"<{stop_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
        "Precedence": "list",
        "X-Auto-Response-Suppress": "All",
    }


def list_id(place: str) -> str:
    """The name by which mail programs sort: one for each place."""
    return f"{place.replace('.', '-') or 'forum'}.{_host()}"


def absolute(address: str) -> str:
    """The whole address of a path of ours."""
    return address if "://" in address else f"{settings.SITE_URL}{address}"


def _shown(bundle: Bundle, line: Line) -> Shown:
    acts = plugs.acts_for(bundle.user, line.notification, line.event)
    whole = [MailAct(act.label, absolute(act.url)) for act in acts]
    return Shown(line, absolute(line.told.url), whole)


def _template(lines: Sequence[Line]) -> str:
    """The kind's own where all are of one kind that has its own; else the common one."""
    own = {line.kind.mail for line in lines}
    return own.pop() or f"{FOLDER}/news" if len(own) == 1 else f"{FOLDER}/news"


def _thread_headers(bundle: Bundle, previous: Bundle | None) -> dict[str, str]:
    """A place is one conversation in the mail program.

    Its first mail answers a message that never was, so that even a lost first mail keeps the
    others together.
    """
    if not bundle.place:
        return {}
    root = f"<{bundle.place}.{bundle.user_id}@{_host()}>"
    if previous is None:
        return {"References": root, "In-Reply-To": root}
    return {
        "References": f"{root} {previous.message_id}",
        "In-Reply-To": previous.message_id,
    }


def _previous(bundle: Bundle) -> Bundle | None:
    """The last mail before this one to the same member about the same place."""
    sent = Bundle.objects.mails().filter(
        user=bundle.user_id, place=bundle.place, state=Bundle.State.SENT, pk__lt=bundle.pk
    )
    return sent.order_by("-pk").first() if bundle.place else None


def _host() -> str:
    return urlsplit(settings.SITE_URL).hostname or "localhost"
