"""What members look for again and again, and what was found for them."""

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from accounts.rules import Viewer
from forum.categories.models import Category
from forum.notifications.models.events import NAME_MAX_LENGTH
from forum.search.queries import CHARS_MAX

TITLE_MAX_LENGTH = 80


class SavedSearchQuerySet(models.QuerySet["SavedSearch"]):
    def readable_by(self, viewer: Viewer) -> "SavedSearchQuerySet":
        """One's own."""
        return self.filter(user=viewer) if isinstance(viewer, User) else self.none()

    def running(self) -> "SavedSearchQuerySet":
        """Those that tell of what is new, of members who may be told."""
        return self.filter(is_paused=False, user__is_active=True)

    def with_places(self) -> "SavedSearchQuerySet":
        """With what they are narrowed to."""
        return self.select_related("category", "organization")


class SavedSearch(models.Model):
    """A question of one member, kept to be asked of everything new."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    title = models.CharField(_("name"), max_length=TITLE_MAX_LENGTH, blank=True)
    text = models.CharField(max_length=CHARS_MAX)
    category = models.ForeignKey(Category, models.CASCADE, null=True, related_name="+")
    organization = models.ForeignKey(Organization, models.CASCADE, null=True, related_name="+")
    gmina = models.CharField(max_length=20, blank=True, choices=Organization.Gmina)
    is_official = models.BooleanField(default=False)
    has_files = models.BooleanField(default=False)
    is_paused = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=timezone.now)
    since = models.DateTimeField(default=timezone.now)  # what was written before is not new

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        indexes = [models.Index(fields=["user", "-made_at"], name="saved_searches_of_member")]

    def __str__(self) -> str:
        return self.called

    def get_absolute_url(self) -> str:
        """Its results, the newest first."""
        chosen = {
            "q": self.text,
            "category": self.category_id,
            "organization": self.organization_id,
            "gmina": self.gmina,
            "official": "on" if self.is_official else "",
            "attached": "on" if self.has_files else "",
            "order": "newest",
        }
        query = urlencode({name: value for name, value in chosen.items() if value})
        return f"{reverse('overview:search')}?{query}"

    @property
    def called(self) -> str:
        """Its name; without one, what is looked for."""
        return self.title or self.text


class Match(models.Model):
    """Something new that fits a saved search: the row that keeps a member from being told twice."""

    search = models.ForeignKey(SavedSearch, models.CASCADE, related_name="matches")
    about = models.CharField(max_length=NAME_MAX_LENGTH, db_index=True)  # as events name it
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("result of a saved search")
        verbose_name_plural = _("results of saved searches")
        constraints = [
            models.UniqueConstraint(fields=["search", "about"], name="one_match_of_a_search")
        ]

    def __str__(self) -> str:
        return f"{self.search_id} {self.about}"
