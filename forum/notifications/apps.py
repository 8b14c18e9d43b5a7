from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "forum.notifications"
    verbose_name = _("notifications")

    def ready(self) -> None:
        # Importing a module with tasks registers them.
        from forum.notifications.actions import looking_again, spreading  # noqa: F401
