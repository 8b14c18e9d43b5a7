"""Files as members send them, and as nobody should: all made here."""

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from forum_site.demo import papers

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEXT = "application/vnd.oasis.opendocument.text"


def sent(name: str, content: bytes) -> SimpleUploadedFile:
    """The file as a form brings it."""
    return SimpleUploadedFile(name, content)


def a_picture(form: str = "PNG", size: tuple[int, int] = (40, 30), **options: object) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, "#0b5d4e").save(file, form, **options)
    return file.getvalue()


def a_pdf() -> bytes:
    return papers.pdf(["Regulamin świetlicy", "Sala czynna od poniedziałku do piątku."])


def a_scan() -> bytes:
    return papers.scan(["Uchwała zarządu"])


def an_archive(entries: dict[str, bytes | str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return file.getvalue()


def a_docx(kind: str = WORD, **more: bytes | str) -> bytes:
    types = f'<Types><Override ContentType="{kind}.main+xml"/></Types>'
    return an_archive({"[Content_Types].xml": types, "word/document.xml": "<w/>", **more})


def an_odt(kind: str = TEXT, **more: bytes | str) -> bytes:
    return an_archive({"mimetype": kind, "content.xml": "<office/>", **more})
