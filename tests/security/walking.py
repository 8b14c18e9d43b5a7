"""Every address of the forum, taken from the urlconf itself, filled in with things that are there.

A new door is walked as soon as it is in the urlconf; nobody needs to add it anywhere.
"""

import re
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern, RoutePattern

# What is tried for a part of an address, by the name of its converter's class.
VALUES = {
    "IntConverter": "1",
    "StringConverter": "x",
    "SlugConverter": "x",
    "PathConverter": "1",
    "UUIDConverter": "00000000-0000-4000-8000-000000000000",
}
# Converters of ours: an address of each kind as it stands in links.
GROUP = re.compile(r"\(\?P<\w+>([^()]*)\)")
OWN_VALUES = ("1", "x", "accounts", "post", "thread.1", "thread-1", "x.webp")


def addresses() -> Iterator[tuple[str, str]]:
    """The name of each address, and one path that leads to it."""
    yield from _within(get_resolver(None), "/", "")


def _within(resolver: URLResolver, prefix: str, namespace: str) -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        path = prefix + _filled(entry.pattern)
        if isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name or path}", path
        else:
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _within(entry, path, inner)


def _filled(pattern: RoutePattern | RegexPattern) -> str:
    if isinstance(pattern, RegexPattern):
        inside = str(pattern).removeprefix("^").removesuffix("$")
        return GROUP.sub(lambda found: _value_for(found[1]), inside).replace("\\", "")
    path = str(pattern._route)
    for name, converter in pattern.converters.items():
        kind = type(converter).__name__
        value = VALUES.get(kind) or _value_for(converter.regex)
        start = path.index("<")
        end = path.index(">", start)
        assert path[start:end].endswith(name)
        path = path[:start] + value + path[end + 1 :]
    return path


def _value_for(regex: str) -> str:
    fitting = [value for value in OWN_VALUES if re.fullmatch(regex, value)]
    assert fitting, f"a value that fits {regex} belongs into OWN_VALUES"
    return fitting[0]
