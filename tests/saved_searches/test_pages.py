"""Searches kept by one click, named, paused and removed; each member's own."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import get_resolver, reverse

from forum.categories.models import Category
from forum.saved_searches.models import TITLE_MAX_LENGTH, SavedSearch
from forum.saved_searches.rules import SEARCHES_OF_A_MEMBER
from tests.factories import a_category, a_thread
from tests.saved_searches.world import a_search, found

pytestmark = pytest.mark.django_db
LIST = "/searches/"
KEEP = "/searches/keep/"


def of(search, deed):
    return reverse(f"saved_searches:{deed}", args=[search.pk])


@pytest.fixture
def browser(client, bob):
    client.force_login(bob)
    return client


def test_one_click_keeps_words_and_filters_and_leads_back(browser, bob, orlik):
    category = a_category()
    given = {
        "q": "dotacja remont", "category": category.pk, "organization": orlik.pk,
        "gmina": "brwinow", "official": "on", "attached": "on",
    }  # fmt: skip
    response = browser.post(KEEP, given)
    assert response.status_code == 303
    kept = SavedSearch.objects.get()
    assert (kept.user, kept.text, kept.category, kept.organization) == (
        bob, "dotacja remont", category, orlik,
    )  # fmt: skip
    assert (kept.gmina, kept.is_official, kept.has_files) == ("brwinow", True, True)
    asked = parse_qs(urlsplit(response.url).query)
    assert {name: asked[name] for name in given} == {n: [str(v)] for n, v in given.items()}


def test_again_keeps_one_and_wakes_it(browser, bob):
    search = a_search(bob)
    browser.post(of(search, "pause"))
    browser.post(KEEP, {"q": "dotacja"})
    assert list(SavedSearch.objects.values_list("pk", "is_paused")) == [(search.pk, False)]


def test_the_cap_refuses_with_a_sentence(browser, bob):
    for number in range(SEARCHES_OF_A_MEMBER):
        assert browser.post(KEEP, {"q": f"dotacja{number}"}).status_code == 303
    response = browser.post(KEEP, {"q": "jedno za dużo"})
    assert response.status_code == 403
    assert str(SEARCHES_OF_A_MEMBER) in response.content.decode()
    assert SavedSearch.objects.count() == SEARCHES_OF_A_MEMBER
    # One that is there already is no further one.
    assert browser.post(KEEP, {"q": "dotacja0"}).status_code == 303


@pytest.mark.parametrize(
    "given",
    [
        {}, {"q": ""}, {"q": "w na z"}, {"q": "-dotacja"}, {"q": "x" * 401}, {"q": "a\x00b"},
        {"q": "dotacja", "category": "999999"}, {"q": "dotacja", "category": "x"},
        {"q": "dotacja", "organization": "9" * 30}, {"q": "dotacja", "gmina": "Kraków"},
    ],
)  # fmt: skip
def test_what_cannot_be_looked_for_is_told(browser, given):
    response = browser.post(KEEP, given)
    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()
    assert not SavedSearch.objects.exists()


def test_nobody_narrows_a_search_to_what_they_may_not_read(browser):
    secret = a_category(readers=Category.Readers.STAFF)
    assert browser.post(KEEP, {"q": "dotacja", "category": secret.pk}).status_code == 422


def test_it_is_renamed_and_an_empty_name_gives_the_words_back(browser, bob):
    search = a_search(bob)
    for name, called in (("Pieniądze na remont", "Pieniądze na remont"), ("", "dotacja")):
        assert browser.post(of(search, "rename"), {"title": name}).status_code == 303
        search.refresh_from_db()
        assert search.called == called


def test_a_name_that_is_too_long_stays_in_its_field(browser, bob):
    search = a_search(bob)
    name = "x" * (TITLE_MAX_LENGTH + 1)
    response = browser.post(of(search, "rename"), {"title": name})
    assert response.status_code == 422
    assert f'value="{name}"' in response.content.decode()


def test_the_page_says_what_is_new_and_where(browser, bob, alice, django_assert_max_num_queries):
    search = a_search(bob, gmina="brwinow")
    plain = a_search(bob)
    a_thread(alice, body="Dotacja.")
    assert found(bob) == 1
    html = browser.get(LIST).content.decode()
    assert "Brwinów" in html
    assert html.index(f'id="search-{plain.pk}"') < html.index(f'id="search-{search.pk}"')
    assert html.count("chip accepted") == 1
    with django_assert_max_num_queries(14):
        browser.get(LIST)


def test_an_empty_page_says_what_to_do(browser):
    assert reverse("overview:search") in browser.get(LIST).content.decode()


DEEDS = ("rename", "pause", "resume", "remove")


def test_every_door_is_tried():
    names = {
        each.name for each in get_resolver(None).namespace_dict["saved_searches"][1].url_patterns
    }
    assert names == {"list", "keep", *DEEDS}


@pytest.mark.parametrize("deed", DEEDS)
def test_a_stranger_finds_nothing_there(deed, client, browser, bob, alice):
    search = a_search(alice, "tajemnica")
    before = SavedSearch.objects.values().get()
    response = browser.post(of(search, deed), {"title": "Moje"})
    assert response.status_code == (303 if deed == "remove" else 404)
    assert SavedSearch.objects.values().get() == before
    assert "tajemnica" not in browser.get(LIST).content.decode()
    client.logout()
    response = client.post(of(search, deed), {"title": "Moje"})
    assert response.status_code == 302
    assert SavedSearch.objects.values().get() == before


@pytest.mark.parametrize("address", [LIST, KEEP])
def test_a_guest_is_asked_to_log_in(address, client):
    assert client.get(address).status_code == 302


def test_pause_resume_remove(browser, bob):
    search = a_search(bob)
    for deed, state in (("pause", True), ("pause", True), ("resume", False)):
        browser.post(of(search, deed))
        search.refresh_from_db()
        assert search.is_paused is state
    for _ in range(2):
        assert browser.post(of(search, "remove")).status_code == 303
    assert not SavedSearch.objects.exists()
    assert browser.post(of(search, "pause")).status_code == 404
