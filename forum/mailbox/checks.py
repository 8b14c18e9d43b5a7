"""Settings of mails that would lose answers; the launcher refuses to start with them."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from forum.mailbox.addresses import LOCAL_PART_MAX_CHARS, TOKEN, TOKEN_MAX_CHARS
from forum.mailbox.imap import Mailbox


@register()
def addresses(app_configs: Sequence[AppConfig] | None, **_options: Any) -> Iterable[CheckMessage]:
    """Whether the reply address can be one."""
    pattern: str = settings.REPLY_ADDRESS
    if not pattern:
        return
    local, at, domain = pattern.rpartition("@")
    if pattern.count(TOKEN) != 1 or TOKEN not in local or not at or not domain:
        yield Error(
            f"REPLY_ADDRESS must be an address with {TOKEN} before its @, not {pattern!r}",
            id="forum.E020",
        )
    elif len(local) - len(TOKEN) + TOKEN_MAX_CHARS > LOCAL_PART_MAX_CHARS:
        most = LOCAL_PART_MAX_CHARS - TOKEN_MAX_CHARS
        yield Error(
            f"REPLY_ADDRESS has more than {most} characters beside {TOKEN} before its @.",
            id="forum.E021",
        )


@register()
def doors(app_configs: Sequence[AppConfig] | None, **_options: Any) -> Iterable[CheckMessage]:
    """Whether mails can come in by the doors that are set up."""
    if settings.IMAP_URL:
        try:
            Mailbox.at(settings.IMAP_URL)
        except ValueError as error:
            yield Error(f"IMAP_URL {error}", id="forum.E022")
    if settings.IMAP_URL and not settings.REPLY_ADDRESS:
        yield Error("IMAP_URL needs REPLY_ADDRESS: no mail would be an answer.", id="forum.E023")
    for name in ("INBOUND_MAX_BYTES", "INBOUND_CONNECTIONS", "MAILS_PER_HOUR"):
        if getattr(settings, name) < 1:
            yield Error(f"{name} must be at least 1.", id="forum.E024")
