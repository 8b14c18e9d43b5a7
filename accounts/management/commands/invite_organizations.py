"""Invite the organizations that nobody speaks for yet, in waves."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts import actions
from accounts.models import User
from forum.lib.answers import Refused

WAVE = 20  # letters, as many answers as one adviser sees to in a week


class Command(BaseCommand):
    help = "Writes to the public addresses of organizations that nobody speaks for yet."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--by", required=True, help="the adviser's e-mail address")
        parser.add_argument("--count", type=int, default=WAVE, help=f"letters, {WAVE} by default")
        parser.add_argument(
            "--dry-run", action="store_true", help="say who would be written to, and write nothing"
        )

    def handle(self, *, by: str, count: int, dry_run: bool, **options: Any) -> None:
        if count < 1:
            raise CommandError(_("A wave has at least one letter."))
        waiting = actions.waiting_for_a_letter()
        wave = list(waiting[:count]) if dry_run else self._written(by, count)
        for organization in wave:
            self.stdout.write(f"{organization.name} <{organization.email}>")
        if dry_run:
            self.stdout.write(_("This was a preview: nothing was sent."))
        left = waiting.count() - (len(wave) if dry_run else 0)
        self.stdout.write(
            _("Written to: %(done)d. Still waiting: %(left)d.") % {"done": len(wave), "left": left}
        )

    def _written(self, by: str, count: int) -> list[Any]:
        adviser = User.objects.filter(email=by.strip().lower()).first()
        if adviser is None:
            raise CommandError(_("Nobody has the address %s.") % by)
        try:
            return actions.invite_wave(actor=adviser, count=count)
        except Refused as refused:
            raise CommandError(str(refused.refusal.sentence)) from refused
