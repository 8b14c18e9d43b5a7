"""What comes first, and that pages stay what they were while people go on writing."""

import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from forum.search import finding
from forum.search.actions import forget
from forum.search.finding import BEST, NEWEST, PAGE_SIZE

pytestmark = pytest.mark.django_db


def test_a_title_before_a_text(notes):
    notes.add("text", "Dotacja na sport.")
    notes.add("title", "Kto brał?", "Dotacja", days=300)
    assert notes.found("dotacja") == ["title", "text"]


def test_the_form_that_was_typed_before_other_forms(notes):
    notes.add("as typed", "Mamy dotacje.")
    notes.add("another", "Mamy dotacjom, dotacją, dotacji, dotacjami.", days=-1)
    assert notes.found("dotacje") == ["as typed", "another"]


def test_fresh_before_old(notes):
    notes.add("fresh", "Dotacja na sport.", days=3)
    notes.add("old", "Dotacja na sport.", days=900)
    assert notes.found("dotacja") == ["fresh", "old"]


def test_what_the_office_says_and_what_was_accepted_before_the_rest(notes):
    notes.add("official", "Dotacja na sport.", is_official=True)
    notes.add("accepted", "Dotacja na sport.", is_accepted=True, days=1)
    notes.add("anybody", "Dotacja na sport.")
    assert notes.found("dotacja") == ["official", "accepted", "anybody"]


def test_a_word_said_often_before_one_said_once(notes):
    notes.add("once", "Dotacja na sport.")
    notes.add("often", "Dotacja? Dotacja! " * 4, days=1)
    notes.add("over and over", "dotacja " * 300, days=10)
    assert notes.found("dotacja") == ["often", "over and over", "once"]


def test_a_beginning_in_a_title_counts_too(notes):
    notes.add("text", "Podłoga do remontu.")
    notes.add("title", "Kto pomoże?", "Podłoga w sali", days=300)
    assert notes.found("podło") == ["title", "text"]


def test_the_newest_first_where_that_is_asked_for(notes):
    notes.add("title", "Kto brał?", "Dotacja", days=2)
    notes.add("text", "Dotacja na sport.", days=1)
    assert notes.found("dotacja", order=NEWEST) == ["text", "title"]


def test_a_phrase_is_in_its_order_and_in_any_form(notes):
    notes.add("phrase", "Nie mamy wkładu własnego.")
    notes.add("turned round", "Własny lokal i wkład.")
    notes.add("apart", "Wkład jest nasz, własny.")
    assert notes.found('"wkład własny"') == ["phrase"]
    assert set(notes.found("wkład własny")) == {"phrase", "turned round", "apart"}
    assert set(notes.found('wkład -"wkład własny"')) == {"turned round", "apart"}


def test_a_phrase_may_hold_small_words_and_compounds(notes):
    notes.add("right", "Zgodnie z art. 5a ust. 1 ustawy o pożytku, uchwała nr XXXII/154/21 Rady.")
    notes.add("wrong", "Ustawa o art. 5a ust. 1 i o Radzie. Pożytek z uchwały nr XXXII/154/21.")
    assert notes.found('"ustawa o pożytku"') == ["right"]
    assert notes.found('"art. 5a ust. 1 ustawy"') == ["right"]
    assert notes.found('"uchwała nr XXXII/154/2021 rady"') == ["right"]


@pytest.mark.parametrize("order", [BEST, NEWEST])
def test_pages_stay_what_they_were_while_people_go_on_writing(notes, order):
    names = [
        notes.add(f"{n}", "Dotacja.", title="Dotacja" if n % 3 else "", days=n % 7, place=n // 2)
        for n in range(4 * PAGE_SIZE)
    ]
    expected = [hit.entry.place for hit in walked(notes, order)]
    assert len(expected) == len(set(expected)) == len(names) // 2

    def meanwhile(number):
        # A thread of the last page gets an answer that would come first, and there is a new one.
        late = expected[-1 - number]
        notes.add("late", "Dotacja " * 8, title="Dotacja, dotacja", place=late, is_official=True)
        notes.add("new", "Dotacja " * 8, title="Dotacja", place=1_000 + number, is_official=True)

    assert [hit.entry.place for hit in walked(notes, order, meanwhile)] == expected
    assert notes.page("dotacja", order=order).hits[0].entry.place not in expected[:3]


def test_a_result_that_is_gone_takes_no_other_with_it(notes):
    for number in range(2 * PAGE_SIZE):
        notes.add(f"{number}", "Dotacja.", days=number)
    first = notes.page("dotacja")
    forget("note", [first.hits[-1].entry.object_pk, first.hits[0].entry.object_pk])
    rest = notes.page("dotacja", after=first.next)
    assert len(rest.hits) == PAGE_SIZE


@pytest.mark.parametrize("after", ["x", "1", "1.2.3", "-1.2.3.4.5", "9" * 50, "1.2.3.99999999999"])
def test_a_place_that_nobody_gave_out_is_the_first_page(notes, after):
    notes.add("only", "Dotacja.")
    assert notes.found("dotacja", after=after) in (["only"], [])


def test_a_place_behind_the_end_costs_no_more_than_the_last_entry(notes):
    notes.add("only", "Dotacja.")
    beyond = "9" * 18
    with CaptureQueriesContext(connection) as asked:
        assert notes.found("dotacja", after=f"{beyond}.1.{beyond}.{int(time.time())}") == ["only"]
    looked_up = [each["sql"] for each in asked if "search_" in each["sql"]]
    assert looked_up
    assert not [sql for sql in looked_up if beyond in sql]


def test_every_page_sees_the_same_points(notes, monkeypatch):
    """As time goes on, points fall by one every fifteen seconds or so: whenever it is, those who
    have as many as the last of the first page are on the second."""
    for number in range(PAGE_SIZE + 1):
        notes.add(f"{number}", "Dotacja.")
    whole = notes.now.replace(microsecond=0)
    for second in range(40):
        at = whole + timedelta(seconds=second, microseconds=999_999)
        monkeypatch.setattr("forum.search.finding.timezone.now", lambda at=at: at)
        assert len(walked(notes, BEST)) == PAGE_SIZE + 1


def test_a_page_costs_the_same_for_any_number_of_results(notes, django_assert_num_queries):
    for number in range(3):
        notes.add(f"{number}", "Dotacja.")
    with django_assert_num_queries(7):
        assert len(notes.found("dotacja")) == 3
    for number in range(20):
        notes.add(f"more {number}", "Dotacja.", title="Dotacja")
    with django_assert_num_queries(7):
        assert len(notes.found("dotacja")) == finding.PAGE_SIZE


def walked(notes, order, meanwhile=lambda number: None):
    """All results, page by page, with something happening between the pages."""
    hits, after, number = [], "", 0
    while True:
        page = notes.page("dotacja", order=order, after=after)
        hits += page.hits
        if not page.next:
            return hits
        meanwhile(number)
        after, number = page.next, number + 1
