"""Whose words a post quotes, told by the lines that lead to their places."""

import re
from functools import reduce
from operator import or_
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q

from forum.discussions.models import Post, PostQuerySet

# The line above a quotation, as forum.lib.quoting and js/composer/quotation.js write it.
SOURCE = re.compile(r'<blockquote><p><a href="([^"]*/threads/([0-9]{1,18})/posts/([0-9]{1,9})/)"')
MAX_QUOTED = 20  # posts that one post may quote and have told


def places_in(html: str) -> list[tuple[int, int]]:
    """Thread and number of each post that the clean HTML quotes, once each."""
    found = [
        (int(thread), int(number)) for url, thread, number in SOURCE.findall(html) if _is_here(url)
    ]
    return list(dict.fromkeys(found))[:MAX_QUOTED]


def posts_quoted_in(html: str) -> PostQuerySet:
    """The posts that the clean HTML quotes; one that moved, where it is now.

    Queries: none where nothing is quoted, else one when it is read.
    """
    places = places_in(html)
    if not places:
        return Post.objects.none()
    at = reduce(or_, (Q(thread=thread, number=number) for thread, number in places))
    named = Post.objects.filter(at)
    return Post.objects.filter(
        Q(pk__in=named.exclude(state=Post.State.MOVED).values("pk"))
        | Q(pk__in=named.filter(state=Post.State.MOVED).values("moved_to"))
    )


def _is_here(url: str) -> bool:
    host = urlsplit(url).hostname
    ours = {urlsplit(settings.SITE_URL).hostname, *settings.ALLOWED_HOSTS}
    return host is None or host in ours
