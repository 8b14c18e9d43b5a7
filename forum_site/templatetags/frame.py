"""The tags and filters that every template may use without loading them."""

import json
import re
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

from forum.lib.shared_pages import own_block

register = template.Library()
register.tag("own", own_block)

STATIC_DIR = Path(__file__).resolve().parent.parent / "static"
EDITOR = "django-prose-editor/editor"
TINTS = 6
MOMENTS_KEPT = 4_000  # in words
WHEN_FORMAT = "j E Y, H:i"  # E is the month in the case a Polish date needs: 23 listopada
DAY_HOURS = 24
QUOTED = re.compile('[„“"«](.+?)[”“"»]')


@register.simple_tag(takes_context=True)
def import_map(context: template.Context) -> SafeString:
    """The import map of our modules and the editor, under this response's nonce.

    An import map, and not relative imports, since the manifest storage renames files without
    rewriting the imports inside them.
    """
    read_entries = _read_entries if settings.DEBUG else _remembered_entries
    nonce = getattr(context.get("request"), "csp_nonce", "")
    entries = mark_safe(read_entries())  # noqa: S308  our own file names, with "<" escaped
    return format_html('<script type="importmap" nonce="{}">{}</script>', nonce, entries)


@cache
def _remembered_entries() -> str:
    return _read_entries()


def _read_entries() -> str:
    addresses = {EDITOR: static("django_prose_editor/editor.js")}
    for file in sorted((STATIC_DIR / "js").rglob("*.js")):
        name = file.relative_to(STATIC_DIR / "js").with_suffix("").as_posix()
        addresses[f"forum/{name}"] = static(f"js/{name}.js")
    # Inside a script element only "<" could end it.
    return json.dumps({"imports": addresses}).replace("<", "\\u003c")


@register.simple_tag
def icon(name: str) -> SafeString:
    """The drawing of that name, as decoration: the text beside it says what it means."""
    return _drawn(name) if settings.DEBUG else _remembered(name)


@cache
def _remembered(name: str) -> SafeString:
    return _drawn(name)


def _drawn(name: str) -> SafeString:
    return format_html(
        '<svg class="icon" width="24" height="24" aria-hidden="true" focusable="false">'
        '<use href="{}#{}"></use></svg>',
        static("icons.svg"),
        name,
    )


@register.filter
def initials(name: object) -> str:
    """Two capital letters for a person or an organization, of the quoted part where there is one.

    Stowarzyszenie „Środkowy Rynek” gives ŚR, Koło Gospodyń w Nadarzynie KG, Lis LI.
    """
    quoted = QUOTED.search(str(name))
    words = re.findall(r"[^\W\d_][\w’'-]*", quoted[1] if quoted else str(name))
    words = [word for word in words if not word.islower()] or words
    letters = words[0][:2] if len(words) == 1 else "".join(word[0] for word in words[:2])
    return letters.upper() or "?"


@register.filter
def tint(pk: Any) -> int:
    """One of the avatar's colours, the same for the same row everywhere. Units: 0 to 5."""
    return int(pk or 0) % TINTS


@register.filter
def as_json(value: object) -> str:
    """For a data- attribute that a script reads."""
    return json.dumps(value, cls=DjangoJSONEncoder)


@register.filter
def when(moment: datetime | None) -> str:
    """The day and the hour in full, in the reader's language and the forum's time zone."""
    return _in_words(moment, get_language()) if moment else ""


@lru_cache(MOMENTS_KEPT)
def _in_words(moment: datetime, _language: str | None) -> str:
    # The same moments stand on page after page: a thread's first in all of its heads.
    return date_format(timezone.localtime(moment), WHEN_FORMAT)


@register.filter
def waits(asked_at: datetime) -> str:
    """How long a question has waited for its first answer, in whole hours or days.

    The same words as of the element `waits-for`, which goes on counting.
    """
    hours = int((timezone.now() - asked_at).total_seconds()) // 3600
    if hours < 1:
        return gettext("asked just now")
    if hours < DAY_HOURS:
        return ngettext("waits {count} hour", "waits {count} hours", hours).format(count=hours)
    days = hours // DAY_HOURS
    return ngettext("waits {count} day", "waits {count} days", days).format(count=days)
