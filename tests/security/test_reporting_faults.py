"""Whoever finds a weakness finds whom to write to."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from forum_site import checks

pytestmark = pytest.mark.django_db


def lines_of(client):
    answer = client.get("/.well-known/security.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    return dict(line.split(": ", 1) for line in answer.content.decode().splitlines())


def test_the_contact_is_where_programs_look(client, settings):
    settings.SECURITY_CONTACT = "mailto:bezpieczenstwo@example.org"
    settings.SITE_URL = "https://forum.example.org"
    lines = lines_of(client)
    assert lines["Contact"] == "mailto:bezpieczenstwo@example.org"
    assert lines["Canonical"] == "https://forum.example.org/.well-known/security.txt"


def test_it_never_runs_out_while_the_forum_runs(client, time_machine):
    for year in (2026, 2031):
        time_machine.move_to(datetime(year, 11, 26, 12, tzinfo=timezone.get_fixed_timezone(0)))
        left = datetime.fromisoformat(lines_of(client)["Expires"]) - timezone.now()
        assert timedelta(days=30) < left < timedelta(days=365)


@pytest.mark.parametrize(
    ("contact", "wrong"),
    [
        ("mailto:forum@example.org", []),
        ("https://example.org/security", []),
        ("forum@example.org", ["forum.E015"]),
        ("mailto:forum@example.org\nContact: mailto:evil@example.org", ["forum.E015"]),
    ],
)
def test_a_contact_that_programs_cannot_read_is_refused(settings, contact, wrong):
    settings.DEBUG, settings.ALLOWED_HOSTS = False, ["forum.example.org"]
    settings.SITE_URL, settings.SECURITY_CONTACT = "https://forum.example.org", contact
    assert [each.id for each in checks.ways_in(None)] == wrong
