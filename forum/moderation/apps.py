from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ModerationConfig(AppConfig):
    name = "forum.moderation"
    verbose_name = _("moderation")

    def ready(self) -> None:
        from accounts import personal_data

        # Importing a module with tasks registers them.
        from forum.live import streams
        from forum.moderation import (
            guard_holdings,
            holdings,
            upkeep,  # noqa: F401
        )
        from forum.moderation.live import DeskStream
        from forum.moderation.models import Desk

        streams.register(DeskStream())
        personal_data.register(*holdings.ALL, guard_holdings.LISTED_WORDS)
        personal_data.register_impersonal(Desk, "a number that counts changes")
