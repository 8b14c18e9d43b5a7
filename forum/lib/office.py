"""Office files are archives: looked into without unpacking them anywhere.

Sources: ECMA-376 part 2 ([Content_Types].xml), ODF 1.3 part 2, 3.3 (the entry `mimetype`).
"""

import io
import re
import zipfile
import zlib
from typing import Literal

from django.utils.translation import gettext_lazy as _

from forum.lib.answers import Refusal

OfficeKind = Literal["odt", "ods", "odp", "docx", "xlsx", "pptx"]

SIGNATURE = b"PK\x03\x04"
ENTRIES_MAX = 4_000
UNPACKED_MAX_BYTES = 200 * 1024 * 1024
RATIO_MAX = 150  # of the unpacked size to the packed one; a sheet full of zeros reaches about 60
RATIO_FROM_BYTES = 5 * 1024 * 1024  # little files pack well, and harm nobody
LOOK_BYTES = 256 * 1024
READ_BYTES = 64 * 1024

KINDS: dict[str, OfficeKind] = {
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.presentation": "odp",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
}
CONTENT_TYPES = "[Content_Types].xml"
MACROS = re.compile(
    r"(^|/)vbaProject\.bin$|^Scripts/.|^Basic/[^/]+/(?!script-l[bc]\.xml|dialog-l)", re.IGNORECASE
)
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError)

NOT_OFFICE = Refusal(
    _("this archive is not an office file. Send what is in it, one file after another.")
)
DAMAGED = Refusal(_("this file is damaged and cannot be opened."))
BOMB = Refusal(_("this file would grow far too large when opened, so it is not taken."))
WITH_MACROS = Refusal(_("this file has macros (small programs). Save it without them, or as PDF."))
WITH_PASSWORD = Refusal(_("this file is protected with a password. Save it without one."))


def kind_of(content: bytes) -> OfficeKind | Refusal:
    """Which kind of office file the archive is. Raises: nothing for bad input."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            harm = _harm_in(archive, len(content))
            return _kind(archive) if harm is None else harm
    except BROKEN:
        return DAMAGED
    except RuntimeError:  # what zipfile raises where an entry is encrypted
        return WITH_PASSWORD


def _harm_in(archive: zipfile.ZipFile, packed_bytes: int) -> Refusal | None:
    entries = archive.infolist()
    most = min(UNPACKED_MAX_BYTES, max(packed_bytes * RATIO_MAX, RATIO_FROM_BYTES))
    if len(entries) > ENTRIES_MAX or sum(entry.file_size for entry in entries) > most:
        return BOMB
    if any(MACROS.search(entry.filename) for entry in entries):
        return WITH_MACROS
    # What the list of entries says of their sizes may be a lie.
    return BOMB if _unpacked_bytes(archive, most) > most else None


def _unpacked_bytes(archive: zipfile.ZipFile, most: int) -> int:
    """How large it all is, counted until it is more than fits."""
    count = 0
    for entry in archive.infolist():
        with archive.open(entry) as file:
            while count <= most and (piece := file.read(READ_BYTES)):
                count += len(piece)
    return count


def _kind(archive: zipfile.ZipFile) -> OfficeKind | Refusal:
    names = set(archive.namelist())
    if "mimetype" in names:
        return KINDS.get(_beginning(archive, "mimetype").strip(), NOT_OFFICE)
    if CONTENT_TYPES not in names:
        return NOT_OFFICE
    types = _beginning(archive, CONTENT_TYPES)
    if "macroEnabled" in types:
        return WITH_MACROS
    for content_type, kind in KINDS.items():
        if f'"{content_type}.main+xml"' in types:
            return kind
    return NOT_OFFICE


def _beginning(archive: zipfile.ZipFile, name: str) -> str:
    with archive.open(name) as file:
        return file.read(LOOK_BYTES).decode("utf-8", "replace")
