"""Whom texts mention: what a post may take in, and the names of today for whatever is shown.

Source: docs/decisions/0018-mentions.md.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.urls import NoReverseMatch, reverse

from accounts.models import Organization, User
from forum.categories.models import Category
from forum.categories.rules import who_may_read
from forum.discussions.models import Draft, Post
from forum.lib import mentions
from forum.lib.markup import TooLong, clean_html, plain_text, render
from forum.lib.mention_sources import keys_in_source, names_typed, recognized, renamed
from forum.lib.mentions import Named

ORGANIZATION_PAGE = "organizations:profile"

Names = dict[str, Named]


@dataclass(frozen=True, slots=True)
class Words:
    """A text as a post takes it in: every mention in it means somebody who may read it there."""

    source: str
    html: str
    called: tuple[str, ...] = ()  # keys, as many as one post may call
    before: str = ""  # the HTML so far, with the names of today


def words_for(category: Category, body: str, body_format: str, before: str = "") -> Words:
    """The text for a post in the category; `before` is the HTML that the post had so far.

    Whoever may not read there becomes mere words, exactly as somebody who does not exist: so a
    made-up key tells nobody a name. Queries: none without an "@", four at most.
    Raises: TooLong.
    """
    html = render(body, body_format)
    if "@" not in html:
        return Words(body, html, before=before)
    readers = who_may_read(category)
    body, html = _with_typed_names(body, body_format, html, readers)
    names = names_of(mentions.keys_in([html]), among=readers)
    # Whom the post mentioned before, it may go on to mention.
    names |= names_of(mentions.keys_in([before]) - names.keys())
    html = _named_anew(html, names)
    called = tuple(mentions.called_in(html)[: mentions.MAX_CALLED])
    return Words(body, html, called, mentions.with_names(before, names))


def names_of(keys: Collection[str], among: QuerySet[User] | None = None) -> Names:
    """What these keys are called today; an unknown key has no name.

    Queries: one where members are among the keys, one where organizations are.
    """
    pks: dict[str, set[int]] = {"member": set(), "organization": set()}
    for key in keys:
        kind, pk = key.split("-")
        pks[kind].add(int(pk))
    names: Names = {}
    if pks["member"]:
        members = (User.objects.all() if among is None else among).filter(pk__in=pks["member"])
        for member, name in members.values_list("pk", "display_name"):
            names[f"member-{member}"] = Named(name)
    if pks["organization"]:
        for each in Organization.objects.filter(pk__in=pks["organization"]):
            names[key_of(each)] = Named(each.called, _address_of(each))
    return names


def key_of(somebody: User | Organization) -> str:
    """The key that a mention keeps."""
    return f"{'member' if isinstance(somebody, User) else 'organization'}-{somebody.pk}"


def with_names(posts: Iterable[Post]) -> list[Post]:
    """The posts, each with the names of today for its `words`.

    Queries: none where nobody is mentioned, two at most.
    """
    posts = list(posts)
    names = names_of(mentions.keys_in(post.html for post in posts))
    for post in posts:
        post.names = names
    return posts


def source_of_today(post: Post) -> str:
    """The post's source with the names of today, ready to be edited.

    Only of whom its HTML mentions: a made-up key stays in the source and tells no name.
    Queries: none without mentions.
    """
    keys = keys_in_source(post.source) & mentions.keys_in([post.html])
    return renamed(post.source, post.source_format, names_of(keys)) if keys else post.source


def draft_of_today(draft: Draft) -> str:
    """The draft's text with the names of today, of members who may read its place.

    Queries: none without mentions.
    """
    keys = keys_in_source(draft.body)
    if not keys:
        return draft.body
    thread = draft.post.thread if draft.post is not None else draft.thread
    category = thread.category if thread is not None else draft.category
    readers = who_may_read(category) if category is not None else User.objects.none()
    return renamed(draft.body, draft.body_format, names_of(keys, among=readers))


def plain_texts(htmls: Iterable[str]) -> list[str]:
    """The words of many texts with the names of today. Queries: none without mentions."""
    htmls = list(htmls)
    names = names_of(mentions.keys_in(htmls))
    return [plain_text(mentions.with_names(html, names)) for html in htmls]


def _with_typed_names(
    body: str, body_format: str, html: str, readers: QuerySet[User]
) -> tuple[str, str]:
    """Source and HTML with names typed in full as mentions, where the text has room for them."""
    keys = _keys_of(names_typed(plain_text(html)), readers)
    if not keys:
        return body, html
    try:
        source = recognized(body, body_format, keys)
        return source, render(source, body_format)
    except TooLong:
        return body, html


def _named_anew(html: str, names: Names) -> str:
    named = mentions.with_names(html, names)
    try:
        return clean_html(named)  # words that were a mention may hold an address
    except TooLong:
        return named  # it was short enough as it was typed: no reason to lose it


def _keys_of(typed: Collection[str], readers: QuerySet[User]) -> dict[str, str]:
    """The keys of the names that mean one member or organization and no other."""
    if not typed:
        return {}
    found: dict[str, set[str]] = {}
    for pk, name in readers.filter(display_name__in=typed).values_list("pk", "display_name"):
        found.setdefault(name, set()).add(f"member-{pk}")
    named = Organization.objects.filter(Q(name__in=typed) | Q(short_name__in=typed))
    for each in named:
        for name in {each.name, each.short_name} & set(typed):
            found.setdefault(name, set()).add(key_of(each))
    return {name: keys.pop() for name, keys in found.items() if len(keys) == 1}


def _address_of(organization: Organization) -> str:
    """Its page, where the forum has pages of organizations."""
    try:
        return reverse(ORGANIZATION_PAGE, args=[organization.pk])
    except NoReverseMatch:
        return ""
