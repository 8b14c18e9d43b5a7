"""Small files for the demo county, drawn here: a PDF with text, a scan, a plan of a hall."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw, ImageFont

from forum.discussions.models import Attachment, Post
from forum.lib import rasters

A4 = (595, 842)  # points
POLISH = "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ"
GLYPHS = (
    "/aogonek/cacute/eogonek/lslash/nacute/oacute/sacute/zacute/zdotaccent"
    "/Aogonek/Cacute/Eogonek/Lslash/Nacute/Oacute/Sacute/Zacute/Zdotaccent"
)
FIRST_CODE = 128  # where the Polish letters stand in the font's encoding
CODES = {letter: FIRST_CODE + place for place, letter in enumerate(POLISH)}


@dataclass(frozen=True, slots=True)
class Paper:
    """A file of the demo county: its name, how it is made, and what it is."""

    name: str
    make: Callable[[], bytes]
    alt: str = ""  # of a picture
    has_text: bool | None = None  # of a PDF


def attachment(key: str, post: Post) -> Attachment:
    """The file of this key on the post, not saved yet; its content is written with its row."""
    paper = PAPERS[key]
    content = paper.make()
    row = Attachment(
        uploader=post.author,
        post=post,
        kind=Attachment.Kind.PDF,
        name=paper.name,
        alt=paper.alt,
        has_text=paper.has_text,
        created_at=post.created_at,
    )
    if paper.alt:
        raster = rasters.drawn_anew(content)
        assert isinstance(raster, rasters.Raster)
        row.kind, row.width, row.height = Attachment.Kind.IMAGE, raster.width, raster.height
        content = raster.content
    row.size_bytes = len(content)
    row.file = ContentFile(content, name=paper.name)
    return row


def pdf(lines: Sequence[str]) -> bytes:
    """A page with the lines, the first one larger."""
    sizes = [20] + [12] * (len(lines) - 1)
    text = [b"BT 60 770 Td"]
    for line, size in zip(lines, sizes, strict=True):
        text.append(b"/F1 %d Tf (%s) Tj 0 -%d Td" % (size, _encoded(line), size + 10))
    stream = b" ".join([*text, b"ET"])
    return document(
        [
            b"<</Type/Catalog/Pages 2 0 R/Lang(pl-PL)>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Contents 4 0 R"
            b"/Resources<</Font<</F1 5 0 R>>>>>>" % A4,
            b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding<</Type/Encoding"
            b"/BaseEncoding/WinAnsiEncoding/Differences[%d%s]>>>>" % (FIRST_CODE, GLYPHS.encode()),
        ]
    )


def scan(lines: Sequence[str]) -> bytes:
    """A PDF whose page is a picture, as an office's copier makes it."""
    page = Image.new("L", A4, 244)
    draw = ImageDraw.Draw(page)
    for place, line in enumerate(lines):
        draw.text((60, 60 + 28 * place), line, fill=40, font=_font(24 if place == 0 else 16))
    file = io.BytesIO()
    page.rotate(0.7, fillcolor=230, resample=Image.Resampling.BICUBIC).save(file, "PDF")
    return file.getvalue()


def plan() -> bytes:
    """A hall from above: a picture as a member would draw it."""
    image = Image.new("RGB", (1200, 760), "#fbfaf5")
    draw = ImageDraw.Draw(image)
    ink, wash, big, small = "#20343c", "#e3f1ec", _font(40), _font(28)
    draw.rectangle((60, 60, 860, 700), outline=ink, width=8, fill=wash)
    draw.rectangle((860, 60, 1140, 360), outline=ink, width=8, fill="#fcecd4")
    draw.rectangle((860, 360, 1140, 700), outline=ink, width=8, fill="#ece7f8")
    for column in range(5):
        for row in range(4):
            left, top = 150 + column * 130, 190 + row * 115
            draw.rounded_rectangle((left, top, left + 80, top + 60), 10, outline=ink, width=4)
    draw.text((100, 85), "Sala: 40 miejsc", fill=ink, font=big)
    draw.text((900, 190), "Zaplecze", fill=ink, font=small)
    draw.text((900, 510), "Toalety", fill=ink, font=small)
    draw.line((380, 700, 520, 700), fill="#fbfaf5", width=10)
    draw.text((400, 715), "podjazd", fill=ink, font=_font(24))
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _encoded(line: str) -> bytes:
    codes = bytes(CODES.get(letter) or ord(letter.encode("cp1252", "replace")) for letter in line)
    return codes.replace(b"\\", rb"\\").replace(b"(", rb"\(").replace(b")", rb"\)")


def document(objects: Sequence[bytes]) -> bytes:
    """The objects with the table that says where each begins. Source: ISO 32000-1, 7.5."""
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    return (
        out
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, table)
        + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (count, len(out))
    )


RULES = [
    "Zasady korzystania z sali",
    "1. Z sali korzystamy według grafiku, który wisi przy wejściu.",
    "2. Klucz odbiera osoba wpisana do grafiku i oddaje go tego samego dnia.",
    "3. Po zajęciach zamykamy okna, gasimy światło i wynosimy śmieci.",
    "4. Koszt ogrzewania dzielimy na koniec kwartału według godzin.",
    "5. Usterki zgłaszamy od razu, także te drobne.",
]
# In the letters that Pillow's own font has.
RESOLUTION = ["Zgoda nr 3/2026", "na wspólne korzystanie z sali.", "", "(podpisy nieczytelne)"]
PAPERS = {
    "plan-sali": Paper(
        "Plan sali.webp",
        plan,
        alt="Plan sali: dwadzieścia stolików, z prawej zaplecze i toalety, wejście z podjazdem",
    ),
    "zasady": Paper("Zasady korzystania z sali.pdf", lambda: pdf(RULES), has_text=True),
    "uchwala": Paper("Uchwała zarządu 3-2026.pdf", lambda: scan(RESOLUTION), has_text=False),
}
