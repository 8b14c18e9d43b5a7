"""Files that come with a plain form: no script is needed, and what was chosen is never lost."""

import re
from uuid import uuid4

import pytest
from django.test import Client

from forum.discussions import actions
from forum.discussions.models import Attachment, Draft, Post, Thread
from tests.cast import logged_in
from tests.factories import a_category, a_thread, an_attachment, opening_post
from tests.samples import a_docx, a_pdf, a_picture, sent

pytestmark = pytest.mark.django_db

TYPED = "Proponuję wtorek o 17:00"

NOBODYS_KEY = "5c2f8f0e-3d2b-4a57-9a61-0f6a3a1b7c11"  # fixed, as every worker collects it


@pytest.fixture
def thread(bob):
    return a_thread(bob)


@pytest.fixture
def browser(alice):
    client = logged_in(alice)
    client.raise_request_exception = False
    return client


def reply(browser, thread, *files, **fields):
    form = {"body": TYPED, "body_format": "markdown", "once": str(uuid4()), "files": list(files)}
    return browser.post(f"/threads/{thread.pk}/replies/", {**form, **fields})


def text(response):
    return response.content.decode()


def test_the_forms_can_carry_files(browser, alice, thread):
    own = opening_post(a_thread(alice))
    for address in (
        thread.get_absolute_url(),
        f"/posts/{opening_post(thread).pk}/reply/",
        f"/posts/{own.pk}/edit/",
        f"/categories/{thread.category_id}/threads/new/",
    ):
        page = text(browser.get(address))
        assert re.search(r"<form[^>]* enctype=\"multipart/form-data\"", page), address
        assert '<input class="attaching__input" type="file"' in page


def test_a_reply_brings_its_files(browser, thread):
    response = reply(browser, thread, sent("a.docx", a_docx()), sent("b.png", a_picture()))
    assert response.status_code == 303
    post = thread.posts.get(number=2)
    assert [each.name for each in post.attachments.all()] == ["a.docx", "b.webp"]


def test_a_new_thread_brings_its_files(browser, alice):
    category = a_category()
    form = {"title": "Plakat na festyn", "body": TYPED, "body_format": "markdown"}
    browser.post(
        f"/categories/{category.pk}/threads/new/", {**form, "files": sent("b.png", a_picture())}
    )
    assert opening_post(Thread.objects.get(category=category)).attachments.count() == 1


def test_an_edit_adds_and_removes(browser, alice):
    post = opening_post(a_thread(alice))
    old = an_attachment(alice, post, name="stary.pdf")
    edit = f"/posts/{post.pk}/edit/"
    page = text(browser.get(edit))
    assert f'name="detach" value="{old.key}"' in page
    assert 'name="attach"' not in page
    form = {"body": post.source, "body_format": "markdown", "detach": str(old.key)}
    browser.post(edit, {**form, "files": sent("nowy.docx", a_docx())})
    assert [each.name for each in post.attachments.all()] == ["nowy.docx"]
    # A form that says nothing of attachments changes none.
    browser.post(edit, {"body": "Nowe słowa.", "body_format": "markdown"})
    assert post.attachments.count() == 1


def test_a_refused_form_keeps_the_good_files_and_names_the_bad_one(browser, alice, thread):
    response = reply(
        browser, thread, sent("dobry.pdf", a_pdf()), sent("zły.png", b"<svg onload=x>")
    )
    assert response.status_code == 422
    page = text(response)
    assert "zły.png: plików tego rodzaju forum nie przyjmuje" in page
    assert TYPED in page
    kept = Attachment.objects.get()
    assert (kept.name, kept.uploader, kept.post) == ("dobry.pdf", alice, None)
    assert f'name="attach" value="{kept.key}"' in page
    # Sent again as the page shows it, without choosing the file a second time.
    assert reply(browser, thread, attach=str(kept.key)).status_code == 303
    assert thread.posts.get(number=2).attachments.get() == kept


def test_a_form_without_words_keeps_its_files(browser, thread):
    response = reply(browser, thread, sent("a.pdf", a_pdf()), body="")
    assert response.status_code == 422
    assert Attachment.objects.get().name in text(response)


def test_one_may_attach_first_describe_and_place_a_picture_and_send_later(browser, thread):
    response = reply(browser, thread, sent("plan.png", a_picture()), only_attach="1")
    page = text(response)
    kept = Attachment.objects.get()
    assert (response.status_code, thread.posts.count()) == (200, 1)
    assert "aria-invalid" not in page
    assert TYPED in page
    assert f"![]({kept.get_absolute_url()})" in page
    described = {f"alt-{kept.key}": "Plan sali", "attach": str(kept.key)}
    body = f"{TYPED}: ![]({kept.get_absolute_url()})"
    assert reply(browser, thread, body=body, **described).status_code == 303
    page = text(browser.get(thread.get_absolute_url()))
    assert 'alt="Plan sali" width="40" height="30"' in page
    # The way back into the textarea.
    post = thread.posts.get(number=2)
    page = text(browser.get(f"/posts/{post.pk}/edit/"))
    assert f"![]({kept.get_absolute_url()})</textarea>" in page


def test_a_description_typed_into_a_refused_form_is_kept(browser, alice, thread):
    reply(browser, thread, sent("plan.png", a_picture()), only_attach="1")
    kept = Attachment.objects.get()
    alt = {f"alt-{kept.key}": "Plan\0 sali", "attach": str(kept.key)}
    assert 'value="Plan sali"' in text(reply(browser, thread, body="", **alt))
    assert 'value="Plan sali"' in text(browser.get(thread.get_absolute_url()))


def test_unsent_files_wait_on_every_page_of_the_place_for_their_member_only(
    browser, alice, bob, thread
):
    reply(browser, thread, sent("a.pdf", a_pdf()), only_attach="1")
    key = f'value="{Attachment.objects.get().key}"'
    for address in (thread.get_absolute_url(), f"/posts/{opening_post(thread).pk}/reply/"):
        assert key in text(browser.get(address))
        assert key not in text(logged_in(bob).get(address))
    assert key not in text(browser.get(a_thread(bob).get_absolute_url()))


def test_too_many_files_are_said_and_kept(browser, thread, settings):
    settings.ATTACHMENTS_PER_POST = 1
    response = reply(browser, thread, sent("a.png", a_picture()), sent("b.png", a_picture()))
    assert response.status_code == 422
    assert "najwyżej 1" in text(response)
    assert Attachment.objects.filter(post=None).count() == 2


def test_hundreds_of_files_are_no_failure(browser, thread):
    files = [sent(f"{number}.png", b"GIF") for number in range(150)]
    assert reply(browser, thread, *files).status_code == 400
    assert thread.posts.count() == 1


@pytest.mark.parametrize(
    "attach", ["x", "\0", "0" * 5_000, NOBODYS_KEY, "00000000-0000-0000-0000-00000000000g"]
)
def test_forged_keys_are_no_failure(browser, thread, attach):
    response = reply(browser, thread, attach=attach)
    assert response.status_code in (303, 422)
    assert Post.objects.filter(attachments__isnull=False).count() == 0


def test_anothers_file_is_not_taken_and_the_text_comes_back(browser, alice, bob, thread):
    reply(logged_in(bob), thread, sent("a.pdf", a_pdf()), only_attach="1")
    foreign = Attachment.objects.get()
    response = reply(browser, thread, attach=str(foreign.key), **{f"alt-{foreign.key}": "moje"})
    assert response.status_code == 422
    assert TYPED in text(response)
    reply(browser, thread, body="", detach=str(foreign.key))
    foreign.refresh_from_db()
    assert (foreign.post, foreign.alt) == (None, "")


def test_a_file_removed_in_another_window_is_said(browser, alice, thread):
    reply(browser, thread, sent("a.pdf", a_pdf()), only_attach="1")
    kept = Attachment.objects.get()
    browser.post(f"{kept.get_absolute_url()}discard/")
    response = reply(browser, thread, attach=str(kept.key))
    assert response.status_code == 422
    assert "Jednego z załączników już tu nie ma" in text(response)
    assert TYPED in text(response)


def test_one_sent_with_another_form_meanwhile_keeps_the_text_as_a_draft(browser, alice, thread):
    reply(browser, thread, sent("a.pdf", a_pdf()), only_attach="1")
    kept = Attachment.objects.get()
    reply(browser, thread, attach=str(kept.key), body="Z innego okna.")
    response = reply(browser, thread, attach=str(kept.key))
    assert response.status_code == 403
    assert Draft.objects.get().body == TYPED


def test_a_draft_shows_its_files_and_takes_them_along_when_discarded(browser, carol, thread):
    actions.close(staff=carol, thread=thread, on=True)
    reply(browser, thread, sent("a.pdf", a_pdf()))
    draft = f"/drafts/thread-{thread.pk}/"
    assert Attachment.objects.get().get_absolute_url() in text(browser.get(f"{draft}text/"))
    browser.post(f"{draft}discard/", {"draft": "1"})  # another version: nothing is discarded
    assert Attachment.objects.count() == 1
    browser.post(f"{draft}discard/", {"draft": str(Draft.objects.get().version)})
    assert Attachment.objects.count() == 0


def test_a_thread_closed_meanwhile_keeps_text_and_files(browser, carol, thread):
    actions.close(staff=carol, thread=thread, on=True)
    response = reply(browser, thread, sent("a.pdf", a_pdf()))
    assert response.status_code == 403
    assert Draft.objects.get().body == TYPED
    assert Attachment.objects.get().name == "a.pdf"


def test_a_ticked_removal_of_an_unsent_file_is_one(browser, thread):
    reply(browser, thread, sent("a.pdf", a_pdf()), only_attach="1")
    key = str(Attachment.objects.get().key)
    assert reply(browser, thread, attach=key, detach=key).status_code == 303
    assert Attachment.objects.count() == 0


def test_without_a_session_the_page_says_that_files_are_not_kept(thread):
    response = reply(Client(), thread, sent("a.pdf", a_pdf()))
    assert response.status_code == 401
    assert "Pliki nie zostały zachowane" in text(response)
    assert Attachment.objects.count() == 0
