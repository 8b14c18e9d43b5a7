"""An uploaded file is what is in it; what is refused is told in a sentence with its name."""

import io
import os
import struct
import zlib
from pathlib import Path

import pytest
from django.utils import translation
from PIL import Image

from forum.lib import office, pdf_text, rasters, uploads
from forum.lib.answers import Refusal
from forum.lib.uploads import Accepted
from tests import samples
from tests.samples import a_docx, a_pdf, a_picture, a_scan, an_archive, an_odt, sent

LIMIT_BYTES = 2 * 1024 * 1024
GPS = 0x8825
ORIENTATION = 0x0112
COMMENT = "tajny-komentarz"


def judged(name: str, content: bytes) -> Accepted | Refusal:
    return uploads.judge(sent(name, content), LIMIT_BYTES)


def accepted(name: str, content: bytes) -> Accepted:
    answer = judged(name, content)
    assert isinstance(answer, Accepted), answer
    return answer


def refused(name: str, content: bytes) -> str:
    answer = judged(name, content)
    assert isinstance(answer, Refusal)
    return str(answer.sentence)


# --- What it is ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (a_pdf(), "pdf"),
        (a_docx(), "docx"),
        (a_docx(samples.SHEET), "xlsx"),
        (an_odt(), "odt"),
        (an_odt("application/vnd.oasis.opendocument.spreadsheet"), "ods"),
        (a_picture("PNG"), "image"),
        (a_picture("JPEG"), "image"),
        (a_picture("GIF"), "image"),
        (a_picture("WEBP"), "image"),
        (a_picture("BMP"), "image"),
    ],
)
def test_the_content_says_the_kind_and_the_name_follows(content: bytes, kind: str) -> None:
    # The extension is wrong for each of them.
    answer = accepted("Sprawozdanie 2026.txt", content)
    extension = rasters.EXTENSION if kind == "image" else kind
    assert (answer.kind, answer.name) == (kind, f"Sprawozdanie 2026.{extension}")
    assert kind in uploads.CONTENT_TYPES


def test_what_is_no_picture_is_kept_byte_for_byte() -> None:
    assert accepted("a.docx", a_docx()).content == a_docx()


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script></html>",
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b"<?xml version='1.0'?><svg/>",
        b"GIF89a/*",
        b"\x89PNG\r\n\x1a\n<script>alert(1)</script>",
        b"\xff\xd8\xff\xe0 not a picture at all",
        b"RIFF\x10\0\0\0WEBPVP8 broken",
        b"MZ\x90\0 a program",
        b"#!/bin/sh\nrm",
        b"\0" * 300,
        b"%PDF-1.4 <script>alert(1)</script>",
        b"PK\x03\x04 not an archive",
        an_archive({"a.txt": "a"}),
        an_archive({"mimetype": "application/epub+zip"}),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 40,
    ],
)
@pytest.mark.parametrize("name", ["plakat.png", "umowa.pdf", "lista.docx"])
def test_what_it_is_not_is_refused_by_name(name: str, content: bytes) -> None:
    assert refused(name, content).startswith(f"{name}: ")


def test_sentences_say_what_to_do() -> None:
    with translation.override("en"):
        assert "DOCX" in refused("umowa.doc", office_of_2003())
        assert "JPEG" in refused("a.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 40)
        assert refused("a.pdf", b"") == "a.pdf: the file is empty."
        too_large = refused("a.pdf", a_pdf() + b"\0" * LIMIT_BYTES)
        assert too_large == "a.pdf: the file has 2\xa0MB, and 2\xa0MB is the most that fits."


def office_of_2003() -> bytes:
    return uploads.OLD_OFFICE + b"\0" * 600


# --- Names --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Regulamin 1.2.pdf", "Regulamin 1.2.pdf"),
        ("C:\\Dokumenty\\Uchwała.PDF", "Uchwała.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("a\0b\r\n\u202egnp.exe", "a b gnp.pdf"),
        ('<b>"x"|*?.pdf', "-b--x----.pdf"),
        ("", "plik.pdf"),
        ("...", "plik.pdf"),
        (".pdf", "pdf.pdf"),
        ("z\u0307.pdf", "ż.pdf"),
    ],
)
def test_names_are_safe_to_save(name: str, safe: str) -> None:
    assert uploads.safe_name(name, "pdf") == safe


def test_a_huge_name_fits_its_column() -> None:
    name = uploads.safe_name("ż" * 5_000 + ".pdf", "pdf")
    assert len(name) == uploads.NAME_MAX_CHARS
    assert name.endswith("ż.pdf")


# --- Pictures -----------------------------------------------------------------------------------
def reopened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def test_a_photograph_loses_its_secrets_and_stands_upright() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # a telephone held upright
    exif[GPS] = {1: "N", 2: (52.0, 9.0, 0.0)}
    content = a_picture("JPEG", (400, 300), exif=exif, comment=COMMENT) + b"<?php evil(); ?>"
    assert COMMENT.encode() in content
    answer = accepted("IMG_2.JPG", content)
    image = reopened(answer.content)
    assert (answer.width, answer.height) == image.size == (300, 400)
    assert (image.format, dict(image.getexif())) == ("WEBP", {})
    for secret in (COMMENT.encode(), b"<?php", b"EXIF", b"Exif"):
        assert secret not in answer.content


def test_a_large_photograph_becomes_as_large_as_a_page_shows() -> None:
    answer = accepted("a.jpg", a_picture("JPEG", (4_000, 1_000)))
    assert (answer.width, answer.height) == (1_600, 400)


def test_transparency_stays() -> None:
    file = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(file, "PNG")
    assert reopened(accepted("logo.png", file.getvalue()).content).mode == "RGBA"


def test_an_animation_becomes_its_first_picture() -> None:
    file = io.BytesIO()
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("#ff0000", "#0000ff")]
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:])
    image = reopened(accepted("a.gif", file.getvalue()).content)
    assert getattr(image, "n_frames", 1) == 1
    assert image.convert("RGB").getpixel((4, 4))[0] > 200


def test_a_picture_of_30000_by_30000_is_refused_before_it_is_decoded() -> None:
    with translation.override("en"):
        assert "too many pixels" in refused("a.png", a_png_bomb(30_000, 30_000))
        assert "too many pixels" in refused("a.png", a_png_bomb(7_000, 7_000))


def a_png_bomb(width: int, height: int) -> bytes:
    """A picture of a few kilobytes that would take gigabytes; its rows are one run of zeros."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        body = kind + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(min(width * height, 10**6)), 9)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP", "BMP"])
def test_broken_pictures_are_refused_or_mended_but_never_fail(form: str) -> None:
    whole = a_picture(form, (64, 64))
    for cut in range(8, len(whole), max(len(whole) // 40, 1)):
        judged("a.png", whole[:cut])
        judged("a.png", whole[:cut] + os.urandom(3) + whole[cut + 3 :])


# --- Office files -------------------------------------------------------------------------------
def test_a_bomb_is_refused_without_being_unpacked() -> None:
    bomb = a_docx(**{"word/media/1.xml": bytes(60 * 1024 * 1024)})
    assert len(bomb) < 100_000
    with translation.override("en"):
        assert "far too large" in refused("a.docx", bomb)


def test_a_bomb_that_lies_about_its_size_is_refused() -> None:
    real = 60 * 1024 * 1024
    bomb = a_docx(**{"word/media/1.xml": bytes(real)})
    lying = bomb.replace(struct.pack("<I", real), struct.pack("<I", 100))
    assert lying != bomb
    refused("a.docx", lying)


def test_too_many_entries_are_refused() -> None:
    entries = {f"word/{number}.xml": "" for number in range(office.ENTRIES_MAX + 1)}
    with translation.override("en"):
        assert "far too large" in refused("a.docx", a_docx(**entries))


@pytest.mark.parametrize(
    "content",
    [
        a_docx(**{"word/vbaProject.bin": "x"}),
        a_docx(samples.SHEET, **{"xl/VBAPROJECT.BIN": "x"}),
        a_docx("application/vnd.ms-word.document.macroEnabled"),
        an_odt(**{"Basic/Standard/Module1.xml": "x"}),
        an_odt(**{"Scripts/python/a.py": "x"}),
    ],
)
def test_macros_are_refused(content: bytes) -> None:
    with translation.override("en"):
        assert "macros" in refused("a.docx", content)


def test_an_empty_library_of_macros_is_none() -> None:
    lists = {"Basic/Standard/script-lb.xml": "<l/>", "Basic/script-lc.xml": "<l/>"}
    assert accepted("a.odt", an_odt(**lists)).kind == "odt"


# --- PDF ----------------------------------------------------------------------------------------
def test_a_pdf_with_words_and_a_scan_are_told_apart() -> None:
    assert accepted("a.pdf", a_pdf()).has_text is True
    assert accepted("a.pdf", a_scan()).has_text is False


def test_the_reader_of_pdfs_knows_nothing_of_the_forum(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Were it taken over, it would find neither keys nor passwords."""
    monkeypatch.setenv("SECRET_KEY", "tajny-klucz")
    told = tmp_path / "told"
    reader = tmp_path / "reader.py"
    reader.write_text(
        "import os, pathlib\n"
        f"pathlib.Path({str(told)!r}).write_text(f'{{dict(os.environ)}} in {{os.getcwd()}}')\n"
        "print('text')"
    )
    monkeypatch.setattr(pdf_text, "READER", reader)
    assert pdf_text.look(b"%PDF") == "text"
    assert "tajny-klucz" not in told.read_text()
    assert "'LANG': 'C.UTF-8'" in told.read_text()
    assert told.read_text().endswith(" in /")


def test_a_pdf_that_keeps_its_reader_busy_is_taken_without_a_verdict(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pdf_text, "SECONDS_MAX", 0.01)
    assert accepted("a.pdf", a_pdf()).has_text is None
