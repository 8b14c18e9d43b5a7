"""A word that was mistyped is offered as it likely should be, with its Polish letters."""

import pytest

from forum.search import queries, typos
from forum.search.models import KnownWord

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _words():
    typos._noted.cache_clear()
    typos.note_words(["Dotacja na remont świetlicy", "sprawozdanie, starostwo, konkurs, kurs"])


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
    typos.note_words(["Dotacja na remont świetlicy"])
    assert KnownWord.objects.count() == before
