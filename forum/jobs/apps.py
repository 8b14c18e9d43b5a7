from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "forum.jobs"
    verbose_name = _("jobs")

    def ready(self) -> None:
        # Importing a module with tasks registers them.
        from forum.jobs import mail, upkeep  # noqa: F401
