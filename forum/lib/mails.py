"""A mail taken apart: who wrote it, what it says, what is enclosed, and whether a machine wrote it.

Anybody may send anything, so nothing here trusts the parser of the standard library further than it
is known to hold: headers are read raw, nesting is counted before it is parsed.
Source: docs/decisions/0036-mail-in.md.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.errors import HeaderParseError, MessageError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses
from typing import TypeAlias

from forum.lib.mail_texts import decoded, from_html, unwrapped
from forum.lib.markup import without_control

MAX_PARTS = 200
MAX_BOUNDARIES = 60  # each is tried at every line below it: thousands would take minutes
HEAD_MAX_BYTES = 256 * 1024  # of all headers together
MESSAGE_ID = re.compile(rb"^message-id:\s*(<[^<>\s]{1,500}>)", re.IGNORECASE | re.MULTILINE)
HEADER_MAX_CHARS = 2_000
TEXT_MAX_CHARS = 200_000  # ten times what fits into a post: a quoted thread is long
NAME_MAX_CHARS = 255

# Of mails that no person wrote. Source: RFC 3834, and what autoresponders send in practice.
AUTOMATIC_PRECEDENCE = {"bulk", "list", "junk", "auto_reply"}
AUTOMATIC_HEADERS = (
    "x-autoreply",
    "x-autorespond",
    "x-autoreply-from",
    "x-auto-reply",
    "x-mail-autoreply",
    "x-vacation",
)
# Of autoresponders that say so nowhere else; the subject of an answer begins with "Re:" or "Odp:".
AUTOMATIC_SUBJECT = re.compile(
    r"\s*(?:automatyczna odpowied[źz]|odpowied[źz] automatyczna|auto ?odpowied[źz]|autoresponder"
    r"|auto(?:matic)?[ -]?(?:reply|response)|auto:|out of (?:the )?office|nieobecno[śs][ćc]"
    r"|poza biurem|abwesenheit)",
    re.IGNORECASE,
)

# What stands in plain text for a picture that the HTML shows; the picture itself is enclosed.
SHOWN_PICTURE = re.compile(r"\[(?:cid|image|obraz):[^\]\n]{1,200}\]")

Part: TypeAlias = "Message[str, str]"


class Unreadable(ValueError):
    """The mail is put together in a way that no mail program does."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file of a mail."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """What matters of a mail. `sender` is empty where there is none, or more than one."""

    sender: str
    subject: str
    message_id: str
    text: str = field(repr=False)
    is_markdown: bool  # its text was made of HTML
    files: tuple[Enclosure, ...] = field(repr=False)
    is_automatic: bool
    list_id: str
    recipients: tuple[str, ...]


def parse(raw: bytes) -> Part:
    """The mail as a tree of parts. Raises: Unreadable where it is nested as nobody nests mails."""
    lower = raw.lower()
    if lower.count(b"boundary") > MAX_BOUNDARIES or lower.count(b"message/") > MAX_BOUNDARIES:
        raise Unreadable("too many boundaries")
    try:
        return message_from_bytes(raw, policy=policy.compat32)
    except (RecursionError, MessageError, ValueError, LookupError) as error:
        raise Unreadable(str(error)) from error


def parse_head(raw: bytes) -> Part:
    """The headers of the mail alone. Raises: Unreadable."""
    return parse(_head(raw))


def message_id_in(raw: bytes) -> str:
    """The mail's own name, of its head only: a look that costs the same for every mail."""
    found = MESSAGE_ID.search(_head(raw))
    return found[1].decode("ascii", "replace") if found else ""


def is_report(raw: bytes) -> bool:
    """Whether its head says that a mail server wrote it, of another mail."""
    return b"multipart/report" in _head(raw).lower()


def read(raw: bytes) -> Mail:
    """What the mail says. Raises: Unreadable, and nothing else whatever was sent."""
    message = parse(raw)
    try:
        parts = list(_leaves(message))
        text, is_markdown = _text(parts)
        return Mail(
            sender=sender_of(message),
            subject=header(message, "subject"),
            message_id=message_id_of(message),
            text=text,
            is_markdown=is_markdown,
            files=tuple(_files(parts)),
            is_automatic=is_automatic(message),
            list_id=header(message, "list-id"),
            recipients=recipients_of(message),
        )
    except (RecursionError, MessageError) as error:
        raise Unreadable(str(error)) from error


def header(message: Part, name: str) -> str:
    """The first header of that name in one line, decoded; empty where there is none."""
    return _words(_raw(message, name))


def message_id_of(message: Part) -> str:
    """The mail's own name with its angle brackets; empty where it has none."""
    found = re.search(r"<[^<>\s]{1,500}>", without_control(_raw(message, "message-id")))
    return found[0] if found else ""


def sender_of(message: Part) -> str:
    """The one address that the mail says it is from, in small letters."""
    named = _addresses(message, "from")
    return named[0] if len(named) == 1 else ""


def recipients_of(message: Part) -> tuple[str, ...]:
    """Whom the mail was delivered or sent to, what the mail server noted first."""
    names = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "to", "cc")
    return tuple(dict.fromkeys(each for name in names for each in _addresses(message, name)))


def is_automatic(message: Part) -> bool:
    """Whether a machine wrote it: an answer to it would only wake another machine."""
    submitted = header(message, "auto-submitted").partition(";")[0].strip().lower()
    has_no_sender = any(_raw_all(message, "return-path")) and "@" not in _raw(
        message, "return-path"
    )
    return (
        submitted not in ("", "no")
        or has_no_sender
        or header(message, "precedence").strip().lower() in AUTOMATIC_PRECEDENCE
        or bool(header(message, "list-id"))
        or message.get_content_type() == "multipart/report"
        or any(_raw(message, name) for name in AUTOMATIC_HEADERS)
        or AUTOMATIC_SUBJECT.match(header(message, "subject")) is not None
    )


def _head(raw: bytes) -> bytes:
    return re.split(rb"\r?\n\r?\n", raw[:HEAD_MAX_BYTES], maxsplit=1)[0]


def _leaves(message: Part) -> Iterator[Part]:
    """The parts that hold something; a mail inside the mail is one of them."""
    waiting, count = [message], 0
    while waiting:
        part = waiting.pop()
        count += 1
        if count > MAX_PARTS:
            return
        payload = part.get_payload()
        if isinstance(payload, list) and part.get_content_maintype() == "multipart":
            waiting.extend(reversed([each for each in payload if isinstance(each, Message)]))
        else:
            yield part


def _text(parts: list[Part]) -> tuple[str, bool]:
    """The words of the letter, and whether they are Markdown: its plain text, else its HTML."""
    for wanted, made in (("text/plain", _plain), ("text/html", _from_html)):
        for part in parts:
            if part.get_content_type() == wanted and not _is_file(part):
                text = made(part)[:TEXT_MAX_CHARS].strip("\n")
                if text.strip():
                    return text, wanted == "text/html"
    return "", False


def _plain(part: Part) -> str:
    text = SHOWN_PICTURE.sub("", _lines(_decoded(part)))
    if _parameter(part, "format").lower() != "flowed":
        return text
    return unwrapped(text, delete_space=_parameter(part, "delsp").lower() == "yes")


def _from_html(part: Part) -> str:
    return _lines(from_html(_decoded(part)))


def _lines(text: str) -> str:
    return without_control(text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " "))


def _files(parts: list[Part]) -> Iterator[Enclosure]:
    """What is enclosed: no signatures of programs, and no mails that were passed on."""
    for number, part in enumerate(parts, start=1):
        is_picture = part.get_content_maintype() == "image"
        if not (_is_file(part) or is_picture) or part.is_multipart():
            continue
        content = _content(part)
        # Logos of letter-heads are pictures of a few hundred bytes that the HTML shows.
        is_ornament = is_picture and bool(_raw(part, "content-id")) and len(content) < 4_096
        if content and not is_ornament and part.get_content_subtype() not in SIGNATURES:
            yield Enclosure(_name_of(part) or f"{number}", content)


SIGNATURES = {"pgp-signature", "pkcs7-signature", "x-pkcs7-signature", "ms-tnef", "calendar"}


def _is_file(part: Part) -> bool:
    disposition = _raw(part, "content-disposition").strip().lower()
    has_name = bool(_name_of(part))
    is_text = part.get_content_maintype() == "text"
    is_other = not is_text and part.get_content_maintype() not in ("multipart", "message")
    return disposition.startswith("attachment") or has_name or is_other


def _name_of(part: Part) -> str:
    try:
        name = part.get_filename() or ""
    except (LookupError, ValueError, TypeError, MessageError):
        return ""
    return _words(str(name))[:NAME_MAX_CHARS]


def _content(part: Part) -> bytes:
    try:
        content = part.get_payload(decode=True)
    except (ValueError, LookupError, MessageError):
        return b""
    return content if isinstance(content, bytes) else b""


def _decoded(part: Part) -> str:
    return decoded(_content(part), _parameter(part, "charset"))


def _parameter(part: Part, name: str) -> str:
    try:
        value = part.get_param(name)
    except (ValueError, TypeError, LookupError, MessageError):
        return ""
    return value[2] if isinstance(value, tuple) else str(value or "")


def _addresses(message: Part, name: str) -> list[str]:
    values = [_unescaped(value)[:HEADER_MAX_CHARS] for value in _raw_all(message, name)[:20]]
    try:
        pairs = getaddresses(values)
    except (ValueError, IndexError, RecursionError):
        return []
    found = [address.strip().strip("<>").lower() for _name, address in pairs]
    return [address for address in found if re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", address)]


def _words(value: str) -> str:
    """A header as people read it, in one line; what cannot be decoded stays as it is."""
    value = _unescaped(value)[:HEADER_MAX_CHARS]
    try:
        pieces = decode_header(value)
    except (HeaderParseError, ValueError, LookupError):
        pieces = [(value, None)]
    words = "".join(
        piece if isinstance(piece, str) else decoded(piece, charset or "")
        for piece, charset in pieces
    )
    return " ".join(without_control(words).split())[:HEADER_MAX_CHARS]


def _unescaped(value: str) -> str:
    """A header in one line, with the letters that some programs write in it as bare bytes."""
    raw = value.encode("utf-8", "surrogateescape")
    return without_control(re.sub(r"\r?\n", "", decoded(raw, "utf-8")))


def _raw(message: Part, name: str) -> str:
    return next(iter(_raw_all(message, name)), "")


def _raw_all(message: Part, name: str) -> list[str]:
    return [str(value) for key, value in message.raw_items() if key.lower() == name]
