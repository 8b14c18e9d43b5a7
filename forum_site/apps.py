from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "forum_site"
    verbose_name = "Forum NGO"

    def ready(self) -> None:
        from forum_site import checks, daily  # noqa: F401  # registers them
