"""CSV files as offices and spreadsheets write them: any of the usual encodings and separators."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from typing import Any

from django.utils.translation import gettext as _

from forum.lib.folding import fold

MAX_BYTES = 20 * 1024 * 1024
SEPARATORS = ";,\t"
OFFICE_FILES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # xlsx and ods, xls
# Read as Windows-1250, an ISO 8859-2 text has these in the places of ą, ś and ź.
SIGNS_OF_ISO = "±¶Ľ"


class NotCsv(ValueError):
    """The file cannot be read as a table; the text is a sentence for whoever sent it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One record: where it begins in the file (from 1), and its cells by folded heading."""

    number: int
    cells: dict[str, str]


def read_table(data: bytes) -> tuple[list[str], Iterator[Line]]:
    """The headings, folded, and the records below them; empty ones are left out. Raises: NotCsv.

    A record that breaks the rules of CSV raises when it is reached.
    """
    text = _decoded(data)
    first = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator)
    try:
        headings = [fold(heading) for heading in next(reader, [])]
    except csv.Error as error:
        raise _broken(reader.line_num) from error
    return headings, _lines(reader, headings)


def _lines(reader: Any, headings: list[str]) -> Iterator[Line]:
    while True:
        begins = reader.line_num + 1  # a quoted cell may hold line breaks
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _broken(begins) from error
        if any(cell.strip() for cell in cells):
            named = zip(headings, (" ".join(cell.split()) for cell in cells), strict=False)
            yield Line(begins, dict(named))


def _decoded(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise NotCsv(_("The file is larger than 20 MB. Send it in parts."))
    if data.startswith(OFFICE_FILES):
        raise NotCsv(_("This is a spreadsheet. Save it as CSV and try again."))
    text = _text_of(data)
    if "\x00" in text:
        raise NotCsv(_("This is not a text file. Save the list as CSV and try again."))
    return text


def _text_of(data: bytes) -> str:
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        text = data.decode("cp1250")
    except UnicodeDecodeError as error:
        raise NotCsv(_("This is not a text file. Save the list as CSV and try again.")) from error
    is_iso = any(sign in text for sign in SIGNS_OF_ISO) and not any(sign in text for sign in "ąśź")
    return data.decode("iso-8859-2") if is_iso else text


def _broken(line: int) -> NotCsv:
    sentence = _("Line %(line)d breaks the rules of CSV: see whether a quotation mark is missing.")
    return NotCsv(sentence % {"line": line})
