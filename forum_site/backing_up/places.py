"""Where the forum keeps files, and putting restored ones in their place."""

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from django.conf import settings

from forum_site.backing_up import Failed

STAGED, REPLACED = ".restoring", ".replaced"
OWNER_ONLY, OWNER_ONLY_DIRECTORY = 0o600, 0o700


def places() -> dict[str, Path]:
    """The directories that are kept, by their name in the file."""
    return {"files": Path(settings.FILES_DIR), "private": Path(settings.PRIVATE_DIR)}


def name_of(path: Path) -> str:
    """What a file is called in the backup; one that lies in no place that is kept, by its path."""
    for place, root in places().items():
        if path.is_relative_to(root.absolute()):
            return f"{place}/{path.relative_to(root.absolute()).as_posix()}"
    return str(path)


def files_in(root: Path) -> Iterator[Path]:
    """Every file below the directory but those of a restore that broke off."""
    for directory, names, files in os.walk(root):
        names[:] = sorted(name for name in names if name not in (STAGED, REPLACED))
        for name in sorted(files):
            path = Path(directory, name)
            if stat.S_ISREG(path.lstat().st_mode):
                yield path


def new_file(path: Path) -> BinaryIO:
    """A file that is not there yet, for its owner only. Raises: FileExistsError."""
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "w+b")


class Staging:
    """Restored files beside those that are there, until all of them have come."""

    def __enter__(self) -> "Staging":
        self._forget(STAGED)
        return self

    def __exit__(self, *_: object) -> None:
        self._forget(STAGED)

    def take(self, place: str, path: PurePosixPath, source: BinaryIO) -> None:
        """Keep one file for its place."""
        target = places()[place] / STAGED / path
        target.parent.mkdir(parents=True, exist_ok=True, mode=OWNER_ONLY_DIRECTORY)
        with new_file(target) as file:
            shutil.copyfileobj(source, file)

    def put(self) -> None:
        """Exchange what is there for what was taken. Renames only, so it takes no time."""
        for root in places().values():
            staged, replaced = root / STAGED, root / REPLACED
            if not root.is_dir():
                continue
            self._forget(REPLACED)
            replaced.mkdir(mode=OWNER_ONLY_DIRECTORY)
            for child in list(root.iterdir()):
                if child.name not in (STAGED, REPLACED):
                    child.rename(replaced / child.name)
            for child in list(staged.iterdir()) if staged.is_dir() else []:
                child.rename(root / child.name)
        self._forget(REPLACED)

    def _forget(self, name: str) -> None:
        for root in places().values():
            shutil.rmtree(root / name, ignore_errors=True)


def has_files() -> bool:
    """Whether any file lies in the places."""
    return any(True for root in places().values() for _ in files_in(root))


def place_and_path(name: str) -> tuple[str, PurePosixPath]:
    """Where a member of the archive belongs. Raises: Failed for a name that leads elsewhere."""
    place, _, rest = name.partition("/")
    path = PurePosixPath(rest)
    if place not in places() or path.is_absolute() or not rest or {"..", "."} & set(path.parts):
        raise Failed(f"Not a place of the forum: {name}")
    return place, path
