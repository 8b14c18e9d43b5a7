"""An uploaded file, judged by what is in it: what kind it is, and whether the forum takes it.

Nothing here knows what the file is for. Source: docs/decisions/0017-attachments.md.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Literal

import filetype
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from forum.lib import office, pdf_text, rasters
from forum.lib.answers import Refusal

Kind = Literal["pdf", "odt", "ods", "odp", "docx", "xlsx", "pptx", "image"]

CONTENT_TYPES: dict[str, str] = {
    "pdf": "application/pdf",
    **{kind: content_type for content_type, kind in office.KINDS.items()},
    "image": rasters.CONTENT_TYPE,
}
# What a browser's window for choosing files offers; what arrives is judged by its content.
CHOOSABLE = ".pdf,.odt,.ods,.odp,.docx,.xlsx,.pptx,.jpg,.jpeg,.png,.gif,.webp"
NAME_MAX_CHARS = 120

# Pictures that no browser shows, or Pillow does not read.
FOREIGN_PICTURES = {"heic": "HEIC", "avif": "AVIF", "tif": "TIFF", "psd": "PSD"}
# Word, Excel and PowerPoint before 2007, and files of today that a password protects.
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, slots=True)
class Accepted:
    """A file as it is kept: a picture made anew, anything else byte for byte.

    Units: `width` and `height` are pixels of a picture. `has_text` is of a PDF: None where it
    cannot be told.
    """

    kind: Kind
    name: str
    content: bytes = field(repr=False)
    width: int | None = None
    height: int | None = None
    has_text: bool | None = None


def judge(file: "UploadedFile[bytes]", limit_bytes: int) -> Accepted | Refusal:
    """What the file is, or the sentence that tells its sender why it is not taken.

    Raises: nothing for bad input. Reads the whole file, which is at most `limit_bytes` long.
    """
    name = file.name or ""
    if not file.size:
        return _refusal(name, _("the file is empty."))
    if file.size > limit_bytes:
        too_large = _("the file has %(size)s, and %(limit)s is the most that fits.")
        return _refusal(
            name,
            too_large % {"size": size_words(file.size), "limit": size_words(limit_bytes)},
        )
    file.seek(0)
    accepted = _accepted(name, file.read())
    return accepted if isinstance(accepted, Accepted) else _refusal(name, accepted)


def safe_name(name: str, extension: str) -> str:
    """A name that every system can save, with the extension that the content has."""
    stem = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    if "." in stem.strip("."):
        stem = stem.rpartition(".")[0]
    # Categories C* and Z*: control, direction and private characters, and unusual spaces.
    plain = "".join(" " if unicodedata.category(char)[0] in "CZ" else char for char in stem)
    plain = "".join("-" if char in '<>:"|?*' else char for char in plain)
    plain = " ".join(plain.split()).strip(". ")[: NAME_MAX_CHARS - len(extension) - 1].strip(". ")
    return f"{plain or _('file')}.{extension}"


def size_words(size_bytes: int) -> str:
    """The size as people read it: 353 bytes, 1.2 MB, 10 MB."""
    return re.sub(r"[.,]0(?=\xa0)", "", filesizeformat(size_bytes))


def _accepted(name: str, content: bytes) -> Accepted | str:
    guessed = filetype.guess(content[:8192])
    extension = guessed.extension if guessed is not None else ""
    if extension in rasters.EXTENSIONS:
        return _image(name, content)
    if content.startswith(b"%PDF-"):
        return _pdf(name, content)
    if content.startswith(office.SIGNATURE):
        return _office(name, content)
    if content.startswith(OLD_OFFICE):
        return _(
            "this is an old kind of office file, or one with a password. "
            "Save it without a password as DOCX, ODT or PDF."
        )
    if extension in FOREIGN_PICTURES:
        sentence = _("this kind of picture (%(kind)s) cannot be shown here. Save it as JPEG.")
        return sentence % {"kind": FOREIGN_PICTURES[extension]}
    return _(
        "this kind of file is not taken. Send a PDF, an office file (ODT, ODS, ODP, DOCX, XLSX, "
        "PPTX) or a picture (JPEG, PNG, GIF, WebP)."
    )


def _image(name: str, content: bytes) -> Accepted | str:
    raster = rasters.drawn_anew(content)
    if isinstance(raster, Refusal):
        return str(raster.sentence)
    new_name = safe_name(name, rasters.EXTENSION)
    return Accepted("image", new_name, raster.content, raster.width, raster.height)


def _pdf(name: str, content: bytes) -> Accepted | str:
    found = pdf_text.look(content)
    if found == "broken":
        return _("this PDF is damaged and cannot be opened.")
    has_text = {"text": True, "none": False}.get(found)
    return Accepted("pdf", safe_name(name, "pdf"), content, has_text=has_text)


def _office(name: str, content: bytes) -> Accepted | str:
    kind = office.kind_of(content)
    if isinstance(kind, Refusal):
        return str(kind.sentence)
    return Accepted(kind, safe_name(name, kind), content)


def _refusal(name: str, sentence: str) -> Refusal:
    shown = safe_name(name, "").rstrip(".")
    extension = name.rpartition(".")[2][:10] if "." in name else ""
    if extension.isalnum():
        shown = f"{shown}.{extension}"
    return Refusal(f"{shown}: {sentence}")
