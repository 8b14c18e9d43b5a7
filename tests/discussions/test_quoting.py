"""Quoting without scripts: the answer page begins with the post quoted, behind what is typed."""

from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from forum.categories.models import Category
from forum.discussions import actions
from forum.discussions.models import Draft, Post
from tests.cast import logged_in
from tests.factories import a_category, a_reply, a_thread

pytestmark = pytest.mark.django_db


@pytest.fixture
def thread(bob):
    return a_thread(bob)


@pytest.fixture
def post(alice, fundacja, thread):
    return a_reply(alice, thread, "Sala jest **wolna** we wtorki.", voice=fundacja)


def answer_page(member, post):
    return logged_in(member).get(reverse("discussions:answer", args=[post.pk]), {"quote": "1"})


def typed(response):
    return response.context["form"].body_value


def a_draft(member, thread, body, body_format):
    return Draft.objects.create(
        user=member,
        context=f"thread-{thread.pk}",
        thread=thread,
        body=body,
        body_format=body_format,
    )


def test_a_post_leads_to_the_page_that_quotes_it(bob, post):
    wanted = f'href="{reverse("discussions:answer", args=[post.pk])}?quote=1"'
    for address in (post.thread.get_absolute_url(), reverse("discussions:post", args=[post.pk])):
        assert wanted in logged_in(bob).get(address).content.decode()


def test_the_answer_begins_with_the_post_its_author_and_its_place(bob, post):
    place = f"http://testserver/threads/{post.thread_id}/posts/{post.number}/"
    assert typed(answer_page(bob, post)).markdown == (
        f"> [Alice Nowak, Fundacja Dobry Start, wpis 2](<{place}>):\n>\n"
        "> Sala jest **wolna** we wtorki."
    )


def test_the_quote_is_sent_and_its_link_leads_to_the_place(bob, post):
    page = answer_page(bob, post)
    browser = logged_in(bob)
    browser.post(
        reverse("discussions:reply", args=[post.thread_id]),
        {
            "body": f"{typed(page).markdown}\n\nDziękuję!",
            "body_format": "markdown",
            "parent": post.number,
        },
    )
    reply = Post.objects.latest("pk")
    assert reply.parent == post
    assert reply.html.startswith("<blockquote><p><a href=")
    assert reply.html.endswith("<p>Dziękuję!</p>")
    address = reply.html.split('"')[1].removeprefix("http://testserver")
    assert browser.get(address).headers["Location"].endswith(f"#post-{post.pk}")


@pytest.mark.parametrize(
    ("body", "body_format"), [("Już piszę.", "markdown"), ("<p>Już piszę.</p>", "html")]
)
def test_the_quote_goes_behind_what_is_typed(bob, thread, post, body, body_format):
    a_draft(bob, thread, body, body_format)
    text = typed(answer_page(bob, post)).markdown
    assert text.startswith("Już piszę.\n\n> [Alice Nowak")
    assert text.endswith("we wtorki.")


def test_loading_the_page_again_quotes_once(bob, thread, post):
    a_draft(bob, thread, typed(answer_page(bob, post)).html, "html")
    assert typed(answer_page(bob, post)).markdown.count("Alice Nowak") == 1


def test_without_the_wish_nothing_is_quoted(bob, post):
    page = logged_in(bob).get(reverse("discussions:answer", args=[post.pk]))
    assert typed(page).markdown == ""


def test_what_the_post_quotes_is_left_out_and_its_mentions_have_the_names_of_today(
    alice, bob, carol, thread
):
    post = a_reply(alice, thread, f"> stare\n\n@[x](member:{carol.pk}) nowe")
    type(carol).objects.filter(pk=carol.pk).update(display_name="Karolina")
    text = typed(answer_page(bob, post)).markdown
    assert "stare" not in text
    assert f"@[Karolina](member:{carol.pk}) nowe" in text


def test_a_withdrawn_post_is_not_quoted(alice, bob, post):
    actions.withdraw(author=alice, post=post)
    page = answer_page(bob, post)
    assert "wolna" not in unescape(page.content.decode())
    assert typed(page).markdown == ""
    alone = logged_in(bob).get(reverse("discussions:post", args=[post.pk])).content.decode()
    assert "quote=1" not in alone


def test_only_what_may_be_read_is_quoted(bob, carol):
    secret = a_thread(carol, a_category(readers=Category.Readers.STAFF))
    post = a_reply(carol, secret, "Tajne")
    assert answer_page(bob, post).status_code == 404
    guest = Client().get(reverse("discussions:answer", args=[post.pk]), {"quote": "1"})
    assert guest.status_code == 302
    assert "Tajne" in typed(answer_page(carol, post)).markdown


def test_a_long_post_is_quoted_in_part_so_that_an_answer_fits(alice, bob, thread):
    post = a_reply(alice, thread, "słowo " * 3_000)
    assert typed(answer_page(bob, post)).markdown.rstrip().endswith("…")
    assert len(typed(answer_page(bob, post)).markdown) < 2_500
