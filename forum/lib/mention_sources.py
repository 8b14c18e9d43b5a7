"""Mentions in the source of a text, as somebody types or edits it: HTML or Markdown.

Source: docs/decisions/0018-mentions.md.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from html import escape

from forum.lib.markup import clean_html
from forum.lib.mentions import KEY, Named, in_markdown, stored, with_names

CALLS_MAX = 40  # places with "@" in one text that are looked up by name
NAME_MAX_WORDS = 12

# An "@" that begins a word: not that of an e-mail address, nor of a mention.
CALL = re.compile(r"(?<![\w@.\\\[])@(?=\w)([^\n@]{1,160})")
NO_PART_OF_NAMES = ".,;:!?)…”\"'"
TAG = re.compile(r"(<[^>]*>)")
IN_HTML = re.compile(rf'data-mention="({KEY})"')
IN_MARKDOWN = re.compile(
    r"(?<!\\)@\[(?:\\.|[^\]\\\n]){0,400}\]\((member|organization):([1-9][0-9]{0,8})\)"
)


def names_typed(text: str) -> set[str]:
    """What may be a name after an "@" in plain text: the database says which of them is one."""
    names: set[str] = set()
    for call in list(CALL.finditer(text))[:CALLS_MAX]:
        words = call[1].split(" ")[:NAME_MAX_WORDS]
        for count in range(1, len(words) + 1):
            name = " ".join(words[:count])
            names |= {name, name.rstrip(NO_PART_OF_NAMES)}
    return names - {""}


def recognized(source: str, source_format: str, keys: Mapping[str, str]) -> str:
    """The source with every "@name" that was typed in full made a mention.

    Takes the keys of the names. Raises: TooLong.
    """
    if not keys:
        return source
    if source_format != "html":
        return _pattern(keys).sub(lambda call: in_markdown(keys[call[1]], call[1]), source)
    written = {escape(name, quote=False): (key, name) for name, key in keys.items()}
    pattern = _pattern(written)
    return "".join(
        pattern.sub(lambda call: stored(*written[call[1]]), text) if is_free else text
        for text, is_free in _texts(clean_html(source))
    )


def renamed(source: str, source_format: str, names: Mapping[str, Named]) -> str:
    """The source with the names of today, ready to be edited. Raises: TooLong.

    A mention of nobody known stays in Markdown as it was typed.
    """
    if source_format == "html":
        return with_names(clean_html(source), names)

    def mention(match: re.Match[str]) -> str:
        key = f"{match[1]}-{match[2]}"
        known = names.get(key)
        return match[0] if known is None else in_markdown(key, known.name)

    return IN_MARKDOWN.sub(mention, source)


def keys_in_source(source: str) -> set[str]:
    """Whom a source may mention, in either format. Cheaper than rendering it."""
    linked = {f"{kind}-{pk}" for kind, pk in IN_MARKDOWN.findall(source)}
    return linked | set(IN_HTML.findall(source))


def _pattern(names: Collection[str]) -> re.Pattern[str]:
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile(rf"(?<![\w@.\\\[])@({'|'.join(map(re.escape, longest_first))})(?!\w)")


def _texts(html: str) -> Iterator[tuple[str, bool]]:
    """Tags and texts in turn; free is a text outside of links and mentions."""
    depth = 0
    for part in TAG.split(html):
        if part.startswith(("<a ", "<span")):
            depth += 1
        elif part in ("</a>", "</span>"):
            depth -= 1
        yield part, not part.startswith("<") and not depth
