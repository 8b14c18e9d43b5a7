"""Which reviewable thing stands at an address that somebody copied."""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.http import Http404
from django.urls import Resolver404, resolve

from forum.moderation import reviewing

ADDRESS_MAX_CHARS = 2_000
UNSEEN = re.compile(r"[\s\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060\ufeff]")


@dataclass(frozen=True, slots=True)
class Found:
    """Whether the address is one of the forum's, and what it leads to: no kind, no thing."""

    is_ours: bool
    kind: str = ""
    pk: int = 0


def thing_at(address: str, host: str) -> Found:
    """What stands at the address; `host` is the one that the request itself named.

    Nothing is fetched: the address is only read.
    """
    cleaned = UNSEEN.sub("", address)[:ADDRESS_MAX_CHARS]
    if not cleaned.startswith("/") and "://" not in cleaned:
        cleaned = f"//{cleaned}"  # copied without its beginning, as browsers show it
    try:
        parts = urlsplit(cleaned)
        port = f":{parts.port}" if parts.port else ""
        named = f"{(parts.hostname or '').lower()}{port}"
        path = unquote(parts.path)
    except ValueError:
        return Found(is_ours=False)
    ours = {urlsplit(settings.SITE_URL).netloc.lower(), host.lower()}
    if parts.scheme not in {"", "http", "https"} or (parts.netloc and named not in ours):
        return Found(is_ours=False)
    try:
        match = resolve(path)
    except (Resolver404, Http404):
        return Found(is_ours=bool(parts.netloc) or path.startswith("/"))
    for reviewable in reviewing.kinds():
        pk = reviewable.pk_at(match.view_name, match.kwargs, parts.fragment)
        if pk is not None:
            return Found(True, reviewable.kind, pk)
    return Found(is_ours=True)
