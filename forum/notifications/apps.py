from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "forum.notifications"
    verbose_name = _("notifications")

    def ready(self) -> None:
        from accounts import personal_data, plugs
        from forum.live import streams

        # Importing a module with tasks registers them.
        from forum.notifications import (
            holdings,
            kinds,
            kinds_of_accounts,
            places,
            upkeep,  # noqa: F401
        )
        from forum.notifications.actions.steps import note_end_of, note_step
        from forum.notifications.stream import MemberStream

        streams.register(MemberStream())
        kinds.register(*kinds_of_accounts.ALL)
        places.register(places.OrganizationPlace())
        personal_data.register(*holdings.ALL)
        plugs.step_taken.append(note_step)
        plugs.mandate_ends.append(note_end_of)
