"""Make the key by which push services know this forum again."""

from typing import Any

from django.core.management.base import BaseCommand

from forum.notifications.push import sealing


class Command(BaseCommand):
    help = (
        "Prints a new VAPID_PRIVATE_KEY for the environment. Devices that were switched on with "
        "another key must be switched on again; until then their members get mail."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"VAPID_PRIVATE_KEY={sealing.new_private_key()}")
