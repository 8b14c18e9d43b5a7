"""Pages that many readers share: rendered once for all, with holes for what is each reader's own.

A template marks what is the reader's own with `{% own "name" %}…{% endown %}`. On a page rendered
for one reader alone the tag does nothing. A shared page is rendered without any reader: its names
are made by functions that know of none, and every block of that kind leaves a hole. For each
reader the holes are then filled by rendering just these blocks.

Whatever is personal and stands outside such a block gives the page away: it is not shared.
Source: docs/decisions/0021-shared-pages.md.
"""

import hashlib
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from django import template
from django.http import HttpRequest
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import make_context
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

# NUL stands in no text of a member (forum/lib/markup.py) and in no template.
NONCE = "\0nonce\0"
TOKEN = "\0token\0"  # noqa: S105  # the place of one
ONCE = "\0once\0"
HOLE = re.compile(rb"\0own ([a-z-]+) (\d*)\0")
MARK = re.compile(rb"(\0(?:nonce|token|once)\0)")
ALWAYS_OWN = {"perms", "viewer_id"}  # names of every page that no shared page has

Cut = tuple[bytes, ...]
Ready = Callable[[int], str]  # a block by the number of its hole, 0 for none

_is_shared: ContextVar[bool] = ContextVar("is_shared", default=False)
_blocks: dict[str, "OwnBlock"] = {}


class Address(HttpRequest):
    """A request without whoever sent it: only where it leads, and the place of a nonce."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__()
        self.method = "GET"
        self.path, self.path_info = request.path, request.path_info
        self.META["QUERY_STRING"] = request.META.get("QUERY_STRING", "")
        self.GET = request.GET
        self.resolver_match = request.resolver_match
        self.csp_nonce = NONCE


class OwnBlock(template.Node):
    """What is the reader's own: `{% own "name" %}` or, in a list, `{% own "name" number %}`.

    A block may use the own names of its page, and `number` where it has one. What stands round it
    is not known any more when it is filled.
    """

    def __init__(self, name: str, number: FilterExpression | None, nodelist: NodeList) -> None:
        self.name = name
        self.number = number
        self.nodelist = nodelist
        self.place: tuple[str, int] = ("", 0)  # file and line

    def render(self, context: template.Context) -> SafeString:
        number = self.number.resolve(context) if self.number else None
        if _is_shared.get():
            hole = f"\0own {self.name} {int(number) if number else ''}\0"
            return mark_safe(hole)  # noqa: S308  # a name from a template and a number
        return self.fill(context, number)

    def fill(self, context: template.Context, number: int | None) -> SafeString:
        """The block for the reader whose names these are."""
        if number is None:
            return self.nodelist.render(context)
        with context.push(number=number):
            return self.nodelist.render(context)


def own_block(parser: Parser, token: Token) -> OwnBlock:
    """The tag `own`: a name in quotes, and a number where the block stands in a loop."""
    _tag, name, *number = token.split_contents()
    nodelist = parser.parse(["endown"])
    parser.delete_first_token()
    number_of = parser.compile_filter(number[0]) if number else None
    block = OwnBlock(name.strip("\"'"), number_of, nodelist)
    block.place = (str(parser.origin), token.lineno or 0)
    known = _blocks.setdefault(block.name, block)
    if known.place != block.place:
        raise template.TemplateSyntaxError(f"another own block is called {block.name}")
    _blocks[block.name] = block
    return block


@dataclass(frozen=True, slots=True)
class SharedPage:
    """A page without its reader."""

    template_name: str
    pieces: tuple[Cut, ...]  # what stands before, between and behind the holes
    holes: tuple[tuple[str, int], ...]  # each with its name, and its number or 0
    given_away: frozenset[str]  # own names that stood outside of own blocks
    digest: str = ""  # of an identified page: what tells it from every page that reads otherwise

    @classmethod
    def render(
        cls,
        template_name: str,
        request: HttpRequest,
        names: Mapping[str, Any],
        own_names: Collection[str],
    ) -> "SharedPage":
        """The template with these names, none of them of any one reader, and holes for the rest."""
        watch = _Watch({*ALWAYS_OWN, *own_names}.difference(names, {"user"}))
        reader = _AnyReader(names["reader"], watch)
        context = _context(request, {**names, "user": reader})
        context.dicts += [watch, {}]  # the last takes what tags set
        mark = _is_shared.set(True)
        try:
            html = _template(template_name).render(context)
        finally:
            _is_shared.reset(mark)
        split = HOLE.split(html.encode())
        pieces = tuple(_cut(piece) for piece in split[::3])
        found = zip(split[1::3], split[2::3], strict=True)
        holes = tuple((name.decode(), int(number or 0)) for name, number in found)
        return cls(template_name, pieces, holes, frozenset(watch.asked_for))

    def filled(
        self, request: HttpRequest, own: Mapping[str, Any], ready: Mapping[str, Ready]
    ) -> "SharedPage":
        """The page with its holes filled for one reader, or for all readers of one kind.

        `ready` makes blocks that need no names. What is of one answer only is put in by `finished`.
        """
        page = _template(self.template_name)
        context = _context(request, own)
        with context.render_context.push_state(page), context.bind_template(page):
            parts = tuple(chain.from_iterable(self._parts(context, ready)))
        return SharedPage(self.template_name, (parts,), (), self.given_away)

    def identified(self) -> "SharedPage":
        """The filled page with its digest: the same for the same HTML, whatever made it anew."""
        (parts,) = self.pieces
        return replace(self, digest=hashlib.sha256(b"".join(parts)).hexdigest())

    def finished(self, marks: Mapping[str, str]) -> bytes:
        """The HTML of a filled page, with what is of one answer only: nonce, token and once."""
        (parts,) = self.pieces
        values = {mark.encode(): value.encode() for mark, value in marks.items()}
        return b"".join([values.get(part, part) for part in parts])

    def _parts(self, context: template.Context, ready: Mapping[str, Ready]) -> Iterator[Cut]:
        yield self.pieces[0]
        for (name, number), behind in zip(self.holes, self.pieces[1:], strict=True):
            make = ready.get(name)
            html = make(number) if make else _blocks[name].fill(context, number or None)
            yield _cut(html.encode())
            yield behind


def _cut(html: bytes) -> Cut:
    """The HTML and its marks in turn, so that no answer has to look for them."""
    return tuple(MARK.split(html))


class _Watch(dict[str, Any]):
    """On top of all names of a shared page: notes what is asked for and is a reader's own."""

    def __init__(self, own_names: Collection[str]) -> None:
        super().__init__()
        self.own_names = own_names
        self.asked_for: set[str] = set()

    def __contains__(self, name: object) -> bool:
        if name in self.own_names:
            self.asked_for.add(str(name))
        return False


class _AnyReader:
    """The `user` of a shared page: what all who share it have in common, and nothing more."""

    def __init__(self, known: Mapping[str, Any], watch: _Watch) -> None:
        self.__dict__.update(known, _asked_for=watch.asked_for)

    def __getattr__(self, name: str) -> Any:
        self._asked_for.add(f"user.{name}")
        raise AttributeError(name)


def block_of(
    template_name: str,
    name: str,
    request: HttpRequest,
    own: Mapping[str, Any],
    number: int | None = None,
) -> str:
    """One own block of the template, rendered with these names."""
    page = _template(template_name)
    context = _context(request, own)
    with context.render_context.push_state(page), context.bind_template(page):
        return _blocks[name].fill(context, number)


def _context(request: HttpRequest, names: Mapping[str, Any]) -> template.Context:
    return make_context({**names, "csrf_token": TOKEN}, request)


def _template(name: str) -> template.Template:
    found: template.Template = get_template(name).template  # type: ignore[attr-defined]  # Django's
    return found
