"""Rich text: what may be in it, and the ways between its source, its HTML and plain text.

Source: docs/decisions/0010-editor.md.
"""

import re
from functools import lru_cache
from html import unescape
from typing import Literal

import nh3
from bs4 import Tag
from markdown_it import MarkdownIt
from markdownify import MarkdownConverter

from forum.lib import mentions, pictures
from forum.lib.canonical import HEADINGS, INVISIBLE, MAX_NESTING, regroup
from forum.lib.links import SCHEMES

SourceFormat = Literal["markdown", "html"]
FORMATS: tuple[SourceFormat, ...] = ("markdown", "html")

# The one allow-list: the editor gets these names, the sanitiser their tags.
FEATURES: dict[str, frozenset[str]] = {
    "bold": frozenset({"strong"}),
    "italic": frozenset({"em"}),
    "heading": frozenset({"h3"}),
    "bullet_list": frozenset({"ul", "li"}),
    "ordered_list": frozenset({"ol", "li"}),
    "blockquote": frozenset({"blockquote"}),
    "link": frozenset({"a"}),
    "picture": pictures.TAGS,
}
TAGS = frozenset({"p", "br"}).union(*FEATURES.values())
LINK_REL = "nofollow ugc noopener"

BODY_MAX_CHARS = 20_000  # of text that a reader sees
SOURCE_MAX_CHARS = {"html": 100_000, "markdown": 40_000}  # with the tags, or the signs

# Tags whose end is the end of a paragraph, though they themselves do not stay.
BOUNDARIES = HEADINGS | {
    "address",
    "article",
    "aside",
    "caption",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "header",
    "hr",
    "main",
    "nav",
    "pre",
    "section",
    "table",
    "td",
    "th",
    "tr",
}
WORDLESS = frozenset({"script", "style", "svg", "math", "template", "title", "xml"})
STRUCTURE = nh3.Cleaner(
    tags=set(TAGS | BOUNDARIES | {"span"}),
    clean_content_tags=set(WORDLESS),
    attributes={
        "a": {"href"},
        "p": {"style"},
        "span": {"style", "data-mention"},
        **pictures.ATTRIBUTES,
    },
    url_schemes=set(SCHEMES),
    link_rel=None,
)
LAST_WORD = nh3.Cleaner(
    tags=set(TAGS),
    attributes={"a": {"href"}, **pictures.ATTRIBUTES},
    url_schemes=set(SCHEMES),
    link_rel=LINK_REL,
)
WORDS_AND_BLOCKS = nh3.Cleaner(
    tags={"p", "h3", "br"},
    clean_content_tags=set(WORDLESS),
    link_rel=None,
)

MARKDOWN = MarkdownIt("zero", {"html": False, "breaks": True, "maxNesting": 50}).enable(
    [
        "blockquote",
        "list",
        "heading",
        "hr",
        "emphasis",
        "link",
        "autolink",
        "newline",
        "escape",
        "entity",
    ]
)
pictures.speak_of_pictures(MARKDOWN)
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
FORMATTING = re.compile(
    r"<(/?)(b|strong|i|em|big|code|font|nobr|s|small|strike|tt|u)(?=[\s/>])([^>]{0,1000})>",
    re.IGNORECASE,
)
MEANINGS = {"b": "strong", "strong": "strong", "i": "em", "em": "em"}
# Google Docs wraps all it copies in a <b> that is not bold; Word's mso-bidi-font-weight is.
NOT_BOLD = re.compile(r"(?<![\w-])font-weight:\s*(?:normal|400)", re.IGNORECASE)
LIST_OR_QUOTE = r"(?:[ \t]*(?:>|(?:[-+*]|\d{1,9}[.)])[ \t]))"
LEADING_MARKERS = re.compile(f"^({LIST_OR_QUOTE}{{{MAX_NESTING}}}){LIST_OR_QUOTE}+", re.MULTILINE)
LONG_INDENT = re.compile(r"[ \t]{17,}")

ACTING = re.compile(r"[\\*\[\]]|(?<!\w)_|_(?!\w)|<(?=\w)|&(?=#?\w+;)")
ACTING_AT_START = re.compile(r"^(?:[-+](?=\s|$)|-(?=--)|>|#(?=#{0,5}(?:\s|$)))")
ACTING_NUMBER = re.compile(r"^(\d{1,9})(?=[.)](?:\s|$))")

# The same signs in text that nobody typed as Markdown, behind the marks that are kept.
TYPED_MARKS = re.compile(r"[ \t]*(?:>[ \t]?)*(?:[-+*•][ \t]+)?")
TYPED_ACTING = re.compile(rf"{ACTING.pattern}|^-(?=--)|^#(?=#{{0,5}}(?:\s|$))")


TEXTS_AT_HAND = 16


class TooLong(ValueError):
    """The source, or the HTML it gives, is longer than SOURCE_MAX_CHARS allows."""


@lru_cache(TEXTS_AT_HAND)
def render(source: str, source_format: str) -> str:
    """The HTML that is stored and shown. Raises: TooLong.

    The form judges it, the guards read it, the action stores it: a text that was just rendered is
    at hand for them.
    """
    if source_format == "html":
        return clean_html(source)
    _check_length(source, "markdown")
    html = _cleaned(_from_markdown(source))
    _check_length(html, "html")
    return html


def clean_html(html: str) -> str:
    """Only the tags of FEATURES, in the one form of forum.lib.canonical.

    Cleaning what is clean changes nothing. Raises: TooLong.
    """
    _check_length(html, "html")
    cleaned = _cleaned(html)
    _check_length(cleaned, "html")
    return cleaned


def _cleaned(html: str) -> str:
    structure = STRUCTURE.clean(with_bare_formatting(without_control(html)))
    words, mentioned = mentions.set_aside(pictures.hide(structure))
    return mentions.put_back(LAST_WORD.clean(pictures.show(regroup(words))), mentioned)


def as_markdown(source: str, source_format: str) -> str:
    """The source as somebody without JavaScript edits it. Raises: TooLong."""
    if source_format != "html":
        return source
    return _Converter().convert(clean_html(source)).strip()


def from_plain_text(text: str) -> str:
    """Markdown that shows the text as it was typed: quotes behind ">" and lists are such, and no
    other sign acts."""
    return "\n".join(map(_line_as_typed, text.split("\n")))


def _line_as_typed(line: str) -> str:
    marks = TYPED_MARKS.match(line)
    assert marks is not None, "every line has a beginning, also an empty one"
    words = TYPED_ACTING.sub(r"\\\g<0>", line[marks.end() :])
    return marks[0].replace("•", "-") + words


def plain_text(html: str) -> str:
    """The words of any HTML, a line for each block."""
    lines = re.sub(r"<br>|</(?:p|h3)>", "\n", WORDS_AND_BLOCKS.clean(without_control(html)))
    return unescape(re.sub(r"<[^>]*>", "", lines)).strip()


def is_empty(html: str) -> bool:
    """Nothing in it that a reader could see."""
    return INVISIBLE.match(plain_text(html)) is not None


def without_control(text: str) -> str:
    """The text without characters that no database, browser or person has a use for."""
    return CONTROL.sub("", text)


def _check_length(text: str, written_in: SourceFormat) -> None:
    if len(text) > SOURCE_MAX_CHARS[written_in]:
        raise TooLong(f"{len(text)} characters, at most {SOURCE_MAX_CHARS[written_in]}")


def with_bare_formatting(html: str) -> str:
    """Bold and italic tags without attributes, other formatting as spans.

    A parser reopens every open formatting tag in every paragraph, and counts tags with different
    attributes as different: 200 kB of them became 350 MB and took a minute.
    """
    return FORMATTING.sub(_bare, html)


def _bare(tag: re.Match[str]) -> str:
    name = MEANINGS.get(tag[2].lower(), "span")
    return f"<{tag[1]}{'span' if NOT_BOLD.search(tag[3]) else name}>"


def _from_markdown(source: str) -> str:
    # The parser drops what is nested deeper than its own limit: stay far above it.
    shallow = LONG_INDENT.sub(" " * 16, LEADING_MARKERS.sub(r"\1", without_control(source)))
    return mentions.from_links(str(MARKDOWN.render(shallow)))


class _Converter(MarkdownConverter):
    """Markdown that a person can read: a character is escaped only where it would act."""

    class Options:
        bullets = "-"

    def escape(self, text: str, parent_tags: set[str]) -> str:
        return ACTING_AT_START.sub(
            r"\\\g<0>", ACTING_NUMBER.sub(r"\1\\", ACTING.sub(r"\\\g<0>", text))
        )

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        href, words = str(el["href"]), el.get_text()
        if words.startswith("www.") and href == f"https://{words}":
            return words
        return f"<{href}>" if words == href else f"[{text}](<{href}>)"

    def convert_span(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return mentions.in_markdown(str(el["data-mention"]), el.get_text().removeprefix("@"))

    def convert_img(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return pictures.as_markdown(str(el["src"]), str(el.get("alt", "")))

    def convert_br(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return "\n"
