"""Elected moderators are entered by staff, in the administration."""

from datetime import timedelta

import pytest
from django.utils import timezone

from forum.moderation import rules
from forum.moderation.models import Moderator
from tests.cast import just_logged_in
from tests.moderation.world import fresh

pytestmark = pytest.mark.django_db
ADDRESS = "/admin/moderation/moderator/"


def sent(member, until):
    today = timezone.localdate()
    given = {"user": member.pk, "since": today.isoformat(), "until": until.isoformat()}
    return given | {"elected_by": "Konferencja organizacji"}


def test_a_term_begins_and_ends(carol, bob):
    client = just_logged_in(carol)
    today = timezone.localdate()
    answer = client.post(f"{ADDRESS}add/", sent(bob, today + timedelta(days=100)))
    assert answer.status_code == 302
    term = Moderator.objects.get()
    assert rules.may_moderate(fresh(bob))
    page = f"{ADDRESS}{term.pk}/change/"
    assert client.get(page).status_code == 200
    assert client.post(page, {"until": today.isoformat()}).status_code == 302
    assert fresh(bob).moderates_until == today
    assert client.get(ADDRESS).status_code == 200
    assert client.post(f"{ADDRESS}{term.pk}/delete/").status_code == 403


def test_others_enter_nobody(bob):
    today = timezone.localdate()
    just_logged_in(bob).post(f"{ADDRESS}add/", sent(bob, today))
    assert not Moderator.objects.exists()
