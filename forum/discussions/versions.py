"""What a post said before: its versions in pairs, the newest change first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from django.db.models import Q

from forum.discussions.mentioning import names_of
from forum.discussions.models import Post, Revision
from forum.discussions.templates_of_threads import Filled, summary, summary_text
from forum.lib.differences import Piece, differences, shortened
from forum.lib.markup import plain_text
from forum.lib.mentions import keys_in
from forum.lib.mentions import shown as shown_html
from forum.lib.pages import Page, key_of, parse_key
from forum.lib.pictures import in_words

PAGE_SIZE = 5  # changes: each is computed when it is read


@dataclass(frozen=True, slots=True)
class Version:
    """One text of the post, and how it differs from the one before; the first stands alone."""

    written_at: datetime
    html: str
    is_current: bool = False
    is_first: bool = False
    summary: list[Filled] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)  # empty where only the formatting changed


def versions_of(post: Post, before: str, address: str) -> Page[Version]:
    """The page of versions that begins with the revision of the key; without one, with the
    current text. Queries: one, at most two more where somebody is mentioned.
    """
    revisions = Revision.objects.filter(post=post).order_by("-replaced_at", "-pk")
    key = parse_key(before)
    chain: list[Post | Revision] = []
    if key is None:
        chain.append(post)
    else:
        moment, pk = key
        revisions = revisions.filter(Q(replaced_at__lt=moment) | Q(replaced_at=moment, pk__lte=pk))
    chain += revisions[: PAGE_SIZE + 2 - len(chain)]
    has_later = len(chain) > PAGE_SIZE + 1
    shown = chain[: PAGE_SIZE + 1]
    last = shown[-1] if shown else None
    names = names_of(keys_in(version.html for version in shown))
    texts = {version: shown_html(version.html, names) for version in shown}
    later = ""
    if has_later and isinstance(last, Revision):
        later = f"{address}?before={key_of(last.replaced_at, last.pk)}"
    versions = _versions(post, shown, texts, has_first=not has_later)
    return Page(versions, later_url=later, first_url=address if key else "")


def _versions(
    post: Post,
    chain: Sequence[Post | Revision],
    texts: Mapping[Post | Revision, str],
    *,
    has_first: bool,
) -> list[Version]:
    versions = [
        Version(
            _written_at(newer),
            post.illustrated(texts[newer]),
            is_current=isinstance(newer, Post),
            pieces=_pieces(_words(post, older, texts[older]), _words(post, newer, texts[newer])),
        )
        for newer, older in pairwise(chain)
    ]
    if has_first and chain:
        first = chain[-1]
        is_current = isinstance(first, Post)
        versions.append(
            Version(
                _written_at(first),
                post.illustrated(texts[first]),
                is_current=is_current,
                is_first=True,
                summary=summary(post.template, first.filled),
            )
        )
    return versions


def _written_at(version: Post | Revision) -> datetime:
    if isinstance(version, Revision):
        return version.written_at
    return version.edited_at or version.created_at


def _words(post: Post, version: Post | Revision, html: str) -> str:
    """All that the version says: what was filled into the form of the post, and the text."""
    text = plain_text(in_words(post.illustrated(html)))
    filled = summary_text(post.template, version.filled)
    return f"{filled}\n\n{text}" if filled else text


def _pieces(old: str, new: str) -> list[Piece]:
    return shortened(differences(old, new)) if old != new else []
