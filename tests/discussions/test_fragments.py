"""Ready-made fragments and pages: never older than what they show, and cheap at any size."""

import re

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.actions import change_profile
from forum.discussions import actions
from forum.discussions.live import ThreadStream
from forum.discussions.models import Thread
from forum.lib import fragments
from tests.cast import logged_in
from tests.factories import a_reaction, a_reply, a_thread

pytestmark = pytest.mark.django_db


@pytest.fixture
def pages(settings):
    """Whole pages are kept, as in the forum and unlike in other tests."""
    memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "pages"}
    settings.CACHES = {**settings.CACHES, "pages": memory}
    caches["pages"].clear()
    caches["fragments"].clear()


def page(thread, browser=None, **query):
    response = (browser or Client()).get(thread.get_absolute_url(), query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.usefixtures("pages")
def test_every_change_is_on_the_next_page(alice, bob):
    thread = a_thread(bob, body="Pierwsza wersja.")
    post = a_reply(bob, thread, "Przed zmianą.")
    for _ in range(3):
        assert "Przed zmianą." in page(thread)
    actions.edit(author=bob, post=post, body="Po zmianie.", body_format="markdown")
    assert "Przed zmianą." not in page(thread)
    assert "Po zmianie." in page(thread)
    a_reaction(alice, post)
    assert "Alice Nowak" in page(thread)
    actions.withdraw(author=bob, post=post)
    assert "Po zmianie." not in page(thread)


@pytest.mark.usefixtures("pages")
def test_a_new_name_is_on_the_next_page_and_in_the_next_catch_up(
    alice, bob, django_capture_on_commit_callbacks
):
    thread = a_thread(bob)
    a_reply(alice, thread)
    for _ in range(2):
        assert "Alice Nowak" in page(thread)
    with django_capture_on_commit_callbacks(execute=True):
        change_profile(member=alice, display_name="Alicja Nowakowska", language="pl")
    found = page(thread) + ThreadStream().changes(thread.pk, 0).html
    assert "Alice Nowak" not in found
    assert found.count("Alicja Nowakowska") >= 2


@pytest.mark.usefixtures("pages")
def test_kept_pages_carry_each_readers_own_nonce_and_token(bob):
    thread = a_thread(bob)
    page(thread)
    found = []
    for _ in range(2):
        browser = Client(enforce_csrf_checks=True)
        response = browser.get(thread.get_absolute_url())
        html = response.content.decode()
        nonce = re.search(r"'nonce-([^']+)'", response["Content-Security-Policy"])[1]
        assert html.count(nonce) >= 1
        assert set(re.findall(r'nonce="([^"]+)"', html)) == {nonce}
        assert "\0" not in html
        token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', html)[1]
        chosen = {"language": "en", "next": "/", "csrfmiddlewaretoken": token}
        assert browser.post(reverse("accounts:set_language"), chosen).status_code in (302, 303)
        found.append((nonce, token))
    assert found[0] != found[1]


@pytest.mark.usefixtures("pages")
def test_a_page_for_guests_is_no_page_for_members(alice, bob):
    thread = a_thread(bob)
    for _ in range(2):
        assert 'data-viewer=""' in page(thread)
        assert f'data-viewer="{alice.pk}"' in page(thread, logged_in(alice))


@pytest.mark.usefixtures("pages")
def test_a_category_closed_to_guests_closes_the_kept_page(bob):
    thread = a_thread(bob)
    page(thread)
    page(thread)
    thread.category.readers = "members"
    thread.category.save()
    assert Client().get(thread.get_absolute_url()).status_code == 404


@pytest.mark.usefixtures("pages")
def test_each_language_and_each_order_has_its_own_page(bob):
    thread = a_thread(bob)
    english = Client()
    english.cookies["django_language"] = "en"
    for _ in range(2):
        assert '<html lang="pl"' in page(thread)
        assert '<html lang="en"' in page(thread, english)
        assert 'data-order="time"' in page(thread, order="time")
        assert 'data-order="tree"' in page(thread)


def test_a_cache_that_is_away_costs_only_time(bob, settings):
    thread = a_thread(bob, body="Mimo wszystko.")
    away = {"BACKEND": "django.core.cache.backends.redis.RedisCache"}
    settings.CACHES = {
        **settings.CACHES,
        "fragments": {**away, "LOCATION": "redis://127.0.0.1:1/0"},
    }
    assert "Mimo wszystko." in page(thread)
    fragments.forget_names()


def test_a_large_thread_costs_the_queries_of_a_small_one(django_assert_max_num_queries):
    for posts in (20, 3_000):
        call_command("fill", threads=1, posts=posts, seed=3, anyway=True)
    # What the office said stands in the head, where it said anything: that is no matter of size.
    Thread.objects.update(has_official_answer=False)
    small, large = Thread.objects.order_by("last_number")
    middle = large.posts.filter(depth=0).order_by("path")[50].path
    places = {
        "tree": [{}, {"after": middle}, {"before": "~"}],
        "time": [{}, {"page": 75}, {"page": 150}],
    }
    for order, queries in places.items():
        for query in queries:
            costs = []
            for thread, where in ((small, {}), (large, query)):
                page(thread, order=order, **where)  # its fragments are kept from here on
                with django_assert_max_num_queries(8) as captured:
                    page(thread, order=order, **where)
                costs.append(len(captured))
            assert costs[0] == costs[1], (order, query)
