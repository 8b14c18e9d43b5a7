"""The words that stand in a document: a PDF or an office file.

Strangers send documents, and a parser can be kept busy or made to eat all memory. So a process of
its own reads each, with limits of memory, time and length; whatever becomes of it, the caller gets
an answer. Source: docs/decisions/0040-text-of-files.md.
"""

import re
import tempfile
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from forum.lib import apart

Ending = Literal["read", "part", "locked", "broken", "stopped"]

# A number that changes whenever the same document would give other words.
READER = 1
KINDS = frozenset({"pdf", "docx", "xlsx", "pptx", "odt", "ods", "odp"})
CHARS_MAX = 200_000  # of one document: about a hundred pages
BYTES_MAX = 4 * CHARS_MAX  # a character of UTF-8 has at most four
SECONDS_MAX = 40  # by the clock; its own processor time is limited to half of that
PROGRAM = Path(__file__).with_name("document_reading.py")
ENDINGS: dict[int, Ending] = {0: "read", 3: "broken", 4: "locked"}
# A word that a line's end cuts in two.
CUT_WORD = re.compile(r"(?<=[^\W\d_])[-\u2010]\n(?=[^\W\d_])")
SPACES = re.compile(r"[^\S\n]+")
EMPTY_LINES = re.compile(r" ?\n\s*")


@dataclass(frozen=True, slots=True)
class DocumentText:
    """What was read, and how it ended: all of it (up to CHARS_MAX), the beginning until a limit
    stopped it, or nothing – behind a password, damaged, or stopped before the first word."""

    text: str
    ending: Ending


def read_document(file: IO[bytes], kind: str) -> DocumentText:
    """The words of the document, whose kind is one of KINDS.

    `file` is one of the system, at its beginning. Units: up to SECONDS_MAX seconds. Raises: nothing
    for bad input.
    """
    assert kind in KINDS
    with tempfile.TemporaryFile() as output:
        status = _run(file, kind, output)
        output.seek(0)
        text = cleaned(output.read(BYTES_MAX).decode("utf-8", "ignore"))
    ending = ENDINGS.get(status, "stopped")
    if ending == "stopped" and text:
        ending = "part"
    return DocumentText(text if ending in {"read", "part"} else "", ending)


def _run(file: IO[bytes], kind: str, output: IO[bytes]) -> int:
    """The status with which the reader ended; negative where it was killed."""
    done = apart.run(PROGRAM, kind, str(CHARS_MAX), given=file, seconds=SECONDS_MAX, output=output)
    return done.returncode if done is not None else -1


def cleaned(text: str) -> str:
    """The text without what is no word: ligatures as letters, words that a line's end cuts in two
    as one, no control characters, no empty lines."""
    whole = unicodedata.normalize("NFKC", text).replace("\u00ad", "")
    whole = CUT_WORD.sub("", whole.replace("\r", "\n"))
    shown = "".join(
        sign if sign == "\n" or unicodedata.category(sign)[0] != "C" else " " for sign in whole
    )
    return EMPTY_LINES.sub("\n", SPACES.sub(" ", shown)).strip()[:CHARS_MAX]
