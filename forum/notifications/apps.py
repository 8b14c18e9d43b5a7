from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "forum.notifications"
    verbose_name = _("notifications")

    def ready(self) -> None:
        from accounts import personal_data
        from accounts import plugs as plugs_of_accounts
        from forum.jobs import mail
        from forum.live import streams

        # Importing a module with tasks registers them.
        from forum.notifications import (
            bounces,
            delivering,  # noqa: F401
            delivering_letters,  # noqa: F401
            holdings,
            holdings_of_channels,
            kinds,
            kinds_of_accounts,
            letter_of_accounts,
            places,
            plugs,
            upkeep,  # noqa: F401
        )
        from forum.notifications.actions.steps import note_end_of, note_step
        from forum.notifications.stream import MemberStream

        streams.register(MemberStream())
        kinds.register(*kinds_of_accounts.ALL)
        places.register(places.OrganizationPlace())
        personal_data.register(*holdings.ALL, *holdings_of_channels.ALL)
        plugs_of_accounts.step_taken.append(note_step)
        plugs_of_accounts.mandate_ends.append(note_end_of)
        mail.recipients_refused.append(bounces.note_refused)
        plugs.letter_lines.append(letter_of_accounts.lines)
