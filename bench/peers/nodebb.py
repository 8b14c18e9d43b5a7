"""NodeBB: from its own repository, on PostgreSQL, one process of Node, as `./nodebb start` runs it.

What members and categories are is left to NodeBB itself (its setup, its write API); posts and
threads are written in bulk by nodebb_seed.py. Its search is the plugin it comes with.
"""

import contextlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from bench.peers import conversations as shape
from bench.peers.nodebb_seed import fill
from bench.peers.peer import MEMBERS, UNIQUE, Addresses, Reply, Running
from bench.peers.places import INSTALL_S, Place
from bench.peers.starting import Command, free_port, started

TAG = "v4.11.2"
NODE = 22  # what this release runs with; where the machine's own is older, npm's package of Node
GIT = "https://github.com/NodeBB/NodeBB.git"
ADMIN, PASSWORD = "admin", "Zaq12wsxCde3"
CATEGORY = 2  # "General Discussion", there from the start
# Nothing waits for an approval or for its turn; pages instead of endless scrolling, 20 posts each.
SETTINGS = {
    "postQueue": "0",
    "postDelay": "0",
    "initialPostDelay": "0",
    "newbiePostDelay": "0",
    "usePagination": "1",
    "postsPerPage": "20",
    "topicsPerPage": "20",
    "loginAttempts": "100",
}


class NodeBB:
    """NodeBB with what it comes with and nothing else."""

    name = f"NodeBB {TAG.removeprefix('v')}"
    served_by = "node, 1 process"

    def __init__(self, directory: Path) -> None:
        self.place = Place.of("nodebb", directory)
        self.root = self.place.directory / "nodebb"

    def install(self) -> None:
        if self.place.told("installed") == TAG:
            return
        self.place.untell("installed")
        self.place.remove("nodebb")
        git = os.environ.get("NODEBB_GIT") or GIT
        self.place.run("git", "clone", "--quiet", git, "nodebb")
        self.place.run("git", "checkout", "--quiet", TAG, cwd=self.root)
        if self._version_of_node() < NODE:
            (self.place.directory / "node").mkdir(exist_ok=True)
            npm = ("npm", "install", "--no-audit", "--no-fund", "--prefix", "node", f"node@{NODE}")
            self.place.run(*npm)
        shutil.copy(self.root / "install" / "package.json", self.root / "package.json")
        self._run("npm", "install", "--omit=dev", "--no-audit", "--no-fund")
        self.place.tell("installed", TAG)

    def seed(self, texts: Path) -> None:
        if self.place.told("there"):
            return
        self.place.new_database()
        (self.root / "config.json").unlink(missing_ok=True)
        self._run("./nodebb", "setup", json.dumps(self._answers()))
        with self._started() as (port, _pid):
            uids = _make_members(f"http://localhost:{port}")
        there = fill(self.place.address, shape.Texts.read(texts), uids, CATEGORY)
        self.place.settle()
        shutil.copy(texts, self.place.directory / "texts.json")
        self.place.tell("there", there)

    def forget(self) -> None:
        self.place.untell("there")

    @contextlib.contextmanager
    def running(self) -> Iterator[Running]:
        with self._started() as (port, pid):
            addresses = self._addresses(f"http://localhost:{port}")
            yield Running(port, pid, addresses, (self.place.directory / "server.log").read_text)

    # --- Its process ----------------------------------------------------------------------------

    @contextlib.contextmanager
    def _started(self) -> Iterator[tuple[int, int]]:
        port = free_port()
        config = json.loads((self.root / "config.json").read_text())
        config |= {"url": f"http://localhost:{port}", "port": port}
        (self.root / "config.json").write_text(json.dumps(config))
        log = self.place.directory / "server.log"
        environment = {**self._environment(), "NODE_ENV": "production"}
        command = Command(["node", "app.js"], self.root, environment, log)
        with started(command, port, "/api/config") as pid:
            yield port, pid

    def _run(self, *words: str) -> None:
        environment = {**os.environ, **self._environment()}
        self.place.run(*words, seconds=INSTALL_S, cwd=self.root, env=environment)

    def _environment(self) -> dict[str, str]:
        node = self.place.directory / "node" / "node_modules" / "node" / "bin"
        return {"PATH": f"{node}:{os.environ['PATH']}"}

    def _version_of_node(self) -> int:
        said = self.place.run("node", "--version")
        return int(said.removeprefix("v").partition(".")[0])

    def _answers(self) -> dict[str, str]:
        """What its setup asks."""
        database = urlsplit(self.place.address)
        return {
            "url": "http://localhost:4567",
            "secret": "the-same-in-every-run-0123456789",
            "database": "postgres",
            "postgres:host": database.hostname or "localhost",
            "postgres:port": str(database.port or 5432),
            "postgres:username": database.username or "",
            "postgres:password": database.password or "",
            "postgres:database": self.place.database,
            "admin:username": ADMIN,
            "admin:email": f"{ADMIN}@example.org",
            "admin:password": PASSWORD,
            "admin:password:confirm": PASSWORD,
            "submitPluginUsage": "0",
        }

    # --- What is asked --------------------------------------------------------------------------

    def _addresses(self, origin: str) -> Addresses:
        there = self.place.told("there")
        texts = shape.Texts.read(self.place.directory / "texts.json")
        topics = dict(enumerate(there["topics"], 1))  # number of the thread: tid, slug
        members = [_log_in(origin, shape.name_of(each)) for each in range(MEMBERS)]
        read = [f"/topic/{topics[number][1]}" for number in shape.read_threads()]
        return Addresses(
            thread=read[0],
            threads=read[1:],
            last_page=f"/topic/{topics[shape.THREADS][1]}?page={shape.LARGEST // 20}",
            category=f"/category/{there['category']}",
            search=f"/search?term={shape.WORD}&in=titlesposts",
            members=[cookie for cookie, _token in members],
            replies=[
                _reply(topics[number][0], *members[number % MEMBERS], texts, number)
                for number in shape.written_threads()
            ],
            post_mark='component="post"',
        )


def _reply(tid: int, cookie: str, token: str, texts: shape.Texts, number: int) -> Reply:
    """As its composer sends it."""
    source = texts.sources[number % len(texts.sources)]
    headers = {"Cookie": cookie, "X-CSRF-Token": token, "Content-Type": "application/json"}
    return Reply(f"/api/v3/topics/{tid}", headers, json.dumps({"content": f"{source} {UNIQUE}"}))


def _log_in(origin: str, name: str) -> tuple[str, str]:
    """The cookie and the CSRF token of a member who has logged in."""
    with httpx.Client(base_url=origin, timeout=60) as client:
        token = client.get("/api/config").json()["csrf_token"]
        headers = {"X-CSRF-Token": token}
        fields = {"username": name, "password": PASSWORD}
        client.post("/login", json=fields, headers=headers).raise_for_status()
        token = client.get("/api/config").json()["csrf_token"]
        return f"express.sid={client.cookies['express.sid']}", token


def _make_members(origin: str) -> list[int]:
    """Set what the administrator sets, and make everybody who writes; their uids."""
    cookie, token = _log_in(origin, ADMIN)
    headers = {"Cookie": cookie, "X-CSRF-Token": token}
    uids = []
    with httpx.Client(base_url=f"{origin}/api/v3", headers=headers, timeout=60) as client:
        for name, value in SETTINGS.items():
            path = f"/admin/settings/{name}"
            client.put(path, json={"value": value}).raise_for_status()
        for each in range(shape.PEOPLE):
            name = shape.name_of(each)
            # No address: it would be written to, and there is no mail server.
            made = client.post("/users", json={"username": name, "password": PASSWORD})
            made.raise_for_status()
            uids.append(made.json()["response"]["uid"])
    return uids
