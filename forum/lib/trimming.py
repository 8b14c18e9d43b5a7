"""What somebody wrote in a mail, without what they answered and without signatures.

Written above the quotation, below it, or between its lines: then each answer keeps the words that
it answers, as a quotation. Source: docs/decisions/0036-mail-in.md.
"""

import re
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Literal

from forum.lib import mail_patterns
from forum.lib.mail_patterns import (
    DISCLAIMER,
    SIGNATURE,
    attribution_at,
    bare,
    is_head_at,
    is_machine_line,
    is_reply_above,
    is_rule,
)

CONTEXT_MAX_LINES = 12  # of a quotation kept above an answer
WRAPPED_FROM_CHARS = 55  # a quoted line so long may have been wrapped, and its end lost its ">"
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")

Kind = Literal["own", "quoted", "dropped"]


@dataclass(frozen=True, slots=True)
class _Block:
    kind: Kind
    lines: list[str]


def own_words(text: str) -> str:
    """The writer's own words; empty where there is nothing but a quotation."""
    lines = [_INVISIBLE.sub("", line).rstrip(" \t") for line in _with_marks(text.split("\n"))]
    lines = lines[: _end(lines)]
    blocks = _blocks(lines, _kinds(lines))
    own = [block for block in blocks if block.kind == "own"]
    is_between = len(own) > 1
    out: list[str] = []
    quoted: list[str] = []
    for block in blocks:
        if block.kind == "quoted":
            quoted = block.lines
        elif block.kind == "own":
            context = _context(quoted) if is_between else []
            out += [*context, "", *block.lines, ""] if context else [*block.lines, ""]
            quoted = []
    return re.sub(r"\n{3,}", "\n\n", "\n".join(out)).strip("\n")


def _with_marks(lines: list[str]) -> list[str]:
    """Quotations of programs that write "|" or indent their marks, all with ">" at the start."""
    return [re.sub(r"^\s{0,3}(?:\|\s?)*(?=>)", "", line) for line in lines]


def _end(lines: list[str]) -> int:
    """Where the letter ends and what it answers stands unmarked."""
    for number, line in enumerate(lines):
        if line.startswith(">"):
            continue
        if is_reply_above(line) or is_head_at(lines, number):
            return number
        count = attribution_at(lines, number)
        if count and _stands_unmarked(lines, number, count):
            return number
    return len(lines)


def _stands_unmarked(lines: list[str], number: int, count: int) -> bool:
    """Whether what follows the line "… wrote:" is not marked as a quotation."""
    following = _following(lines, number + count)
    if following.startswith(">"):
        return False
    # Somebody may tell in their own words who wrote what; programs give the address.
    return (
        not following or is_reply_above(following) or "@" in "".join(lines[number : number + count])
    )


def _following(lines: list[str], number: int) -> str:
    """The next line with words in it."""
    return next(filter(str.strip, islice(lines, number, None)), "")


def _kinds(lines: list[str]) -> list[Kind]:
    kinds: list[Kind] = []
    is_signature = False
    number = 0
    while number < len(lines):
        line, count = lines[number], attribution_at(lines, number)
        if count and _following(lines, number + count).startswith(">"):
            is_signature = False
            kinds += ["dropped"] * count
            number += count
            continue
        is_quoted = line.startswith(">")
        is_signature = not is_quoted and (is_signature or bool(SIGNATURE.fullmatch(line)))
        kinds.append("quoted" if is_quoted else "dropped" if is_signature else "own")
        number += 1
    return kinds


def _blocks(lines: list[str], kinds: list[Kind]) -> list[_Block]:
    """Runs of lines of one kind; those without words are left out, and quotations joined again."""
    found: list[_Block] = []
    for kind, group in groupby(zip(kinds, lines, strict=True), key=lambda pair: pair[0]):
        block = _Block(kind, [line for _kind, line in group])
        if kind == "own":
            block = _Block(kind, _without_machine_lines(block.lines))
        if kind == "dropped" or not any(map(str.strip, block.lines)):
            continue
        found.append(block)
    return _joined(found, lines)


def _joined(blocks: list[_Block], lines: list[str]) -> list[_Block]:
    """Without the ends of quoted lines that lost their mark when a program wrapped them."""
    return [
        block
        for number, block in enumerate(blocks)
        if not (
            block.kind == "own"
            and len(block.lines) == 1
            and 0 < number < len(blocks) - 1
            and len(blocks[number - 1].lines[-1]) >= WRAPPED_FROM_CHARS
            and _is_enclosed(lines, block.lines[0])
        )
    ]


def _is_enclosed(lines: list[str], line: str) -> bool:
    """Whether it stands directly between two quoted lines, without room round it."""
    number = lines.index(line)
    around = lines[max(0, number - 1) : number] + lines[number + 1 : number + 2]
    return len(around) == 2 and all(each.startswith(">") for each in around)


def _without_machine_lines(lines: list[str]) -> list[str]:
    """Without what programs put below, and without the empty lines round what remains."""
    for number, line in enumerate(lines):
        if number and DISCLAIMER.match(bare(line)):
            lines = lines[:number]
            break
    while lines and (not lines[-1].strip() or is_rule(lines[-1]) or is_machine_line(lines[-1])):
        lines = lines[:-1]
    while lines and not lines[0].strip():
        lines = lines[1:]
    return lines


def _context(quoted: list[str]) -> list[str]:
    """The last paragraph of the quotation: what the answer below it is about."""
    kept: list[str] = []
    for line in reversed(quoted):
        words = line.lstrip("> ")
        if not words.strip() and kept:
            break
        is_foreign = mail_patterns.is_reply_above(line) or is_rule(words)
        if words.strip() and not is_foreign:
            kept.append(line)
    return list(reversed(kept[:CONTEXT_MAX_LINES]))
