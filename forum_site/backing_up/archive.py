"""The one file: a gzipped tar with rows/, files/, private/ and, last, manifest.json."""

import gzip
import hashlib
import io
import json
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from forum_site.backing_up import Failed

FORMAT = 1
MANIFEST = "manifest.json"
ROWS = "rows/"
GZIP_LEVEL = 6
DAMAGE = (tarfile.TarError, EOFError, gzip.BadGzipFile, OSError, ValueError)


@dataclass(frozen=True, slots=True)
class Table:
    """What the file says of one table."""

    rows: int
    sha256: str
    columns: list[str]


@dataclass(slots=True)
class Manifest:
    """What a backup holds, and of which version of the forum it is."""

    made_at: str
    site_url: str
    vendor: str  # of the database it was made from
    versions: dict[str, str]
    migrations: list[list[str]]  # app and name of each that the database has had
    tables: dict[str, Table] = field(default_factory=dict)
    files: dict[str, list[Any]] = field(default_factory=dict)  # size in bytes and SHA-256, by name
    missing: list[str] = field(default_factory=list)  # files that rows name and that were not there
    format: int = FORMAT

    def as_json(self) -> bytes:
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode()

    @classmethod
    def read(cls, text: bytes) -> "Manifest":
        """Raises: Failed for a file of another form."""
        told = json.loads(text)
        if not isinstance(told, dict) or told.get("format") != FORMAT:
            raise Failed(_("This backup has a form that this version does not know."))
        told["tables"] = {name: Table(**each) for name, each in told["tables"].items()}
        return cls(**told)

    @property
    def rows_count(self) -> int:
        return sum(each.rows for each in self.tables.values())

    @property
    def files_bytes(self) -> int:
        return sum(size for size, _digest in self.files.values())


class Writer:
    """Takes members into the file, one after the other."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar

    def add(self, name: str, source: BinaryIO, size: int) -> None:
        """The next so many bytes of the source as a member."""
        member = tarfile.TarInfo(name)
        member.size, member.mode, member.mtime = size, 0o600, int(time.time())
        self._tar.addfile(member, source)

    def add_manifest(self, manifest: Manifest) -> None:
        text = manifest.as_json()
        self.add(MANIFEST, io.BytesIO(text), len(text))


@contextmanager
def writing(target: BinaryIO) -> Iterator[Writer]:
    with (
        gzip.GzipFile(fileobj=target, mode="wb", compresslevel=GZIP_LEVEL) as packed,
        tarfile.open(fileobj=packed, mode="w|") as tar,
    ):
        yield Writer(tar)


def members(path: Path) -> Iterator[tuple[str, BinaryIO]]:
    """Every member with its content, to be read before the next one is asked for.

    Raises: Failed where the file is damaged.
    """
    try:
        with tarfile.open(path, mode="r|gz") as tar:
            for member in tar:
                content = tar.extractfile(member) if member.isreg() else None
                if content is None:
                    raise Failed(_("The backup holds something that is no file."))
                yield member.name, content  # type: ignore[misc]  # a buffered reader of bytes
    except DAMAGE as error:
        raise Failed(_("The backup is damaged: %(what)s") % {"what": error}) from error


def checked(path: Path) -> Manifest:
    """What the backup holds, after every byte of it was read and found as it was written.

    Raises: Failed where it was not.
    """
    manifest, found = _measured(path)
    if manifest is None:
        raise Failed(_("The backup has no end: it was cut off while it was made or copied."))
    expected = {f"{ROWS}{name}": (each.rows, each.sha256) for name, each in manifest.tables.items()}
    measured = {name: (lines, digest) for name, (_size, lines, digest) in found.items()}
    of_files = {name: (size, digest) for name, (size, _lines, digest) in found.items()}
    wrong = [name for name, told in expected.items() if measured.get(name) != told]
    wrong += [name for name, told in manifest.files.items() if of_files.get(name) != tuple(told)]
    wrong += sorted(found.keys() - expected.keys() - manifest.files.keys())
    if wrong:
        raise Failed(_("The backup is damaged: %(what)s") % {"what": ", ".join(wrong[:5])})
    return manifest


def _measured(path: Path) -> tuple[Manifest | None, dict[str, tuple[int, int, str]]]:
    """The manifest, and of every other member its bytes, its lines and its digest."""
    found: dict[str, tuple[int, int, str]] = {}
    manifest: Manifest | None = None
    try:
        for name, content in members(path):
            if name == MANIFEST:
                manifest = Manifest.read(content.read())
            else:
                found[name] = _measure(content)
    except DAMAGE as error:
        raise Failed(_("The backup is damaged: %(what)s") % {"what": error}) from error
    return manifest, found


def _measure(content: BinaryIO) -> tuple[int, int, str]:
    digest, size, lines = hashlib.sha256(), 0, 0
    while chunk := content.read(1024 * 1024):
        digest.update(chunk)
        size += len(chunk)
        lines += chunk.count(b"\n")
    return size, lines, digest.hexdigest()
