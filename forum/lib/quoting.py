"""A quotation: somebody's words in a quote, under a line that names them and leads to the place."""

from html import escape, unescape

from forum.lib.canonical import TOKEN
from forum.lib.markup import clean_html, is_empty
from forum.lib.mentions import without_quotes

QUOTED_MAX_CHARS = 2_000  # js/composer/quotation.js cuts a selection at the same length


def quotation(html: str, by: str, url: str) -> str:
    """The clean HTML as a quote with its source; what it quotes itself is left out.

    Words that are only a quotation are quoted as they are.
    """
    own = without_quotes(html)
    words = html if is_empty(own) else own
    source = f'<p><a href="{escape(url)}">{escape(by)}</a>:</p>'
    return clean_html(f"<blockquote>{source}{cut(words, QUOTED_MAX_CHARS)}</blockquote>")


def cut(html: str, limit_chars: int) -> str:
    """Clean HTML with no more than so many characters of text, and a "…" where it was cut."""
    out: list[str] = []
    open_tags: list[str] = []
    left = limit_chars
    for closing, name, attributes, text in TOKEN.findall(html):
        if text:
            words = unescape(text)
            out.append(escape(words[:left], quote=False))
            left -= len(words)
        elif closing:
            open_tags.pop()
            out.append(f"</{name}>")
        else:
            out.append(f"<{name}{attributes}>")
            if name not in ("br", "img"):
                open_tags.append(name)
        if left < 0:
            return "".join([*out, "…", *(f"</{name}>" for name in reversed(open_tags))])
    return html
