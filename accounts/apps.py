from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("accounts")

    def ready(self) -> None:
        from accounts import holdings, holdings_of_organizations, personal_data

        personal_data.register(*holdings.ALL, traces=holdings.TRACES)
        for model, reason in holdings_of_organizations.IMPERSONAL.items():
            personal_data.register_impersonal(model, reason)
