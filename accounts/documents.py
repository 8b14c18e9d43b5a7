"""Private documents: what may be sent in, and where it is kept.

Only staff and who sent it may read one; they are served by a view and never by the web server.
"""

import secrets
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, TypeAlias

import filetype
from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from forum.lib.answers import Answer, Refusal

if TYPE_CHECKING:
    Upload: TypeAlias = UploadedFile[Any]
else:
    Upload = UploadedFile  # generic only for the type checker

FOLDER = "verification"
FOLDER_OF_MANDATES = "mandates"
# With such a file in its hands a browser can start nothing that is ours.
HARMLESS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
}
NAME_MAX_CHARS = 120
HEAD_BYTES = 4096
# By what the file begins with; its name and what the browser says of it prove nothing.
ENDINGS = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
}


def private_storage() -> FileSystemStorage:
    """Where documents lie: readable by the forum's own user only, and without an address."""
    return FileSystemStorage(
        location=settings.PRIVATE_DIR,
        base_url=None,
        file_permissions_mode=0o600,
        directory_permissions_mode=0o700,
    )


def random_name(_entry: Any, given: str) -> str:
    """A place that nobody can guess and that says nothing about its content."""
    return _place_in(FOLDER, given)


def random_name_of_mandate(_mandate: Any, given: str) -> str:
    """The same for the power of attorney of a mandate."""
    return _place_in(FOLDER_OF_MANDATES, given)


def _place_in(folder: str, given: str) -> str:
    return f"{folder}/{secrets.token_urlsafe(24)}{PurePath(given).suffix}"


def may_be_kept(upload: Upload) -> Answer:
    """Whether the file is a document of a kind and size that we take."""
    if not upload.size:
        return Refusal(_("This file is empty. Choose another one."))
    if upload.size > settings.DOCUMENT_MAX_BYTES:
        limit = filesizeformat(settings.DOCUMENT_MAX_BYTES)
        return Refusal(
            _("This file is too large: at most %(limit)s. Scan it in grey, or send fewer pages.")
            % {"limit": limit}
        )
    if content_type(upload) not in ENDINGS:
        return Refusal(_("This is not a document we can open. Send a PDF, JPEG, PNG or WebP file."))
    return True


def content_type(file: Any) -> str:
    """What the file is by its first bytes; empty for anything unknown."""
    file.seek(0)
    found = filetype.guess(file.read(HEAD_BYTES))
    file.seek(0)
    return str(found.mime) if found is not None else ""


def tidy(upload: Upload) -> Upload:
    """The file with the ending of what it is; its own name is kept for people to read."""
    upload.name = f"document.{ENDINGS[content_type(upload)]}"
    return upload


def shown_name(given: str | None) -> str:
    """The name of the file as people gave it, without what no line of text should hold."""
    name = PurePath((given or "").replace("\\", "/")).name
    plain = "".join(sign for sign in name if sign.isprintable()).strip()
    return plain[-NAME_MAX_CHARS:] or _("document")
