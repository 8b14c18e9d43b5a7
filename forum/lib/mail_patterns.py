"""How mail programs begin what is not the writer's own: quotations, signatures, notes of machines.

Each pattern is one that a program puts in, in Polish, English or German; the samples of
tests/mailbox hold a letter of each program. Source: docs/decisions/0036-mail-in.md.
"""

import re
from collections.abc import Sequence

# Stands above the text of every mail that may be answered, by the language of the mail: what is
# below it is ours. Not in the catalogues: a line that was sent must be known for ever.
REPLY_ABOVE = {
    "pl": "--- Odpowiedz powyżej tej linii ---",
    "en": "--- Reply above this line ---",
}

LINE_MAX_CHARS = 1_000  # of a line that is compared; no pattern is longer
ATTRIBUTION_MAX_LINES = 4  # addresses are long, and programs wrap at 72 characters
HEAD_MAX_LINES = 9
HEAD_LABELS_MIN = 3

_SAID = r"(?:pisze|napisał(?:a|\(a\)|/a|i)?|wrote|schrieb .{1,120})"
_DAY = r"(?:pon|wt|śr|czw|pt|sob|sb|niedz|ndz|nd|mon|tue|wed|thu|fri|sat|sun)\w*\.?"
ATTRIBUTION = re.compile(
    rf"(?:(?:w dniu|dnia|on|at|am|użytkownik|{_DAY},?|\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{2,4}}"
    rf"|\d{{1,2}} \w{{3,12}}\.? \d{{4}})\b.{{2,300}}?\b{_SAID}\s*:"
    r"|wiadomość napisana przez .{2,250} w dniu .{4,80}:)",
    re.IGNORECASE,
)
ORIGINAL = re.compile(
    r"[-_]{2,}\s*(?:oryginalna wiadomość|wiadomość oryginalna|pierwotna wiadomość"
    r"|original (?:message|appointment)|ursprüngliche nachricht)\b.*",
    re.IGNORECASE,
)
_FROM = r"od|from|nadawca|von"
HEAD_LABEL = re.compile(
    rf"({_FROM}|wysłan[oe]|sent|gesendet|data|date|datum|do|to|an|adresat|odbiorc[ay]|dw|udw|cc|bcc"
    r"|kopia|temat|subject|betreff|odpowiedz do|reply-to)\s*:(?:\s.*|$)",
    re.IGNORECASE,
)
HEAD_FROM = re.compile(_FROM, re.IGNORECASE)
RULE = re.compile(r"[-_=*—–\s]{5,}")
SIGNATURE = re.compile(r"-- ?")

_DEVICES = (
    r"iphon|ipad|moj|telefon|smartfon|tablet|urządzeni|komórk|aplikacj|program|system|samsung"
    r"|galaxy|xiaomi|redmi|huawei|motorol|yahoo|outlook|poczt|proton|thunderbird|windows|android"
    r"|mobil|serwer|serwis|wp\b|onet|interi|o2\b|gmail|mail|spark|bluemail|blackberry|my\b"
)
MACHINE_LINE = re.compile(
    rf"(?:wysłan[eoa] (?:z|ze|za pomocą|przez|przy użyciu) (?:\w+ )?(?:{_DEVICES}).{{0,80}}"
    rf"|sent (?:from|via|with) (?:\w+ )?(?:{_DEVICES}).{{0,80}}"
    r"|(?:pobierz|uzyskaj) (?:aplikację )?outlook .{2,60}"
    r"|get outlook for .{2,60}"
    r"|(?:wolny od wirusów|bez wirusów|nie zawiera wirusów|virus-free)\b.{0,80}"
    r"|ta wiadomość(?: e-mail)? (?:została sprawdzona|jest wolna od wirusów).{0,120}"
    r"|this e?-?mail has been checked for viruses.{0,120}"
    r"|<?(?:https?://)?(?:www\.)?avast\.com\S*"
    r"|(?:przed wydrukowaniem|please consider the environment).{0,160})",
    re.IGNORECASE,
)
# From here on a letter-head of an office speaks, to the end.
DISCLAIMER = re.compile(
    r"(?:niniejsza wiadomość|ta wiadomość|treść (?:tej|niniejszej) wiadomości"
    r"|this (?:message|e-?mail))"
    r".{0,300}(?:poufn|confidential)",
    re.IGNORECASE,
)

_LINK = re.compile(r"\[([^\]]{0,300})\]\(<[^>]{0,600}>\)|<mailto:([^>]{0,300})>")
_SIGNS = re.compile(r"\\(?=[^\w\s])|\*+|(?<!\w)_|_(?!\w)")


def reply_above(language: str) -> str:
    """The line for a mail in this language."""
    return REPLY_ABOVE.get(language, REPLY_ABOVE["pl"])


def bare(line: str) -> str:
    """The line without the signs of Markdown and without spaces to spare, to be compared."""
    return " ".join(_SIGNS.sub("", _LINK.sub(r"\1\2", line[:LINE_MAX_CHARS])).split())


def is_reply_above(line: str) -> bool:
    """Whether it is the line of ours below which nothing is new, quoted or not."""
    words = bare(line.lstrip("> |"))
    return any(bare(known).strip("- ") in words for known in REPLY_ABOVE.values())


def is_rule(line: str) -> bool:
    """Whether it is a line drawn with signs."""
    return len(line) < LINE_MAX_CHARS and RULE.fullmatch(line.replace("\\", "")) is not None


def is_machine_line(line: str) -> bool:
    """Whether a program put it below the letter: the name of a telephone, an advertisement."""
    return MACHINE_LINE.fullmatch(bare(line).rstrip(".!")) is not None


def attribution_at(lines: Sequence[str], start: int) -> int:
    """How many lines from here on say who wrote what is quoted below; 0 where none do."""
    joined = ""
    for count, line in enumerate(lines[start : start + ATTRIBUTION_MAX_LINES], start=1):
        if not line.strip() or line.startswith(">"):
            return 0
        joined = f"{joined} {bare(line)}".strip()
        if ATTRIBUTION.fullmatch(joined):
            return count
    return 0


def is_head_at(lines: Sequence[str], start: int) -> bool:
    """Whether the head of a quoted letter begins here, as Outlook and others write it."""
    if ORIGINAL.match(bare(lines[start]).replace("*", "")):
        return True
    if not HEAD_LABEL.match(bare(lines[start])):
        return False
    labels: set[str] = set()
    strangers = 0
    for line in filter(str.strip, lines[start : start + 2 * HEAD_MAX_LINES]):
        found = HEAD_LABEL.match(bare(line))
        if found:
            labels.add(found[1].lower())
        strangers += 0 if found else 1
        if strangers > 1 or len(labels) >= HEAD_MAX_LINES:
            break
    return len(labels) >= HEAD_LABELS_MIN and any(map(HEAD_FROM.fullmatch, labels))
