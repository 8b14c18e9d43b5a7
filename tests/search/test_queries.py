"""What somebody types, read as they mean it."""

import pytest

from forum.search import engine, queries
from forum.search.narrowing import Marks


def texts(words):
    return [word.text for word in words]


def test_words_phrases_and_a_minus():
    asked = queries.read('dotacja "mały grant" -sport -"dom kultury" ')
    assert texts(asked.words) == ["dotacja", "mały", "grant"]
    assert [texts(phrase) for phrase in asked.phrases] == [["mały", "grant"]]
    assert texts(asked.unwanted) == ["sport"]
    assert [texts(phrase) for phrase in asked.unwanted_phrases] == [["dom", "kultury"]]


@pytest.mark.parametrize(
    "text", ["„wkład własny”", "«wkład własny»", '"wkład własny', "”wkład własny„"]
)
def test_every_kind_of_quotes_holds_a_phrase(text):
    assert [texts(p) for p in queries.read(text).phrases] == [["wkład", "własny"]]


def test_a_hyphen_inside_is_no_minus():
    assert not queries.read("polsko-ukraiński e-mail 113-00-12-345").unwanted
    assert texts(queries.read("klub -seniora").unwanted) == ["seniora"]
    assert texts(queries.read("-seniora klub").words) == ["klub"]


def test_compounds_are_one_word_with_their_spaces():
    asked = queries.read("uchwała nr XXXII/154/21 art. 5a ust. 1 oraz 1,5 % z 22 738 15 00")
    assert texts(asked.words) == [
        "uchwała", "XXXII/154/21", "art. 5a ust. 1", "1,5 %", "22 738 15 00"
    ]  # fmt: skip


def test_the_last_word_may_go_on():
    assert queries.read("mała dotac").words[-1].prefix == "_dotac"
    assert queries.read("mała dotac ").words[-1].prefix == ""
    assert queries.read("do").words == ()  # a word of every text, and too short
    assert queries.read("art. 5").words[-1].prefix == ""
    assert queries.read("XXXII/15").words[-1].prefix == "_xxxii_15"
    assert queries.read("§ 3").words[-1].prefix == ""
    assert queries.read("grant -sport").words[-1].prefix == ""


def test_stop_words_alone_are_no_question():
    assert not queries.read("i w na że ze się sie")
    assert texts(queries.read("co z dotacją").words) == ["dotacją"]
    assert texts(queries.read("wiec na rynku").words) == ["wiec", "rynku"]


def test_a_word_asked_twice_counts_once():
    assert texts(queries.read("grant granty grant GRANT").words) == ["grant", "granty"]


def test_letters_taken_apart_and_unseen_signs_are_letters():
    assert texts(queries.read("s\u0301wietlica doku\u00adment").words) == ["świetlica", "dokument"]


def test_the_question_in_both_languages():
    asked = queries.read("§ 3 -1,5%")
    marks = Marks((("__c1", "__c2"), ("__files",)), ("__c9",))
    assert engine.fts5(asked, marks) == (
        '((("_par_3")) AND ("__c1" OR "__c2") AND ("__files")) NOT ("_1_5_pc" OR "__c9")'
    )
    assert engine.tsquery(asked, marks) == (
        "(('#:_par_3')) & ('#:__c1' | '#:__c2') & ('#:__files') & !('#:_1_5_pc') & !('#:__c9')"
    )
