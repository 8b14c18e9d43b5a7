"""Words of a text, and numbers that are one word however they are written."""

import pytest

from forum.search.terms import WORDS_MAX, all_terms, indexed, surface, terms_of, tokens


def words(text):
    return [token.text for token in tokens(text)]


def test_numbers_keep_their_signs():
    text = "Uchwała XXXII/154/21 i art. 5a ust. 1, 1,5% podatku, KRS 0000123456, NIP 113-00-12-345"
    assert words(text) == [
        "Uchwała", "XXXII/154/21", "i", "art", "5a", "ust", "1", "1,5%", "podatku", "KRS",
        "0000123456", "NIP", "113-00-12-345",
    ]  # fmt: skip


def test_places_are_those_of_the_text():
    text = "„Łąka”: 15.11.2012 r."
    assert [text[token.start : token.end] for token in tokens(text)] == words(text)


@pytest.mark.parametrize(
    ("written", "typed"),
    [("113-00-12-345", "1130012345"), ("1,5 %", "1,5%"), ("XXXII/154/21", "xxxii/154/21")],
)
def test_a_number_is_the_same_however_it_is_written(written, typed):
    assert surface(written) == surface(typed)


def test_parts_of_a_number_are_found_too():
    assert surface("154") in all_terms("XXXII/154/21")


def test_terms_are_what_both_databases_keep_as_it_is():
    for word in ["Łódź", "O'Neil", "c++", "1,5%", "naïve", "Ж", "日本", "1/2"]:
        for term in all_terms(word):
            assert all(sign.isalnum() or sign == "_" for sign in term), (word, term)


def test_the_word_as_it_stands_is_apart_from_forms():
    assert surface("Listy") == "_listy"
    assert "_listy" not in terms_of("Listy")


def test_a_text_without_end_is_found_by_its_beginning():
    assert len(indexed("słowo " * (WORDS_MAX + 10)).split()) == len(indexed("słowo").split()) * (
        WORDS_MAX
    )
