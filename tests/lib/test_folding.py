"""Texts as they are compared and sorted."""

import pytest

from forum.lib.folding import fold, polish_order


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Świetlica „Łąka”", "swietlica laka"),
        ("ZAŻÓŁĆ GĘŚLĄ JAŹŃ", "zazolc gesla jazn"),
        ("S\u0301wietlica", "swietlica"),  # a letter and its mark apart
        ("Straße Øst Ærø", "strasse ost aero"),
        ("  UKS – „Orlik”  2 ", "uks orlik 2"),
        ("„”–!", ""),
        ("żółw\x00", "zolw"),
    ],
)
def test_folding(text, folded):
    assert fold(text) == folded


def test_polish_letters_stand_after_their_plain_ones():
    in_order = [
        "„Alfa”",
        "Azyl",
        "Ąkwen",
        "Lasy",
        "Lzy",
        "Łany",
        "Mosty",
        "Zorza",
        "Zyta",
        "Źródło",
        "Żaba",
    ]
    assert sorted(set(in_order), key=polish_order) == in_order
