"""Where the parts of writing meet: files, drafts, forms, mentions, quotes, history, merges."""

import re
from html import unescape
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actions import change_profile
from forum.discussions import actions
from forum.discussions.actions import attaching, drafting
from forum.discussions.actions.drafting import Text
from forum.discussions.belongings import Belongings
from forum.discussions.drafts import context_of
from forum.discussions.live import fragments_of_post
from forum.discussions.models import Attachment, Draft, Post, Thread
from tests.cast import logged_in
from tests.discussions.attaching_world import a_reply_with, edit, enclosed, picture, unsent
from tests.discussions.moving_world import split
from tests.factories import a_category, a_reply, a_thread, opening_post
from tests.samples import a_pdf, a_picture, sent

pytestmark = pytest.mark.django_db

DOOR = "/attachments/"
FORMS = ["question", "partner"]


@pytest.fixture
def thread(bob):
    return a_thread(bob)


def shown(response):
    return unescape(response.content.decode())


def keep(member, place, body, **fields):
    text = Text(body=body, **fields)
    return drafting.keep(user=member, context=context_of(place), version=0, text=text)


def text_of(post):
    return fragments_of_post(post.pk, post.thread_id)


# --- Files and the forms of threads ------------------------------------------------------------
def upload(browser, context, name="statut.pdf"):
    answer = browser.post(DOOR, {"context": context, "file": sent(name, a_pdf())})
    assert answer.status_code == 201
    return answer.json()["key"]


def partner(**fields):
    form = {"title": "Szukamy busa", "body": "Jeździmy razem.", "once": str(uuid4())}
    filled = {"field_purpose": "wyjazd", "field_seek": "kierowcy", "field_gminas": ["brwinow"]}
    return {**form, **filled, **fields}


def start(category, template):
    return reverse("discussions:start", args=[category.pk]) + f"?template={template}"


def test_a_file_chosen_in_the_form_of_an_offer_is_sent_with_it(alice):
    category = a_category(templates=FORMS)
    browser = logged_in(alice)
    key = upload(browser, f"category-{category.pk}-partner")
    assert key in shown(browser.get(start(category, "partner")))
    assert key not in shown(browser.get(start(category, "question")))
    answer = browser.post(start(category, "partner"), partner(attach=[key]))
    assert answer.status_code == 303
    opening = opening_post(Thread.objects.get())
    assert [each.name for each in opening.attachments.all()] == ["statut.pdf"]


def test_a_refused_form_of_an_offer_keeps_its_file_for_itself(alice):
    category = a_category(templates=FORMS)
    browser = logged_in(alice)
    form = partner(title="", files=[sent("plan.png", a_picture())])
    assert browser.post(start(category, "partner"), form).status_code == 422
    assert Attachment.objects.get().context == f"category-{category.pk}-partner"
    assert "plan.webp" in shown(browser.get(start(category, "partner")))
    assert "plan.webp" not in shown(browser.get(start(category, "question")))


# --- Files and moving threads ------------------------------------------------------------------
@pytest.fixture
def target(bob, thread):
    return a_thread(bob, thread.category, title="Lokal")


def waiting(member, place):
    return list(Attachment.objects.unsent_by(member).filter(context=context_of(place)))


def test_files_follow_their_text_into_the_other_thread_and_are_sent_there(
    alice, dana, carol, thread, target
):
    pdf, theirs, elsewhere = unsent(alice, thread), unsent(dana, thread), unsent(alice, target)
    keep(alice, thread, "W załączniku")
    actions.merge(staff=carol, thread=thread, into=target)
    assert waiting(alice, target) == [pdf, elsewhere]
    assert waiting(dana, target) == [theirs]
    assert waiting(alice, thread) == []
    page = shown(logged_in(alice).get(target.get_absolute_url()))
    assert "W załączniku" in page
    assert str(pdf.key) in page
    target.refresh_from_db()
    assert list(a_reply_with(alice, target, pdf).attachments.all()) == [pdf]


def test_a_file_chosen_in_a_window_left_open_goes_where_its_text_goes(alice, carol, thread, target):
    actions.merge(staff=carol, thread=thread, into=target)
    browser = logged_in(alice)
    upload(browser, context_of(thread))
    form = {"body": "Nie przepadło", "files": [sent("plan.png", a_picture())]}
    assert browser.post(f"/threads/{thread.pk}/replies/", form).status_code == 403
    page = shown(browser.get(target.get_absolute_url()))
    for piece in ("statut.pdf", "plan.webp", "Nie przepadło"):
        assert piece in page


def test_a_file_goes_no_further_than_its_member_may_read(alice, bob, carol, thread):
    closed = a_thread(carol, a_category(readers="staff"))
    actions.merge(staff=carol, thread=thread, into=closed)
    answer = logged_in(alice).post(
        DOOR, {"context": context_of(thread), "file": sent("a.pdf", a_pdf())}
    )
    assert answer.status_code == 404
    assert not Attachment.objects.exists()


def test_after_a_split_the_files_go_with_the_text_that_goes(alice, bob, dana, carol, thread):
    moving = a_reply(bob, thread)
    goes, stays = unsent(alice, thread), unsent(dana, thread)
    keep(alice, thread, "Do tego wpisu", parent_number=moving.number)
    keep(dana, thread, "Do wątku")
    other = split(carol, thread, moving.number)
    assert waiting(alice, other) == [goes]
    assert waiting(dana, thread) == [stays]
    assert Draft.objects.get(user=alice).context == context_of(other)


# --- What waits, and the page that is shared ----------------------------------------------------
def test_a_text_or_a_file_that_waits_is_a_beginning(alice, bob, thread, django_assert_num_queries):
    assert not Belongings.of(alice, thread).has_begun
    unsent(alice, a_thread(bob))
    assert not Belongings.of(alice, thread).has_begun
    file = unsent(alice, thread)
    with django_assert_num_queries(1):
        assert Belongings.of(alice, thread).has_begun
    assert not Belongings.of(bob, thread).has_begun
    a_reply_with(alice, thread, file)
    assert not Belongings.of(alice, thread).has_begun
    keep(alice, thread, "Zaczęte")
    unsent(alice, thread)
    assert Belongings.of(alice, thread).has_begun
    attaching.discard(uploader=alice, keys=[each.key for each in waiting(alice, thread)])
    assert Belongings.of(alice, thread).has_begun


def test_a_text_of_files_alone_is_told_what_is_missing(alice, thread):
    browser = logged_in(alice)
    address = f"/threads/{thread.pk}/replies/"
    answer = browser.post(address, {"body": "", "files": [sent("plan.png", a_picture())]})
    assert answer.status_code == 422
    assert "Dopisz choć jedno zdanie o tym, co jest w załączniku" in shown(answer)
    assert "Najpierw coś napisz" not in shown(answer)
    (file,) = waiting(alice, thread)
    alone = {"body": f"![]({file.get_absolute_url()})", "attach": [str(file.key)]}
    answer = browser.post(address, alone, headers={"X-Fragment": "1"})
    assert answer.status_code == 422
    assert "w załączniku" in answer.json()["errors"]["body"][0]
    assert waiting(alice, thread) == [file]


def test_a_text_without_anything_is_told_to_be_one(alice, thread):
    answer = logged_in(alice).post(f"/threads/{thread.pk}/replies/", {"body": " "})
    assert "załączniku:" not in shown(answer)
    assert answer.context["form"].errors["body"]


@pytest.mark.parametrize("address", ["thread", "answer", "start", "edit"])
def test_enter_in_a_field_sends_the_form_and_does_not_attach(alice, thread, address):
    """Browsers press the first button of a form."""
    own = a_reply(alice, thread)
    addresses = {
        "thread": thread.get_absolute_url(),
        "answer": reverse("discussions:answer", args=[own.pk]),
        "start": reverse("discussions:start", args=[thread.category_id]),
        "edit": reverse("discussions:edit", args=[own.pk]),
    }
    page = shown(logged_in(alice).get(addresses[address]))
    form = re.search(r'<form[^>]*enctype="multipart/form-data".*?</form>', page, re.DOTALL)[0]
    first, *others = re.findall(r'<button[^>]*type="submit"[^>]*>', form)
    assert "primary" in first
    assert any('name="only_attach"' in other for other in others)


# --- Mentions, pictures, quotes, history --------------------------------------------------------
@pytest.mark.parametrize("body_format", ["markdown", "html"])
def test_a_mention_in_the_description_of_a_picture_calls_nobody(alice, bob, thread, body_format):
    file = picture(alice, thread)
    alts = {
        "markdown": f"![@[Bob](member:{bob.pk}) z planem]({file.get_absolute_url()}) Oto plan",
        "html": f'<p><img src="{file.get_absolute_url()}" alt="&lt;span data-mention='
        f'&quot;member-{bob.pk}&quot;&gt;@Bob&lt;/span&gt; z planem&#x1f;0&#x1f;"> Oto plan'
        f'<span data-mention="member-{alice.pk}">@x" onerror="alert(1)</span></p>',
    }
    post = actions.reply(
        author=alice,
        voice=None,
        thread=thread,
        body=alts[body_format],
        body_format=body_format,
        enclosed=enclosed(file),
    )
    assert not post.mentions.filter(user=bob).exists()
    html = text_of(post)
    (image,) = re.findall(r"<img [^>]*>", html)
    assert "z planem" in image
    assert "<span" not in image
    assert " onerror=" not in re.sub(r'"[^"]*"', '""', html)


def test_a_quoted_picture_is_its_description(alice, bob, thread):
    plan, bare = picture(bob, thread), picture(bob, thread)
    attaching.describe(uploader=bob, alts={plan.key: "Plan [sali] z góry"})
    body = f"Oto ![]({plan.get_absolute_url()}) i ![]({bare.get_absolute_url()})"
    post = a_reply_with(bob, thread, plan, bare, body=body)
    page = logged_in(alice).get(reverse("discussions:answer", args=[post.pk]), {"quote": "1"})
    typed = page.context["form"].body_value
    assert "<img" not in typed.html
    assert "Oto [Plan [sali] z góry] i [Obraz bez opisu]" in unescape(typed.html)
    reply = a_reply(alice, thread, typed.markdown + "\n\nDziękuję")
    assert "[Plan [sali] z góry]" in unescape(text_of(reply))
    assert "/attachments/" not in text_of(reply).split("post__footer")[0]


def test_a_picture_put_into_the_text_shows_in_its_history(alice, bob, thread, settings):
    settings.EDIT_GRACE_SECONDS = 0
    post = a_reply(alice, thread, f"Sala gotowa, @[Bob](member:{bob.pk}).")
    file = unsent(alice, post, "plan.webp", a_picture("WEBP"), "image", width=40, height=30)
    attaching.describe(uploader=alice, alts={file.key: "Plan sali"})
    edit(alice, post, enclosed(file), f"{post.source} ![]({file.get_absolute_url()})")
    change_profile(member=bob, display_name="Bogdan Kos", language="pl")
    page = shown(logged_in(bob).get(reverse("discussions:history", args=[post.pk])))
    assert re.search(r"<ins>.*?\[Plan sali\]", page, re.DOTALL)
    assert "@Bogdan Kos" in page


def test_the_same_form_again_is_no_change_though_it_mentions_and_shows(alice, bob, thread):
    file = picture(alice, thread)
    body = f"@[Bob](member:{bob.pk}) zobacz ![]({file.get_absolute_url()})"
    post = a_reply_with(alice, thread, file, body=body)
    page = logged_in(alice).get(reverse("discussions:edit", args=[post.pk]))
    before = Post.objects.get(pk=post.pk)
    typed = page.context["form"].body_value
    for source, source_format in ((typed.markdown, "markdown"), (typed.html, "html")):
        actions.edit(author=alice, post=post, body=source, body_format=source_format)
    after = Post.objects.get(pk=post.pk)
    assert (after.seq, after.html, after.edited_at) == (before.seq, before.html, None)


def test_the_list_of_drafts_shows_words_not_signs(alice, bob, thread):
    file = picture(alice, thread)
    body = f"> cytat\n\n- **Pytanie** do @[Bob Zieliński](member:{bob.pk}): "
    keep(alice, thread, f"{body}![]({file.get_absolute_url()})co dalej?")
    browser = logged_in(alice)
    with CaptureQueriesContext(connection) as queries:
        page = shown(browser.get("/drafts/"))
    assert "cytat Pytanie do @Bob Zieliński: co dalej?" in page
    assert "member:" not in page
    keep(alice, a_thread(bob), f"{body} i znowu")
    with CaptureQueriesContext(connection) as again:
        browser.get("/drafts/")
    assert len(again) == len(queries)


# --- Titles -------------------------------------------------------------------------------------
def test_a_title_is_read_in_its_own_language(client, bob, carol):
    bob.language = "en"
    bob.save()
    english = a_thread(bob, title="A room for rent", body="Three afternoons a week.")
    polish = a_thread(bob, english.category, title="Sala", body="Mamy salę, trzy popołudnia.")
    page = shown(client.get(reverse("discussions:category", args=[english.category_id])))
    assert re.search(r'lang="en"><a[^>]*>A room for rent', page)
    assert re.search(r'lang="pl"><a[^>]*>Sala', page)
    assert '<h1 lang="en">A room' in shown(client.get(english.get_absolute_url()))
    actions.retitle(author=carol, thread=english, title="Sala do wynajęcia")
    assert '<h1 lang="pl">Sala do' in shown(client.get(english.get_absolute_url()))
    answer = a_reply(bob, polish, "Only in English")
    assert split(carol, polish, answer.number, title="Apart").language == "en"
