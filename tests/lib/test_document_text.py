"""The words of documents are read; whatever a document is, there is an answer in time."""

import io
import os
import resource
import signal
import tempfile
import threading
import time
import zipfile
from pathlib import Path

import pytest

from forum.lib import document_text
from forum.lib.document_text import CHARS_MAX, DocumentText, cleaned, read_document
from tests import documents
from tests.documents import W, a_docx, a_word_file, an_odt, an_xlsx, drawn, pages, pdf
from tests.samples import a_scan, an_archive

LINES = ["Umowa użyczenia sali", "Stronami są gmina i koło gospodyń."]


def read(content: bytes, kind: str) -> DocumentText:
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        return read_document(file, kind)


def endings(content: bytes, kind: str) -> tuple[str, str]:
    found = read(content, kind)
    return found.ending, found.text


# --- What is read -------------------------------------------------------------------------------
def test_the_words_of_a_pdf_and_of_a_docx_are_read() -> None:
    expected = ("read", "\n".join(LINES))
    assert endings(pdf(LINES), "pdf") == expected
    assert endings(a_docx(*LINES), "docx") == expected


def test_of_a_word_file_its_notes_count_and_what_was_taken_out_does_not() -> None:
    document = (
        f'<w:document xmlns:w="{W}"><w:p><w:r><w:t>Kwota</w:t></w:r><w:r><w:tab/><w:t>100 zł</w:t>'
        "</w:r></w:p><w:p><w:del><w:r><w:delText>skreślone</w:delText></w:r></w:del><w:ins><w:r>"
        "<w:t>dopisane</w:t></w:r></w:ins></w:p></w:document>"
    )
    note = f'<w:footnotes xmlns:w="{W}"><w:p><w:r><w:t>przypis</w:t></w:r></w:p></w:footnotes>'
    content = a_word_file(document, footnotes=note, comments=note.replace("przypis", "uwaga"))
    assert endings(content, "docx") == ("read", "Kwota 100 zł\ndopisane\nprzypis")


def test_of_an_odt_comments_and_what_was_taken_out_do_not_count() -> None:
    content = an_odt(
        "<text:tracked-changes><text:p>skreślone</text:p></text:tracked-changes>"
        "<text:h>Statut</text:h><text:p>Koło<text:s/>ma <text:span>zarząd</text:span>.<office:"
        "annotation><text:p>uwaga</text:p></office:annotation></text:p>"
    )
    assert endings(content, "odt") == ("read", "Statut\nKoło ma zarząd.")


def test_sheets_have_their_words_too() -> None:
    assert endings(an_xlsx("Świetlica", "Koszt"), "xlsx") == ("read", "Świetlica\nKoszt")


def test_a_pdf_that_only_forbids_changes_is_read() -> None:
    assert endings(documents.locked(LINES, password=""), "pdf") == ("read", "\n".join(LINES))


def test_a_scan_has_no_words() -> None:
    assert endings(a_scan(), "pdf") == ("read", "")


def test_a_long_document_is_read_up_to_a_limit() -> None:
    found = read(a_docx(*["słowo"] * 50_000), "docx")
    assert (found.ending, len(found.text)) == ("read", CHARS_MAX)


def test_words_are_made_whole() -> None:
    assert cleaned("świe-\ntlica\x00 \ufb01nanse\u00ad\n\n \n\tkoło  gospodyń\r") == (
        "świetlica finanse\nkoło gospodyń"
    )
    assert cleaned("lata 2025-\n2026") == "lata 2025-\n2026"


# --- What is not --------------------------------------------------------------------------------
BOMB = f'<!DOCTYPE d [<!ENTITY a0 "ha">{documents.BILLION}]><d xmlns="{W}"><t>&a9;</t></d>'
FROM_OUTSIDE = (
    f'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d xmlns="{W}"><t>&x;</t></d>'
)


@pytest.mark.parametrize(
    ("content", "kind", "ending"),
    [
        (b"", "pdf", "broken"),
        (b"", "docx", "broken"),
        (pdf(LINES), "odt", "broken"),
        (a_docx(*LINES), "pdf", "broken"),
        (a_docx(*LINES), "odt", "broken"),
        (pdf(LINES)[:200], "pdf", "broken"),
        (a_docx(*LINES)[:-40], "docx", "broken"),
        (a_word_file("<d><t>bez końca"), "docx", "broken"),
        (documents.LOOP, "pdf", "broken"),
        (documents.locked(LINES, password="tajne"), "pdf", "locked"),
        (a_word_file(BOMB), "docx", "broken"),
        (a_word_file(FROM_OUTSIDE), "docx", "broken"),
        (a_word_file("<d>" * 100_000), "docx", "stopped"),
        (an_archive({"content.xml": b"<d>" + b" " * 70_000_000 + b"</d>"}), "odt", "stopped"),
        (an_archive({f"word/{n}": "" for n in range(4_001)}), "docx", "stopped"),
    ],
    ids=lambda value: f"{len(value)} bytes" if isinstance(value, bytes) else value,
)
def test_what_cannot_be_read_is_nothing_and_says_why(
    content: bytes, kind: str, ending: str
) -> None:
    assert endings(content, kind) == (ending, "")


def test_an_archive_that_is_packed_in_another_way_is_broken_not_locked() -> None:
    """The way is named before each entry and in the list at the end; 97 is one of no reader."""
    content = bytearray(a_docx(*LINES))
    for signature, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        place = content.find(signature)
        while place >= 0:
            content[place + offset : place + offset + 2] = (97).to_bytes(2, "little")
            place = content.find(signature, place + 1)
    assert endings(bytes(content), "docx") == ("broken", "")


def test_an_archive_that_lies_about_its_size_is_not_believed() -> None:
    """The list of entries says five bytes, and forty million come."""
    true, lie = 40_000_000, 5
    honest = an_archive({"content.xml": b"<d>" + b" " * (true - 7) + b"</d>"})
    content = honest.replace(true.to_bytes(4, "little"), lie.to_bytes(4, "little"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.getinfo("content.xml").file_size == lie
    assert endings(content, "odt") == ("broken", "")


def test_a_page_that_grows_a_thousandfold_is_left_out() -> None:
    content = pages(drawn("Protokol"), b"(a) Tj " * 12_000_000)
    assert endings(content, "pdf") == ("read", "Protokol")


def test_what_was_read_before_time_is_up_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document_text, "SECONDS_MAX", 3)
    content = pages(drawn("Protokol"), documents.ENDLESS)
    assert endings(content, "pdf") == ("part", "Protokol")
    assert endings(pages(documents.ENDLESS), "pdf") == ("stopped", "")


def test_a_reader_that_is_killed_harms_nobody() -> None:
    found: list[DocumentText] = []
    content = pages(documents.ENDLESS)
    reading = threading.Thread(target=lambda: found.append(read(content, "pdf")))
    before = children()
    reading.start()
    while not (new := children() - before):
        time.sleep(0.01)
    os.kill(new.pop(), signal.SIGKILL)
    reading.join()
    assert found == [DocumentText("", "stopped")]


def test_the_reader_knows_nothing_of_the_forum(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were it taken over, it would find neither keys nor passwords, nor memory without end."""
    monkeypatch.setenv("SECRET_KEY", "tajny-klucz")
    reading = threading.Thread(target=lambda: read(pages(documents.ENDLESS), "pdf"))
    before = children()
    reading.start()
    while not (new := children() - before):
        time.sleep(0.01)
    (pid,) = new
    while b"document_reading" not in Path(f"/proc/{pid}/cmdline").read_bytes():
        time.sleep(0.01)
    environment = Path(f"/proc/{pid}/environ").read_bytes()
    while resource.prlimit(pid, resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY:
        time.sleep(0.01)
    os.kill(pid, signal.SIGKILL)
    reading.join()
    assert b"LANG=" in environment
    assert b"tajny-klucz" not in environment


def children() -> set[int]:
    """The processes that this one has started and that still run."""
    found = set()
    for task in Path("/proc/self/task").iterdir():
        found |= {int(pid) for pid in (task / "children").read_text().split()}
    return found
