"""Rows of threads in lists, as HTML: rendered once for all readers, for pages and catch-ups alike.

What a row shows stands in its key, so that no change of a thread can be forgotten here.
Source: docs/decisions/0016-fragment-cache.md.
"""

import hashlib
from collections.abc import Sequence

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from forum.discussions.models import Thread
from forum.lib import fragments


def with_rows(threads: Sequence[Thread]) -> list[Thread]:
    """The threads of `for_listing`, each with its `row`. Queries: none."""
    for thread, row in zip(threads, rows_of(threads), strict=True):
        thread.row = row  # type: ignore[attr-defined]  # read by _threads.html
    return list(threads)


def rows_of(threads: Sequence[Thread]) -> list[SafeString]:
    """The row of each thread of `for_listing`. Queries: none."""
    if not threads:
        return []
    keys = [_key(thread) for thread in threads]
    found = fragments.find(keys)
    missing = {
        key: rendered_row(thread)
        for key, thread in zip(keys, threads, strict=True)
        if key not in found.fragments
    }
    if missing:
        fragments.keep(missing, found.names)
    rows = {**missing, **found.fragments}
    return [rows[key] for key in keys]


def rendered_row(thread: Thread) -> SafeString:
    """The row, rendered now."""
    return SafeString(render_to_string("discussions/_thread_row.html", {"thread": thread}))


def _key(thread: Thread) -> str:
    last = thread.last_post
    shown = (
        [getattr(thread, field.attname) for field in Thread._meta.concrete_fields],
        (thread.voice_name, thread.is_official, thread.waits, thread.category.called),
        last.voice_name if last else "",
    )
    return f"row:{thread.pk}:{hashlib.blake2b(repr(shown).encode(), digest_size=12).hexdigest()}"
