"""The words of a mail as its writer typed them: charsets, wrapped lines, HTML made into text."""

import re
from codecs import lookup
from html import unescape

import nh3

from forum.lib.markup import (
    TooLong,
    as_markdown,
    plain_text,
    with_bare_formatting,
    without_control,
)

# Of mails without a charset, or with one that nobody knows: tried in this order.
LIKELY_CHARSETS = ("utf-8", "cp1250")
# What old and careless programs call a charset that Python calls otherwise.
CALLED = {"unicode-1-1-utf-7": "utf-7", "x-user-defined": "cp1250", "cp-1250": "cp1250"}
NAME_OF_CHARSET = re.compile(r"[a-z0-9_.:-]{1,40}")
# Python knows them as encodings of text, but no letter is written in them, and some are slow.
NO_CHARSETS = {"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape"}

HTML_MAX_CHARS = 2_000_000
HTML_MAX_DEPTH = 400  # a letter answered twenty times is a tenth of that
BLOCK_TAG = re.compile(
    r"<(/?)(?:div|blockquote|table|tbody|tr|td|th|ul|ol|li|span|center|section|article|a)\b",
    re.IGNORECASE,
)
ANY_TAG = re.compile(r"<[^<>]{0,2000}>")
KEPT = {
    *("p", "div", "br", "hr", "blockquote", "ul", "ol", "li", "a", "b", "strong", "i", "em"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "table", "tr", "td", "th", "pre"),
}
LETTER = nh3.Cleaner(
    tags=KEPT,
    clean_content_tags={"script", "style", "title", "svg", "math", "template", "xml"},
    attributes={"a": {"href"}},
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
)
RULE = "<p>________________</p>"  # what Outlook draws above a quoted letter, as a line of text


def decoded(content: bytes, charset: str) -> str:
    """The bytes as text; what cannot be read becomes a replacement sign, never an error."""
    name = CALLED.get(charset.strip().lower(), charset.strip().lower())
    for candidate in filter(None, (name, *LIKELY_CHARSETS)):
        if not _is_text_codec(candidate):
            continue
        try:
            return content.decode(candidate)
        except (UnicodeError, ValueError):
            continue
    return content.decode(name if _is_text_codec(name) else "utf-8", "replace")


def unwrapped(text: str, *, delete_space: bool) -> str:
    """Paragraphs as one line each, where the program wrapped them. Source: RFC 3676, 4."""
    out: list[str] = []
    open_depth = -1  # of the quotation that the line before belongs to and goes on in; -1: none
    for line in text.split("\n"):
        quoted = re.match(">*", line)
        depth = len(quoted[0]) if quoted else 0
        rest = line[depth:]
        rest = rest[1:] if rest.startswith(" ") else rest
        goes_on = rest.endswith(" ") and rest != "-- "
        if open_depth == depth and rest != "-- ":
            out[-1] += rest
        else:
            out.append(">" * depth + (" " if depth else "") + rest)
        if goes_on and delete_space:
            out[-1] = out[-1][:-1]
        open_depth = depth if goes_on else -1
    return "\n".join(out)


def from_html(html: str) -> str:
    """An HTML letter as Markdown: quotations are lines behind ">", as in a letter of plain text.

    Whatever is too long or too tangled for that comes as bare words.
    """
    html = _without_comments(without_control(html[:HTML_MAX_CHARS]))
    if _is_tangled(html):
        return unescape(ANY_TAG.sub("\n", html))
    letter = LETTER.clean(with_bare_formatting(html)).replace("<hr>", RULE)
    try:
        return as_markdown(letter, "html")
    except (TooLong, RecursionError):
        return plain_text(letter)


def _is_tangled(html: str) -> bool:
    """Whether tags stand in one another deeper than any letter has them: a parser would take
    minutes."""
    depth = 0
    for closing in BLOCK_TAG.findall(html):
        depth = max(depth - 1, 0) if closing else depth + 1
        if depth > HTML_MAX_DEPTH:
            return True
    return False


def _without_comments(html: str) -> str:
    """Without comments, in which Outlook keeps as much again as the letter is long."""
    return re.sub(r"<!--.*?(?:-->|\Z)", "", html, flags=re.DOTALL)


def _is_text_codec(name: str) -> bool:
    if not NAME_OF_CHARSET.fullmatch(name):
        return False
    try:
        codec = lookup(name)
    except (LookupError, ValueError):
        return False
    return bool(codec._is_text_encoding) and codec.name.replace("_", "-") not in NO_CHARSETS
