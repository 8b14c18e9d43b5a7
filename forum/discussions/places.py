"""Threads and categories as places that members follow; plugged into the registry by apps.py."""

from collections.abc import Collection

from django.urls import reverse

from accounts.models import User
from forum.categories.models import Category
from forum.discussions.models import Thread
from forum.notifications.places import Named, PlaceKind


def place_of_thread(pk: int) -> str:
    """The name that follows and notifications have for a thread."""
    return f"thread.{pk}"


def place_of_category(pk: int) -> str:
    """The name that follows and notifications have for a category."""
    return f"category.{pk}"


def address_of_category(pk: int) -> str:
    """The category's page."""
    return reverse("discussions:category", args=[pk])


class ThreadPlace(PlaceKind):
    kind = "thread"

    def readable(self, member: User, pks: Collection[int]) -> dict[int, Named]:
        found = Thread.objects.readable_by(member).filter(pk__in=pks)
        return {
            each.pk: Named(each.title, each.get_absolute_url(), each.language) for each in found
        }


class CategoryPlace(PlaceKind):
    kind = "category"

    def readable(self, member: User, pks: Collection[int]) -> dict[int, Named]:
        found = Category.objects.readable_by(member).filter(pk__in=pks)
        return {each.pk: Named(each.called, address_of_category(each.pk)) for each in found}
