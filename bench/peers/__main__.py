"""Our forum beside others on this machine: python -m bench.peers [peer ...]

    DATABASE_URL=… REDIS_URL=… python -m bench.peers --directory DIR [--rounds 3] [--seconds 5]

Installs each peer in DIR (PEERS_DIR, else the user's cache), makes a database for it beside that of
DATABASE_URL, fills it with 100,000 posts, and measures all of them and our own forum by turns, each
started anew in every round and alone. What was installed and filled is kept for the next run;
--anew fills again. NodeBB is cloned from NODEBB_GIT, packages come from pip and npm as configured.
"""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

from bench.peers.django_peer import machina, misago, spirit
from bench.peers.measuring import CASES, Figures, measure, shown
from bench.peers.nodebb import NodeBB
from bench.peers.own import Own
from bench.peers.peer import Peer

PEERS: dict[str, Callable[[Path], Peer]] = {
    "spirit": spirit,
    "machina": machina,
    "nodebb": NodeBB,
    "misago": misago,
}
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "forum-peers"


def main() -> None:
    options = _options()
    directory: Path = options.directory.resolve()
    own = Own(directory)
    forums: list[Peer] = [own, *(PEERS[name](directory) for name in options.peer or PEERS)]
    for forum in forums:
        _prepare(forum, own.texts, options.anew)
    if options.rounds:
        _measure(forums, options.rounds, options.seconds)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.peers", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("peer", nargs="*", help=f"of {', '.join(PEERS)}; all by default")
    kept = Path(os.environ.get("PEERS_DIR") or CACHE)
    parser.add_argument("--directory", type=Path, default=kept)
    parser.add_argument("--rounds", type=int, default=3, help="0: only install and fill")
    parser.add_argument("--seconds", type=float, default=5, help="of each measurement")
    parser.add_argument("--anew", action="store_true", help="fill the databases again")
    options = parser.parse_args()
    if unknown := set(options.peer) - set(PEERS):
        parser.error(f"no such peer: {', '.join(sorted(unknown))}")
    return options


def _prepare(forum: Peer, texts: Path, is_anew: bool) -> None:
    print(f"{forum.name}: is installed and filled …", file=sys.stderr, flush=True)
    forum.install()
    if is_anew:
        forum.forget()
    forum.seed(texts)


def _measure(forums: list[Peer], rounds: int, seconds: float) -> None:
    found: dict[str, dict[str, Figures]] = {forum.name: {} for forum in forums}
    pages: dict[str, str] = {}
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before", flush=True)
    for number in range(1, rounds + 1):
        for forum in forums:
            print(f"round {number} of {rounds}: {forum.name}", file=sys.stderr, flush=True)
            with forum.running() as running:
                pages[forum.name] = shown(running)
                measure(running, seconds, found[forum.name])
    print(f"load {os.getloadavg()[0]:.1f} after; {rounds} rounds of {seconds:g} s each\n")
    for forum in forums:
        print(f"- {forum.name}: {forum.served_by}; a page of the thread: {pages[forum.name]}")
    _table(forums, found)


def _table(forums: list[Peer], found: dict[str, dict[str, Figures]]) -> None:
    print("\nanswers/s; p95 ms; CPU-ms of the machine less the load program (the server's own)\n")
    print(f"| what | {' | '.join(forum.name for forum in forums)} |")
    print(f"| --- |{' --- |' * len(forums)}")
    for case in CASES:
        cells = [found[forum.name][case.name].cell() for forum in forums]
        print(f"| {case.name} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
