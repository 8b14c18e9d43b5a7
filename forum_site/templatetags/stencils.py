"""`{% stencil %}`: a part that is the same on every post but for a few values, rendered once.

    {% stencil "discussions/_post_footer.html" pk=post.pk author=post.author_id by is_opening=… %}

What stands before `by`, numbers and texts, is put in at each rendering; the part may show it and
make addresses of the numbers, and decides nothing by it. What stands behind decides: each
combination, in each language, has a stencil of its own, so there must be few. The part knows no
other names, and nothing of the request.
Source: docs/decisions/0051-stencils.md.
"""

import re
from collections.abc import Hashable, Mapping
from functools import lru_cache

from django import template
from django.conf import settings
from django.template.base import FilterExpression, Parser, Token
from django.template.context import Context
from django.template.loader import get_template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from forum_site.templatetags.addresses import STAND_IN

register = template.Library()

BY = "by"
KEPT = 500  # stencils: parts, languages and combinations
Decisive = tuple[tuple[str, Hashable], ...]


class Stencil(template.Node):
    """A part of a template, of which only the values are written anew."""

    def __init__(
        self,
        part: str,
        values: Mapping[str, FilterExpression],
        decisive: Mapping[str, FilterExpression],
    ) -> None:
        self._part, self._values, self._decisive = part, values, decisive

    def render(self, context: Context) -> SafeString:
        values = {name: asked.resolve(context) for name, asked in self._values.items()}
        decisive = {name: asked.resolve(context) for name, asked in self._decisive.items()}
        written = {name: _written(value) for name, value in values.items()}
        if settings.DEBUG or None in written.values():
            # A part that is being written is read each time.
            return SafeString(get_template(self._part).render({**decisive, **values}))
        before, rest = _cut(self._part, get_language(), tuple(values), tuple(decisive.items()))
        return SafeString(before + "".join([f"{written[name]}{behind}" for name, behind in rest]))


@register.tag
def stencil(parser: Parser, token: Token) -> Stencil:
    """Raises: TemplateSyntaxError where the part is not named in quotes, or a value has no name."""
    _tag, part, *given = token.split_contents()
    place = given.index(BY) if BY in given else len(given)
    if part[0] not in "\"'" or part[0] != part[-1]:
        raise template.TemplateSyntaxError("stencil: name the part in quotes")
    values, decisive = given[:place], given[place + 1 :]
    return Stencil(part[1:-1], _named(parser, values), _named(parser, decisive))


def _named(parser: Parser, given: list[str]) -> dict[str, FilterExpression]:
    pairs = [each.partition("=") for each in given]
    if any(not equals for _name, equals, _asked in pairs):
        raise template.TemplateSyntaxError("stencil: each value has a name")
    return {name: parser.compile_filter(asked) for name, _equals, asked in pairs}


def _written(value: object) -> str | None:
    """The value as a template shows it; None for what is neither a text nor a number of a row."""
    if type(value) is int and value >= 0:
        return str(value)
    return conditional_escape(value) if isinstance(value, str) else None


@lru_cache(KEPT)
def _cut(
    part: str, _language: str | None, names: tuple[str, ...], decisive: Decisive
) -> tuple[str, list[tuple[str, str]]]:
    """The text before the first value; then for each value its name and the text behind it."""
    stand_ins = {name: STAND_IN + place for place, name in enumerate(names)}
    whole = get_template(part).render({**dict(decisive), **stand_ins})
    by_text = {str(stand_in): name for name, stand_in in stand_ins.items()}
    pieces = re.split(f"({'|'.join(by_text)})", whole) if by_text else [whole]
    behind = zip(pieces[1::2], pieces[2::2], strict=True)
    return pieces[0], [(by_text[stand_in], text) for stand_in, text in behind]
