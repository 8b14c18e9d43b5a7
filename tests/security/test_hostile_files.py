"""Files that are two things at once, that grow, or that name a place: what becomes of them."""

import io
import struct
import threading
import time
import zipfile
import zlib
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts import actions
from forum.discussions.models import Attachment
from forum.lib import pdf_text, rasters, uploads
from forum.lib.answers import Refusal, Refused
from forum.lib.uploads import Accepted
from tests.cast import a_mandate, logged_in
from tests.factories import a_thread, opening_post
from tests.samples import a_docx, a_pdf, a_picture, an_archive, sent

LIMIT_BYTES = 10 * 1024 * 1024
SCRIPT = b"<script>alert(document.domain)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


def judged(content, name="plik.pdf"):
    return uploads.judge(sent(name, content), LIMIT_BYTES)


@pytest.mark.parametrize(
    "content",
    [
        SVG,
        b'<?xml version="1.0"?>' + SVG,
        b"<!doctype html>" + SCRIPT,
        b"GIF89a/*" + SCRIPT,
        b"MZ" + bytes(200),
        b"#!/bin/sh\necho",
        an_archive({"index.html": SCRIPT}),
        an_archive({"../../../etc/passwd": b"x", "a.txt": b"x"}),
        b"\x1f\x8b" + bytes(100),
        b"PK\x03\x04" + bytes(100),
    ],
)
@pytest.mark.parametrize("name", ["a.pdf", "a.png", "a.docx", "a.svg"])
def test_what_browsers_could_run_is_refused_whatever_it_is_called(content, name):
    assert isinstance(judged(content, name), Refusal)


@pytest.mark.parametrize("form", ["PNG", "GIF", "JPEG", "WEBP"])
def test_what_hides_behind_a_picture_is_gone(form):
    answer = judged(a_picture(form) + SCRIPT + an_archive({"a.html": SCRIPT}), "zdjecie.png")
    assert isinstance(answer, Accepted)
    assert b"<script" not in answer.content
    assert not zipfile.is_zipfile(io.BytesIO(answer.content))
    assert Image.open(io.BytesIO(answer.content)).format == "WEBP"


def test_a_page_inside_a_pdf_is_given_out_as_a_file_to_save(alice):
    """A PDF is kept byte for byte, so what matters is that browsers do not open it as a page."""
    content = a_pdf() + SCRIPT
    attached, answer = sent_and_fetched(alice, "plan.html.pdf", content)
    assert attached.name.endswith(".pdf")
    assert answer.getvalue() == content
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert "allow-scripts" not in answer.headers["Content-Security-Policy"]
    answer.close()


@pytest.mark.parametrize(
    "name",
    [
        "../../../../srv/forum/settings.py.pdf",
        "..\\..\\windows\\a.pdf",
        "/etc/passwd.pdf",
        "a\r\nSet-Cookie: x=1\r\n.pdf",
        'a"; filename="b.html',
        "a\x00.html.pdf",
        "‮fdp.exe.pdf",
    ],
)
def test_a_name_leads_nowhere_and_breaks_no_header(alice, settings, name):
    attached, answer = sent_and_fetched(alice, name, a_pdf())
    kept = attached.file.path
    assert kept.startswith(str(settings.FILES_DIR))
    assert ".." not in kept
    disposition = answer.headers["Content-Disposition"]
    assert "\r" not in disposition
    assert "\n" not in disposition
    assert "set-cookie" not in {header.lower() for header in answer.headers}
    assert attached.name.endswith(".pdf")
    assert not {"/", "\\", "\x00", "‮"} & set(attached.name)
    answer.close()


def test_a_power_of_attorney_is_kept_for_the_forum_alone(alice, bob, settings):
    organization = alice.mandates.get().organization
    mandate = a_mandate(bob, organization, "member")
    given = {"actor": alice, "mandate": mandate, "term": actions.Term.from_today("member")}
    actions.change_mandate(**given, document=sent("uchwala.exe", a_pdf()))
    mandate.refresh_from_db()
    place = Path(mandate.document.path)
    assert place.is_relative_to(settings.PRIVATE_DIR)
    assert (place.suffix, place.stat().st_mode & 0o077) == (".pdf", 0)
    with pytest.raises(Refused):
        actions.change_mandate(**given, document=sent("a.pdf", SCRIPT))


def sent_and_fetched(member, name, content):
    thread = a_thread(member)
    client = logged_in(member)
    upload = SimpleUploadedFile("a.pdf", content)
    upload._name = name  # Django's own setter would tidy it, a forged request does not
    context = f"post-{opening_post(thread).pk}"
    kept = client.post(reverse("discussions:upload"), {"context": context, "file": upload})
    assert kept.status_code == 201, kept.content
    attached = Attachment.objects.get(key=kept.json()["key"])
    return attached, client.get(reverse("discussions:attachment", args=[attached.key]))


# --- Bombs ----------------------------------------------------------------------------------------
def a_zip_of_overlapping_entries():
    """Many names for the same bytes: little in the archive, much when it is unpacked."""
    file = io.BytesIO(a_docx(**{"word/big.xml": bytes(4 * 1024 * 1024)}))
    with zipfile.ZipFile(file) as archive:
        big = archive.getinfo("word/big.xml")
    with zipfile.ZipFile(file, "a") as archive:
        for number in range(300):
            twin = zipfile.ZipInfo(f"word/{number}.xml")
            twin.header_offset, twin.CRC = big.header_offset, big.CRC
            twin.compress_type, twin.compress_size = big.compress_type, big.compress_size
            twin.file_size, twin.flag_bits = big.file_size, big.flag_bits
            twin.create_version = twin.extract_version = big.extract_version
            twin.external_attr, twin.orig_filename = 0, twin.filename
            archive.filelist.append(twin)
            archive.NameToInfo[twin.filename] = twin
        archive._didModify = True
    return file.getvalue()


def test_an_archive_whose_entries_overlap_is_refused():
    bomb = a_zip_of_overlapping_entries()
    assert len(bomb) < 100_000
    assert len(zipfile.ZipFile(io.BytesIO(bomb)).infolist()) > 300
    assert isinstance(judged(bomb, "a.docx"), Refusal)


def a_gif_of(width, height):
    """A header that promises a huge picture, and nothing behind it."""
    return (
        b"GIF89a"
        + struct.pack("<HHBBB", width, height, 0x80, 0, 0)
        + bytes(6)
        + (b"," + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x02\x02\x4c\x01\x00;")
    )


def a_png_of(width, height):
    def chunk(kind, content):
        body = kind + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    words = chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(64 * 1024 * 1024), 9))
    rows = chunk(b"IDAT", zlib.compress(bytes(10**6), 9))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + words + rows + chunk(b"IEND", b"")


@pytest.mark.parametrize("content", [a_gif_of(65_000, 65_000), a_png_of(30_000, 30_000)])
def test_a_picture_of_a_billion_pixels_is_refused_by_its_header(content):
    assert len(content) < 200_000
    assert isinstance(judged(content, "a.png"), Refusal)


def test_words_that_grow_inside_a_picture_do_no_harm():
    answer = judged(a_png_of(100, 100), "a.png")
    assert not isinstance(answer, Accepted) or len(answer.content) < 100_000


def test_two_pictures_are_drawn_at_once_and_no_more(monkeypatch):
    most = at_most_at_once(monkeypatch, rasters, "_upright", lambda: judged(a_picture(), "a.png"))
    assert most == rasters.AT_ONCE


def test_two_pdfs_are_read_at_once_and_no_more(monkeypatch):
    most = at_most_at_once(monkeypatch, pdf_text, "_looked", lambda: judged(a_pdf()))
    assert most == pdf_text.AT_ONCE


def at_most_at_once(monkeypatch, module, name, judge):
    """How many of eight that come together are inside the function at one time."""
    real = getattr(module, name)
    inside, seen, lock = [], [], threading.Lock()

    def watched(*given):
        with lock:
            inside.append(1)
            seen.append(len(inside))
        time.sleep(0.05)
        try:
            return real(*given)
        finally:
            with lock:
                inside.pop()

    monkeypatch.setattr(module, name, watched)
    threads = [threading.Thread(target=judge) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 8
    return max(seen)


def test_a_pdf_is_not_waited_for_without_end(monkeypatch):
    """Readers that are all busy cost the next one a wait, and then the file goes unread."""
    monkeypatch.setattr(pdf_text, "SECONDS_MAX", 0.05)
    with pdf_text._reading, pdf_text._reading:
        answer = judged(a_pdf())
    assert isinstance(answer, Accepted)
    assert answer.has_text is None


def test_a_form_with_thousands_of_fields_is_refused(alice):
    fields = {f"field{number}": "x" for number in range(1_000)}
    assert logged_in(alice).post("/language/", fields).status_code == 400


def test_a_form_of_many_megabytes_is_refused(alice):
    answer = logged_in(alice).post("/language/", {"language": "x" * 3 * 1024 * 1024})
    assert answer.status_code in {400, 413}


def test_a_form_with_hundreds_of_files_is_refused(alice):
    files = {f"file{number}": SimpleUploadedFile("a.txt", b"x") for number in range(150)}
    assert Client().post("/language/", files).status_code in {400, 403}
