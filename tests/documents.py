"""Documents as members attach them, with words in them, and as somebody makes them to do harm."""

import io
import zlib
from collections.abc import Sequence

from pypdf import PdfReader, PdfWriter

from forum_site.demo.papers import document as pdf_of
from forum_site.demo.papers import pdf
from tests.samples import SHEET, TEXT, WORD, an_archive

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
ODF_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
BILLION = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))


def a_docx(*paragraphs: str, **parts: str) -> bytes:
    """Each paragraph in two runs, as Word leaves them where somebody corrected a letter."""
    body = "".join(
        f"<w:p><w:r><w:t>{text[:3]}</w:t></w:r><w:r><w:t>{text[3:]}</w:t></w:r></w:p>"
        for text in paragraphs
    )
    return a_word_file(f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>', **parts)


def a_word_file(document: str, **parts: str) -> bytes:
    """A DOCX with this very text as its document."""
    types = f'<Types><Override ContentType="{WORD}.main+xml"/></Types>'
    more = {f"word/{name}.xml": part for name, part in parts.items()}
    return an_archive({"[Content_Types].xml": types, "word/document.xml": document, **more})


def an_odt(body: str) -> bytes:
    """An ODT whose text has this inside, with the prefixes `text` and `office`."""
    content = (
        f'<office:document-content xmlns:office="{OFFICE}" xmlns:text="{ODF_TEXT}">'
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    return an_archive({"mimetype": TEXT, "content.xml": content})


def an_xlsx(*cells: str) -> bytes:
    types = f'<Types><Override ContentType="{SHEET}.main+xml"/></Types>'
    strings = "".join(f"<si><t>{cell}</t></si>" for cell in cells)
    shared = f'<sst xmlns="{S}">{strings}</sst>'
    return an_archive({"[Content_Types].xml": types, "xl/sharedStrings.xml": shared})


def pages(*contents: bytes) -> bytes:
    """A PDF with a page for each stream of drawing operators, packed."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * place) for place in range(len(contents)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, len(contents)),
        FONT,
    ]
    for place, content in enumerate(contents):
        packed = zlib.compress(content)
        objects += [
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R"
            b"/Resources<</Font<</F1 3 0 R>>>>>>" % (5 + 2 * place),
            b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(packed), packed),
        ]
    return pdf_of(objects)


def drawn(text: str) -> bytes:
    """The operators that draw a line of plain letters."""
    return b"BT /F1 12 Tf 60 700 Td (%s) Tj ET" % text.encode("ascii")


# Keeps pypdf busy for longer than anybody waits.
ENDLESS = b"BT /F1 12 Tf " + b"(a) Tj 0 -1 Td " * 700_000 + b"ET"
# Its tree of pages leads back to itself.
LOOP = pdf_of([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9999>>"])


def locked(content: Sequence[str], *, password: str) -> bytes:
    """A PDF that opens with the password; where that is empty, everybody may read it and not
    change it."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(content))))
    writer.encrypt(password, owner_password="zmieniam", algorithm="AES-256")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()
