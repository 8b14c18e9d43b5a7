"""Mentions in rich text: an "@name" that knows whom it means by a key, not by the name.

A key is `member-7` or `organization-5`. HTML holds `<span data-mention="member-7">@Anna</span>`
with the name known when it was written, Markdown `@[Anna](member:7)`. Whoever shows the text puts
in the name of today. Source: docs/decisions/0018-mentions.md.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape, unescape

MAX_CALLED = 20  # members and organizations that one text may call
NAME_MAX_CHARS = 160

KEY = r"(?:member|organization)-[1-9][0-9]{0,8}"
STORED = re.compile(rf'<span data-mention="({KEY})">@([^<]*)</span>')
# As nh3 writes a span that holds only text; one with tags in it means nobody.
WRITTEN = re.compile(r'<span((?: [a-z-]+="[^"]*")+)>([^<]*)</span>')
ATTRIBUTE = re.compile(rf' data-mention="({KEY})"')
# Whom a link of Markdown means; an address of this scheme is no link anywhere else.
LINKED = re.compile(r'@<a href="(member|organization):([1-9][0-9]{0,8})">([^<]*)</a>')
# A control character, which no text keeps, that ends words and addresses but is no blank.
ASIDE = "\x1f"
PLACE = re.compile(f"{ASIDE}([0-9]+){ASIDE}")
LINK = re.compile(r"<a [^>]*>.*?</a>")
ACTING = re.compile(r"[\\\[\]*_<&]")
QUOTE = re.compile(r"<(/?)blockquote>")


@dataclass(frozen=True, slots=True)
class Named:
    """Whom a key means today, and where their page is, if they have one."""

    name: str
    url: str = ""


# --- Between the cleaning of HTML and its one form ----------------------------------------------
def set_aside(html: str) -> tuple[str, list[tuple[str, str]]]:
    """The HTML with a sign in the place of each mention, and the mentions: key and name.

    Takes HTML as nh3 writes it. The sign takes part in paragraphs as a word does.
    """
    found: list[tuple[str, str]] = []

    def sign(match: re.Match[str]) -> str:
        key, name = ATTRIBUTE.search(match[1]), _one_line(unescape(match[2]))
        if key is None:
            return match[0]
        if not name:
            return ""
        found.append((key[1], name))
        return f"{ASIDE}{len(found) - 1}{ASIDE}"

    return WRITTEN.sub(sign, html.replace(ASIDE, "")), found


def put_back(html: str, found: list[tuple[str, str]]) -> str:
    """The mentions in the places of their signs; in a link they are words only."""
    if not found:
        return html

    def words(sign: re.Match[str]) -> str:
        return escape(f"@{found[int(sign[1])][1]}", quote=False)

    html = LINK.sub(lambda link: PLACE.sub(words, link[0]), html)
    return PLACE.sub(lambda sign: stored(*found[int(sign[1])]), html)


def stored(key: str, name: str) -> str:
    """The one form in which HTML keeps a mention."""
    return f'<span data-mention="{key}">@{escape(name, quote=False)}</span>'


def from_links(html: str) -> str:
    """Mentions in what the Markdown parser wrote."""
    return LINKED.sub(r'<span data-mention="\1-\2">@\3</span>', html)


def in_markdown(key: str, name: str) -> str:
    """The mention as Markdown; signs in the name that would act are escaped."""
    escaped = ACTING.sub(r"\\\g<0>", name)
    return f"@[{escaped}]({key.replace('-', ':')})"


# --- Whom a text means ---------------------------------------------------------------------------
def keys_in(htmls: Iterable[str]) -> set[str]:
    """Everybody mentioned in these texts, also in what they quote."""
    return {key for html in htmls if "data-mention" in html for key, _ in STORED.findall(html)}


def called_in(html: str) -> list[str]:
    """Whom the text itself calls, each once, in order: a quoted mention calls nobody again."""
    return list(dict.fromkeys(key for key, _ in STORED.findall(without_quotes(html))))


def without_quotes(html: str) -> str:
    """Clean HTML without its quotes."""
    out, depth, end = [], 0, 0
    for tag in QUOTE.finditer(html):
        if not depth:
            out.append(html[end : tag.start()])
        depth += -1 if tag[1] else 1
        end = tag.end()
    return "".join([*out, html[end:]])


# --- The names of today --------------------------------------------------------------------------
def shown(html: str, names: Mapping[str, Named] | None) -> str:
    """Clean HTML as a reader sees it; whoever has no name any more stands there as words.

    Without names every mention keeps the name it was written with.
    """

    def mention(match: re.Match[str]) -> str:
        key = match[1]
        known = Named(unescape(match[2])) if names is None else names.get(key)
        if known is None:
            return f"@{match[2]}"
        words = f"@{escape(known.name, quote=False)}"
        if not known.url:
            return f'<span class="mention" data-mention="{key}">{words}</span>'
        href = escape(known.url)
        return f'<a class="mention" data-mention="{key}" href="{href}">{words}</a>'

    return STORED.sub(mention, html) if "data-mention" in html else html


def with_names(html: str, names: Mapping[str, Named]) -> str:
    """Clean HTML with the names of today, ready to be stored or edited again."""

    def mention(match: re.Match[str]) -> str:
        known = names.get(match[1])
        return f"@{match[2]}" if known is None else stored(match[1], known.name)

    return STORED.sub(mention, html)


@lru_cache(maxsize=8_192)  # the same names are compared at every letter somebody types
def folded(text: str) -> str:
    """Lower case without accents, so that "lukasz" finds "Łukasz"."""
    apart = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l"))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _one_line(text: str) -> str:
    """The name without its sign, in one line and not longer than any name is."""
    return " ".join(text.split()).removeprefix("@").strip()[:NAME_MAX_CHARS].strip()
