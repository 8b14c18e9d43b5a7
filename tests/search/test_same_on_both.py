"""One forum, and what is found in it, in which order: the same on SQLite and on PostgreSQL.

The tests run on both; what stands here is what each of them must answer.
"""

import pytest

from forum.lib.word_forms import has_dictionary
from forum.search.finding import NEWEST, Filters

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not has_dictionary(), reason="rules alone find some others"),
]

# Name, days old, title, text, and what else it is.
FORUM = [
    ("hall", 400, "Remont świetlicy w Komorowie", "Szukamy dotacji na podłogę i okna.", {}),
    (
        "answer",
        399,
        "",
        "Uchwała nr XXXII/154/21 daje 1,5 % na remonty świetlic.",
        {"is_official": True},
    ),
    ("law", 200, "Mały grant: pytanie", "Wg art. 19a ust. 1 wniosek rozpatruje się w 30 dni.", {}),
    (
        "lawyer",
        199,
        "",
        "Nie, art. 19a ust. 10. Zob. Dz.U. z 2024 r. poz. 1491.",
        {"is_accepted": True},
    ),
    (
        "rally",
        100,
        "Rajd rowerowy Brwinów – Nadarzyn",
        "Dotacja nam niepotrzebna, szukamy ludzi.",
        {},
    ),
    ("reply", 99, "", "Zgłaszam trzech chętnych z Otrębus, tel. 600 123 456.", {}),
    ("seniors", 60, "Klub seniora szuka sali", "Sala w Pruszkowie, najlepiej z windą.", {}),
    ("unmarked", 50, "", "mamy sale na swietlice przy ulicy Kosciuszki, prosze pisac", {}),
    (
        "funds",
        40,
        "Wkład własny w ofercie",
        "Czy wolontariusze mogą być wkładem własnym?",
        {"has_files": True},
    ),
    (
        "volunteers",
        39,
        "",
        "Tak, praca wolontariuszy to własny wkład osobowy.",
        {"is_official": True},
    ),
    ("mail", 30, "Newsletter NGO-sów", "Piszcie na biuro@ngo.org.pl albo przez Facebooka.", {}),
    (
        "krs",
        20,
        "Zmiana w KRS",
        "KRS 0000123456, NIP 113-00-12-345, spotkanie 12 marca 2026 o 17:00.",
        {},
    ),
    ("money", 10, "", "Dotacja 10.000,00 zł, dotacja z gminy i dotacja z powiatu.", {}),
    ("help", 5, "Допомога з документами", "Шукаємо перекладача, proszę o pomoc.", {}),
    ("fresh", 1, "", "Remontu świetlicy ciąg dalszy: Zarząd podpisał umowę.", {}),
]
ANSWERS = {
    "dotacja": ["money", "rally", "hall"],
    "dotacje remont": ["hall"],
    "swietlica": ["hall", "fresh", "unmarked", "answer"],
    "świetlice": ["hall", "unmarked", "fresh", "answer"],
    "remont świetlicy": ["hall", "fresh", "answer"],
    '"remont świetlicy"': ["hall", "fresh", "answer"],
    "XXXII/154/2021": ["answer"],
    "uchwała nr XXXII/154/21": ["answer"],
    "1.5%": ["answer"],
    "art. 19a": ["lawyer", "law"],
    "art 19a ust 1": ["law"],
    "art. 19a ust. 10": ["lawyer"],
    "Dz. U. 2024 poz. 1491": ["lawyer"],
    "rower ": [],
    "rower": ["rally"],
    "rowerow": ["rally"],
    "rowerowym rajdem": ["rally"],
    "brwinow": ["rally"],
    "w Otrębusach": ["reply"],
    "600-123-456": ["reply"],
    "+48 600 123 456": ["reply"],
    "sala": ["seniors", "unmarked"],
    "sala -winda": ["unmarked"],
    "ulica Kościuszki": ["unmarked"],
    '"wkład własny"': ["funds"],
    "wkład własny": ["funds", "volunteers"],
    "wolontariusz -ofer": ["volunteers", "funds"],
    "wolontariusz -oferta": ["volunteers"],
    "ngo": ["mail"],
    "ngo.org.pl": ["mail"],
    "facebook": ["mail"],
    "0000123456": ["krs"],
    "1130012345": ["krs"],
    "12.03.2026": ["krs"],
    "10 000 zł": ["money"],
    "допомога": ["help"],
    "зустріч": [],
    "podpisać umowa": ["fresh"],
    "dotacja -gmina -rajd": ["hall"],
    "ludzie": ["rally"],
}


@pytest.fixture
def forum(notes):
    for number, (name, days, title, text, fields) in enumerate(FORUM):
        notes.add(name, text, title, days=days, place=number, **fields)
    return notes


def test_every_question_has_its_answer_in_its_order(forum):
    assert {text: forum.found(text) for text in ANSWERS} == ANSWERS


def test_filters_and_the_other_order(forum):
    assert forum.found("wkład", filters=Filters(is_official=True)) == ["volunteers"]
    assert forum.found("wkład", filters=Filters(has_files=True)) == ["funds"]
    since = forum.all[11].at
    assert forum.found("dotacja", filters=Filters(since=since)) == ["money"]
    assert forum.found("świetlica", order=NEWEST) == ["fresh", "unmarked", "answer", "hall"]
