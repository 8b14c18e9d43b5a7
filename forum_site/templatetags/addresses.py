"""`{% url %}` for addresses of numbers: worked out once, later the numbers are put in.

Asking Django's resolver was two fifths of what it took to render a post, which shows thirteen
addresses. Everything else of the tag is Django's own.
Source: docs/decisions/0048-lists-for-members.md.
"""

from functools import lru_cache

from django import template
from django.conf import settings
from django.template import defaulttags
from django.template.base import Parser, Token, Variable
from django.template.context import Context
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.html import escape
from django.utils.safestring import SafeString

register = template.Library()

# What stands for a number; no address holds it, and every converter of numbers takes it.
STAND_IN = 7_003_005_007_009_011_000
KEPT = 2_000  # addresses without their numbers
ADMIN = "admin:"  # may be there more than once: Django looks at the page's own


class Address(defaulttags.URLNode):
    """The tag, which asks the resolver only for what it has not asked before."""

    def __init__(self, node: defaulttags.URLNode) -> None:
        super().__init__(node.view_name, node.args, node.kwargs, node.asvar)
        name = node.view_name.var
        is_plain = not node.kwargs and isinstance(name, str) and not node.view_name.filters
        self._name = name if is_plain and not name.startswith(ADMIN) else ""
        # The words among the arguments; None where a number is to come.
        self._words = tuple(
            None if isinstance(arg.var, Variable) or arg.filters else arg.var for arg in node.args
        )

    def render(self, context: Context) -> SafeString:
        address = self._address(context) if self._name else None
        if address is None:
            return SafeString(super().render(context))
        if self.asvar:
            context[self.asvar] = address
            return SafeString()
        return SafeString(address)

    def _address(self, context: Context) -> str | None:
        parts = _parts(
            self._name, self._words, get_urlconf() or settings.ROOT_URLCONF, get_script_prefix()
        )
        if parts is None:
            return None
        address = parts[0]
        asked = (arg for arg, word in zip(self.args, self._words, strict=True) if word is None)
        for arg, behind in zip(asked, parts[1:], strict=True):
            number = arg.resolve(context)
            if type(number) is not int or number < 0:
                return None
            address += f"{number}{behind}"
        return address


@register.tag
def url(parser: Parser, token: Token) -> Address:
    """As Django's."""
    return Address(defaulttags.url(parser, token))


@lru_cache(KEPT)
def _parts(
    name: str, words: tuple[str | None, ...], _urlconf: str, _prefix: str
) -> tuple[str, ...] | None:
    """What stands before, between and behind the numbers; None where it is no such address."""
    count = words.count(None)
    stand_ins = iter(range(STAND_IN, STAND_IN + count))
    try:
        whole = reverse(name, args=[next(stand_ins) if each is None else each for each in words])
    except NoReverseMatch:
        return None
    parts, rest = [], whole
    for stand_in in range(STAND_IN, STAND_IN + count):
        before, found, rest = rest.partition(str(stand_in))
        if not found:
            return None
        parts.append(before)
    return None if escape(whole) != whole else (*parts, rest)
