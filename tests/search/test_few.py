"""Organizations and categories are found by what they say, in every form of its words."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import translation

from accounts.models import Organization, OrganizationSphere
from accounts.models.spheres import Sphere
from forum.search import few, queries
from tests.factories import a_category

pytestmark = pytest.mark.django_db
GUEST = AnonymousUser()


def named(things):
    return [each.name for each in things]


def categories(text, viewer=GUEST):
    return named(few.categories(viewer, queries.read(text)))


def organizations(text):
    return named(few.organizations(queries.read(text), 10))


@pytest.fixture
def grants():
    a_category("Szkolenia", description="Kursy, warsztaty i dotacje na nie")
    return a_category("Granty i konkursy", description="Ogłoszenia o dotacjach", name_en="Grants")


@pytest.fixture
def club():
    organization = Organization.objects.create(
        name="Uczniowski Klub Sportowy Orzeł",
        kind="pupils_sports_club",
        gmina="raszyn",
        description_html="<p>Prowadzimy zajęcia <b>szermierki</b> w szkołach.</p>",
    )
    OrganizationSphere.objects.create(organization=organization, sphere=Sphere.SENIORS)
    return organization


@pytest.mark.parametrize("text", ["grantów", "konkurs", "granty konkursy", "gra", "grants"])
def test_a_category_is_found_by_its_name(text, grants):
    assert categories(text) == ["Granty i konkursy"]


def test_and_by_its_description_behind_those_that_are_called_so(grants):
    assert categories("dotacja") == ["Szkolenia", "Granty i konkursy"]
    assert categories("dotacja -warsztat") == ["Granty i konkursy"]
    assert categories('"kursy warsztaty"') == ["Szkolenia"]
    a_category("Dotacje", position=9)
    assert categories("dotacja")[0] == "Dotacje"
    assert categories("dotacja narty") == []


def test_only_those_that_the_reader_may_read(bob, carol, grants):
    a_category("Konkursy urzędu", readers="staff")
    assert categories("konkurs", bob) == categories("konkurs") == ["Granty i konkursy"]
    assert categories("konkurs", carol) == ["Granty i konkursy", "Konkursy urzędu"]


@pytest.mark.parametrize(
    "text",
    ["szermierka", "szermierkę w szkole", "klub szermierki", "raszyn szkoła", "szerm"],
)  # fmt: skip
def test_an_organization_is_found_by_what_it_does(text, club):
    assert organizations(text) == [club.name]


def test_and_by_its_spheres_in_the_language_of_the_reader(club):
    for language in ("pl", "en"):
        with translation.override(language):
            assert organizations(f"szermierka {Sphere.SENIORS.label}") == [club.name]


@pytest.mark.parametrize("text", ["piłka", "szermierka -szkoła", '"szkołach szermierki"'])
def test_and_not_by_what_it_does_not(text, club):
    assert organizations(text) == []


def test_what_an_organization_changes_counts_at_once(club):
    assert organizations("szermierka") == [club.name]
    Organization.objects.filter(pk=club.pk).update(
        description_html="<p>Prowadzimy zajęcia judo.</p>",
        changed_at=club.changed_at + timedelta(seconds=1),
    )
    assert (organizations("szermierka"), organizations("judo")) == ([], [club.name])
    club.delete()
    assert organizations("judo") == []


def test_what_has_not_changed_is_not_read_again(club, django_assert_num_queries):
    asked = queries.read("szermierka")
    few.organizations(asked, 10)
    with django_assert_num_queries(2):  # who has changed, and those that are shown
        few.organizations(asked, 10)


def test_the_page_shows_both_those_called_so_first(client, club, grants):
    Organization.objects.create(name="Szermierka Pruszków", kind="association")
    page = client.get(reverse("overview:search"), {"q": "szermierka"}).content.decode()
    assert 0 < page.index("Szermierka Pruszków") < page.index(club.name)
    page = client.get(reverse("overview:search"), {"q": "dotacjami"}).content.decode()
    assert reverse("discussions:category", args=[grants.pk]) in page
