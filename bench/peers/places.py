"""Where the peers are kept between runs: a directory, and databases beside that of DATABASE_URL."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

ROOT = Path(__file__).resolve().parents[2]
INSTALL_S = 30 * 60
SEED_S = 60 * 60
DATABASE = "postgres://root@localhost:5432/postgres"


@dataclass(frozen=True, slots=True)
class Place:
    """A directory and a database of one forum."""

    directory: Path
    database: str  # its name

    @classmethod
    def of(cls, name: str, directory: Path) -> "Place":
        (directory / name).mkdir(parents=True, exist_ok=True)
        return cls(directory / name, f"peers_{name}")

    @property
    def address(self) -> str:
        """The address of the forum's own database."""
        return urlsplit(_maintenance())._replace(path=f"/{self.database}").geturl()

    def new_database(self) -> None:
        """An empty database, whatever was there before."""
        self.drop_database()
        with psycopg.connect(_maintenance(), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{self.database}"')

    def drop_database(self) -> None:
        with psycopg.connect(_maintenance(), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{self.database}" WITH (FORCE)')

    def settle(self) -> None:
        """Leave nothing to do for the database's own housekeeping while others are measured."""
        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
            connection.execute("CHECKPOINT")

    # --- What was done already ------------------------------------------------------------------

    def told(self, what: str) -> Any:
        """What `tell` wrote down at an earlier run; None where it was never said."""
        path = self.directory / f"{what}.json"
        return json.loads(path.read_text()) if path.exists() else None

    def tell(self, what: str, value: object) -> None:
        (self.directory / f"{what}.json").write_text(json.dumps(value))

    def untell(self, what: str) -> None:
        (self.directory / f"{what}.json").unlink(missing_ok=True)

    # --- Commands -------------------------------------------------------------------------------

    def run(self, *command: str | Path, seconds: float = INSTALL_S, **options: Any) -> str:
        """What a command prints; its last words and the end of this program where it fails."""
        done = subprocess.run(
            [str(word) for word in command],
            capture_output=True,
            text=True,
            check=False,
            timeout=seconds,
            **{"cwd": self.directory, **options},
        )
        if done.returncode:
            said = f"{done.stdout}\n{done.stderr}"[-4000:]
            raise SystemExit(f"{' '.join(map(str, command))}: {done.returncode}\n{said}")
        return done.stdout

    def remove(self, name: str) -> None:
        """A file or directory in the place, if it is there."""
        path = self.directory / name
        if path.is_dir():
            shutil.rmtree(path)
        path.unlink(missing_ok=True)


def redis_address(number: int) -> str:
    """A database of its own in the Redis of REDIS_URL."""
    address = os.environ.get("REDIS_URL") or "redis://localhost:6379/0"
    return urlsplit(address)._replace(path=f"/{number}").geturl()


def _maintenance() -> str:
    return os.environ.get("DATABASE_URL") or DATABASE
