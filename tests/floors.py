"""The floors of pyproject.toml, read for the tests that hold them."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def contract(identifier: str) -> dict:
    """The import-linter contract of this id."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = settings["tool"]["importlinter"]["contracts"]
    return next(found for found in contracts if found["id"] == identifier)


def floors() -> dict[str, int]:
    """Every room with its height; rooms on one line have the same."""
    lines = reversed(contract("floors")["layers"])
    return {room.strip(): height for height, line in enumerate(lines) for room in line.split("|")}


def room_of(module: str) -> str:
    """The room a module belongs to: `forum.live.hub` is in `forum.live`."""
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] == "forum" else parts[0]


def rooms_on_disk() -> set[str]:
    """Every directory that is a room by its place: it has Python in it."""
    inside = {f"forum.{path.parent.name}" for path in (ROOT / "forum").glob("*/__init__.py")}
    beside = {path.parent.name for path in ROOT.glob("*/apps.py")}
    return inside | beside
