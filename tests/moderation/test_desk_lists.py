"""Saved replies, and who was elected: the small pages beside the desk."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from forum.moderation import actions, rules
from forum.moderation.models import Moderator, SavedReply
from tests.cast import a_mandate, just_logged_in, logged_in

pytestmark = pytest.mark.django_db

REPLIES = reverse("moderation:desk_replies")
ADD = reverse("moderation:desk_reply_add")
ELECTED = reverse("moderation:desk_elected")
REPLY = {"title": "Ton", "words": "Proszę pisać o sprawie, nie o osobie.", "measure": "hide"}


def in_days(days):
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def term(**given):
    return {
        "email": "dana@example.org",
        "since": in_days(0),
        "until": in_days(365),
        "elected_by": "Konferencja organizacji, 12 listopada 2026",
        **given,
    }


@pytest.fixture
def desk(carol):
    return just_logged_in(carol)


# --- Saved replies --------------------------------------------------------------------------------
def test_a_reply_is_saved_changed_and_removed(desk):
    assert "Ton" not in desk.get(REPLIES).content.decode()
    assert desk.get(ADD).status_code == 200
    response = desk.post(ADD, REPLY)
    assert (response.status_code, response["Location"]) == (303, REPLIES)
    saved = SavedReply.objects.get()
    assert (saved.title, saved.words, saved.measure) == tuple(REPLY.values())
    address = reverse("moderation:desk_reply", args=[saved.pk])
    assert REPLY["words"] in desk.get(address).content.decode()
    desk.post(address, {**REPLY, "words": "Inaczej.", "measure": ""})
    assert SavedReply.objects.get().words == "Inaczej."
    assert "Inaczej." in desk.get(REPLIES).content.decode()
    desk.post(reverse("moderation:desk_reply_remove", args=[saved.pk]))
    assert not SavedReply.objects.exists()
    assert desk.get(address).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [{"title": ""}, {"words": " "}, {"words": "x" * 2001}, {"measure": "restore"}],
    ids=["no-title", "no-words", "long", "no-such-measure"],
)
def test_bad_replies_are_shown_again(desk, wrong):
    assert desk.post(ADD, {**REPLY, **wrong}).status_code == 422
    assert not SavedReply.objects.exists()


def test_elected_moderators_share_the_replies(frank, alice, client):
    assert just_logged_in(frank).post(ADD, REPLY).status_code == 303
    assert logged_in(alice).post(ADD, REPLY).status_code == 403
    assert "/accounts/login/" in client.get(REPLIES)["Location"]
    assert SavedReply.objects.count() == 1


# --- Who was elected ------------------------------------------------------------------------------
def test_staff_enters_who_was_elected_and_everybody_sees_it(desk, dana, client):
    response = desk.post(ELECTED, term())
    assert (response.status_code, response["Location"]) == (303, ELECTED)
    assert rules.is_elected(User.objects.get(pk=dana.pk))
    html = client.get(reverse("moderation:log")).content.decode()
    assert "Dana Mazur" in html
    assert "Konferencja organizacji, 12 listopada 2026" in html


def test_a_term_to_come_gives_no_rights_yet(desk, dana, client):
    desk.post(ELECTED, term(since=in_days(3)))
    assert not rules.may_moderate(User.objects.get(pk=dana.pk))
    assert "Dana Mazur" not in client.get(reverse("moderation:log")).content.decode()
    assert "Dana Mazur" in desk.get(ELECTED).content.decode()


def test_a_term_is_ended_at_once(desk, frank, client):
    found = Moderator.objects.get(user=frank)
    response = desk.post(reverse("moderation:desk_end_term", args=[found.pk]))
    assert response.status_code == 303
    assert not rules.may_moderate(User.objects.get(pk=frank.pk))
    assert "Frank Lis" not in client.get(reverse("moderation:log")).content.decode()
    assert "Frank Lis" in desk.get(ELECTED).content.decode()  # among the earlier terms


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "nikt@example.org"},
        {"email": ""},
        {"since": ""},
        {"until": in_days(-1), "since": in_days(-9)},
        {"until": in_days(1), "since": in_days(2)},
        {"until": in_days(5000)},
        {"elected_by": ""},
    ],
    ids=["nobody", "no-email", "no-day", "passed", "backwards", "for-ever", "by-nobody"],
)
def test_bad_terms_are_shown_again(desk, dana, wrong):
    assert desk.post(ELECTED, term(**wrong)).status_code == 422
    assert not Moderator.objects.exists()


def test_nobody_of_the_office_is_elected(desk, carol, dana, starostwo):
    a_mandate(dana, starostwo, "member")
    for email in ("dana@example.org", "carol@example.org"):
        assert desk.post(ELECTED, term(email=email)).status_code == 422
    assert not Moderator.objects.exists()


def test_nobody_is_elected_twice_for_the_same_days(desk, dana):
    desk.post(ELECTED, term())
    assert desk.post(ELECTED, term(since=in_days(365), until=in_days(700))).status_code == 422
    assert desk.post(ELECTED, term(since=in_days(366), until=in_days(700))).status_code == 303


def test_only_staff_enters_who_was_elected(frank, alice, dana, client):
    assert "/accounts/login/" in client.post(ELECTED, term())["Location"]
    for other in (frank, alice):
        assert just_logged_in(other).post(ELECTED, term()).status_code == 403
        assert just_logged_in(other).get(ELECTED).status_code == 403
    own = Moderator.objects.get(user=frank)
    address = reverse("moderation:desk_end_term", args=[own.pk])
    assert just_logged_in(alice).post(address).status_code == 403
    assert Moderator.objects.current().count() == 1


def test_sockets_are_judged_anew_when_rights_change(carol, dana, monkeypatch):
    asked = []
    monkeypatch.setattr("accounts.plugs.rights_changed", [lambda: asked.append(1)])
    today = timezone.localdate()
    made = actions.appoint(staff=carol, member=dana, since=today, until=today, elected_by="x")
    actions.end_term(staff=carol, term=made, last_day=today)
    assert asked == [1, 1]
