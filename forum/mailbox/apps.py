from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class MailboxConfig(AppConfig):
    name = "forum.mailbox"
    verbose_name = _("answers by e-mail")

    def ready(self) -> None:
        from accounts import personal_data

        # Importing a module with tasks, or with checks, registers them.
        from forum.mailbox import checks, holdings, offering, upkeep  # noqa: F401
        from forum.mailbox.actions import settling  # noqa: F401
        from forum.notifications import plugs

        if settings.IMAP_URL:
            from forum.mailbox import polling  # noqa: F401

        personal_data.register(*holdings.ALL)
        plugs.reply_places.append(offering.reply_place)
        plugs.mail_acts.append(offering.mail_acts)
