"""Who may start threads and reply in a category."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Mandate, User
from accounts.rules import Kind, Viewer, is_standing
from forum.categories.models import Category
from forum.lib.answers import Answer, Refusal
from forum.lib.prepared import Prepared

_READABLE = Prepared(
    lambda kind, viewer, pk: (
        Category.objects.readable_by(kind.viewer(viewer)).filter(pk=pk).order_by().values_list("pk")
    )
)


def found_for(viewer: Viewer, category: Category) -> Category:
    """The category, just found by `readable_by` for the viewer: `may_read` need not ask again.

    For what is shown at once; an action asks of the category that it read with its lock.
    """
    category.found_for = (Kind.of(viewer), viewer.pk)
    return category


def may_read(viewer: Viewer, category: Category) -> Answer:
    """The single form of Category.objects.readable_by."""
    if category.found_for is not None and category.found_for == (Kind.of(viewer), viewer.pk):
        return True
    if _READABLE.first(Kind.of(viewer), viewer=viewer.pk or 0, pk=category.pk):
        return True
    return Refusal(_("You may not read this category."))


def who_may_read(category: Category) -> QuerySet[User]:
    """The members who may read the category: may_read asked the other way."""
    readers = User.objects.filter(is_active=True)
    for each in filter(None, (category, category.parent)):
        if each.readers == Category.Readers.STAFF:
            readers = readers.filter(is_staff=True)
        elif each.readers == Category.Readers.ORGANIZATIONS:
            named = Mandate.objects.current().filter(organization__in=each.organizations.all())
            readers = readers.filter(Q(is_staff=True) | Q(pk__in=named.values("user")))
    return readers


def may_write(viewer: Viewer, category: Category) -> Answer:
    """Whether the viewer may start threads and reply here."""
    if not isinstance(viewer, User):
        return Refusal(_("Log in to write."))
    standing = is_standing(viewer)
    if isinstance(standing, Refusal):
        return standing
    if not may_read(viewer, category):
        return Refusal(_("You may not read this category."))
    if viewer.is_staff or category.writers == Category.Writers.MEMBERS:
        return True
    if category.writers == Category.Writers.STAFF:
        return Refusal(_("Only the staff of the forum writes in this category."))
    mandates = Mandate.objects.held_by(viewer).current()
    if category.organizations.filter(mandates__in=mandates).exists():
        return True
    return Refusal(_("Only the organizations named for this category write here."))
