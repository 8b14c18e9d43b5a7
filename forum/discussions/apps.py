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
            kinds,
            letter,
            upkeep,  # noqa: F401
        )
        from forum.discussions.live import CategoryStream, ThreadStream
        from forum.discussions.places import CategoryPlace, ThreadPlace
        from forum.live import streams
        from forum.notifications import kinds as notifications
        from forum.notifications import places, plugs

        streams.register(ThreadStream())
        streams.register(CategoryStream())
        notifications.register(*kinds.ALL)
        plugs.letter_lines.append(letter.lines)
        plugs.letter_questions.append(letter.question)
        places.register(ThreadPlace(), CategoryPlace())
        personal_data.register(*holdings.ALL)
