from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "forum.search"
    verbose_name = _("search")

    def ready(self) -> None:
        from django.core import checks

        from accounts import personal_data

        # Importing a module with tasks registers them.
        from forum.search.actions import indexing, renewing  # noqa: F401
        from forum.search.checks import dictionary
        from forum.search.models import Entry

        checks.register(dictionary)
        copy = "a copy of posts for the search: it changes and goes with them"
        personal_data.register_impersonal(Entry, copy)
