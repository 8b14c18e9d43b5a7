"""A database that has been migrated once, which every server of the tests begins with a copy of.

Migrating takes seconds, copying does not. What a start from nothing is like, tests/live/test_up.py
tries: `Serving(…, from_nothing=True)`.
"""

import atexit
import functools
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

ROOT = Path(__file__).resolve().parent.parent.parent
SQLITE = "forum.sqlite3"


def copy_sqlite(data_dir: Path) -> None:
    """Put a migrated database into a data directory that has none."""
    if not (data_dir / SQLITE).exists():
        shutil.copy(_migrated_file(), data_dir / SQLITE)


def new_postgresql(address: str, name: str, *, from_nothing: bool) -> str:
    """Make a database of this name beside that of the address; its own address."""
    template = "template1" if from_nothing else _migrated_database(address)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return _beside(address, name)


def drop_postgresql(address: str, name: str) -> None:
    """Remove a database, whoever is still connected to it."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@functools.cache
def _migrated_file() -> Path:
    directory = _directory_for_a_while()
    _migrate(directory, DATABASE_URL="")
    return directory / SQLITE


@functools.cache
def _migrated_database(address: str) -> str:
    name = f"forum_prepared_{secrets.token_hex(6)}"
    migrated = new_postgresql(address, name, from_nothing=True)
    atexit.register(drop_postgresql, address, name)
    _migrate(_directory_for_a_while(), DATABASE_URL=migrated)
    return name


def _directory_for_a_while() -> Path:
    directory = Path(tempfile.mkdtemp(prefix="forum-prepared-"))
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    return directory


def _migrate(data_dir: Path, **environment: str) -> None:
    settings = {"DJANGO_SETTINGS_MODULE": "forum_site.settings", "DEBUG": "true"}
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=ROOT,
        env={**os.environ, **settings, "DATA_DIR": str(data_dir), **environment},
        check=True,
    )


def _beside(address: str, name: str) -> str:
    return urlsplit(address)._replace(path=f"/{name}").geturl()
