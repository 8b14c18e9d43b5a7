from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ModerationConfig(AppConfig):
    name = "forum.moderation"
    verbose_name = _("moderation")

    def ready(self) -> None:
        from accounts import personal_data, plugs

        # Importing a module with tasks registers them.
        from forum.live import streams
        from forum.moderation import (
            guard_holdings,
            holdings,
            holdings_of_rules,
            notices,
            reviewing,
            rulebook,
            telling,
            upkeep,  # noqa: F401
        )
        from forum.moderation.actions.keeping import note_document
        from forum.moderation.actions.verifying import note_verification
        from forum.moderation.live import DeskStream
        from forum.moderation.models import Desk
        from forum.moderation.verification import VerificationReview
        from forum.notifications import kinds

        streams.register(DeskStream())
        kinds.register(*telling.ALL)
        reviewing.register(VerificationReview())
        plugs.case_moved.append(note_verification)
        plugs.private_read.append(note_document)
        notices.sections.append(rulebook.named_section)
        personal_data.register(*holdings.ALL, *holdings_of_rules.ALL, guard_holdings.LISTED_WORDS)
        for model, reason in holdings_of_rules.IMPERSONAL.items():
            personal_data.register_impersonal(model, reason)
        personal_data.register_impersonal(Desk, "a number that counts changes")
