"""Documents that only those who must may read: kept outside every directory that is served."""

import secrets
from typing import Any

import filetype
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

MAX_BYTES = 10 * 1024 * 1024
TYPES = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
CHOOSABLE = ".pdf,.jpg,.jpeg,.png"
HEAD_BYTES = 512  # enough to know these kinds by
OWNER_ONLY = 0o600
OWNER_ONLY_DIRECTORY = 0o700


def private_documents() -> FileSystemStorage:
    """Where documents are kept; no address leads there."""
    return FileSystemStorage(
        settings.DATA_DIR / "documents",
        file_permissions_mode=OWNER_ONLY,
        directory_permissions_mode=OWNER_ONLY_DIRECTORY,
    )


def random_place(_row: object, name: str) -> str:
    """A name that tells nothing but the kind: for `upload_to`."""
    return f"{secrets.token_hex(20)}.{name.rpartition('.')[2]}"


class DocumentField(forms.FileField):
    """A scan or a PDF, judged by what is in it and not by its name."""

    def __init__(self, **options: Any) -> None:
        widget = forms.FileInput(attrs={"accept": CHOOSABLE})
        super().__init__(**{"widget": widget, "required": False, **options})

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if isinstance(file, UploadedFile):
            file.name = f"document.{_extension(file)}"
        return file


def _extension(file: "UploadedFile[bytes]") -> str:
    if file.size is None or file.size > MAX_BYTES:
        raise ValidationError(_("The file is too large. At most 10 MB fit: scan it in grey."))
    file.seek(0)
    found = filetype.guess(file.read(HEAD_BYTES))
    file.seek(0)
    if found is None or found.mime not in TYPES:
        raise ValidationError(_("This is neither a PDF nor a picture (JPEG, PNG)."))
    return TYPES[found.mime]
