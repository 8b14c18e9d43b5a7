"""Dates and numbers read as each language writes them, in the county's own time."""

from datetime import UTC, date, datetime

import pytest
from django.forms import DateField
from django.utils import formats, translation
from django.utils.timezone import localtime

CONFERENCE = datetime(2012, 11, 15, 17, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "name", "text"),
    [
        ("pl", "DATETIME_FORMAT", "15 listopada 2012, 18:00"),
        ("pl", "DATE_FORMAT", "15 listopada 2012"),
        ("pl", "MONTH_DAY_FORMAT", "15 listopada"),
        ("pl", "SHORT_DATETIME_FORMAT", "15.11.2012, 18:00"),
        ("en", "DATETIME_FORMAT", "15 November 2012, 18:00"),
        ("en", "SHORT_DATE_FORMAT", "15/11/2012"),
    ],
)
def test_a_moment_is_written_as_the_language_does(language: str, name: str, text: str) -> None:
    with translation.override(language):
        assert formats.date_format(localtime(CONFERENCE), name) == text


@pytest.mark.parametrize(("language", "text"), [("pl", "200\xa0000,5"), ("en", "200,000.5")])
def test_a_number_is_written_as_the_language_does(language: str, text: str) -> None:
    with translation.override(language):
        assert formats.number_format(200_000.5, use_l10n=True, force_grouping=True) == text


@pytest.mark.parametrize(
    ("language", "given"), [("pl", "15.11.2012"), ("en", "15/11/2012"), ("pl", "2012-11-15")]
)
def test_a_date_is_read_as_the_language_writes_it(language: str, given: str) -> None:
    with translation.override(language):
        assert DateField().clean(given) == date(2012, 11, 15)
