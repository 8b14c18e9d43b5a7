from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OverviewConfig(AppConfig):
    name = "forum.overview"
    verbose_name = _("overview")

    def ready(self) -> None:
        from accounts import plugs
        from forum.overview import background

        plugs.facts_wanted.append(background.ask_register.enqueue)
