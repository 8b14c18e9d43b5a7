"""The directory: searched, narrowed down, paged; also as suggestions."""

import pytest
from django.urls import reverse

from accounts.models import Organization
from accounts.views.directory import PAGE_SIZE, SUGGESTIONS, SUGGESTIONS_PER_MINUTE
from tests.accounts.profiles import verify

pytestmark = pytest.mark.django_db

ADDRESS = reverse("organizations:directory")


def add(name, kind="association", **fields):
    return Organization.objects.create(name=name, kind=kind, **fields)


@pytest.fixture
def county(db):
    straz = add("Ochotnicza Straż Pożarna w Wierzbiu", "fire_brigade", gmina="nadarzyn")
    swietlica = add("Świetlica „Łąka”", gmina="pruszkow", is_claimed=False)
    orlik = add("UKS Orlik", "pupils_sports_club", gmina="brwinow")
    orlik.other_gminas.create(gmina="nadarzyn")
    orlik.spheres.create(sphere="17")
    swietlica.spheres.create(sphere="14")
    verify(straz)
    return {"straz": straz, "swietlica": swietlica, "orlik": orlik}


def names(response):
    assert response.status_code == 200
    return [organization.name for organization in response.context["page"].items]


def test_it_lists_everybody_by_name_in_polish_order(client, county):
    add("Łany")
    add("Lasy")
    add("Mosty")
    assert names(client.get(ADDRESS)) == [
        "Lasy",
        "Łany",
        "Mosty",
        "Ochotnicza Straż Pożarna w Wierzbiu",
        "Świetlica „Łąka”",
        "UKS Orlik",
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"gmina": "nadarzyn"}, ["straz", "orlik"]),
        ({"sphere": "17"}, ["orlik"]),
        ({"kind": "fire_brigade"}, ["straz"]),
        ({"verified": "on"}, ["straz"]),
        ({"gmina": "nadarzyn", "sphere": "17"}, ["orlik"]),
        ({"gmina": "piastow"}, []),
        ({"q": "swietlica"}, ["swietlica"]),
        ({"q": "strazy pozarnej"}, ["straz"]),
        ({"q": "swietlicy", "gmina": "nadarzyn"}, []),
        ({"q": "orlyk", "gmina": "nadarzyn"}, ["orlik"]),
        # What no page offers is as good as not given.
        ({"gmina": "warszawa"}, ["straz", "swietlica", "orlik"]),
        ({"sphere": "99", "kind": "x"}, ["straz", "swietlica", "orlik"]),
    ],
)
def test_it_is_narrowed_down(client, county, query, found):
    assert names(client.get(ADDRESS, query)) == [county[key].name for key in found]


def test_the_form_shows_what_was_chosen(client, county):
    html = client.get(ADDRESS, {"q": "or<b>lik", "gmina": "nadarzyn"}).content.decode()
    assert 'value="or&lt;b&gt;lik"' in html
    assert '<option value="nadarzyn" selected>' in html


def test_a_profile_without_anybody_and_a_badge_are_marked(client, county):
    html = client.get(ADDRESS).content.decode()
    assert html.count("nikt jej jeszcze nie reprezentuje") == 1
    assert html.count("Zweryfikowana") == 1


@pytest.mark.parametrize(("member", "way_on"), [(None, "/accounts/signup/"), ("bob", "/threads/")])
def test_an_empty_answer_says_what_to_do(client, request, county, member, way_on):
    if member:
        client.force_login(request.getfixturevalue(member))
    html = client.get(ADDRESS, {"q": "hospicjum"}).content.decode()
    assert "Nie ma tu takiej organizacji" in html
    assert f'href="{way_on}"' in html


# --- Pages --------------------------------------------------------------------------------------
def test_pages_hold_everybody_once(client):
    for number in range(2 * PAGE_SIZE + 5):
        add(f"Klub {number:03}", "sports_club", gmina="raszyn")
        add(f"Inny {number:03}", "informal", gmina="piastow")
    seen, address = [], f"{ADDRESS}?gmina=raszyn"
    while address:
        response = client.get(address)
        seen += names(response)
        later = response.context["page"].later_url
        address = later and f"{ADDRESS}{later}"
    assert seen == [f"Klub {number:03}" for number in range(2 * PAGE_SIZE + 5)]
    assert response.context["page"].first_url == "?gmina=raszyn"


def test_organizations_of_one_name_are_not_lost_between_pages(client):
    for number in range(PAGE_SIZE + 3):
        Organization.objects.bulk_create(
            [Organization(name=f"Klub ({'!' * number})", kind="union")]
        )
    assert len({each.sorted_name for each in Organization.objects.all()}) == 1
    first = client.get(ADDRESS)
    second = client.get(ADDRESS + first.context["page"].later_url)
    assert len({*names(first), *names(second)}) == PAGE_SIZE + 3


@pytest.mark.parametrize("key", ["x", "-1", "9" * 30, "٣", "999999"])
def test_a_key_that_is_none_shows_the_first_page(client, county, key):
    assert len(names(client.get(ADDRESS, {"after": key}))) == 3


@pytest.mark.parametrize("query", [{}, {"gmina": "raszyn", "sphere": "14"}])
def test_a_page_costs_two_queries_however_many_there_are(client, django_assert_num_queries, query):
    for number in range(PAGE_SIZE * 2):
        add(f"Klub {number}", gmina="raszyn").spheres.create(sphere="14")
    with django_assert_num_queries(2):  # the rows and their number
        assert len(names(client.get(ADDRESS, query))) == PAGE_SIZE


def test_a_search_costs_two_queries(client, county, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert names(client.get(ADDRESS, {"q": "orlik"})) == ["UKS Orlik"]


# --- Suggestions --------------------------------------------------------------------------------
def test_suggestions_say_what_a_reader_chooses_by(client, county):
    response = client.get(reverse("organizations:find"), {"q": "strazy pozarnej"})
    straz = county["straz"]
    assert response.json() == {
        "organizations": [
            {
                "pk": straz.pk,
                "name": straz.name,
                "called": straz.name,
                "kind": "ochotnicza straż pożarna",
                "gmina": "Nadarzyn",
                "url": f"/organizations/{straz.pk}/",
                "is_claimed": True,
                "is_verified": True,
            }
        ]
    }


def test_suggestions_are_few(client):
    for number in range(SUGGESTIONS + 5):
        add(f"Klub Orlik {number}")
    found = client.get(reverse("organizations:find"), {"q": "orlik"}).json()["organizations"]
    assert len(found) == SUGGESTIONS
    assert client.get(reverse("organizations:find")).json() == {"organizations": []}


def test_too_many_suggestions_in_a_minute_are_refused(client, county, bob):
    address = reverse("organizations:find")
    for _ in range(SUGGESTIONS_PER_MINUTE):
        assert client.get(address, {"q": "x"}).status_code == 200
    refused = client.get(address, {"q": "orlik"})
    assert refused.status_code == 429
    assert refused.json()["refusal"]
    client.force_login(bob)  # a member is counted alone
    assert client.get(address, {"q": "orlik"}).status_code == 200
