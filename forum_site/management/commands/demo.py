"""`manage.py demo`: a small county to click through."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from forum.moderation.actions.rulebook import publish_first_rules
from forum.search.actions import catch_up
from forum_site.demo.cases import build_cases
from forum_site.demo.county import PASSWORD, build_county
from forum_site.demo.desk import build_desk
from forum_site.demo.talk import build_talk

# The demo is a Polish county, and so are these words: whoever opens it reads them first.
ACCOUNTS = [
    ("członkini (głos własny)", "czlonkini@example.org"),
    ("reprezentant organizacji", "reprezentant@example.org"),
    ("doradca ds. organizacji", "doradca@example.org"),
    ("administrator", "administrator@example.org"),
    ("moderator z wyboru", "wojciech.luczak@example.org"),
]


class Command(BaseCommand):
    help = "Builds the demo county; what is there already stays as it is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--anyway", action="store_true", help="also where DEBUG is off")
        parser.add_argument("--quiet", action="store_true", help="print nothing")
        parser.add_argument(
            "--empty-only", action="store_true", help="do nothing where there is a member already"
        )

    def handle(self, **options: Any) -> None:
        if not settings.DEBUG and not options["anyway"]:
            raise CommandError(
                "The demo county has known passwords, and DEBUG is off here. "
                "Where you want it nevertheless: manage.py demo --anyway"
            )
        if options["empty_only"] and User.objects.exists():
            return
        build()
        catch_up()
        if not options["quiet"]:
            self.stdout.write(_table())


@transaction.atomic
def build() -> None:
    """Add what is missing of the demo county, all or nothing."""
    now = timezone.now()
    publish_first_rules()
    county = build_county(now)
    build_talk(county, now)
    build_cases(county, now)
    build_desk(county, now)


def _table() -> str:
    rows = [("konto", "adres e-mail", "hasło")]
    rows += [(role, email, PASSWORD) for role, email in ACCOUNTS]
    lines = [f"  {role:<26}{email:<30}{password}" for role, email, password in rows]
    lines.insert(1, "  " + "-" * (len(lines[0]) + len(PASSWORD) - len("hasło")))
    # How to see what the adviser meets in production.
    factor = "  Drugie zabezpieczenie wyłączone; włącza je REQUIRE_SECOND_FACTOR=true make run"
    if settings.REQUIRE_SECOND_FACTOR:
        factor = "  Drugie zabezpieczenie jest wymagane od doradcy i administratora."
    return "\n".join(["", *lines, "", factor, f"  Forum: {settings.SITE_URL}/", ""])
