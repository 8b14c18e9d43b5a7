"""One form for all rich text: closed blocks, text only inside paragraphs, no empty tags.

Word, e-mail programs, the editor and Markdown all say the same thing differently. Whatever comes
in, `regroup` gives back paragraphs and headings that hold text, lists whose items hold blocks, and
quotes; so search, Markdown and the page need to understand one form only.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import reduce
from html import escape, unescape
from itertools import groupby

from forum.lib.links import find_links, is_link

MAX_NESTING = 8  # lists and quotes inside one another; deeper ones continue at this level
MARKS = frozenset({"strong", "em", "a"})
LISTS = frozenset({"ul", "ol"})
CONTAINERS = LISTS | {"li", "blockquote"}
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})

TOKEN = re.compile(r'<(/?)([a-z0-9]+)((?: [a-z-]+="[^"]*")*)>|([^<]+)')
HREF = re.compile(r' href="([^"]*)"')
SPACES = re.compile(r"[ \t\r\n\f]+")
PIECE = re.compile(r"[ \n]+|[^ \n]+")
GAP = re.compile(r" *\n[ \n]*|  +")  # of more than one space
INVISIBLE = re.compile(r"[\s\u00ad\u200b-\u200f\u2060\ufeff]*\Z")
# A list of Word is a row of paragraphs that carry their level in the style.
WORD_ITEM = re.compile(r"mso-list:\s*l\d+\s+level(\d)")
WORD_MARKER = re.compile(r"mso-list:\s*Ignore")
WORD_NUMBER = re.compile(r"\s*\(?\w{1,4}[.)]")

Marks = tuple[str, ...]  # opening tags round a piece of text, the outermost first
Run = tuple[Marks, str]  # a line break is "\n"


def regroup(html: str) -> str:
    """The same text in the one form; tags without a meaning here only part paragraphs.

    Takes HTML as nh3 writes it: balanced, attributes in double quotes, text escaped.
    """
    writer = _Writer()
    for closing, name, attributes, text in TOKEN.findall(html):
        if text:
            writer.text(unescape(text))
        elif closing:
            writer.close(name)
        else:
            writer.open(name, attributes)
    return writer.finish()


@dataclass(eq=False)
class _Container:
    name: str
    of_word: bool = False
    written: bool = False


@dataclass
class _Writer:
    out: list[str] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    marks: list[tuple[str, str]] = field(default_factory=list)
    depths: Counter[str] = field(default_factory=Counter)
    tags: list[_Container | None] = field(default_factory=list)  # None: beyond the nesting cap
    stack: list[_Container] = field(default_factory=list)
    markers: list[bool] = field(default_factory=list)  # the open spans: is it Word's bullet?
    marker: str = ""
    word_level: int = 0

    def text(self, text: str) -> None:
        if any(self.markers[-3:]):
            self.marker += text
        else:
            self.runs.append((self._marks(), SPACES.sub(" ", text)))

    def open(self, name: str, attributes: str) -> None:
        if name in MARKS:
            self._open_mark(name, attributes)
        elif name == "br":
            self.runs.append((self._marks(), "\n"))
        elif name == "span":
            self.markers.append(bool(WORD_MARKER.search(attributes)))
        else:
            self._open_block(name, attributes)

    def close(self, name: str) -> None:
        if name in MARKS:
            self._close_mark(name)
        elif name == "span":
            self.markers.pop()
        else:
            self._close_block(name)

    def finish(self) -> str:
        self._end_leaf()
        while self.stack:
            self._pop()
        return "".join(self.out)

    def _open_mark(self, name: str, attributes: str) -> None:
        self.depths[name] += 1
        if self.depths[name] > 1:
            return
        if name != "a":
            self.marks.append((name, f"<{name}>"))
        elif (href := HREF.search(attributes)) and is_link(unescape(href[1])):
            self.marks.append((name, _link_tag(unescape(href[1]))))

    def _close_mark(self, name: str) -> None:
        self.depths[name] -= 1
        if not self.depths[name]:
            self.marks = [mark for mark in self.marks if mark[0] != name]

    def _marks(self) -> Marks:
        return tuple(tag for _, tag in self.marks)

    def _open_block(self, name: str, attributes: str) -> None:
        self._end_leaf()
        if name in CONTAINERS:
            self._open_container(name)
        elif name in HEADINGS:
            self.depths["heading"] += 1
        elif name == "p" and (level := WORD_ITEM.search(attributes)):
            self.word_level = int(level[1])

    def _close_block(self, name: str) -> None:
        self._end_leaf()
        if name in CONTAINERS:
            container = self.tags.pop()
            while container in self.stack:
                self._pop()
        elif name in HEADINGS:
            self.depths["heading"] -= 1
        elif name == "p":
            self.word_level, self.marker = 0, ""

    def _open_container(self, name: str) -> None:
        self._leave_word_list()
        if name == "li" and self.tags and self.tags[-1] in self.stack:
            while self.stack[-1] is not self.tags[-1]:
                self._pop()
        is_room = self._is_in_list() if name == "li" else self._nesting() < MAX_NESTING
        if is_room and name != "li":
            self._enter_item()
        self.tags.append(self._push(name) if is_room else None)

    def _push(self, name: str, *, of_word: bool = False) -> _Container:
        self.stack.append(_Container(name, of_word))
        return self.stack[-1]

    def _pop(self) -> None:
        container = self.stack.pop()
        if container.written:
            self.out.append(f"</{container.name}>")

    def _is_in_list(self) -> bool:
        return bool(self.stack) and self.stack[-1].name in LISTS

    def _nesting(self) -> int:
        return sum(container.name != "li" for container in self.stack)

    def _enter_item(self) -> None:
        """What stands in a list without an item of its own belongs to the item before."""
        if not self._is_in_list():
            return
        is_after_item = self.stack[-1].written and self.out[-1] == "</li>"
        self._push("li").written = is_after_item
        if is_after_item:
            self.out.pop()

    def _end_leaf(self) -> None:
        runs, self.runs = self.runs, []
        lines = [_with_links(line) for line in _lines(runs)]
        if not lines:
            return
        self._find_place()
        is_heading = self.depths["heading"] and all(c.name != "li" for c in self.stack)
        leaf = "h3" if is_heading else "p"
        for line in lines:
            self.out.append(f"<{leaf}>{_written(line)}</{leaf}>")

    def _find_place(self) -> None:
        if not (self.word_level and self._enter_word_item()):
            self._leave_word_list()
            self._enter_item()
        for container in self.stack:
            if not container.written:
                self.out.append(f"<{container.name}>")
                container.written = True

    def _enter_word_item(self) -> bool:
        depth = sum(container.of_word and container.name != "li" for container in self.stack)
        room = MAX_NESTING - self._nesting() + depth
        level = min(self.word_level, depth + 1, room)
        if level < 1:
            return False
        name = "ol" if WORD_NUMBER.match(self.marker) else "ul"
        for _ in range(2 * (depth - level) + (level <= depth)):
            self._pop()
        if level <= depth and self.stack[-1].name != name:
            self._pop()
        if not self._is_in_list() or not self.stack[-1].of_word:
            self._enter_item()
            self._push(name, of_word=True)
        self._push("li", of_word=True)
        return True

    def _leave_word_list(self) -> None:
        while self.stack and self.stack[-1].of_word:
            self._pop()


def _link_tag(href: str) -> str:
    return f'<a href="{escape(href)}">'


def _lines(runs: list[Run]) -> list[list[Run]]:
    """The text without outer and doubled spaces; two line breaks part paragraphs."""
    merged = _merged(runs)
    lines = _lines_of_one(*merged[0]) if len(merged) == 1 else _lines_of_many(merged)
    return [line for line in lines if not _is_blank(line)]


def _lines_of_one(marks: Marks, text: str) -> list[list[Run]]:
    """As `_lines_of_many`, of a text whose marks are the same all through, as mostly."""
    return [[(marks, line)] for line in GAP.sub(_gap, text.strip(" \n")).split("\n\n")]


def _gap(found: re.Match[str]) -> str:
    return "\n" * min(found[0].count("\n"), 2) or " "


def _lines_of_many(runs: list[Run]) -> list[list[Run]]:
    lines: list[list[Run]] = [[]]
    gap: list[Run] = []
    for marks, piece in _pieces(runs):
        if piece[0] in " \n":
            gap.append((marks, piece))
            continue
        breaks = sum(text.count("\n") for _, text in gap)
        if lines[-1] and breaks > 1:
            lines.append([])
        elif lines[-1] and gap:
            around = [lines[-1][-1][0], *(inner for inner, _ in gap), marks]
            lines[-1].append((reduce(_shared, around), "\n" if breaks else " "))
        lines[-1].append((marks, piece))
        gap = []
    return [_merged(line) for line in lines]


def _is_blank(line: list[Run]) -> bool:
    return all(INVISIBLE.match(text) for _, text in line)


def _pieces(runs: list[Run]) -> Iterator[Run]:
    for marks, text in runs:
        for piece in PIECE.findall(text):
            yield marks, piece


def _merged(runs: list[Run]) -> list[Run]:
    return [
        (marks, "".join(text for _, text in group))
        for marks, group in groupby(runs, key=lambda run: run[0])
    ]


def _shared(one: Marks, other: Marks) -> Marks:
    length = 0
    while length < min(len(one), len(other)) and one[length] == other[length]:
        length += 1
    return one[:length]


def _with_links(line: list[Run]) -> list[Run]:
    linked: list[Run] = []
    for marks, text in line:
        if any(mark.startswith("<a ") for mark in marks):
            linked.append((marks, text))
            continue
        for part, href in find_links(text):
            linked.append(((*marks, _link_tag(href)) if href else marks, part))
    return linked


def _written(line: list[Run]) -> str:
    out: list[str] = []
    open_marks: Marks = ()
    for marks, text in [*line, ((), "")]:
        shared = len(_shared(open_marks, marks))
        out += [f"</{_name(mark)}>" for mark in reversed(open_marks[shared:])]
        out += marks[shared:]
        out.append(escape(text, quote=False).replace("\xa0", "&nbsp;").replace("\n", "<br>"))
        open_marks = marks
    return "".join(out)


def _name(opening_tag: str) -> str:
    return opening_tag[1:-1].partition(" ")[0]
