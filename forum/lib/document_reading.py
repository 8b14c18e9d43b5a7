"""A program: reads a document from its input and writes the words that stand in it.

    python -I document_reading.py pdf|docx|odt|… LIMIT_CHARS  <document  >words

Started by forum/lib/document_text.py as a process of its own, so it imports nothing of ours. What
it has read is written at once: where a limit stops it, the beginning is there. How it ended is its
status: 0, or one of those below.
"""

import os
import re
import resource
import sys
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO
from xml.parsers import expat

from pypdf import PdfReader
from pypdf.errors import PyPdfError

BROKEN, LOCKED, TOO_MUCH = 3, 4, 5  # statuses
MEMORY_MAX_BYTES = 768 * 1024**2
CPU_MAX_SECONDS = 20
OUTPUT_MAX_BYTES = 8 * 1024**2
XML_MAX_BYTES = 60 * 1024**2  # unpacked, of all parts that are read; what they say may be a lie
ENTRIES_MAX = 4_000
DEPTH_MAX = 400  # elements in elements
PIECE_BYTES = 64 * 1024

# Where the words of each kind stand, in which elements, and what stands in them that is not the
# document's: comments, what a change took out, notes of a speaker, a second copy for old programs.
OPEN_DOCUMENT = (
    re.compile(r"content\.xml"),
    frozenset({"p", "h"}),
    frozenset({"annotation", "tracked-changes", "notes", "note-citation", "forms"}),
)
PARTS = {
    "docx": (
        re.compile(r"word/(document|footnotes|endnotes|header\d*|footer\d*)\.xml"),
        frozenset({"t"}),
        frozenset({"Fallback", "del", "moveFrom"}),
    ),
    "xlsx": (
        re.compile(r"xl/(sharedStrings|worksheets/sheet\d+)\.xml"),
        frozenset({"t"}),
        frozenset({"rPh"}),
    ),
    "pptx": (re.compile(r"ppt/slides/slide\d+\.xml"), frozenset({"t"}), frozenset({"Fallback"})),
    "odt": OPEN_DOCUMENT,
    "ods": OPEN_DOCUMENT,
    "odp": OPEN_DOCUMENT,
}
ENDS_OF_LINES = frozenset({"p", "h", "si", "is", "br", "cr", "line-break", "table-cell"})
SPACES = frozenset({"tab", "s"})
# What pypdf raises for files that are not as they should be, beside its own errors.
BROKEN_PDF = (
    PyPdfError, ValueError, LookupError, TypeError, AttributeError, OSError, ArithmeticError,
    AssertionError, RecursionError, NotImplementedError,
)  # fmt: skip


class Full(Exception):
    """There are as many characters as are wanted."""


class Bad(Exception):
    """The document is not read; `status` says why."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Output:
    """Writes words, at most so many characters. Raises: Full."""

    def __init__(self, limit_chars: int) -> None:
        self.left = limit_chars

    def write(self, text: str) -> None:
        piece = text[: self.left]
        self.left -= len(piece)
        sys.stdout.buffer.write(piece.encode("utf-8", "ignore"))
        if self.left <= 0:
            raise Full

    def flush(self) -> None:
        sys.stdout.buffer.flush()


class Words:
    """What expat finds in one part. A document type is refused: entities would grow in it."""

    def __init__(self, spoken: frozenset[str], silent: frozenset[str], output: Output) -> None:
        self.spoken, self.silent, self.output = spoken, silent, output
        self.depth, self.in_spoken, self.in_silent = 0, 0, 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.started
        self.parser.EndElementHandler = self.ended
        self.parser.CharacterDataHandler = self.said
        self.parser.StartDoctypeDeclHandler = self.refused
        self.parser.EntityDeclHandler = self.refused

    def started(self, name: str, _attributes: dict[str, str]) -> None:
        name = name.rpartition(" ")[2]
        self.depth += 1
        if self.depth > DEPTH_MAX:
            raise Bad(TOO_MUCH)
        self.in_silent += name in self.silent
        self.in_spoken += name in self.spoken
        if name in SPACES and not self.in_silent:
            self.output.write(" ")

    def ended(self, name: str) -> None:
        name = name.rpartition(" ")[2]
        self.depth -= 1
        self.in_silent -= name in self.silent
        self.in_spoken -= name in self.spoken
        if name in ENDS_OF_LINES and not self.in_silent:
            self.output.write("\n")

    def said(self, text: str) -> None:
        if self.in_spoken and not self.in_silent:
            self.output.write(text)

    def refused(self, *_what: object) -> None:
        raise Bad(BROKEN)


def read_archive(file: IO[bytes], kind: str, output: Output) -> None:
    """The words of an office file."""
    part, spoken, silent = PARTS[kind]
    left = XML_MAX_BYTES
    with zipfile.ZipFile(file) as archive:
        entries = archive.infolist()
        if len(entries) > ENTRIES_MAX:
            raise Bad(TOO_MUCH)
        wanted = sorted(
            (each for each in entries if part.fullmatch(each.filename)), key=_place_of_part
        )
        if not wanted:
            raise Bad(BROKEN)
        if sum(each.file_size for each in wanted) > XML_MAX_BYTES:
            raise Bad(TOO_MUCH)
        for each in wanted:
            words = Words(spoken, silent, output)
            for piece in _pieces(archive, each):
                left -= len(piece)
                if left < 0:
                    raise Bad(TOO_MUCH)
                words.parser.Parse(piece, False)
            words.parser.Parse(b"", True)
            output.write("\n")
            output.flush()


def _place_of_part(entry: zipfile.ZipInfo) -> tuple[bool, bool, int, str]:
    """The body before what stands beside it, the second slide before the tenth."""
    name = entry.filename
    number = re.search(r"(\d+)\.xml$", name)
    is_beside = re.search(r"header|footer|notes", name) is not None
    return is_beside, "sharedStrings" not in name, int(number[1]) if number else 0, name


def _pieces(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(entry) as part:
        while piece := part.read(PIECE_BYTES):
            yield piece


def read_pdf(file: IO[bytes], output: Output) -> None:
    """The words of a PDF, page by page; a page that cannot be read is left out."""
    try:
        reader = PdfReader(file)
        # Many forbid printing and changing, and let everybody read: their password is empty.
        if reader.is_encrypted and not reader.decrypt(""):
            raise Bad(LOCKED)
        count = len(reader.pages)
    except BROKEN_PDF as error:
        raise Bad(BROKEN) from error
    read = 0
    for number in range(count):
        try:
            text = reader.pages[number].extract_text()
        except BROKEN_PDF:
            continue
        read += 1
        output.write(text + "\n")
        output.flush()
    if not read:
        raise Bad(BROKEN)


def main(kind: str, limit_chars: int) -> int:
    """Read the input; the status."""
    _limit()
    output = Output(limit_chars)
    try:
        if kind == "pdf":
            read_pdf(sys.stdin.buffer, output)
        else:
            read_archive(sys.stdin.buffer, kind, output)
    except Full:
        return 0
    except Bad as bad:
        return bad.status
    except MemoryError:
        return TOO_MUCH
    except NotImplementedError:  # a RuntimeError too: what zipfile cannot unpack
        return BROKEN
    except RuntimeError:  # what zipfile raises where an entry is encrypted
        return LOCKED
    except (expat.ExpatError, zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError):
        return BROKEN
    finally:
        output.flush()
    return 0


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX_BYTES, MEMORY_MAX_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_MAX_SECONDS, CPU_MAX_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT_MAX_BYTES, OUTPUT_MAX_BYTES))
    # Nobody waits for it: whoever asks for a page comes first.
    os.nice(10)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
