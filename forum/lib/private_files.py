"""Files that no address leads to: kept apart from what is served, under names that tell nothing."""

import secrets
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage

OWNER_ONLY = 0o600
OWNER_ONLY_DIRECTORY = 0o700


def private_storage() -> FileSystemStorage:
    """Where attached files are kept."""
    return FileSystemStorage(
        settings.FILES_DIR,
        file_permissions_mode=OWNER_ONLY,
        directory_permissions_mode=OWNER_ONLY_DIRECTORY,
    )


def random_place(directory: str) -> str:
    """A new place in the directory, spread over 65,536 of its own."""
    name = secrets.token_hex(20)
    return f"{directory}/{name[:2]}/{name[2:4]}/{name[4:]}"


def places_in(directory: str, before: datetime) -> Iterator[str]:
    """Where files lie that have not been touched since the moment."""
    root = Path(settings.FILES_DIR)
    for path in (root / directory).rglob("*"):
        if path.is_file() and path.stat().st_mtime < before.timestamp():
            yield path.relative_to(root).as_posix()
