"""The page of the search: what it shows, and that nothing typed there breaks it."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from forum.categories.models import Category
from forum.saved_searches.models import SavedSearch
from forum.search.finding import PAGE_SIZE
from forum.search.models import KnownWord
from tests.factories import a_category, a_reply, a_thread, an_attachment, opening_post
from tests.saved_searches.world import a_search

pytestmark = pytest.mark.django_db
PAGE = "/search/"
SIMILAR = "/search/similar/"


def links(html):
    return [
        (m[1].replace("&amp;", "&"), m[2]) for m in re.finditer(r'href="([^"]*)"([^>]*)>', html)
    ]


def hits(html):
    return html.count('<li class="hit"')


@pytest.fixture
def talk(bob, alice, carol, starostwo):
    """Bob asks about a hall, the office answers; Alice tells of another hall, with a file."""
    asked = a_thread(bob, title="Wolna sala", body="Szukamy sali na próby.")
    a_reply(carol, asked, "Sala jest w starostwie.", voice=starostwo)
    other = a_thread(alice, title="Sala z windą", body="Oddamy salę za darmo.")
    an_attachment(alice, opening_post(other))
    return asked


BAD = [
    "x" * 10_000,
    "sala " * 2_500,
    "w na z i o",
    '"',
    '"sala',
    'sala" "" "',
    "„sala” “",
    "' OR 1=1 --",
    "'; DROP TABLE search_entry; --",
    "sala NEAR/3 szkoła",
    "sala AND NOT (szkoła OR *)",
    "text_terms:sala^2",
    "sala & !szkoła | (foo:*)",
    "sala <-> szkoła",
    "-sala",
    "- - -",
    "--",
    "%_%",
    "\\",
    "🎭🎭 sala 🏳️‍🌈",
    "مرحبا بالعالم",
    "\u202esala\u202c",
    "sala\x00\x01\x1f",
    "\ud7ff\ufffe",
    "<script>alert(1)</script>",
    "{{ sala }} {% now %}",
    "a" * 399 + " ą",
    "ąęśćźżółń" * 50,
    "1,5% 1.5 1/2 //// ....",
    "§§§ art. art. ust.",
    "\n\r\t",
    "sala\u200b\u00ad",
]


@pytest.mark.parametrize("text", BAD, ids=range(len(BAD)))
@pytest.mark.parametrize(("address", "name"), [(PAGE, "q"), (SIMILAR, "title")])
def test_whatever_is_typed_is_answered(text, address, name, client, talk):
    response = client.get(address, {name: text})
    assert response.status_code == 200
    html = response.content.decode()
    assert "<script>alert" not in html
    assert "\x00" not in html
    if address == PAGE:
        # Results, or a sentence: never an empty page.
        said = ('class="hit"', 'class="empty card"', 'class="notice"', 'class="search-help"')
        assert any(each in html for each in said)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("category", "999999"), ("category", "x"), ("category", "-1"), ("category", "9" * 40),
        ("organization", "x"), ("organization", "9" * 40), ("gmina", "Kraków"),
        ("time", "eternity"), ("time", "\x00"), ("order", "worst"), ("category", "1\x00"),
    ],
)  # fmt: skip
def test_a_filter_that_is_not_understood_is_left_out_and_said(name, value, client, talk):
    response = client.get(PAGE, {"q": "sala", name: value})
    assert response.status_code == 200
    html = response.content.decode()
    assert hits(html) == 2
    assert '<p class="notice" data-tone="warning">' in html
    # No link of the page hands it on.
    own = [link for link, _ in links(html) if link.startswith("?")]
    assert own
    assert not any(name in parse_qs(urlsplit(link).query) for link in own if name != "order")
    assert value not in {parse_qs(urlsplit(link).query).get("order", [""])[0] for link in own}


@pytest.mark.parametrize("after", ["x", "-1", "9" * 60, "\x00", "0", "1.2.3.4", "' OR 1", "💥"])
def test_a_place_that_is_none_is_answered(after, client, talk):
    response = client.get(PAGE, {"q": "sala", "after": after})
    assert response.status_code == 200
    html = response.content.decode()
    assert hits(html) == 2 or 'class="notice"' in html
    assert any("after" not in link and "q=sala" in link for link, _ in links(html))


def test_a_long_question_says_that_its_beginning_was_looked_for(client, talk):
    html = client.get(PAGE, {"q": "sala " + "x" * 500}).content.decode()
    assert 'class="notice"' in html
    assert 'class="notice"' not in client.get(PAGE, {"q": "sala"}).content.decode()


def test_too_many_questions_get_a_sentence_and_keep_the_words(client, talk, settings):
    settings.SEARCHES_PER_MINUTE = 1
    assert client.get(PAGE, {"q": "sala"}).status_code == 200
    response = client.get(PAGE, {"q": "sala"})
    assert response.status_code == 429
    html = response.content.decode()
    assert 'role="alert"' in html
    assert 'value="sala"' in html
    assert client.get(PAGE).status_code == 200  # the empty page asks nothing
    assert client.get(SIMILAR, {"title": "Sala na próby"}).status_code == 200


def test_the_form_that_fits_is_marked_and_the_count_is_in_the_title(client, talk):
    html = client.get(PAGE, {"q": "sala"}).content.decode()
    assert re.search(r"<title>sala – 2 [^<]+–", html)
    assert "<mark>salę</mark>" in html


@pytest.mark.parametrize(
    ("narrow", "count"),
    [({"official": "on"}, 1), ({"attached": "on"}, 1), ({"time": "week"}, 2),
     ({"official": "on", "attached": "on"}, 0), ({"gmina": "pruszkow"}, 0)],
)  # fmt: skip
def test_filters_are_chips_each_with_a_way_off(narrow, count, client, talk):
    html = client.get(PAGE, {"q": "sala", **narrow}).content.decode()
    assert hits(html) == count
    chips = re.findall(r'search-chip" href="\?([^"]*)"', html.replace("&amp;", "&"))
    left = [parse_qs(each) for each in chips]
    assert len(left) == len(narrow)
    for name in narrow:
        without = {n: [v] for n, v in narrow.items() if n != name}
        assert {"q": ["sala"], **without} in left


def test_the_organization_that_spoke_is_a_choice_and_narrows(client, talk, starostwo, orlik):
    html = client.get(PAGE, {"q": "sala"}).content.decode()
    assert f'<option value="{starostwo.pk}">' in html
    assert f'<option value="{orlik.pk}">' not in html
    html = client.get(PAGE, {"q": "sala", "organization": starostwo.pk}).content.decode()
    assert hits(html) == 1


def test_an_organization_is_a_choice_only_where_the_reader_may_read_it(
    client, bob, carol, starostwo
):
    a_thread(bob, title="Wolna sala")
    secret = a_category(readers=Category.Readers.STAFF)
    a_reply(carol, a_thread(carol, secret, title="Sala tajna"), "Jest.", voice=starostwo)
    choice = f">{starostwo.called}</option>"
    assert choice not in client.get(PAGE, {"q": "sala"}).content.decode()
    html = client.get(PAGE, {"q": "sala", "organization": starostwo.pk}).content.decode()
    assert choice not in html
    client.force_login(carol)
    assert choice in client.get(PAGE, {"q": "sala"}).content.decode()


def test_only_members_ask_for_what_is_theirs(client, talk, bob):
    assert hits(client.get(PAGE, {"q": "sala", "mine": "on"}).content.decode()) == 2
    client.force_login(bob)
    html = client.get(PAGE, {"q": "sala", "mine": "on"}).content.decode()
    assert hits(html) == 1
    assert "/searches/keep/" not in html  # one's own words are no news


def test_pages_lead_on_and_back_with_all_that_was_chosen(client, bob):
    category = a_category()
    for number in range(PAGE_SIZE + 2):
        a_thread(bob, category, title=f"Sala {number}")
    asked = {"q": "sala", "category": category.pk, "order": "newest"}
    first = client.get(PAGE, asked).content.decode()
    (following,) = [link for link, rest in links(first) if 'rel="next"' in rest]
    for name, value in asked.items():
        assert parse_qs(urlsplit(following).query)[name] == [str(value)]
    second = client.get(PAGE + following).content.decode()
    assert (hits(first), hits(second)) == (PAGE_SIZE, 2)
    assert not [link for link, rest in links(second) if 'rel="next"' in rest]


def test_nothing_found_offers_other_spellings_and_a_place_to_ask(client, talk, bob):
    html = client.get(PAGE, {"q": "stadion"}).content.decode()
    assert 'class="empty card"' in html
    assert 'href="/#categories"' in html
    client.force_login(bob)
    html = client.get(PAGE, {"q": "stadion", "category": talk.category_id}).content.decode()
    assert f'href="/categories/{talk.category_id}/threads/new/"' in html
    assert "/searches/keep/" in html  # nobody has written of it yet: be told when somebody does


def test_a_typo_is_offered_within_the_filters_or_else_without(client, bob):
    a_thread(bob, title="Stowarzyszenie zwykłe", body="Jak je założyć?")
    KnownWord.objects.get_or_create(word="stowarzyszenie")  # as after the commit
    for narrow in ({}, {"official": "on"}):
        html = client.get(PAGE, {"q": "stowarzyszennie", **narrow}).content.decode()
        offered = [parse_qs(urlsplit(link).query) for link, _ in links(html)]
        assert {"q": ["stowarzyszenie"]} in offered


def test_an_empty_page_says_how_to_ask(client, bob):
    html = client.get(PAGE).content.decode()
    assert 'class="search-help"' in html
    assert "dotacja" in html
    client.force_login(bob)
    a_search(bob, "kajaki")
    assert "kajaki" in client.get(PAGE).content.decode()


def test_a_saved_search_says_so_and_is_not_offered_again(client, talk, bob, alice):
    client.force_login(bob)
    assert "/searches/keep/" in client.get(PAGE, {"q": "sala"}).content.decode()
    search = a_search(bob, "sala")
    a_search(alice, "winda")
    html = client.get(PAGE, {"q": "sala"}).content.decode()
    assert f"/searches/#search-{search.pk}" in html
    assert "/searches/keep/" not in html
    SavedSearch.objects.update(is_paused=True)
    assert "/searches/keep/" in client.get(PAGE, {"q": "sala"}).content.decode()
    assert "/searches/keep/" in client.get(PAGE, {"q": "winda"}).content.decode()


def test_a_guest_is_led_to_the_login_and_back(client, talk):
    html = client.get(PAGE, {"q": "sala"}).content.decode()
    assert "/accounts/login/?next=/search/%3Fq%3Dsala" in html


def test_secret_categories_are_no_choice(client, bob, carol):
    secret = a_category(name="Zarząd", readers=Category.Readers.STAFF)
    client.force_login(bob)
    assert "Zarząd" not in client.get(PAGE).content.decode()
    assert "Zarząd" not in client.get(PAGE, {"q": "x", "category": secret.pk}).content.decode()
    client.force_login(carol)
    assert "Zarząd" in client.get(PAGE).content.decode()


def test_the_page_costs_the_same_for_many_results(client, bob, django_assert_max_num_queries):
    for number in range(3):
        a_thread(bob, title=f"Sala {number}")
    client.get(PAGE, {"q": "sala"})
    with django_assert_max_num_queries(30) as few:
        client.get(PAGE, {"q": "sala"})
    for number in range(12):
        a_thread(bob, title=f"Sala {number + 3}")
    with django_assert_max_num_queries(len(few)):
        client.get(PAGE, {"q": "sala"})
