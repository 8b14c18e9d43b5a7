"""What was filled into the forms of threads is found, as a reader would type it."""

import pytest

from forum.discussions import actions
from forum.discussions.models import Post
from forum.discussions.templates_of_threads import TEMPLATES
from tests.factories import a_category, a_thread, opening_post

pytestmark = pytest.mark.django_db

BUS = {"purpose": "wspólny bus na zawody", "seek": "Kierowcy z Łomianek", "gminas": "brwinow"}
HALL = {"purpose": "sala na próby", "seek": "w Piastowie dla orkiestry", "gminas": "piastow"}


@pytest.fixture
def category():
    return a_category(templates=list(TEMPLATES))


@pytest.fixture
def bus(bob, category):
    return a_thread(bob, category, title="Szukamy busa", template="partner", filled=BUS)


@pytest.fixture
def hall(bob, category):
    return a_thread(bob, category, title="Szukamy sali", template="partner", filled=HALL)


def found(client, category, text, template="partner"):
    page = client.get(f"/categories/{category.pk}/", {"template": template, "fields": text})
    assert page.status_code == 200
    return [thread.title for thread in page.context["page"].items]


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("bus", ["Szukamy busa"]),
        ("lomianek KIEROWCY", ["Szukamy busa"]),
        ("Brwinów", ["Szukamy busa"]),
        ("PROBY sala", ["Szukamy sali"]),
        ("próba w sali", ["Szukamy sali"]),
        ("bus sala", []),
        ("%", ["Szukamy sali", "Szukamy busa"]),
        ("", ["Szukamy sali", "Szukamy busa"]),
    ],
)
def test_the_fields_are_searched_without_polish_letters(client, category, bus, hall, text, titles):
    assert found(client, category, text) == titles


def test_nothing_found_says_what_to_do(client, category, bus):
    page = client.get(f"/categories/{category.pk}/", {"template": "partner", "fields": "namiot"})
    assert "żadnego formularza" in page.content.decode()
    assert found(client, category, "namiot") == []


def test_an_edit_is_found_by_its_new_words_only(client, bob, category, bus):
    post = opening_post(bus)
    filled = {**BUS, "purpose": "namiot na piknik"}
    actions.edit(author=bob, post=post, body="x", body_format="markdown", filled=filled)
    assert found(client, category, "namiot") == ["Szukamy busa"]
    assert found(client, category, "zawody") == []


def test_a_withdrawn_form_is_not_found(client, bob, category, bus):
    actions.withdraw(author=bob, post=opening_post(bus))
    assert found(client, category, "bus") == []


def test_the_search_goes_on_to_the_next_page(client, bob, category):
    for number in range(22):
        a_thread(bob, category, title=f"Bus {number}", template="partner", filled=BUS)
    page = client.get(f"/categories/{category.pk}/", {"template": "partner", "fields": "bus"})
    later = page.context["page"].later_url
    assert "fields=bus" in later
    assert len(client.get(later).context["page"].items) == 2


@pytest.mark.parametrize("text", ["\0x", "x" * 5_000, "<script>", "'; DROP TABLE", "łąka " * 400])
def test_strange_wishes_are_answered(client, category, bus, text):
    assert found(client, category, text) == []
    assert Post.objects.exists()
