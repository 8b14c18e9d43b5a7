"""Reading mails: every charset and every program, and whatever somebody may send to do harm."""

import base64
import random
from pathlib import Path

import pytest

from forum.lib import mails
from forum.lib.bounces import bounces_in
from forum.lib.mail_texts import decoded, from_html, unwrapped
from forum.lib.mails import Mail, Unreadable
from tests.samples import a_picture

SAMPLES = Path(__file__).parent / "samples"
PANGRAM = "Zażółć gęślą jaźń"


def a_mail(body: bytes = b"Tak.", *headers: str) -> bytes:
    head = "\r\n".join(["From: Alice <alice@example.org>", "MIME-Version: 1.0", *headers])
    return head.encode("utf-8", "surrogateescape") + b"\r\n\r\n" + body


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-2", "windows-1250", "cp-1250", "utf-16"])
def test_polish_letters_in_every_charset(charset):
    content = PANGRAM.encode(charset.replace("cp-1250", "cp1250"))
    body = base64.encodebytes(content)
    raw = a_mail(
        body, f"Content-Type: text/plain; charset={charset}", "Content-Transfer-Encoding: base64"
    )
    assert mails.read(raw).text == PANGRAM


@pytest.mark.parametrize("charset", ["", "unknown-8bit", "hex", "rot13", "idna", "x" * 300, "ü"])
def test_a_charset_that_is_none_is_guessed(charset):
    assert decoded(PANGRAM.encode(), charset) == PANGRAM
    assert decoded(PANGRAM.encode("cp1250"), charset) == PANGRAM


def test_bytes_that_are_no_text_become_signs_and_no_error():
    assert "Tak" in decoded(b"Tak \x81\x83\x98", "utf-8")


def test_quoted_printable_and_a_broken_base64():
    raw = a_mail(b"Za=C5=BC=\r\n=C3=B3=", "Content-Transfer-Encoding: quoted-printable")
    assert mails.read(raw).text.startswith("Zażó")
    raw = a_mail(b"VGFrLg", "Content-Transfer-Encoding: base64")
    assert mails.read(raw).text in ("Tak.", "VGFrLg")


def test_wrapped_lines_become_paragraphs_again():
    text = "Sala jest \nwolna.\n\n> Kto ma \n> klucze?\n -- nie podpis\n-- \nAlice"
    assert unwrapped(text, delete_space=False) == (
        "Sala jest wolna.\n\n> Kto ma klucze?\n-- nie podpis\n-- \nAlice"
    )
    assert unwrapped("dłu \ngie", delete_space=True) == "długie"


def test_html_becomes_text_with_its_quotations_marked():
    html = (
        "<style>p{color:red}</style><script>x()</script><p>Sala <b>A</b>&nbsp;jest wolna.</p>"
        "<blockquote>Kto ma klucze?</blockquote><ul><li>Jan</li></ul>"
    )
    assert from_html(html) == "Sala **A**\xa0jest wolna.\n\n> Kto ma klucze?\n\n- Jan"


def test_what_is_written_in_plain_text_is_preferred():
    mail = read_sample("outlook_pl_top")
    assert (mail.is_markdown, mail.text.startswith("Dzień dobry,\n\nklucze")) == (False, True)


def test_the_head_is_read():
    mail = read_sample("gmail_pl_top")
    assert mail.sender == "alice@example.org"
    assert mail.subject == "Re: Lokal na spotkania"
    assert mail.message_id == "<gmail_pl_top@mail.example.org>"
    assert not mail.is_automatic


def test_encoded_and_raw_headers_in_one_line():
    raw = a_mail(b"", "Subject: =?iso-8859-2?q?Za=BF=F3=B3=E6?= =?utf-8?b?xbw=?=\r\n dalej")
    assert mails.read(raw).subject == "Zażółćż dalej"
    raw = a_mail(b"", "Subject: Zażółć")
    assert mails.read(raw).subject == "Zażółć"


@pytest.mark.parametrize(
    "line",
    ["", "From: ", "From: Alice", "From: a@b, c@d", "From: <>", 'From: "' + "a" * 5000],
    ids=range(6),
)
def test_a_mail_of_nobody_or_of_two_has_no_sender(line):
    raw = f"{line}\r\nSubject: x\r\n\r\nTak.".encode()
    assert mails.read(raw).sender == ""


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated; x=y",
        "Precedence: bulk",
        "Precedence: Auto_Reply",
        "Return-Path: <>",
        "List-Id: <forum.example.org>",
        "X-Autoreply: yes",
        "X-Autorespond: Lokal",
        "Subject: Automatyczna odpowiedź: Lokal",
        "Subject: =?utf-8?q?Odpowied=C5=BA_automatyczna?=",
        "Subject: Out of Office: x",
        "Content-Type: multipart/report; boundary=x",
    ],
    ids=lambda header: header.replace(" ", "_"),
)
def test_machines_are_known(header):
    assert mails.read(a_mail(b"Jestem na urlopie.", header)).is_automatic


@pytest.mark.parametrize(
    "header",
    ["Auto-Submitted: no", "Return-Path: <a@example.org>", "Subject: Re: Automatyczna brama"],
    ids=lambda header: header.replace(" ", "_"),
)
def test_people_are_no_machines(header):
    assert not mails.read(a_mail(b"Tak.", header)).is_automatic


def test_files_are_found_and_ornaments_are_not():
    boundary = "b"
    parts = [
        ("Content-Type: text/plain; name=", b"Tak."),
        ('Content-Type: application/pdf; name="=?utf-8?q?uchwa=C5=82a.pdf?="', b"%PDF-1.4"),
        ("Content-Type: image/png\r\nContent-ID: <logo>", a_picture(size=(5, 5))),
        ("Content-Type: image/png\r\nContent-ID: <plan>", b"\x89PNG" + b"x" * 5000),
        ("Content-Type: application/pgp-signature; name=x.asc", b"x"),
        ("Content-Disposition: attachment; filename*=utf-8''za%C5%BC.txt", b"tekst"),
        ("Content-Type: message/rfc822", b"From: a@b\r\n\r\nx"),
    ]
    body = b"".join(
        f"--{boundary}\r\n{head}\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode()
        + base64.encodebytes(content)
        for head, content in parts
    )
    raw = a_mail(body + b"--b--", "Content-Type: multipart/mixed; boundary=b")
    found = mails.read(raw)
    assert [file.name for file in found.files] == ["uchwała.pdf", "4", "zaż.txt"]
    assert found.text == "Tak."


# --- What nobody sends by chance ------------------------------------------------------------------
def nested(depth: int) -> bytes:
    out = [f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in range(depth)]
    return a_mail(b"")[:-4] + b"\r\n" + "".join(out).encode() + b"\r\nTak."


def rfc822(depth: int) -> bytes:
    return a_mail(b"")[:-4] + b"\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * depth + b"\r\nx"


HOSTILE = {
    "empty": b"",
    "nothing_but_zeros": b"\x00" * 10_000,
    "zeros_in_text": a_mail(b"Tak\x00.\x00"),
    "zeros_in_headers": a_mail(b"Tak.", "Subject: a\x00b", "Message-ID: <\x00@x>"),
    "no_headers": b"\r\n\r\nTak.",
    "one_line": b"x" * 300_000,
    "nested_fifty": nested(50),
    "nested_for_ever": nested(5_000),
    "mails_in_mails": rfc822(40),
    "mails_in_mails_for_ever": rfc822(5_000),
    "many_parts": a_mail(b"--b\r\n\r\nx\r\n" * 20_000, "Content-Type: multipart/mixed; boundary=b"),
    "long_header": a_mail(b"Tak.", "Subject: " + "=?utf-8?q?a?= " * 50_000),
    "long_address": a_mail(b"Tak.", "To: " + "<" * 50_000, "Cc: " + "(" * 50_000),
    "many_headers": a_mail(b"Tak.", *["X-A: b"] * 50_000),
    "broken_words": a_mail(b"Tak.", "Subject: =?utf-8?b?a===?= =?x?q?=ZZ?= =??b??="),
    "bad_parameters": a_mail(b"Tak.", "Content-Type: text/plain; charset*=a'b; name*0*=%%%"),
    "bad_charset": a_mail(b"Tak.", 'Content-Type: text/plain; charset="utf-8\udcff\\"'),
    "bad_disposition": a_mail(b"Tak.", "Content-Disposition: attachment; filename*=''"),
    "no_boundary": a_mail(b"--x\r\n\r\nTak.", "Content-Type: multipart/mixed"),
    "empty_boundary": a_mail(b"--\r\n\r\nTak.", 'Content-Type: multipart/mixed; boundary=""'),
    "surrogates": a_mail(b"\xed\xa0\x80\xff\xfe", "Subject: \udced\udca0\udc80"),
    "deep_html": a_mail(
        b"<div>" * 50_000 + b"<blockquote>" * 5_000 + b"Tak.", "Content-Type: text/html"
    ),
    "formatted_html": a_mail(b"<b><i>" * 30_000 + b"Tak.", "Content-Type: text/html"),
    "open_comment": a_mail(b"<p>Tak.<!--" * 30_000, "Content-Type: text/html"),
    "uuencoded": a_mail(b"begin 644 x\r\n\xff\xff\r\nend", "Content-Transfer-Encoding: uuencode"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_mail_is_read_or_refused_and_never_a_failure(name):
    try:
        mail = mails.read(HOSTILE[name])
    except Unreadable:
        return
    assert "\x00" not in mail.text + mail.subject + mail.sender + mail.message_id


def test_some_hostile_mails_are_refused_unread():
    for name in ("nested_for_ever", "mails_in_mails_for_ever"):
        with pytest.raises(Unreadable):
            mails.read(HOSTILE[name])


def test_samples_with_random_damage_are_read_or_refused():
    chance = random.Random(6)
    for path in sorted(SAMPLES.glob("*.eml")):
        raw = path.read_bytes()
        for _ in range(8):
            damaged = bytearray(raw)
            for _ in range(chance.randrange(1, 30)):
                place = chance.randrange(len(damaged))
                damaged[place : place + chance.randrange(3)] = chance.randbytes(chance.randrange(4))
            _read_or_refused(bytes(damaged))


def _read_or_refused(raw: bytes) -> Mail | None:
    try:
        bounces_in(mails.parse(raw))
        return mails.read(raw)
    except Unreadable:
        return None


# --- Reports of mail servers ----------------------------------------------------------------------
def test_a_report_says_who_was_not_reached():
    bounces = bounces_in(mails.parse((SAMPLES / "bounce.eml").read_bytes()))
    assert [(b.address, b.is_permanent, b.status, b.message_id) for b in bounces] == [
        (
            "biuro@klub.example.net",
            True,
            "5.1.1",
            "<notification-77.mail@forum.example.org>",
        )
    ]
    assert "User unknown" in bounces[0].diagnostic


@pytest.mark.parametrize(
    ("action", "status"), [("delayed", "4.4.1"), ("failed", "5.2.2"), ("failed", "4.0.0")]
)
def test_a_full_mailbox_and_a_delay_are_not_for_good(action, status):
    raw = (SAMPLES / "bounce.eml").read_bytes()
    raw = raw.replace(b"Action: failed", f"Action: {action}".encode())
    raw = raw.replace(b"Status: 5.1.1", f"Status: {status}".encode())
    assert [bounce.is_permanent for bounce in bounces_in(mails.parse(raw))] == [False]


def test_a_delivery_and_a_letter_are_no_bounces():
    raw = (SAMPLES / "bounce.eml").read_bytes().replace(b"Action: failed", b"Action: delivered")
    assert bounces_in(mails.parse(raw)) == []
    assert bounces_in(mails.parse((SAMPLES / "gmail_pl_top.eml").read_bytes())) == []


def read_sample(name: str) -> Mail:
    return mails.read((SAMPLES / f"{name}.eml").read_bytes())
