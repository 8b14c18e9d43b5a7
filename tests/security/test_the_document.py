"""docs/security.md names files that are there, and leaves out no section of the standard."""

import re

import pytest

from tests.floors import ROOT

TEXT = (ROOT / "docs" / "security.md").read_text()
TESTS = sorted(set(re.findall(r"`((?:\w+/)?test_\w+\.py)`", TEXT)))
NAMED = re.findall(r"`((?:forum|accounts|deploy|forum_site)/[\w./]+)`", TEXT)
FILES = sorted({name for name in NAMED if "/test_" not in name})
# The sections of ASVS 4.0.3 that have a point of level 1 or 2.
SECTIONS = {
    1: {1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14},
    2: {1, 2, 3, 4, 5, 6, 7, 8, 9, 10},
    3: {1, 2, 3, 4, 5, 7},
    4: {1, 2, 3},
    5: {1, 2, 3, 4, 5},
    6: {1, 2, 3, 4},
    7: {1, 2, 3, 4},
    8: {1, 2, 3},
    9: {1, 2},
    10: {2, 3},
    11: {1},
    12: {1, 2, 3, 4, 5, 6},
    13: {1, 2, 3, 4},
    14: {1, 2, 3, 4, 5},
}


@pytest.mark.parametrize("name", TESTS)
def test_the_tests_it_names_are_there(name: str) -> None:
    assert (ROOT / "tests" / name).is_file()


@pytest.mark.parametrize("name", FILES)
def test_the_files_it_names_are_there(name: str) -> None:
    assert (ROOT / name).exists()


def test_it_walks_every_section() -> None:
    rows = re.findall(r"^\| (\d[\d., –]+) \| (met|partly|not met|n/a) \|", TEXT, re.MULTILINE)
    found: dict[int, set[int]] = {}
    for points, _verdict in rows:
        for chapter, section in re.findall(r"(\d+)\.(\d+)\.\d+", points):
            found.setdefault(int(chapter), set()).add(int(section))
    assert found == SECTIONS


def test_what_is_not_met_says_why() -> None:
    for reason in re.findall(r"^\|[^|]+\| (?:not met|partly) \| ([^|]+) \|$", TEXT, re.MULTILINE):
        assert len(reason) > 20, reason
    assert len(TESTS) > 30


@pytest.mark.parametrize("number", sorted(set(re.findall(r"\(?D (\d+)\)?", TEXT))))
def test_the_decisions_it_names_are_there(number: str) -> None:
    assert list((ROOT / "docs" / "decisions").glob(f"{int(number):04}-*.md"))
