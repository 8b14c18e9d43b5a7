"""`manage.py doctor`: what is wrong with the installation, and what to do about it."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from forum_site.doctoring import Finding, Look, State, clock, disk, keys, mail, parts, site

LOOKS: tuple[Look, ...] = (
    parts.database,
    parts.redis,
    parts.worker,
    parts.jobs,
    parts.read_only,
    mail.outgoing,
    mail.sender,
    mail.incoming,
    clock.clocks,
    clock.time_zone,
    keys.secret,
    keys.push,
    keys.second_factors,
    disk.room,
    disk.database_size,
    site.address,
    site.certificate,
)
MARKS = {State.WELL: _("well"), State.NOTICE: _("NOTICE"), State.FAULT: _("FAULT")}


class Command(BaseCommand):
    help = "Looks at mail, clock, keys, disk and all else; ends with 1 where something is broken."
    # A check that fails would keep it from saying what is wrong.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="for a program that watches")

    def handle(self, *, json: bool, **_options: Any) -> None:
        with translation.override(settings.LANGUAGE_CODE):
            found = list(findings())
            if json:
                self._as_json(found)
            else:
                self._as_lines(found)
        if any(each.state is State.FAULT for each in found):
            raise SystemExit(1)

    def _as_json(self, found: list[Finding]) -> None:
        self.stdout.write(
            json.dumps([asdict(each) for each in found], ensure_ascii=False, indent=1)
        )

    def _as_lines(self, found: list[Finding]) -> None:
        styles = {
            State.WELL: self.style.SUCCESS,
            State.NOTICE: self.style.WARNING,
            State.FAULT: self.style.ERROR,
        }
        for each in found:
            mark = styles[each.state](f"{MARKS[each.state]:<7}")
            self.stdout.write(f"{mark} {each.what}: {each.how}")
            if each.do:
                self.stdout.write(f"        → {each.do}")


def findings() -> Iterator[Finding]:
    """What every look found, one after the other."""
    for look in LOOKS:
        yield from look()
