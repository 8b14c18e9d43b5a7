"""What of a mail are its writer's own words: letters of the programs that people use, as they come.

Each sample is a letter (`.eml`) beside the words that must be left of it (`.txt`).
"""

from pathlib import Path

import pytest
from django.conf import settings

from forum.lib import mail_patterns, mails
from forum.lib.mail_patterns import REPLY_ABOVE
from forum.lib.trimming import own_words

SAMPLES = Path(__file__).parent / "samples"
WITH_WORDS = sorted(path.stem for path in SAMPLES.glob("*.txt"))


def words_of(name: str) -> str:
    return own_words(mails.read((SAMPLES / f"{name}.eml").read_bytes()).text)


@pytest.mark.parametrize("name", WITH_WORDS)
def test_only_the_writers_own_words_are_left(name):
    assert words_of(name) == (SAMPLES / f"{name}.txt").read_text().strip("\n")


def test_every_program_of_the_list_has_a_sample():
    programs = {name.split("_")[0] for name in WITH_WORDS}
    assert programs >= {"outlook", "gmail", "thunderbird", "apple", "wp", "onet", "interia"}


@pytest.mark.parametrize("name", WITH_WORDS)
def test_trimming_what_is_trimmed_takes_no_more(name):
    once = words_of(name)
    unquoted = "\n".join(line for line in once.split("\n") if not line.startswith(">"))
    assert own_words(unquoted).split() == unquoted.split()


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_the_line_above_which_one_answers_is_known_in_every_language(language):
    assert mail_patterns.is_reply_above(f"> | {mail_patterns.reply_above(language)}")
    assert language in REPLY_ABOVE


@pytest.mark.parametrize(
    "text",
    [
        "Wysłano z opóźnieniem, przepraszam.",
        "Od: 17:00\nDo: 19:00",
        "Dane: patrz wyżej",
        "Spotkanie -- jak zwykle -- we wtorek.",
        "Temat: sala\nKlucze są u Jana.",
    ],
)
def test_words_that_only_look_like_a_program_stay(text):
    assert own_words(text) == text


def test_the_delimiter_ends_the_letter_wherever_it_stands():
    text = f"Tak.\n\n{REPLY_ABOVE['pl']}\n\nNie moje."
    assert own_words(text) == "Tak."


def test_a_signature_ends_where_the_quotation_begins():
    text = "> Kto ma klucze?\n\nJa.\n\n--\nAlice\n\n> A od której?\n\nOd piątej."
    assert own_words(text) == "> Kto ma klucze?\n\nJa.\n\n> A od której?\n\nOd piątej."


def test_a_long_hostile_text_is_read_in_good_time():
    for text in (">\nx\n" * 50_000, "On " * 60_000, "[" * 200_000, "Od: x@y\n" * 25_000):
        own_words(text)
