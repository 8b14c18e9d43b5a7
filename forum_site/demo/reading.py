"""The demo county as it is written in the TOML files beside this module."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class WrittenReaction:
    kind: str
    person: str
    organization: str  # empty: the person's own voice


@dataclass(frozen=True, slots=True)
class WrittenPost:
    number: int
    person: str
    organization: str  # empty: the person's own voice
    when: str
    parent: int  # 0: to the thread itself
    quotes: int  # the number of the post quoted above the body; 0: none
    body: str
    edited_after: int  # minutes after the post; 0: never
    withdrawn_after: int  # minutes after the post; 0: never
    reactions: tuple[WrittenReaction, ...]
    attached: tuple[str, ...]  # keys of forum_site.demo.papers.PAPERS


@dataclass(frozen=True, slots=True)
class WrittenThread:
    category: str
    title: str
    posts: tuple[WrittenPost, ...]
    template: str  # the form it began with; empty: none
    filled: dict[str, str]  # days as in times.py: `28d` ago, `+7d` ahead


def tables(name: str) -> dict[str, dict[str, Any]]:
    """The tables of one TOML file, by key, in the order of the file."""
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))


def written_threads() -> list[WrittenThread]:
    """Every thread of the demo county, by file and place in it."""
    return [
        _thread(table)
        for path in sorted((HERE / "threads").glob("*.toml"))
        for table in tomllib.loads(path.read_text(encoding="utf-8"))["thread"]
    ]


def _thread(table: dict[str, Any]) -> WrittenThread:
    posts = tuple(_post(number, post) for number, post in enumerate(table["post"], start=1))
    return WrittenThread(
        table["category"],
        table["title"],
        posts,
        table.get("template", ""),
        table.get("filled", {}),
    )


def _post(number: int, table: dict[str, Any]) -> WrittenPost:
    person, organization = _voice(table["by"])
    reactions = [
        WrittenReaction(kind, *_voice(voice))
        for kind in ("thank", "support")
        for voice in table.get(kind, "").split()
    ]
    return WrittenPost(
        number=number,
        person=person,
        organization=organization,
        when=table["when"],
        parent=table.get("to", 0),
        quotes=table.get("quotes", 0),
        body=table["body"].strip(),
        edited_after=table.get("edited_after", 0),
        withdrawn_after=table.get("withdrawn_after", 0),
        reactions=tuple(reactions),
        attached=tuple(table.get("attached", "").split()),
    )


def _voice(text: str) -> tuple[str, str]:
    """`gajda@peron` is Gajda for the organization Peron, `gajda` is Gajda alone."""
    person, _at, organization = text.partition("@")
    return person, organization
