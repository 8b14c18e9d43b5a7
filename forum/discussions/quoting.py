"""A post quoted in the form that answers it, for browsers without scripts."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from forum.discussions.models import Post
from forum.lib import pictures
from forum.lib.body_field import body_initial
from forum.lib.markup import as_markdown
from forum.lib.mentions import with_names
from forum.lib.quoting import quotation


def appended(
    initial: Mapping[str, Any], post: Post, absolute: Callable[[str], str]
) -> dict[str, str]:
    """The beginning of the form's text with the post quoted behind it; nothing typed is lost."""
    url = absolute(post.get_absolute_url())
    typed = str(initial.get("body") or "")
    if url in typed:
        return {}  # The page was loaded again, and the draft holds the quote already.
    # A picture is shown in its own post only: a quote says what was on it.
    words = pictures.in_words(post.illustrated(with_names(post.html, post.names or {})))
    quote = quotation(words, by_line(post), url)
    if not typed:
        return body_initial(quote, "html")
    if initial.get("body_format") == "html":
        return body_initial(typed + quote, "html")
    return body_initial(f"{typed}\n\n{as_markdown(quote, 'html')}", "markdown")


def by_line(post: Post) -> str:
    """Who said it, in whose name, and in which post; the same words as those of the script."""
    name = post.author.display_name
    if post.organization is not None:
        name = f"{name}, {post.organization.name}"
    return _("%(name)s, post %(number)d") % {"name": name, "number": post.number}
