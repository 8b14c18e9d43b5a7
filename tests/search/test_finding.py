"""Posts are found by whoever may read them, on both databases alike."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command

from forum.categories.models import Category
from forum.search import queries
from forum.search.actions import forget, index, move
from forum.search.finding import NEWEST, PAGE_SIZE, Filters, find
from forum.search.models import Entry
from tests.factories import a_category, a_reply, a_thread, an_attachment, opening_post

pytestmark = pytest.mark.django_db
GUEST = AnonymousUser()


def reindex(*threads):
    for thread in threads:
        index("post", list(thread.posts.values_list("pk", flat=True)))


def found(text, viewer=GUEST, filters=None, **wishes):
    results = find(viewer, queries.read(text), filters or Filters(), **wishes)
    return [hit.entry.place for hit in results.hits]


@pytest.fixture
def hall(bob, alice):
    thread = a_thread(bob, title="Sala na świetlicę", body="Szukamy dotacji na remont podłogi.")
    a_reply(alice, thread, "Uchwała XXXII/154/21 daje 1,5% z art. 5a ust. 1.")
    reindex(thread)
    return thread


@pytest.fixture
def walk(bob):
    thread = a_thread(bob, title="Rajd rowerowy", body="Ustalamy trasę. Dotacja nam niepotrzebna.")
    reindex(thread)
    return thread


@pytest.mark.parametrize(
    "text",
    ["dotacja", "dotacje remont", "swietlica", "ŚWIETLICĘ", '"remont podłogi"', "xxxii/154/21",
     "1,5%", "art. 5a ust. 1", "podło", "dotacja -rajd"],
)  # fmt: skip
def test_a_thread_is_found_by_what_was_meant(text, hall, walk):
    assert hall.pk in found(text)


@pytest.mark.parametrize(
    "text", ['"podłogi remont"', "dotacja -remont", "art. 5a ust. 2", "kwark", "154/22"]
)
def test_and_not_by_what_was_not(text, hall):
    assert found(text) == []


def test_a_title_comes_before_a_text(hall, walk, bob):
    third = a_thread(bob, title="Dotacja", body="Kto brał?")
    reindex(third)
    assert found("dotacja")[0] == third.pk


def test_posts_of_one_thread_are_one_line(hall, bob):
    a_reply(bob, hall, "Dotacja, dotacja.")
    reindex(hall)
    results = find(GUEST, queries.read("dotacja"), Filters())
    assert (results.count, results.hits[0].more) == (1, 1)


def test_the_form_in_the_text_is_marked(hall):
    (hit,) = find(GUEST, queries.read("dotacja"), Filters()).hits
    assert [piece.text for piece in hit.text if piece.is_marked] == ["dotacji"]


def test_nothing_secret_is_found(carol, bob):
    secret = a_category(readers=Category.Readers.STAFF)
    thread = a_thread(carol, secret, title="Tajne", body="Kontrola dotacji.")
    reindex(thread)
    assert found("kontrola", carol) == [thread.pk]
    assert found("kontrola", bob) == found("kontrola") == []
    # A wrong category in the index shows nothing either: the room is asked again.
    move("post", thread.pk, category=a_category().pk)
    assert found("kontrola") == []


def test_filters_narrow_down(hall, walk, alice, bob, starostwo, carol):
    answer = a_reply(carol, hall, "Dotacja jest.", voice=starostwo)
    an_attachment(bob, opening_post(walk))
    reindex(hall, walk)
    assert found("dotacja", filters=Filters(category=walk.category_id)) == [walk.pk]
    assert found("dotacja", filters=Filters(is_official=True)) == [hall.pk]
    assert found("dotacja", filters=Filters(has_files=True)) == [walk.pk]
    assert found("dotacja", filters=Filters(organization=answer.organization_id)) == [hall.pk]
    assert found("dotacja", alice, Filters(is_mine=True)) == []
    assert set(found("dotacja", bob, Filters(is_mine=True))) == {hall.pk, walk.pk}
    assert found("dotacja", filters=Filters(is_mine=True)) == []


def test_pages_follow_each_other_without_a_gap(bob):
    category = a_category()
    threads = [a_thread(bob, category, title=f"Dotacja {n}") for n in range(PAGE_SIZE + 3)]
    reindex(*threads)
    for order in ("best", NEWEST):
        first = find(GUEST, queries.read("dotacja"), Filters(), order=order)
        rest = find(GUEST, queries.read("dotacja"), Filters(), order=order, after=first.next)
        places = [hit.entry.place for page in (first, rest) for hit in page.hits]
        assert sorted(places) == sorted(thread.pk for thread in threads)
        assert (len(first.hits), rest.next, first.count) == (PAGE_SIZE, "", PAGE_SIZE + 3)


def test_what_leaves_the_index_is_not_found(hall):
    forget("post", list(hall.posts.values_list("pk", flat=True)))
    assert found("dotacja") == []
    assert not Entry.objects.exists()


def test_reindex_makes_it_anew(hall, capsys):
    Entry.objects.update(text_terms="", title_terms="")
    Entry.objects.create(kind="post", object_pk=10**9, at=hall.created_at)
    assert found("dotacja") == []
    call_command("reindex", all=True)
    assert found("dotacja") == [hall.pk]
    assert not Entry.objects.filter(object_pk=10**9).exists()
    assert "2 made anew, 1 taken out" in capsys.readouterr().out
