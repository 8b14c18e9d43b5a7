"""Peers written with Django: a virtual environment, a settings module, gunicorn.

Spirit, django-machina and Misago all say: any WSGI server. Gunicorn with one worker; threads, since
its plain worker closes every connection, and as many as its own page on workers advises for two
cores. The settings (inside/*_settings.py) keep connections to PostgreSQL open, which Django by
itself does not: that is in the peers' favour.
"""

import contextlib
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench.peers.peer import Addresses, Reply, Running
from bench.peers.places import ROOT, SEED_S, Place, redis_address
from bench.peers.starting import Command, free_port, started

GUNICORN = "gunicorn==23.0.0"
DRIVER = "psycopg2-binary>=2.9.9,<3"
THREADS = 4


@dataclass(frozen=True, slots=True)
class DjangoPeer:
    """A forum that is a Django project."""

    name: str
    place: Place
    packages: tuple[str, ...]
    inside: str  # bench.peers.inside.<this>_settings and _seed
    wsgi: str  # its application
    prepare: tuple[tuple[str, ...], ...]  # management commands before it is filled
    finish: tuple[tuple[str, ...], ...] = ()  # and after: the index of its search
    project: tuple[str, ...] = ()  # a command of its own that writes the project into `project`
    redis: int = 0  # number of the database of its caches
    served_by: str = field(default=f"gunicorn, 1 worker of {THREADS} threads")

    def install(self) -> None:
        if self.place.told("installed") == [*self.packages]:
            return
        self.place.untell("installed")
        self.place.remove("venv")
        self.place.run(sys.executable, "-m", "venv", "venv")
        pip = (self._bin("python"), "-m", "pip", "install", "--quiet")
        self.place.run(*pip, *self.packages, GUNICORN, DRIVER)
        if self.project:
            self.place.remove("project")
            (self.place.directory / "project").mkdir()
            path = f"{self.place.directory / 'venv' / 'bin'}:{os.environ['PATH']}"
            script, *words = self.project
            self.place.run(
                self._bin(script),
                *words,
                cwd=self.place.directory / "project",
                env={**os.environ, "PATH": path},
            )
        self.place.tell("installed", self.packages)

    def seed(self, texts: Path) -> None:
        if self.place.told("addresses"):
            return
        self.place.new_database()
        for command in self.prepare:
            self._python("-m", "django", *command)
        seeder = f"bench.peers.inside.{self.inside}_seed"
        addresses = self.place.directory / "filled.json"
        self._python("-m", seeder, str(texts), str(addresses))
        for command in self.finish:
            self._python("-m", "django", *command)
        self.place.settle()
        addresses.rename(self.place.directory / "addresses.json")

    def forget(self) -> None:
        self.place.untell("addresses")

    @contextlib.contextmanager
    def running(self) -> Iterator[Running]:
        addresses = self._addresses()
        port = free_port()
        words = [self._bin("gunicorn"), self.wsgi, "--bind", f"127.0.0.1:{port}"]
        serving = [*words, "--workers", "1", "--threads", str(THREADS), "--keep-alive", "30"]
        log = self.place.directory / "server.log"
        command = Command(serving, self.place.directory, self._environment(), log)
        with started(command, port, addresses.category) as pid:
            yield Running(port, pid, addresses, log.read_text)

    def _addresses(self) -> Addresses:
        found = self.place.told("addresses")
        replies = [Reply(**reply) for reply in found.pop("replies")]
        return Addresses(**found, replies=replies)

    def _python(self, *words: str) -> str:
        environment = {**os.environ, **self._environment()}
        return self.place.run(self._bin("python"), *words, seconds=SEED_S, env=environment)

    def _environment(self) -> dict[str, str]:
        return {
            "PYTHONPATH": f"{ROOT}:{self.place.directory / 'project'}",
            "DJANGO_SETTINGS_MODULE": f"bench.peers.inside.{self.inside}_settings",
            "PEER_DATABASE": self.place.address,
            "PEER_DIRECTORY": str(self.place.directory),
            "PEER_REDIS": redis_address(self.redis),
        }

    def _bin(self, name: str) -> str:
        return str(self.place.directory / "venv" / "bin" / name)


def spirit(directory: Path) -> DjangoPeer:
    """Spirit: its own project template's settings for production, search by Whoosh."""
    return DjangoPeer(
        name="Spirit 0.14.3",
        place=Place.of("spirit", directory),
        packages=("django-spirit==0.14.3",),
        inside="spirit",
        wsgi="spirit_project.wsgi",
        project=("spirit", "startproject", "spirit_project", "--path", "."),
        prepare=(("spiritinstall",),),
        finish=(("rebuild_index", "--noinput"),),
    )


def machina(directory: Path) -> DjangoPeer:
    """django-machina: the settings of its installation page, search by Whoosh."""
    return DjangoPeer(
        name="django-machina 1.3.1",
        place=Place.of("machina", directory),
        packages=("django-machina==1.3.1", "Whoosh==2.7.4", "Django>=5.2,<5.3"),
        inside="machina",
        wsgi="bench.peers.inside.wsgi",
        prepare=(("migrate",), ("collectstatic", "--noinput")),
    )


def misago(directory: Path) -> DjangoPeer:
    """Misago: the settings of its own development project, made fit for production."""
    return DjangoPeer(
        name="Misago 0.39.6",
        place=Place.of("misago", directory),
        packages=("misago==0.39.6", "redis>=5,<6", "setuptools<81"),
        inside="misago",
        wsgi="bench.peers.inside.wsgi",
        prepare=(("migrate",), ("collectstatic", "--noinput")),
        redis=12,
    )
