from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DiscussionsConfig(AppConfig):
    name = "forum.discussions"
    verbose_name = _("discussions")

    def ready(self) -> None:
        from accounts import personal_data
        from accounts import plugs as plugs_of_accounts

        # Importing a module with tasks registers them.
        from forum.discussions import (
            holdings,
            kinds,
            letter,
            upkeep,  # noqa: F401
        )
        from forum.discussions.actions import following
        from forum.discussions.live import CategoryStream, ThreadStream
        from forum.discussions.models import FileText
        from forum.discussions.places import CategoryPlace, ThreadPlace
        from forum.discussions.reviewing import ReviewablePost
        from forum.discussions.reviewing_held import HeldTexts
        from forum.discussions.searching import PostSource
        from forum.discussions.searching_files import FileSource
        from forum.live import streams
        from forum.moderation import reviewing
        from forum.notifications import kinds as notifications
        from forum.notifications import places, plugs
        from forum.search import sources

        streams.register(ThreadStream())
        streams.register(CategoryStream())
        sources.register(PostSource())
        sources.register(FileSource())
        plugs_of_accounts.known_otherwise.append(following.follow)
        notifications.register(*kinds.ALL)
        plugs.letter_lines.append(letter.lines)
        plugs.letter_questions.append(letter.question)
        places.register(ThreadPlace(), CategoryPlace())
        reviewing.register(ReviewablePost())
        personal_data.register(*holdings.ALL)
        words = "a copy of what stands in an attached file: it goes with the file"
        personal_data.register_impersonal(FileText, words)
        reviewing.register(HeldTexts())
