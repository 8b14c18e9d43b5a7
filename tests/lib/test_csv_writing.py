"""What is written as CSV opens as a table, and no cell of it is run."""

import csv
from io import StringIO

import pytest

from forum.lib.csv_writing import csv_text


def cells(text):
    assert text.startswith("\ufeff")
    return list(csv.reader(StringIO(text[1:], newline=""), delimiter=";"))


def test_it_is_a_table_with_semicolons():
    written = csv_text(["Dzień", "Środek"], [["2026-11-26", 'ukrycie; "cytat"'], [None, "a\nb"]])
    assert cells(written) == [
        ["Dzień", "Środek"],
        ["2026-11-26", 'ukrycie; "cytat"'],
        ["", "a\nb"],
    ]


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+48 600", "-cmd", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1+1"],
    ids=["equals", "plus", "minus", "at", "tab", "return", "line", "spaces", "full-width"],
)
def test_no_cell_begins_as_a_formula(cell):
    [[written]] = cells(csv_text([cell], []))
    assert written == f"'{cell}"


def test_negative_numbers_stay_numbers():
    assert cells(csv_text(["a"], [[-3], [2.5]])) == [["a"], ["-3"], ["2.5"]]
