"""Words of a text, and what is one word however it is written."""

import pytest

from forum.lib.word_forms import has_dictionary
from forum.search.terms import (
    TERM_MAX_CHARS,
    TERMS_MAX_BYTES,
    WORDS_MAX,
    all_terms,
    indexed,
    surface,
    terms_of,
    tokens,
)


def words(text):
    return [token.text for token in tokens(text)]


def test_numbers_keep_their_signs():
    text = "Uchwała XXXII/154/21 i art. 5a ust. 1, 1,5% podatku, KRS 0000123456, NIP 113-00-12-345"
    assert words(text) == [
        "Uchwała",
        "XXXII/154/21",
        "i",
        "art. 5a ust. 1",
        "1,5%",
        "podatku",
        "KRS",
        "0000123456",
        "NIP",
        "113-00-12-345",
    ]


def test_places_are_those_of_the_text():
    text = "„Łąka”: 15.11.2012 r., art. 3"
    assert [text[token.start : token.end] for token in tokens(text)] == words(text)


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("113-00-12-345", "1130012345"),
        ("113 00 12 345", "PL1130012345"),
        ("1,5 %", "1,5%"),
        ("1.5%", "1,5 procent"),
        ("XXXII/154/21", "xxxii/154/2021"),
        ("XXXII.154.2021", "XXXII/154/21"),
        ("12.03.2026", "12 marca 2026"),
        ("2026-03-12", "12.3.2026"),
        ("(22) 738 15 00", "22 738-15-00"),
        ("+48 600 123 456", "600123456"),
        ("10 000", "10000"),
        ("200.000,00", "200000"),
        ("Dz.U. z 2024 r. poz. 1491", "Dz.U.2024.1491"),
        ("Dz. U. 2024 poz. 1491", "dzu 2024 poz. 1491"),
        ("art. 5a ust. 1", "artykuł 5a ust 1"),
        ("§ 3", "§3"),
        ("§ 3 ust. 2", "paragraf 3, ust. 2"),
        ("BIURO@Ngo.org.pl", "biuro@ngo.org.pl"),
        ("e-mail", "email"),
        ("NGO-sów", "NGO"),
        ("Facebook'u", "Facebook"),
        ("świe\u00adtlica", "świetlica"),
        ("s\u0301wietlica", "świetlica"),
    ],
)
def test_a_compound_is_the_same_however_it_is_written(written, typed):
    assert [surface(each) for each in words(written)] == [surface(each) for each in words(typed)]


@pytest.mark.parametrize(
    ("written", "part"),
    [
        ("XXXII/154/21", "154"),
        ("art. 5a ust. 1 pkt 2", "art. 5a"),
        ("art. 5a ust. 1", "ust. 1"),
        ("art. 5a ust. 1", "5a"),
        ("www.powiat.pruszkow.pl", "pruszkow.pl"),
        ("biuro@ngo.pl", "ngo.pl"),
        ("12 marca 2026", "2026"),
        ("Dz.U. 2024 poz. 1491", "1491"),
        ("0000123456", "123456"),
        ("1,5%", "1,5"),
        ("2026/2027", "2027"),
    ],
)
def test_a_part_of_it_finds_it_too(written, part):
    (word,) = words(written)
    assert surface(part) in all_terms(word)


@pytest.mark.parametrize(
    ("written", "other"),
    [
        ("art. 5a ust. 1", "art. 5a ust. 12"),
        ("art. 5", "art. 51"),
        ("§ 3", "§ 33"),
        ("1,5%", "15%"),
        ("XXXII/154/21", "XXXII/154/22"),
        ("12.03.2026", "3.12.2026"),
    ],
)
def test_another_number_does_not(written, other):
    (word,) = words(written)
    assert surface(other) not in all_terms(word)


def test_a_word_of_law_alone_is_a_word():
    assert words("lita skała, na ustach, artykuły, punkt widzenia") == [
        "lita",
        "skała",
        "na",
        "ustach",
        "artykuły",
        "punkt",
        "widzenia",
    ]


def test_terms_are_what_both_databases_keep_as_it_is():
    for word in ["Łódź", "O'Neil", "c++", "1,5%", "naïve", "Ж", "日本", "1/2", "½", "a" * 9_000]:
        for term in all_terms(word):
            assert all(sign.isalnum() or sign == "_" for sign in term), (word, term)
            assert len(term) <= TERM_MAX_CHARS
            assert not term.startswith("__")


def test_words_of_other_scripts_are_different_words():
    assert surface("допомога") != surface("зустріч")


@pytest.mark.skipif(not has_dictionary(), reason="by rules a stem may look like the word")
def test_the_word_as_it_stands_is_apart_from_forms():
    assert surface("Listy") == "_listy"
    assert "_listy" not in terms_of("Listy")


def test_a_text_without_marks_is_read_as_if_they_were_left_out():
    assert "mieć" not in indexed("maja").split()  # May, or a name
    if has_dictionary():
        assert "mieć" in indexed("Kluby maja swoje wlasne sale").split()


def test_a_text_without_end_is_found_by_its_beginning():
    assert len(indexed("słowo " * (WORDS_MAX + 10)).split()) == len(indexed("słowo").split()) * (
        WORDS_MAX
    )


def test_different_words_without_end_have_an_end():
    terms = set(indexed(" ".join(f"żółw{'ó' * 40}{n}" for n in range(WORDS_MAX))).split())
    assert 0.9 * TERMS_MAX_BYTES < sum(len(term.encode()) + 8 for term in terms) <= TERMS_MAX_BYTES
