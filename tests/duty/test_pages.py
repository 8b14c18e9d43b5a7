"""The pages of the duty: who gets in, what they show, what their buttons do."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import Mandate
from forum.categories.models import Category
from forum.duty.models import Entry, Offer
from forum.duty.views import roster
from tests.cast import a_mandate, just_logged_in, logged_in
from tests.duty.world import a_club, asked, look_after, willing
from tests.factories import a_category, a_reply, opening_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def orzel():
    return a_club("Orzeł")


def duty_of(club):
    return reverse("duty:organization", args=[club[0].pk])


def shown(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def doors(club, offer_pk):
    """Every address of the room with its method, as for this organization and this offer."""
    names = {
        "promise": ("get", []),
        "organization": ("get", [club[0].pk]),
        "enter": ("post", [club[0].pk]),
        "leave": ("post", [club[0].pk]),
        "pass_on": ("post", [offer_pk]),
        "desk": ("get", []),
    }
    patterns = get_resolver(None).namespace_dict["duty"][1].url_patterns
    assert {pattern.name for pattern in patterns} == set(names)
    return {name: (how, reverse(f"duty:{name}", args=args)) for name, (how, args) in names.items()}


@pytest.mark.parametrize("who", ["guest", "bob", "dana", "other", "erin", "carol"])
def test_strangers_get_in_nowhere_but_the_promise(who, bob, carol, dana, erin, orzel):
    willing(*orzel)
    members = {"bob": bob, "carol": carol, "dana": dana, "erin": erin, "other": a_club("Sokół")[1]}
    secret = asked(bob, days=4, title="Tajna sprawa")
    look_after()
    a_mandate(dana, orzel[0], Mandate.Role.PROXY)  # speaks for it, but does not decide
    offer = Offer.objects.get()
    client = just_logged_in(members[who]) if who != "guest" else Client()
    for name, (how, address) in doors(orzel, offer.pk).items():
        response = getattr(client, how)(address, {"every_weeks": 4})
        if name == "promise" or (name == "desk" and who == "carol"):
            assert response.status_code == 200
        elif who in ("guest", "erin"):
            assert "/accounts/login/" in response.headers["Location"]
        else:
            assert response.status_code == (404 if name == "pass_on" else 403)
        assert secret.title not in response.content.decode()
    assert Entry.objects.get().every_weeks == 1
    assert list(Offer.objects.values_list("ended_at", flat=True)) == [None]


def test_the_doors_are_open_to_a_representative(bob, orzel):
    """Proves that the walk above could fail."""
    willing(*orzel)
    asked(bob, days=4, title="Tajna sprawa")
    look_after()
    client = logged_in(orzel[1])
    walked = doors(orzel, Offer.objects.get().pk)
    assert "Tajna sprawa" in shown(client, walked["organization"][1])
    for name in ("pass_on", "enter", "leave"):
        response = client.post(walked[name][1], {"every_weeks": 4})
        assert (response.status_code, response.headers["Location"]) == (303, duty_of(orzel))
    assert not Entry.objects.exists()


def test_joining_resting_and_leaving(orzel):
    client = logged_in(orzel[1])
    page = shown(client, duty_of(orzel))
    assert reverse("duty:leave", args=[orzel[0].pk]) not in page
    client.post(reverse("duty:enter", args=[orzel[0].pk]), {"every_weeks": "2"})
    assert Entry.objects.get().every_weeks == 2
    assert 'data-tone="success"' in shown(client, duty_of(orzel))  # the week is theirs
    day = timezone.localdate() + timedelta(days=5)
    wish = {"every_weeks": "2", "rests_until": day.isoformat()}
    client.post(reverse("duty:enter", args=[orzel[0].pk]), wish)
    page = shown(client, duty_of(orzel))
    assert f'value="{day.isoformat()}"' in page
    client.post(reverse("duty:leave", args=[orzel[0].pk]))
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"every_weeks": "3"},
        {"every_weeks": "x"},
        {"every_weeks": "1", "rests_until": "jutro"},
        {"every_weeks": "1", "rests_until": "2026-11-25"},
        {"every_weeks": "1", "rests_until": "2028-01-01"},
        {"every_weeks": "1\x00", "rests_until": "0000-00-00"},
    ],
)
def test_a_wish_that_makes_no_sense_is_answered_in_place(orzel, wish):
    client = logged_in(orzel[1])
    response = client.post(reverse("duty:enter", args=[orzel[0].pk]), wish)
    assert response.status_code == 422
    page = response.content.decode()
    assert 'role="alert"' in page
    assert "errorlist" in page
    assert not Entry.objects.exists()


def test_the_page_shows_only_what_still_waits_and_may_be_read(alice, bob, orzel):
    willing(*orzel)
    category = a_category()
    stays, answered, moved = (
        asked(bob, days=4, title=title, category=where)
        for title, where in (("Zostaje", None), ("Odpowiedziane", None), ("Ukryte", category))
    )
    look_after()
    client = logged_in(orzel[1])
    page = shown(client, duty_of(orzel))
    assert all(each.title in page for each in (stays, answered, moved))
    assert reverse("discussions:answer", args=[opening_post(stays).pk]) in page
    a_reply(alice, answered)
    Category.objects.filter(pk=category.pk).update(readers=Category.Readers.STAFF)
    page = shown(client, duty_of(orzel))
    assert stays.title in page
    assert answered.title not in page
    assert moved.title not in page


def test_passing_on_what_was_answered_meanwhile_says_so(alice, bob, orzel):
    willing(*orzel)
    thread = asked(bob, days=4)
    look_after()
    offer = Offer.objects.get()
    a_reply(alice, thread)
    client = logged_in(orzel[1])
    address = reverse("duty:pass_on", args=[offer.pk])
    page = client.post(address, follow=True).content.decode()
    assert gettext("This question does not wait for you any more.") in page
    offer.refresh_from_db()
    assert offer.ended_at is None  # the worker says how it ended


def test_the_adviser_sees_what_is_left_and_who_else_has_it(bob, carol, orzel):
    desk = reverse("duty:desk")
    client = just_logged_in(carol)
    assert 'class="empty"' in shown(client, desk)
    willing(*orzel)
    both = asked(bob, days=8, title="Oba")
    look_after()
    page = shown(client, desk)
    assert both.title in page
    assert orzel[0].called in page
    assert reverse("duty:pass_on", args=[Offer.objects.last().pk]) not in page
    asked(bob, days=4, title="Tylko organizacja")
    look_after()
    assert "Tylko organizacja" not in shown(client, desk)
    a_reply(carol, both)
    assert both.title not in shown(client, desk)


def test_the_desk_asks_staff_for_a_fresh_login(carol, settings):
    response = logged_in(carol).get(reverse("duty:desk"))
    assert response.status_code == 302
    settings.REQUIRE_SECOND_FACTOR = True
    response = just_logged_in(carol).get(reverse("duty:desk"))
    assert "/second-factor/" in response.headers["Location"]


def test_changes_are_limited(orzel, monkeypatch):
    monkeypatch.setattr(roster, "CHANGES_PER_HOUR", 2)
    client = logged_in(orzel[1])
    address = reverse("duty:enter", args=[orzel[0].pk])
    answers = [client.post(address, {"every_weeks": "1"}).status_code for _ in range(3)]
    assert answers == [303, 303, 403]


def test_the_queries_of_the_pages_do_not_grow(
    bob, carol, orzel, django_assert_max_num_queries, django_assert_num_queries
):
    willing(*orzel)
    member, adviser = logged_in(orzel[1]), just_logged_in(carol)
    for _ in range(2):
        asked(bob, days=8)
    look_after()
    found = {}
    for client, address in ((member, duty_of(orzel)), (adviser, reverse("duty:desk"))):
        shown(client, address)  # settings that a session keeps
        with django_assert_max_num_queries(11) as few:
            shown(client, address)
        found[address] = len(few)
    for _ in range(4):
        asked(bob, days=8)
    look_after()
    cache.clear()
    for client, address in ((member, duty_of(orzel)), (adviser, reverse("duty:desk"))):
        shown(client, address)
        with django_assert_num_queries(found[address]):
            shown(client, address)


def test_the_pages_are_found(carol, alice, fundacja, client):
    assert reverse("duty:promise") in shown(client, "/")
    alices = just_logged_in(alice)
    address = reverse("duty:organization", args=[fundacja.pk])
    assert address in shown(alices, reverse("accounts:own_organizations"))
    assert address in shown(alices, reverse("duty:promise"))
    assert reverse("duty:desk") in shown(just_logged_in(carol), reverse("moderation:desk"))
