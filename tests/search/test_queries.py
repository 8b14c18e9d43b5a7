"""What somebody types, read as they mean it; nothing breaks it."""

import time

import pytest

from forum.search import engine, queries

LONG = "dotacja " * 1_250  # 10,000 characters


def texts(words):
    return [word.text for word in words]


def test_words_phrases_and_a_minus():
    asked = queries.read('dotacja "mały grant" -sport ')
    assert texts(asked.words) == ["dotacja", "mały", "grant"]
    assert [texts(phrase) for phrase in asked.phrases] == [["mały", "grant"]]
    assert texts(asked.unwanted) == ["sport"]


def test_polish_quotes_and_provisions_are_phrases():
    assert [texts(p) for p in queries.read("„wkład własny”").phrases] == [["wkład", "własny"]]
    assert [texts(p) for p in queries.read("art. 5a ust. 1").phrases] == [["art", "5a", "ust", "1"]]


def test_the_last_word_may_go_on():
    assert queries.read("mała dotac").words[-1].prefix == "_dotac"
    assert queries.read("mała dotac ").words[-1].prefix == ""
    assert queries.read("do").words == ()  # a word of every text, and too short


def test_stop_words_alone_are_no_question():
    assert not queries.read("i w na że")
    assert texts(queries.read("co z dotacją").words) == ["dotacją"]


@pytest.mark.parametrize(
    "text",
    [
        LONG, '"niedomknięty', '""', "-", "- -", "*", "a*b", "NEAR(dotacja, 2)", "title:dotacja",
        "dotacja AND OR NOT", "'; DROP TABLE search_entry; --", "dotacja & | ! :* <->", "%_\\",
        "\x00dotacja\x00", "😀 dotacja 😀", "😀", "עברית dotacja", "\u202edotacja", "{}[]()^~",
    ],
    ids=str.strip,
)  # fmt: skip
def test_anything_is_read_in_no_time(text):
    begun = time.process_time()
    asked = queries.read(text)
    if asked:
        engine.fts5(asked)
        engine.tsquery(asked)
    assert time.process_time() - begun < 1
    assert len(asked.words) <= queries.WORDS_MAX
