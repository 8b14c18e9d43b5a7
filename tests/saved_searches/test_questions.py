"""A saved search finds in Python what the page of the search finds in the database."""

import pytest
from django.contrib.auth.models import AnonymousUser

from forum.saved_searches.models import SavedSearch
from forum.saved_searches.questions import Told
from forum.search import queries
from forum.search.finding import Filters, find
from forum.search.models import Entry
from tests.factories import a_thread, an_attachment, opening_post

pytestmark = pytest.mark.django_db
TEXTS = [
    ("Sala na świetlicę", "Szukamy dotacji na remont podłogi."),
    ("Rajd rowerowy", "Ustalamy trasę. Dotacja nam niepotrzebna."),
    ("Uchwała XXXII/154/21", "Daje 1,5% z art. 5a ust. 1 ustawy."),
    ("Zbiórka", "Remont podłogi w świetlicy, podłogi remont."),
    ("Księgowość", "Sprawozdania do 31.03, numer KRS 0009900002."),
    ("", "swietlica bez polskich znaków"),
]
QUESTIONS = [
    "dotacja", "dotacje remont", "swietlica", "ŚWIETLICĘ", '"remont podłogi"', "xxxii/154/21",
    "1,5%", "art. 5a ust. 1", "art. 5a ust. 2", "podło", "dotacja -rajd", "kwark",
    '"podłogi remont"', "sprawozdanie", "0009900002", "ksieg", "rower trasa", "świetlicy remont",
    "remont -podłoga", "z na dotacja", 'świetlica -"remont podłogi"', '"', "remo",
]  # fmt: skip


@pytest.fixture
def entries(alice, bob):
    threads = [a_thread(bob, title=title or "Bez tytułu", body=body) for title, body in TEXTS]
    an_attachment(bob, opening_post(threads[0]))
    return list(Entry.objects.all())


@pytest.mark.parametrize("text", QUESTIONS)
def test_the_same_is_found(text, entries):
    shown = find(AnonymousUser(), queries.read(text), Filters())
    on_the_page = {hit.entry.pk for hit in shown.hits}
    search = SavedSearch(text=text)
    assert {each.pk for each in entries if Told(each).fits(search)} == on_the_page


def test_the_questions_find_something_and_not_everything(entries):
    counts = [sum(Told(e).fits(SavedSearch(text=text)) for e in entries) for text in QUESTIONS]
    assert 0 in counts
    assert max(counts) >= 3
    assert max(counts) < len(entries)


def test_filters_agree(entries, alice, starostwo, orlik):
    first = entries[0]
    Entry.objects.filter(pk=first.pk).update(
        organization=starostwo, is_official=True, gmina="brwinow"
    )
    entries = list(Entry.objects.all())
    for narrowed in (
        {"category_id": first.category_id},
        {"organization_id": starostwo.pk},
        {"organization_id": orlik.pk},
        {"gmina": "brwinow"},
        {"gmina": "pruszkow"},
        {"is_official": True},
        {"has_files": True},
    ):
        filters = Filters(**{name.removesuffix("_id"): value for name, value in narrowed.items()})
        shown = find(AnonymousUser(), queries.read("dotacja"), filters)
        search = SavedSearch(text="dotacja", **narrowed)
        fitting = {each.pk for each in entries if Told(each).fits(search)}
        assert fitting == {hit.entry.pk for hit in shown.hits}, narrowed
