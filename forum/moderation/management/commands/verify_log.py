"""Proof that no decision was changed, removed or put in between."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from forum.moderation import chain
from forum.moderation.models import Decision


class Command(BaseCommand):
    help = "Checks the chain of decisions; ends with 1 and names the first one that is broken."

    def handle(self, *args: Any, **options: Any) -> None:
        missing = chain.guards_missing()
        if missing:
            names = ", ".join(missing)
            raise CommandError(
                _("The database does not guard decisions: %(names)s") % {"names": names}
            )
        broken = chain.first_broken()
        if broken is not None:
            raise CommandError(
                _("The chain is broken at decision %(number)d.") % {"number": broken}
            )
        last = Decision.objects.order_by("-number").first()
        if last is None:
            self.stdout.write(_("There is no decision yet."))
            return
        # Kept elsewhere, these lines show later whether the end of the chain was cut off.
        self.stdout.write(_("The chain holds up to decision %(number)d.") % {"number": last.number})
        self.stdout.write(last.hash)
