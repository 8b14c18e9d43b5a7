from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SavedSearchesConfig(AppConfig):
    name = "forum.saved_searches"
    verbose_name = _("saved searches")

    def ready(self) -> None:
        from accounts import personal_data
        from forum.notifications import kinds as notifications
        from forum.notifications import plugs

        # Importing a module with tasks registers them.
        from forum.saved_searches import (
            holdings,
            kinds,
            upkeep,  # noqa: F401
        )
        from forum.saved_searches.actions import matching
        from forum.search import listening

        listening.listeners.append(matching.note_indexed)
        notifications.register(*kinds.ALL)
        plugs.gathering_places.append(kinds.PLACE)
        personal_data.register(*holdings.ALL)
