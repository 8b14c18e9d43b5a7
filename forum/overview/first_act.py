"""Where somebody can begin: a place for a first post, and what they might write there."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import Viewer
from forum.categories.models import Category
from forum.discussions.templates_of_threads import PLAIN


@dataclass(frozen=True, slots=True)
class Example:
    """A question that might be asked, and the address of a new thread that begins with it."""

    title: str
    url: str


def place_for_first_post(viewer: Viewer) -> Category | None:
    """The liveliest category open to all, of those where the viewer may write; for a guest, where
    members may. Queries: one."""
    categories = Category.objects.readable_by(viewer)
    if isinstance(viewer, User):
        categories = Category.objects.writable_by(viewer)
    open_to_all = categories.filter(
        readers=Category.Readers.EVERYBODY, writers=Category.Writers.MEMBERS
    )
    return open_to_all.order_by("-threads_count", "position", "pk").first()


def first_thread_url(category: Category, title: str) -> str:
    """The address of the form of a new thread with this title in it."""
    start = reverse("discussions:start", args=[category.pk])
    return f"{start}?{urlencode({'template': PLAIN, 'title': title})}"


def examples(viewer: Viewer) -> list[Example]:
    """What organizations ask each other: money and dates, help, partners, what the office plans.

    Source: the reasons why organizations come at all, docs/decisions/0042-home-and-lists.md.
    Queries: one.
    """
    category = place_for_first_post(viewer)
    titles = [
        _("Which grants can still be applied for this year?"),
        _("How do you settle a grant when an invoice comes late?"),
        _("We look for a partner for an event in two communes"),
        _("What should change in next year's co-operation programme?"),
    ]
    return [
        Example(title, first_thread_url(category, title) if category else "") for title in titles
    ]
