from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DiscussionsConfig(AppConfig):
    name = "forum.discussions"
    verbose_name = _("discussions")

    def ready(self) -> None:
        from accounts import personal_data

        # Importing a module with tasks registers them.
        from forum.discussions import (
            holdings,
            upkeep,  # noqa: F401
        )
        from forum.discussions.live import CategoryStream, ThreadStream
        from forum.discussions.searching import PostSource
        from forum.live import streams
        from forum.search import sources

        streams.register(ThreadStream())
        streams.register(CategoryStream())
        sources.register(PostSource())
        personal_data.register(*holdings.ALL)
