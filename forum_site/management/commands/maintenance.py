"""`manage.py maintenance on|off|status`: everybody reads, nobody writes."""

import time
from argparse import ArgumentParser
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from forum.operation.actions import begin_maintenance, end_maintenance
from forum.operation.maintenance import LOOK_S, look
from forum.operation.models import Maintenance
from forum_site.read_only import sentence_of

NOTICED_S = LOOK_S * 2  # every process has looked by then
DAY = timedelta(days=1)
REASON_MAX_CHARS = Maintenance._meta.get_field("reason").max_length or 0


class Command(BaseCommand):
    help = "Makes the forum read-only for a while, and writable again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["on", "off", "status"])
        parser.add_argument("--reason", default="", help="a sentence that everybody reads")
        parser.add_argument("--until", default="", help="21:30, or 2026-11-26 21:30: what is hoped")

    def handle(self, *, what: str, reason: str, until: str, **_options: Any) -> None:
        with translation.override(settings.LANGUAGE_CODE):
            getattr(self, f"_{what}")(reason.strip(), until.strip())

    def _on(self, reason: str, until: str) -> None:
        if len(reason) > REASON_MAX_CHARS:
            raise CommandError(
                _("The reason may have %(count)s characters.") % {"count": REASON_MAX_CHARS}
            )
        begin_maintenance(reason=reason, until=moment(until) if until else None)
        self.stdout.write(_("Waiting until every process knows …"))
        self.stdout.flush()
        time.sleep(NOTICED_S)
        self._status()
        self.stdout.write(
            _("What was begun before is still being finished: wait a moment before you go on.")
        )

    def _off(self, _reason: str, _until: str) -> None:
        was_on = end_maintenance()
        self.stdout.write(
            _("Everybody can write again.") if was_on else _("There was no maintenance.")
        )

    def _status(self, _reason: str = "", _until: str = "") -> None:
        state = look()
        self.stdout.write(sentence_of(state) if state else _("There is no maintenance."))


def moment(text: str) -> datetime:
    """The moment that an operator writes: an hour is the next time the clock shows it.

    Units: the forum's own time zone. Raises: CommandError for what is no time, or is over.
    """
    now = timezone.localtime()
    try:
        if len(text) <= len("00:00"):
            hour = datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007  # made aware below
            naive = datetime.combine(now.date(), hour)
            found = timezone.make_aware(naive)
            return found if found > now else timezone.make_aware(naive + DAY)
        found = timezone.make_aware(datetime.fromisoformat(text).replace(tzinfo=None))
    except ValueError:
        raise CommandError(_("Write the time as 21:30 or 2026-11-26 21:30.")) from None
    if found <= now:
        raise CommandError(_("That moment is over."))
    return found
