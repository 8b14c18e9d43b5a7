"""Forms of Polish words: how many pairs are found, and which must not be, is stated."""

import pytest

from forum.lib import word_forms
from forum.lib.word_forms import CANDIDATES_OF_TEXT, forms_of, likely_spelling, spellings

# What stands in a text, and what somebody types.
INFLECTED = [
    ("dotacji", "dotacja"), ("dotacje", "dotacja"), ("dotacją", "dotacje"), ("dotacjom", "dotacja"),
    ("świetlicy", "świetlica"), ("świetlicach", "świetlica"), ("grantów", "grant"),
    ("grantami", "granty"), ("wkładu", "wkład"), ("wkładem", "wkłady"), ("własnego", "własny"),
    ("sprawozdania", "sprawozdanie"), ("sprawozdań", "sprawozdanie"), ("ofercie", "oferta"),
    ("ofert", "oferty"), ("konkursie", "konkurs"), ("konkursów", "konkursy"),
    ("wolontariuszy", "wolontariusz"), ("wolontariuszami", "wolontariusze"),
    ("organizacjom", "organizacja"), ("stowarzyszeniach", "stowarzyszenie"),
    ("fundacją", "fundacja"), ("starosty", "starosta"), ("staroście", "starosta"),
    ("powiecie", "powiat"), ("gminach", "gmina"), ("uchwałą", "uchwała"), ("uchwał", "uchwały"),
    ("zarządu", "zarząd"), ("zarządzie", "zarząd"), ("statucie", "statut"), ("radnych", "radny"),
    ("radnym", "radni"), ("księgowej", "księgowa"), ("faktur", "faktura"), ("dzieciom", "dziecko"),
    ("dzieci", "dziecko"), ("seniorami", "senior"), ("ludźmi", "człowiek"), ("roku", "rok"),
    ("lat", "rok"), ("szkole", "szkoła"), ("szkół", "szkoły"), ("boisku", "boisko"),
    ("zajęć", "zajęcia"), ("spotkaniu", "spotkanie"), ("napisaliśmy", "napisać"),
    ("rozliczyć", "rozliczyliśmy"), ("najlepszy", "dobry"), ("Pruszkowie", "Pruszków"),
    ("Brwinowem", "Brwinów"), ("Milanówku", "Milanówek"), ("Piastowie", "Piastów"),
]  # fmt: skip
WITHOUT_MARKS = [
    ("świetlicy", "swietlica"), ("żółwie", "zolw"), ("środków", "srodki"), ("wkładu", "wklad"),
    ("księgowości", "ksiegowosc"), ("niepełnosprawnościami", "niepelnosprawnosc"),
    ("społecznej", "spoleczna"), ("pożytku", "pozytek"), ("członków", "czlonkowie"),
    ("dłużej", "dlugo"), ("łąkę", "laka"), ("gałąź", "galaz"), ("źródeł", "zrodlo"),
    ("wójtem", "wojt"), ("Łomianki", "lomianki"), ("zażółcić", "zazolcic"),
]  # fmt: skip
DIFFERENT = [
    ("rada", "radio"), ("gmina", "gminny"), ("kot", "kotlet"), ("sala", "salon"),
    ("zarząd", "zarządca"), ("koło", "kolej"), ("szkoła", "szkolenie"), ("wniosek", "wino"),
    ("praca", "prasa"), ("grant", "granat"), ("umowa", "rozmowa"), ("starosta", "starość"),
    ("powiat", "powód"), ("dotacja", "dokument"), ("klub", "klucz"), ("statut", "status"),
]  # fmt: skip


def is_found(text, typed):
    return bool(forms_of(text) & forms_of(typed, is_asked=True))


@pytest.mark.parametrize("pairs", [INFLECTED, WITHOUT_MARKS], ids=["inflected", "without marks"])
def test_at_least_97_of_100_pairs_are_found(pairs):
    lost = [pair for pair in pairs if not is_found(*pair)]
    assert len(lost) <= 0.03 * len(pairs), lost


def test_other_words_are_not_found():
    assert [pair for pair in DIFFERENT if is_found(*pair)] == []


def test_a_text_written_without_marks_is_found_too():
    assert is_found("swietlicy", "świetlica")
    assert is_found("srodkow", "środki")


def test_an_unknown_word_keeps_its_stem():
    assert forms_of("brzdękoliczku") == forms_of("brzdękoliczkowi") != forms_of("kwarkiem")


def test_spellings_have_an_end():
    assert "żółw" in spellings("zolw", 100)
    assert spellings("lz" * 20, CANDIDATES_OF_TEXT) == []


def test_marks_stand_only_where_polish_has_them():
    assert set(spellings("sian", 100)) == {"siąn", "siań", "siąń"}
    assert "niepełnosprawnościami" in spellings("niepelnosprawnosciami", 1_000)


def test_marks_may_be_left_out_in_part():
    assert is_found("księgowości", "księgowosc")


def test_pieces_of_a_verb_say_nothing_of_it():
    assert "być" not in forms_of("napisaliśmy") | forms_of("zrobiłbym")


def test_names_are_found_in_small_letters():
    assert is_found("Pruszkowie", "pruszków")
    assert is_found("Smolińskiej", "smolinska")


def test_a_spelling_is_offered_where_the_word_is_none():
    assert likely_spelling("swietlica") == "świetlica"
    assert likely_spelling("sala") == "sala"
    assert likely_spelling("xyzcs") == "xyzcs"


def test_without_the_dictionary_rules_do(monkeypatch):
    forms_of.cache_clear()
    monkeypatch.setattr(word_forms, "_dictionary", None)
    try:
        assert not word_forms.has_dictionary()
        assert is_found("dotacjami", "dotacja")
    finally:
        forms_of.cache_clear()
