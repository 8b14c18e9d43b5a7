"""Unsent texts: the place each belongs to, and how a form begins with one.

Source: docs/decisions/0014-drafts.md.
"""

from collections.abc import Mapping
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls.converters import StringConverter

from accounts.models import User
from accounts.rules import Viewer
from forum.categories.models import Category
from forum.discussions import rules
from forum.discussions.mentioning import draft_of_today
from forum.discussions.models import Draft, Post, Thread
from forum.discussions.templates_of_threads import TEMPLATES
from forum.lib.answers import Answer
from forum.lib.body_field import body_initial
from forum.lib.prepared import Prepared

FIELD_PREFIX = "field_"  # of the names that the fields of a thread's form have

Place = Thread | Category | Post

_DRAFT = Prepared(lambda viewer, context: Draft.objects.filter(user=viewer, context=context))


class ContextConverter(StringConverter):
    """A place's name in an address: one name each, and no pk that a database could not hold."""

    regex = (
        "(?:(?:thread|post)-[1-9][0-9]{0,17}"
        f"|category-[1-9][0-9]{{0,17}}(?:-(?:{'|'.join(TEMPLATES)}))?)"
    )


def context_of(place: Place, template: str = "") -> str:
    """The name of the place: a reply in a thread, a new thread in a category, an edit of a post.

    Each form for new threads of a category is a place of its own.
    """
    name = f"{place._meta.model_name}-{place.pk}"
    return f"{name}-{template}" if template else name


def template_of(context: str) -> str:
    """The form for new threads that the place is; empty for every other place."""
    return "".join(context.split("-")[2:3])


def readable_place(user: User, context: str) -> Place:
    """The place where the member writes. Raises: Http404 where they may not read it.

    A post is a place for its author only.
    """
    kind, pk = context.split("-")[:2]
    if kind == "category":
        return get_object_or_404(Category.objects.readable_by(user), pk=pk)
    if kind == "post":
        own = Post.objects.readable_by(user).filter(author=user)
        return get_object_or_404(own.select_related("thread__category"), pk=pk)
    return get_object_or_404(Thread.objects.readable_by(user).select_related("category"), pk=pk)


def may_send(user: User, place: Place, template: str = "") -> Answer:
    """Whether what is written there could be sent now."""
    if isinstance(place, Category):
        return rules.may_start(user, place, template)
    if isinstance(place, Post):
        return rules.may_edit(user, place)
    return rules.may_reply(user, place)


def draft_of(viewer: Viewer, place: Place, template: str = "") -> Draft | None:
    """What the viewer wrote there and did not send. Queries: 1 for a member, none for a guest."""
    if not isinstance(viewer, User):
        return None
    draft: Draft | None = _DRAFT.object(viewer=viewer.pk, context=context_of(place, template))
    return draft


def field_initial(filled: Mapping[str, str]) -> dict[str, str]:
    """The beginning of the fields of a thread's form."""
    return {FIELD_PREFIX + key: value for key, value in filled.items()}


def initial_of(draft: Draft | None) -> dict[str, Any]:
    """The beginning of a form that goes on with the draft; empty without one."""
    if draft is None:
        return {}
    return {
        **body_initial(draft_of_today(draft), draft.body_format),
        **field_initial(draft.filled),
        "title": draft.title,
        "parent": draft.parent_number,
        "voice": draft.organization_id,
        "about_office": draft.is_about_office,
        "draft": draft.version,
        "context": draft.context,
    }
