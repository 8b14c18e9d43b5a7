"""The public page of an organization: its facts, its people with their consent, its words."""

import pytest
from django.urls import reverse

from accounts.models import Mandate, Organization
from forum.categories.models import Category
from forum.discussions import actions
from forum.overview.views.organization import PAGE_SIZE, SHOWN
from tests.cast import a_mandate
from tests.factories import a_category, a_reply, a_thread

pytestmark = pytest.mark.django_db


def html_of(client, organization, name="profile"):
    response = client.get(reverse(f"organizations:{name}", args=[organization.pk]))
    assert response.status_code == 200
    return response.content.decode()


def test_it_shows_its_facts(client, fundacja, orlik):
    fundacja.register, fundacja.register_number = "krs", "0009900001"
    fundacja.nip, fundacja.is_opp, fundacja.parent = "0000158385", True, orlik
    fundacja.address, fundacja.website = "ul. Klonowa 3", "https://dobrystart.example.org"
    fundacja.email, fundacja.phone = "biuro@example.org", "22 000 00 00"
    fundacja.save()
    fundacja.spheres.create(sphere="14")
    fundacja.other_gminas.create(gmina="raszyn")
    html = html_of(client, fundacja)
    for fact in [
        "Fundacja Dobry Start",
        "0009900001",
        "0000158385",
        "OPP",
        "ul. Klonowa 3",
        'href="https://dobrystart.example.org" rel="nofollow ugc noopener"',
        "mailto:biuro@example.org",
        "Raszyn",
        "UKS Orlik Brwinów",
        "?sphere=14",
    ]:
        assert fact in html
    assert fundacja.get_absolute_url() in html_of(client, orlik)  # its branch


def test_names_are_shown_only_with_consent(client, alice, bob, fundacja):
    a_mandate(bob, fundacja, Mandate.Role.PROXY)
    html = html_of(client, fundacja)
    assert "Alice Nowak" not in html
    assert "Bob Kowalski" not in html
    assert "osoba reprezentująca" in html
    Mandate.objects.filter(user=alice).update(is_public=True)
    html = html_of(client, fundacja)
    assert "Alice Nowak" in html
    assert "Bob Kowalski" not in html


def test_only_those_who_speak_today_are_counted(client, alice, bob, erin, fundacja):
    Mandate.objects.filter(user=alice).update(valid_to="2020-02-01", is_public=True)
    Mandate.objects.filter(user=erin).update(is_public=True)  # suspended
    a_mandate(bob, fundacja, Mandate.Role.MEMBER)
    Mandate.objects.filter(user=bob).update(is_public=True)
    html = html_of(client, fundacja)
    assert not any(name in html for name in ["Alice Nowak", "Erin Zając", "Bob Kowalski"])
    assert "Obecnie nikt" in html


def test_an_unclaimed_profile_says_so(client):
    unclaimed = Organization.objects.create(name="Klub", kind="sports_club", is_claimed=False)
    assert "Nikt tu jeszcze nie mówi w imieniu tej organizacji" in html_of(client, unclaimed)


def test_it_shows_what_it_said_and_nobody_else(client, alice, bob, fundacja):
    own = a_thread(alice, title="Wspólna sala", voice=fundacja)
    private = a_thread(alice, title="Moje własne zdanie")
    others = a_thread(bob, title="Cudzy wątek")
    a_reply(alice, others, "Mówimy jako fundacja. A & B < C.", voice=fundacja)
    a_reply(alice, others, "A to mówię ja.")
    taken_back = a_reply(alice, others, "Cofnięte słowa.", voice=fundacja)
    actions.withdraw(author=alice, post=taken_back)
    html = html_of(client, fundacja)
    assert own.title in html
    assert "Mówimy jako fundacja. A &amp; B &lt; C." in html
    assert others.title in html  # where it said it
    assert private.title not in html
    assert "A to mówię ja." not in html
    assert "Cofnięte słowa." not in html
    assert html.count("Wspólna sala") == 1  # the opening post is the thread, not a post in it


@pytest.mark.parametrize("name", ["profile", "threads", "posts"])
def test_what_the_reader_may_not_read_is_not_there(client, alice, carol, fundacja, name):
    a_mandate(carol, fundacja)
    hidden = a_category(readers=Category.Readers.STAFF)
    thread = a_thread(carol, hidden, title="Tajne", body="Tajne", voice=fundacja)
    a_reply(carol, thread, "Tajna odpowiedź", voice=fundacja)
    for member in [None, alice, carol]:
        if member:
            client.force_login(member)
        assert ("Tajn" in html_of(client, fundacja, name)) is (member == carol)


def test_more_than_a_few_are_on_pages_of_their_own(client, alice, fundacja):
    for number in range(PAGE_SIZE + 2):
        thread = a_thread(alice, title=f"Wątek {number:02}", voice=fundacja)
        a_reply(alice, thread, f"Głos {number:02}", voice=fundacja)
    newest = range(PAGE_SIZE + 1, PAGE_SIZE + 1 - SHOWN, -1)
    profile = client.get(fundacja.get_absolute_url())
    assert [thread.title for thread in profile.context["threads"].items] == [
        f"Wątek {number:02}" for number in newest
    ]
    for name in ["threads", "posts"]:
        address = reverse(f"organizations:{name}", args=[fundacja.pk])
        assert f'href="{address}"' in profile.content.decode()
        first = client.get(address).context["page"]
        second = client.get(first.later_url).context["page"]
        assert [len(first.items), len(second.items)] == [PAGE_SIZE, 2]
        assert not {row.pk for row in first.items} & {row.pk for row in second.items}
        assert (second.later_url, second.first_url) == ("", address)


@pytest.mark.parametrize("before", ["x", "-1", "9" * 40, "٣"])
def test_a_key_that_is_none_shows_the_newest(client, alice, fundacja, before):
    a_thread(alice, title="Wspólna sala", voice=fundacja)
    address = reverse("organizations:threads", args=[fundacja.pk])
    assert "Wspólna sala" in client.get(address, {"before": before}).content.decode()


def test_no_such_organization(client):
    for name in ["profile", "threads", "posts"]:
        assert client.get(reverse(f"organizations:{name}", args=[1])).status_code == 404


@pytest.mark.parametrize("count", [1, 8])
def test_the_page_costs_the_same_for_a_busy_organization(
    client, alice, fundacja, django_assert_num_queries, count
):
    for number in range(count):
        thread = a_thread(alice, title=f"Wątek {number}", voice=fundacja)
        a_reply(alice, thread, "Głos", voice=fundacja)
        Organization.objects.create(name=f"Koło {number}", kind="union", parent=fundacja)
    # The organization with its communes and spheres, its people, branches, threads and posts.
    with django_assert_num_queries(8):
        html_of(client, fundacja)


@pytest.mark.parametrize(("who", "may"), [("alice", True), ("bob", False), ("carol", True)])
def test_those_who_may_edit_it_are_offered_to(client, request, fundacja, who, may):
    client.force_login(request.getfixturevalue(who))
    link = reverse("organizations:edit", args=[fundacja.pk])
    assert (link in html_of(client, fundacja)) is may


def test_needs_and_offers_are_its_open_searches_for_partners(client, alice, carol, fundacja):
    category = a_category(templates=["partner", "question"])
    wish = {"purpose": "bus", "seek": "kierowcy", "gminas": "brwinow"}
    shown = {"voice": fundacja, "template": "partner", "filled": wish}
    a_thread(alice, category, title="Szukamy busa", **shown)
    closed = a_thread(alice, category, title="Szukaliśmy sali", **shown)
    actions.close(staff=carol, thread=closed, on=True)
    a_thread(alice, category, title="Co słychać?", voice=fundacja)
    page = client.get(fundacja.get_absolute_url())
    assert [thread.title for thread in page.context["needs"]] == ["Szukamy busa"]
    assert "Potrzeby i propozycje" in page.content.decode()
    hidden = a_category(templates=["partner"], readers=Category.Readers.MEMBERS)
    a_thread(alice, hidden, title="Po cichu", **shown)
    assert len(client.get(fundacja.get_absolute_url()).context["needs"]) == 1
