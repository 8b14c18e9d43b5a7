"""Bad input beside the text: script in every field there is, files that are bombs, stale forms."""

import re
import struct
import zlib
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actions import change_profile
from forum.discussions import actions
from forum.discussions.models import Thread
from tests.cast import logged_in
from tests.factories import a_category, a_reply, a_thread
from tests.samples import a_docx, a_pdf, a_picture, sent

pytestmark = pytest.mark.django_db

TYPED = "Proponuję wtorek o 17:00 w bibliotece"
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>"


@pytest.fixture
def thread(bob):
    return a_thread(bob)


@pytest.fixture
def browser(alice):
    client = logged_in(alice)
    client.raise_request_exception = False
    return client


def send(browser, thread, **fields):
    return browser.post(reverse("discussions:reply", args=[thread.pk]), fields)


def shown(response):
    return unescape(response.content.decode())


# --- Script in every field there is -------------------------------------------------------------
def runs_nowhere(browser, *addresses):
    for address in addresses:
        page = browser.get(address, follow=True)
        assert page.status_code == 200, address
        html = page.content.decode()
        assert "<script>alert" not in html, address
        assert "<img src=x" not in html, address
        assert not re.search(r"<[^>]* onerror=alert", re.sub(r'"[^"]*"', '""', html)), address


def test_script_in_names_notes_descriptions_and_files_runs_nowhere(browser, alice, thread):
    change_profile(member=alice, display_name=SCRIPT[:60], language="pl")
    files = [sent(f"{SCRIPT}.png", a_picture()), sent('a"onerror=alert(1) b=".pdf', a_pdf())]
    assert send(browser, thread, body=TYPED, files=files).status_code == 303
    post = thread.posts.get(number=2)
    picture, paper = post.attachments.all()
    body = f"![{SCRIPT}]({picture.get_absolute_url()}) @[{SCRIPT[:30]}](member:{alice.pk}) {TYPED}"
    edit = reverse("discussions:edit", args=[post.pk])
    alts = {f"alt-{picture.key}": f'"onerror=alert(1) {SCRIPT}'}
    assert browser.post(edit, {"body": body, **alts}).status_code == 303
    note = {"on": "1", "note": f'"{SCRIPT}'}
    assert browser.post(reverse("discussions:save", args=[post.pk]), note).status_code == 303
    keep = {"version": 0, "body": f"<p>{SCRIPT}</p>", "body_format": "html", "title": SCRIPT}
    draft = f"/drafts/thread-{thread.pk}/"
    assert browser.post(draft, keep, content_type="application/json").status_code == 200
    for viewer in (browser, Client()):
        runs_nowhere(viewer, thread.get_absolute_url(), f"/posts/{post.pk}/", "/threads/")
    runs_nowhere(
        browser, edit, "/saved/", "/drafts/", f"{draft}text/", f"/posts/{post.pk}/history/"
    )
    runs_nowhere(browser, reverse("discussions:answer", args=[post.pk]) + "?quote=1")
    served = browser.get(paper.get_absolute_url())
    assert "\n" not in served["Content-Disposition"]
    assert served["Content-Disposition"].startswith("attachment")


def test_script_in_the_fields_of_a_form_runs_nowhere(browser):
    category = a_category(templates=["partner"])
    url = reverse("discussions:start", args=[category.pk]) + "?template=partner"
    fields = {"title": SCRIPT, "body": TYPED, "field_purpose": SCRIPT, "field_seek": SCRIPT}
    wrong = browser.post(url, {**fields, "field_until": SCRIPT, "field_gminas": [SCRIPT]})
    assert wrong.status_code == 422
    assert SCRIPT in shown(wrong)
    assert "<script>alert" not in wrong.content.decode()
    assert browser.post(url, fields).status_code == 303
    begun = Thread.objects.get()
    runs_nowhere(browser, begun.get_absolute_url(), "/threads/", f"/categories/{category.pk}/")


# --- Files that are bombs -----------------------------------------------------------------------
def a_huge_picture():
    header = struct.pack(">4sIIBBBBB", b"IHDR", 30_000, 30_000, 1, 0, 0, 0, 0)
    lines = zlib.compress(bytes(30_000 // 8 + 1) * 30_000)
    chunks = (header, b"IDAT" + lines, b"IEND")
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
        for chunk in chunks
    )


def test_bombs_are_named_and_the_text_and_the_good_file_wait(browser, thread):
    files = [
        sent("bomba.docx", a_docx(**{"word/media/1.xml": bytes(60_000_000)})),
        sent("ogromny.png", a_huge_picture()),
        sent("dobry.pdf", a_pdf()),
    ]
    response = send(browser, thread, body=TYPED, files=files)
    assert response.status_code == 422
    for piece in (TYPED, "bomba.docx", "ogromny.png", "dobry.pdf"):
        assert piece in shown(response)
    assert thread.posts.count() == 1
    assert [each.name for each in response.context["form"].attached] == ["dobry.pdf"]


# --- Stale forms --------------------------------------------------------------------------------
def test_a_form_of_yesterday_makes_its_post_and_spares_the_newer_draft(browser, alice, thread):
    keep = {"version": 0, "body": "Nowszy szkic", "body_format": "markdown"}
    kept = browser.post(f"/drafts/thread-{thread.pk}/", keep, content_type="application/json")
    stale = kept.json()["version"] - 1
    assert send(browser, thread, body=TYPED, draft=str(stale)).status_code == 303
    assert "Nowszy szkic" in shown(browser.get(thread.get_absolute_url()))


def test_a_form_whose_thread_is_closed_merged_or_whose_parent_left_loses_nothing(
    browser, bob, carol, thread
):
    parent = a_reply(bob, thread)
    actions.split(
        staff=carol, thread=thread, numbers=[parent.number], title="Osobno",
        category=thread.category,
    )  # fmt: skip
    moved = send(browser, thread, body=TYPED, parent=str(parent.number))
    assert moved.status_code == 422
    assert TYPED in shown(moved)
    actions.close(staff=carol, thread=thread, on=True)
    assert send(browser, thread, body=f"{TYPED} z zamkniętego").status_code == 403
    assert "z zamkniętego" in shown(browser.get("/drafts/"))
