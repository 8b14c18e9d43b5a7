"""Pictures in rich text: only those that were attached here, under their own addresses.

The text names a picture; what is shown of it (its description, its size) comes from whoever knows
the attachment, at the moment the text is shown. Source: docs/decisions/0017-attachments.md.
"""

import re
from collections.abc import Mapping, Sequence
from html import escape, unescape
from typing import Any
from uuid import UUID

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

PREFIX = "/attachments/"
ALT_MAX_CHARS = 300
TAGS = frozenset({"img"})
ATTRIBUTES = {"img": {"src", "alt"}}

# Characters for private use: what a person types of them is removed before ours are written.
BEGIN, END = "\ue000", "\ue001"
OURS = re.compile(f"[{BEGIN}{END}]")
MARK = re.compile(f" ?{BEGIN}([0-9a-f]{{32}})([0-9a-f]*){END} ?")
# As nh3 writes it: attributes in double quotes, in any order.
TAG = re.compile(r'<img((?: [a-z-]+="[^"]*")*)>')
SOURCE = re.compile(rf' src="{PREFIX}([0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}})/"')
ALT = re.compile(r' alt="([^"]*)"')
ACTING = re.compile(r"[\\\[\]*_<>&`]")  # what would act in a description written in Markdown


def speak_of_pictures(parser: MarkdownIt) -> MarkdownIt:
    """Teach a Markdown parser `![description](/attachments/…/)`; other pictures become links."""
    parser.add_render_rule("image", _from_markdown)
    return parser.enable("image")


def hide(html: str) -> str:
    """Cleaned HTML with a word in the place of each picture, and foreign pictures left out.

    So `forum.lib.canonical` moves pictures as it moves words.
    """
    return TAG.sub(_mark, OURS.sub("", html))


def show(html: str) -> str:
    """The pictures in the places of their words."""
    # Within a tag there is no picture: a word that stands there is an address gone wrong.
    return "".join(
        MARK.sub("", part) if part.startswith("<") else MARK.sub(_unmark, part)
        for part in re.split(r"(<[^>]*>)", html)
    )


def named_in(html: str) -> dict[UUID, str]:
    """The pictures that stand in the text, each with the description its author typed there."""
    found: dict[UUID, str] = {}
    for attributes in TAG.findall(html):
        if source := SOURCE.search(attributes):
            found.setdefault(UUID(source[1]), _alt(attributes))
    return found


def shown_with(html: str, known: Mapping[UUID, Mapping[str, object]]) -> str:
    """The text with what is known of each picture; unknown pictures are left out."""

    def drawn(tag: re.Match[str]) -> str:
        source = SOURCE.search(tag[1])
        attributes = known.get(UUID(source[1])) if source else None
        if source is None or attributes is None:
            return ""
        written = {"src": f"{PREFIX}{source[1]}/", **attributes, "loading": "lazy"}
        return "<img" + "".join(f' {n}="{escape(str(v))}"' for n, v in written.items()) + ">"

    return TAG.sub(drawn, html)


def in_words(html: str) -> str:
    """The text with the description of each picture in its place, for where no picture can be."""
    return TAG.sub(lambda tag: escape(f"[{_alt(tag[1])}]", quote=False), html)


def as_markdown(source: str, alt: str) -> str:
    """A picture as somebody without JavaScript writes it."""
    words = ACTING.sub(r"\\\g<0>", alt)
    return f"![{words}]({source})"


def _alt(attributes: str) -> str:
    found = ALT.search(attributes)
    return " ".join(unescape(found[1]).split())[:ALT_MAX_CHARS] if found else ""


def _mark(tag: re.Match[str]) -> str:
    source = SOURCE.search(tag[1])
    if source is None:
        return ""
    # Spaces round it: an address that is typed beside it must not take it in.
    return f" {BEGIN}{UUID(source[1]).hex}{_alt(tag[1]).encode().hex()}{END} "


def _unmark(mark: re.Match[str]) -> str:
    alt = bytes.fromhex(mark[2]).decode()
    before, after = (" " * mark[0].startswith(" "), " " * mark[0].endswith(" "))
    return f'{before}<img src="{PREFIX}{UUID(mark[1])}/" alt="{escape(alt)}">{after}'


def _from_markdown(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any
) -> str:
    image = tokens[index]
    source = str(image.attrs["src"])
    if SOURCE.fullmatch(f' src="{source}"'):
        words = renderer.renderInlineAsText(image.children, options, env)
        return f'<img src="{escape(source)}" alt="{escape(words)}">'
    inner = renderer.renderInline(image.children or [], options, env)
    return f'!<a href="{escape(source)}">{inner}</a>' if source else f"!{inner}"
