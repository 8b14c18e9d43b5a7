"""Which addresses may be a link, and bare addresses found in text."""

import re
from collections.abc import Iterator
from html import escape
from urllib.parse import urlsplit

import nh3

SCHEMES = frozenset({"http", "https", "mailto"})
MAX_CHARS = 2_000
BARE = re.compile(r"(?<![\w@./-])(?:https?://|www\.)[^\s<>\"„”“«»]+", re.IGNORECASE)
TRAILING = ".,;:!?'’*_…"  # ends the sentence, not the address
# Whatever it cannot parse as an address it would cut from the link later.
SANITISER = nh3.Cleaner(tags={"a"}, attributes={"a": {"href"}}, url_schemes=set(SCHEMES))
PAIRS = {")": "(", "]": "[", "}": "{"}


def is_link(href: str) -> bool:
    """A whole address of a web page or a mailbox, without anything that could hide where it leads.

    Source: the schemes are those of docs/decisions/0010-editor.md.
    """
    if len(href) > MAX_CHARS or re.search(r'[\x00-\x20\x7f\\<>"]', href):
        return False
    try:
        parts = urlsplit(href)
    except ValueError:
        return False
    if parts.scheme == "mailto":
        return "@" in parts.path
    # https://bank.pl@example.com leads to example.com.
    is_plain = parts.scheme in SCHEMES and bool(parts.hostname) and parts.username is None
    return is_plain and " href=" in SANITISER.clean(f'<a href="{escape(href)}">')


def find_links(text: str) -> Iterator[tuple[str, str]]:
    """The text in parts, each with the address it leads to, or with an empty one."""
    end = 0
    for match in BARE.finditer(text):
        if len(match[0]) > MAX_CHARS:
            continue
        bare = _without_trailing(match[0])
        href = bare if "://" in bare else f"https://{bare}"
        if not _has_domain(href):
            continue
        if match.start() > end:
            yield text[end : match.start()], ""
        yield bare, href
        end = match.start() + len(bare)
    if end < len(text):
        yield text[end:], ""


def _without_trailing(bare: str) -> str:
    end = len(bare)
    while end:
        last = bare[end - 1]
        is_unpaired = last in PAIRS and bare.count(last, 0, end) > bare.count(PAIRS[last], 0, end)
        if last not in TRAILING and not is_unpaired:
            break
        end -= 1
    return bare[:end]


def _has_domain(href: str) -> bool:
    return is_link(href) and re.search(r"\w\.\w", urlsplit(href).hostname or "") is not None
