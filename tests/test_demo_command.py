"""`manage.py demo`: what it prints, where it refuses, and on which days it may be run."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Organization, User
from forum.discussions.models import Post, Reaction, Thread
from forum_site.demo.county import PASSWORD
from tests.demo_building import build

pytestmark = pytest.mark.django_db

MONDAY_NIGHT = datetime(2026, 11, 23, 0, 5, tzinfo=UTC)


@pytest.mark.parametrize("days", range(7))
def test_nothing_is_in_the_future_and_the_office_works_on_working_days(days):
    now = MONDAY_NIGHT + timedelta(days=days)
    with time_machine.travel(now, tick=False):
        build(quiet=True)
    assert not Post.objects.filter(created_at__gt=now).exists()
    assert not Post.objects.filter(edited_at__gt=now).exists()
    assert not Reaction.objects.filter(created_at__gt=now).exists()
    assert Post.objects.filter(created_at__gt=now - timedelta(hours=1)).count() >= 2
    joined = Post.objects.earliest("created_at").created_at
    assert not User.objects.filter(date_joined__gt=joined).exists()
    for post in Post.objects.filter(organization__kind=Organization.Kind.OFFICE):
        written = timezone.localtime(post.created_at)
        assert written.weekday() < 5, f"{post.thread.title}: {written}"
        assert 8 <= written.hour < 16, f"{post.thread.title}: {written}"


def test_the_table_names_the_accounts_the_password_and_the_address(settings):
    output = build()
    for word in ("czlonkini@", "reprezentant@", "doradca@", "administrator@", PASSWORD):
        assert word in output
    assert settings.SITE_URL in output


def test_quiet_prints_nothing():
    assert build(quiet=True) == ""


def test_it_refuses_where_debug_is_off(settings):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="--anyway"):
        call_command("demo", quiet=True)
    assert not User.objects.exists()


def test_it_builds_where_debug_is_on(settings):
    settings.DEBUG = True
    call_command("demo", quiet=True)
    assert User.objects.filter(email="doradca@example.org").exists()


def test_empty_only_leaves_a_forum_with_members_alone():
    User.objects.create_user("ktos@example.org", "haslo-bez-znaczenia", display_name="Ktoś")
    build(empty_only=True)
    assert User.objects.count() == 1
    User.objects.all().delete()
    build(empty_only=True)
    assert Thread.objects.exists()
