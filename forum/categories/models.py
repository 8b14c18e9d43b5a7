"""Where talk happens, and who may read and write there."""

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Mandate, Organization, User
from accounts.rules import Kind, Viewer
from forum.lib.numbering import Numbered
from forum.lib.prepared import Prepared


class CategoryQuerySet(models.QuerySet["Category"]):
    def readable_by(self, viewer: Viewer) -> "CategoryQuerySet":
        """Categories whose threads the viewer may read; a child needs its parent as well."""
        return self.filter(pk__in=readable_pks(viewer))

    def writable_by(self, viewer: Viewer) -> "CategoryQuerySet":
        """Categories where the viewer may start threads and reply."""
        if not isinstance(viewer, User) or not viewer.is_active or viewer.is_suspended:
            return self.none()
        readable = self.readable_by(viewer)
        if viewer.is_staff:
            return readable
        return readable.filter(
            Q(writers=Category.Writers.MEMBERS)
            | (Q(writers=Category.Writers.ORGANIZATIONS) & Q(_named(viewer)))
        )

    def roots(self) -> "CategoryQuerySet":
        return self.filter(parent=None)


def readable_pks(viewer: Viewer) -> RawSQL:
    """The categories of `readable_by`, for `filter(category__in=…)`.

    Nearly every page asks for them several times, and for the ORM to write that anew took as long
    as all the rest of a page of a list.
    """
    return _READABLE.inside(Kind.of(viewer), viewer=viewer.pk or 0)


def _readable(viewer: Viewer) -> QuerySet["Category"]:
    allowed = Category.objects.filter(_open_to(viewer)).order_by().values("pk")
    return Category.objects.filter(Q(parent=None) | Q(parent__in=allowed), pk__in=allowed)


_READABLE = Prepared(
    lambda kind, viewer: _readable(kind.viewer(viewer)).order_by().values_list("pk")
)


def _open_to(viewer: Viewer) -> Q:
    condition = Q(readers=Category.Readers.EVERYBODY)
    if not isinstance(viewer, User) or not viewer.is_active:
        return condition
    if viewer.is_staff:
        return Q()
    return (
        condition
        | Q(readers=Category.Readers.MEMBERS)
        | (Q(readers=Category.Readers.ORGANIZATIONS) & Q(_named(viewer)))
    )


def _named(viewer: User) -> Exists:
    """Whether the category names an organization in which the member holds a mandate."""
    return Exists(
        Category.organizations.through.objects.filter(
            category=OuterRef("pk"),
            organization__in=Mandate.objects.held_by(viewer).current().values("organization"),
        )
    )


class Category(Numbered):
    """A place for threads; its live stream tells which threads in it changed."""

    class Readers(models.TextChoices):
        EVERYBODY = "everybody", _("everybody, without an account")
        MEMBERS = "members", _("members only")
        ORGANIZATIONS = "organizations", _("named organizations only")
        STAFF = "staff", _("staff only")

    class Writers(models.TextChoices):
        MEMBERS = "members", _("every member who may read")
        ORGANIZATIONS = "organizations", _("named organizations only")
        STAFF = "staff", _("staff only")

    class Template(models.TextChoices):
        """The forms a new thread can begin with; what each asks is the discussions' matter."""

        QUESTION = "question", _("Question")
        PRACTICE = "practice", _("Good practice")
        PARTNER = "partner", _("Looking for a partner")
        REPORT = "report", _("Workshop report")

    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    description = models.CharField(_("description"), max_length=240, blank=True)
    description_en = models.CharField(_("description in English"), max_length=240, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    readers = models.CharField(
        _("who reads"), max_length=20, choices=Readers, default=Readers.EVERYBODY
    )
    writers = models.CharField(
        _("who writes"), max_length=20, choices=Writers, default=Writers.MEMBERS
    )
    organizations = models.ManyToManyField(
        Organization, blank=True, related_name="+", verbose_name=_("named organizations")
    )
    templates = models.JSONField(_("templates of threads"), default=list, blank=True)
    threads_count = models.PositiveIntegerField(default=0, editable=False)

    # Of this instance alone: the viewer for whom it was just found by `readable_by`.
    found_for: tuple[Kind, int | None] | None = None

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.called

    @property
    def is_open(self) -> bool:
        """Whether everybody may read what is in it, without an account."""
        everybody = self.Readers.EVERYBODY
        return self.readers == everybody and (self.parent is None or self.parent.is_open)

    @property
    def called(self) -> str:
        """The name in the reader's language."""
        return (self.name_en if get_language() == "en" else "") or self.name

    @property
    def about(self) -> str:
        """The description in the reader's language."""
        return (self.description_en if get_language() == "en" else "") or self.description
