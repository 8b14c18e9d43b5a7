"""Pieces of pages kept ready-made in a cache of their own, the same for every viewer.

A key names a row and its change number, so a fragment is never wrong about its own row. What it
shows of other rows (names of people, organizations and categories) is covered by one number for
all: `forget_names` makes every fragment kept so far count as missing.
Source: docs/decisions/0016-fragment-cache.md.
"""

import hashlib
import logging
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache as once
from pathlib import Path

from django.conf import settings
from django.core.cache import caches
from django.db import transaction
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

logger = logging.getLogger(__name__)

ALIAS = "fragments"
KEPT_SECONDS = 60 * 60  # bounds what no key foresees, and the memory in Redis
NAMES = "names"  # the key of the number that stands for all names: when one changed, in ns
SETTLED_NS = 60 * 10**9  # longer than a request holds what it read of somebody
LOOKS = ("*.html", "*.mo")  # what fragments are made of besides their rows


@dataclass(frozen=True, slots=True)
class Found:
    """What was in the cache: fragments by their keys, and the number of the names they show."""

    fragments: Mapping[str, SafeString]
    names: int | None


def find(keys: Collection[str]) -> Found:
    """The fragments there are for these keys in the active language. One trip to the cache.

    Raises: nothing; without its cache everything is rendered anew, and the log says so.
    """
    places = {_place(key): key for key in keys}
    try:
        kept = caches[ALIAS].get_many([NAMES, *places])
    except Exception:  # every cache has its own errors, and none of them may fail a page
        logger.exception("The cache is away: fragments are not read")
        return Found({}, None)
    names = kept.pop(NAMES, None)
    fragments = {
        places[place]: mark_safe(html)  # noqa: S308  # written by `keep`, from a template
        for place, (number, html) in kept.items()
        if number == names
    }
    return Found(fragments, names)


def keep(fragments: Mapping[str, str], names: int | None) -> None:
    """Keep what was rendered after `find` gave this number. Raises: nothing."""
    try:
        if names is None:
            names = time.time_ns() - SETTLED_NS  # no name is known to have changed
            if not caches[ALIAS].add(NAMES, names, timeout=None):
                return  # another process began at this moment: the next page keeps its own
        values = {_place(key): (names, str(html)) for key, html in fragments.items()}
        if len(values) == 1:  # two thirds of the trip of many
            ((place, value),) = values.items()
            caches[ALIAS].set(place, value, timeout=KEPT_SECONDS)
        else:
            caches[ALIAS].set_many(values, timeout=KEPT_SECONDS)
    except Exception:  # as in `find`
        logger.exception("The cache is away: fragments are not kept")


def names() -> int | None:
    """The number that stands for all names today; None where there is none. Raises: nothing."""
    try:
        number: int | None = caches[ALIAS].get(NAMES)
    except Exception:  # as in `find`
        logger.exception("The cache is away: the names are not known")
        return None
    return number


def are_settled(names: int | None) -> bool:
    """Whether no name changed for a minute, by the number that `names` gave just now: then a name
    that this request read is the one of today. Not known without that number."""
    return names is not None and names <= time.time_ns() - SETTLED_NS


def forget_names() -> None:
    """After the commit: a name changed, and every fragment may show it. Raises: nothing."""
    transaction.on_commit(
        lambda: caches[ALIAS].set(NAMES, time.time_ns(), timeout=None), robust=True
    )


def _place(key: str) -> str:
    looks = _looks() if settings.DEBUG else _looks_of_this_start()
    return f"{looks}:{get_language()}:{key}"


@once
def _looks_of_this_start() -> str:
    return _looks()


def _looks() -> str:
    """Templates, translations and static addresses in one word: a new release starts empty."""
    digest = hashlib.sha256(static("icons.svg").encode())
    directories = list(settings.LOCALE_PATHS)
    directories.extend(settings.TEMPLATES[0]["DIRS"])  # type: ignore[arg-type]  # a list of paths
    for directory in directories:
        for file in sorted(path for look in LOOKS for path in Path(directory).rglob(look)):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
