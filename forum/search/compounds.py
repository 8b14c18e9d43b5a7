"""What is written with signs and spaces and still is one word: numbers of law and of registers,
dates, amounts, addresses of the net.

Each kind has a pattern that finds it in a text and a way to write it that is always the same, so
that `1.5 %` and `1,5%` are one. Source: docs/decisions/0039-polish-search.md.
"""

import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

from forum.lib.folding import fold

logger = logging.getLogger(__name__)

MONTHS = (
    "sty", "lut", "mar", "kwi", "maj", "cze", "lip", "sie", "wrz", "paz", "lis", "gru",
)  # fmt: skip
MONTH = (
    r"(?:stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|wrze[śs]nia"
    r"|pa[źz]dziernika|listopada|grudnia)"
)
# How a unit of a law is named, and what it is kept as.
UNITS = {"a": "art", "u": "ust", "p": "pkt", "l": "lit", "§": "par"}
CASE = r"[^\W\d_]{0,8}"  # what a noun has behind it in other cases: letters, so no number
PART = (
    rf"(?:(?:\bust(?:\.|[ęe]p{CASE})?|\bpkt\.?|\bpunk(?:t|cie){CASE})\s{{0,3}}\d{{1,4}}[a-z]{{0,2}}\b"
    r"|\blit(?:\.\s{0,3}|er[aąeęy]\s{1,3}|\s{1,3})[a-z]\b)"
)
HEAD = rf"(?:\bart(?:\.|yku[łl]{CASE})?|§|\bparagraf{CASE})\s{{0,3}}\d{{1,4}}[a-z]{{0,2}}\b"
ENDING = r"(?:u|em|ie|owi|y|ów|om|ami|ach|a|s(?:u|em|ie|y|ów|om|ami|ach))"
TOP_LEVELS = "pl|eu|com|org|net|info|edu|gov|uk"
POLAND = "48"


@dataclass(frozen=True, slots=True)
class Compound:
    """One word of several: how it is kept, what else finds it, and the words it is made of."""

    kept: str
    also: Sequence[str] = ()
    parts: Sequence[str] = ()


def _provision(text: str) -> Compound:
    """`art. 5a ust. 1` is found by itself, by `art. 5a`, and by `ust. 1`."""
    units = re.findall(r"([^\W\d_]+|§)\W*(\w+)", text)
    names = [f"{_unit(name)}_{number.casefold()}" for name, number in units]
    runs = ["_".join(names[first:end]) for first, end in combinations(range(len(names) + 1), 2)]
    return Compound("_".join(names), runs, [part for unit in units for part in unit if part != "§"])


def _unit(name: str) -> str:
    small = name.casefold()
    return "par" if small.startswith("par") else UNITS[small[0]]


def _journal(text: str) -> Compound:
    """`Dz.U. z 2024 r. poz. 1491` and `Dz.U.2024.1491`: the year and the position."""
    numbers = re.findall(r"\d+", text)
    return Compound(f"dzu_{numbers[0]}_{numbers[-1]}", (), ["dzu", "poz", numbers[0], numbers[-1]])


def _resolution(text: str) -> Compound:
    """`XXXII/154/2021`, `XXXII/154/21` and `XXXII.154.2021`."""
    parts = re.split(r"\W+", text)
    year = parts[-1]
    if len(parts) > 2 and re.fullmatch(r"(?:19|20)\d\d", year):
        parts[-1] = year[2:]
    return Compound("_".join(parts), (), {*parts, year} - {""})  # type: ignore[arg-type]  # any order


def _date(text: str) -> Compound:
    parts = re.findall(r"\d+|[^\W\d_]+", text)
    year, month, day = reversed(parts) if len(parts[-1]) == 4 else parts
    # Where capitals do not count, a pattern takes the dotless ı for an i; `fold` does not.
    name = fold(month.replace("ı", "i"))[:3]
    number = MONTHS.index(name) + 1 if month.isalpha() else int(month)
    return Compound(f"d{int(year):04}{number:02}{int(day):02}", (), parts)


def _share(text: str) -> Compound:
    """`1,5%`, `1.5 %` and `1,5 procent`."""
    number = re.match(r"[\d.,]+", text)
    assert number is not None
    plain = re.sub(r"[.,]", "_", number.group())
    return Compound(f"{plain}_pc", (), [plain])


def _digits(text: str) -> Compound:
    """Numbers of registers, telephones, accounts and amounts, whatever stands between digits."""
    number = re.sub(r"[,.]\d{2}$", "", text) if re.search(r"\d{3}[,.]\d{2}$", text) else text
    digits = re.sub(r"\D", "", number)
    if text.startswith("+") and len(digits) == 11:
        digits = digits.removeprefix(POLAND)
    bare = digits.lstrip("0")
    return Compound(digits, [bare] if bare and digits.startswith("00") else [])


def _address(text: str) -> Compound:
    """An e-mail or a name of the net: found by its tails too, as `ngo.pl` in `www.ngo.pl`."""
    parts = [part for part in re.split(r"[\W_]+", text.casefold()) if part]
    tails = ["_".join(parts[first:]) for first in range(1, len(parts) - 1)]
    return Compound("_".join(parts), tails, parts)


def _with_ending(text: str) -> Compound:
    """`NGO-sów` and `Facebook'u`: an ending that is set apart is no part of the name."""
    name = re.split(r"['’-]", text)[0]
    return Compound("", (), [name])


def _electronic(text: str) -> Compound:
    """`e-mail` and `email`."""
    return Compound("", (), [re.sub(r"\W", "", text), text[2:]])


def _signs(text: str) -> Compound:
    parts = [part for part in re.split(r"[\W_]+", text) if part]
    return Compound("_".join(parts), (), parts)


Reader = Callable[[str], Compound]
# The first that fits is taken. Repetitions have an end, so that no text takes long.
KINDS: dict[str, tuple[str, Reader]] = {
    "provision": (rf"(?:{HEAD}|{PART})(?:,?\s{{0,3}}{PART}){{0,3}}", _provision),
    "journal": (
        r"\bdz\.?\s?u\.?(?:\s{0,3}z)?\s{0,3}\d{4}\s{0,3}(?:r\.)?,?\s{0,3}"
        r"(?:nr\s{0,3}\d{1,6},?\s{0,3})?(?:poz\.?\s{0,3}|\.)\d{1,9}",
        _journal,
    ),
    "email": (r"[^\W_][\w.+-]{0,63}@[^\W_][\w-]{0,63}(?:\.[\w-]{1,63}){1,5}", _address),
    "domain": (
        rf"[^\W_][\w-]{{0,63}}(?:\.[\w-]{{1,63}}){{0,5}}\.(?:{TOP_LEVELS})\b(?![.-]\w)",
        _address,
    ),
    "date": (
        r"\b\d{1,2}(?P<between>[./-])\d{1,2}(?P=between)(?:19|20)\d\d\b"
        rf"|\b(?:19|20)\d\d-\d\d-\d\d\b|\b\d{{1,2}}\s{{1,3}}{MONTH}\s{{1,3}}(?:19|20)\d\d\b",
        _date,
    ),
    "share": (r"\b\d{1,9}(?:[.,]\d{1,9})?\s?(?:%|proc\b\.?|procent[^\W\d_]{0,8})", _share),
    "resolution": (
        r"\b[ivxlc]{1,9}[./]\d{1,5}[./]\d{2,4}\b"
        r"|\b[^\W_]{1,20}/[^\W_]{1,20}/(?:19|20)?\d\d\b",
        _resolution,
    ),
    "account": (r"\b\d{2}(?:[ \u00a0-]?\d{4}){6}\b", _digits),
    "amount": (r"\b\d{1,3}(?:[ .\u00a0]\d{3}){1,5}(?:,\d{2})?\b(?![ .,-]?\d)", _digits),
    "groups": (
        r"(?:\+48[ \u00a0-]?)?(?:\(\d{2,3}\)|\b\d{2,3})(?:[ \u00a0-]\d{2,3}){2,3}\b(?!-?\d)",
        _digits,
    ),
    "register": (r"\b(?:pl)?\d{9,14}\b", _digits),
    "ending": (
        rf"\b[^\W\d_]{{2,30}}['’][^\W\d_]{{1,4}}\b|\b[^\W\d_]{{2,6}}-{ENDING}\b",
        _with_ending,
    ),
    "electronic": (r"\be-[^\W\d_]{3,}", _electronic),
    "signs": (
        r"[^\W_]{0,40}\d[^\W_]{0,40}(?:[/.,:-][^\W_]{1,40}){1,9}"
        r"|(?:[^\W_]{1,40}/){1,9}[^\W_]{0,40}\d[^\W_]{0,40}",
        _signs,
    ),
}


def compound_of(kind: str, text: str) -> Compound:
    """How the word of this kind is kept; where its reader does not understand it, by its words.

    Patterns and readers may differ over a letter of some alphabet: no text is refused for that.
    """
    try:
        return KINDS[kind][1](text)
    except (ValueError, LookupError):
        logger.warning("A word of the kind %s is read by its parts alone", kind, exc_info=True)
        return _signs(text)
