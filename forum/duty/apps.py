from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DutyConfig(AppConfig):
    name = "forum.duty"
    verbose_name = _("duty")

    def ready(self) -> None:
        from accounts import personal_data

        # Importing a module with tasks, or with checks, registers them.
        from forum.duty import checks, holdings, kinds, upkeep  # noqa: F401
        from forum.notifications import kinds as notifications

        notifications.register(*kinds.ALL)
        personal_data.register(*holdings.ALL)
        for model, reason in holdings.IMPERSONAL.items():
            personal_data.register_impersonal(model, reason)
