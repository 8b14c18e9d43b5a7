"""A word that was mistyped is offered as it likely should be, with its Polish letters."""

from io import StringIO

import pytest
from django.core.management import call_command

from forum.categories.models import Category
from forum.search import queries, typos
from forum.search.models import KnownWord
from tests.factories import a_category

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _words():
    typos._noted.cache_clear()
    for text in ("Dotacja na remont świetlicy", "sprawozdanie, starostwo, konkurs, kurs"):
        typos.note_words(typos.news_in(text))


def offered(text):
    return typos.corrected(text, queries.read(text))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("dtoacja", "dotacja"), ("dotcja", "dotacja"), ("dottacja", "dotacja"),
        ("dotakja", "dotacja"), ("otacja", "dotacja"), ("fotacja", "dotacja"),
        ("swietlciy", "świetlicy"), ("świetliyc", "świetlicy"), ("sprawozdnaei", "sprawozdanie"),
        ("starotswoo", "starostwo"), ("kokurs", "konkurs"),
    ],
)  # fmt: skip
def test_one_slip_or_two_are_seen_through(typed, meant):
    assert offered(typed)[0] == meant


def test_only_the_wrong_word_is_replaced():
    assert offered("remont swietliyc remont")[0] == "remont świetlicy remont"
    assert offered('"dotcja" -kurs')[0] == '"dotacja" -kurs'


def test_what_is_far_from_every_word_is_not_guessed():
    assert offered("kwiatki") == offered("dot") == offered("1234567") == []


def test_a_long_question_asks_little(django_assert_max_num_queries):
    text = " ".join(f"nieznane{letter}xyz" for letter in "abcdefghijkl")
    with django_assert_max_num_queries(1 + 2 * typos.WORDS_TRIED):
        assert offered(text) == []


def test_which_words_there_are_is_kept_once():
    before = KnownWord.objects.count()
    typos._noted.cache_clear()  # as another process
    typos.note_words(typos.news_in("Dotacja na remont świetlicy"))
    assert KnownWord.objects.count() == before


# --- Whose words --------------------------------------------------------------------------------
@pytest.mark.parametrize("readers", ["members", "staff", "organizations"])
def test_words_are_known_only_where_everybody_may_read(
    readers, notes, django_capture_on_commit_callbacks
):
    closed = a_category(readers=readers)
    below = a_category(parent=closed)
    with django_capture_on_commit_callbacks(execute=True):
        notes.add("closed", "Kwarkowy", category=closed.pk)
        notes.add("below a closed one", "Kwarkowe", category=below.pk)
        notes.add("open", "Twarogowy", category=a_category().pk)
        notes.add("everywhere", "Serowarski")
    assert set(KnownWord.objects.filter(word__in=WORDS).values_list("word", flat=True)) == {
        "twarogowy", "serowarski",
    }  # fmt: skip


WORDS = ["kwarkowy", "kwarkowe", "twarogowy", "serowarski"]


def test_made_anew_the_whole_index_knows_the_words_that_stand_there_now(
    notes, django_capture_on_commit_callbacks
):
    category = a_category()
    with django_capture_on_commit_callbacks(execute=True):
        notes.add("it", "Kwarkowy", category=category.pk)
        pk = notes.add("gone", "Twarogowy")
    Category.objects.filter(pk=category.pk).update(readers="members")
    del notes.all[pk]
    notes.add("stays", "Serowarski")  # as in a process that was stopped before it noted it
    with django_capture_on_commit_callbacks(execute=True):
        call_command("reindex", kind=notes.kind, all=True, stdout=StringIO())
    assert KnownWord.objects.filter(word__in=WORDS).count() == 3  # of one kind: none is forgotten
    with django_capture_on_commit_callbacks(execute=True):
        call_command("reindex", all=True, stdout=StringIO())
    assert [*KnownWord.objects.values_list("word", flat=True)] == ["serowarski"]
