"""Mentions: whom a post calls, names that follow, and a list that tells nobody too much."""

from html import unescape

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.actions import change_profile
from accounts.models import User
from forum.categories.models import Category
from forum.discussions import actions
from forum.discussions.live import ThreadStream
from forum.discussions.models import Draft, Mention, Post, Revision
from forum.discussions.rendering import fragments_of
from forum.lib.mentions import MAX_CALLED
from tests.cast import a_member, just_logged_in, logged_in, make_erin
from tests.factories import a_category, a_reply, a_thread, opening_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def thread(bob):
    return a_thread(bob, title="Lokal")


@pytest.fixture
def closed(carol):
    """A thread that only the staff reads."""
    return a_thread(carol, a_category(readers=Category.Readers.STAFF))


def call(somebody):
    kind = "member" if isinstance(somebody, User) else "organization"
    return f"@[kto to]({kind}:{somebody.pk})"


def called(post):
    return {(m.user, m.organization) for m in post.mentions.all()}


def page(thread, browser=None):
    return unescape((browser or Client()).get(thread.get_absolute_url()).content.decode())


def rename(member, name):
    change_profile(member=member, display_name=name, language="pl")


# --- Rows ----------------------------------------------------------------------------------------
def test_a_reply_keeps_whom_it_calls_once_each(alice, bob, fundacja, thread):
    words = f"{call(bob)} {call(bob)} i {call(fundacja)}"
    post = a_reply(alice, thread, words)
    assert called(post) == {(bob, None), (None, fundacja)}
    assert post.html.count("@Bob Kowalski</span>") == 2  # the name was put right


def test_a_new_thread_keeps_whom_it_calls(alice, bob):
    assert called(opening_post(a_thread(alice, body=call(bob)))) == {(bob, None)}


def test_an_edit_keeps_the_mentions_of_the_new_text(alice, bob, dana, fundacja, thread):
    post = a_reply(alice, thread, f"{call(bob)} {call(fundacja)}")
    stays = post.mentions.get(user=bob).pk
    actions.edit(author=alice, post=post, body=f"{call(dana)} {call(bob)}", body_format="markdown")
    assert called(post) == {(bob, None), (dana, None)}
    assert post.mentions.get(user=bob).pk == stays
    actions.edit(author=alice, post=post, body="Nikogo.", body_format="markdown")
    assert called(post) == set()


def test_a_mention_in_a_quote_calls_nobody(alice, bob, thread):
    post = a_reply(alice, thread, f"> {call(bob)}\n\nTak.")
    assert "data-mention" in post.html
    assert called(post) == set()


def test_the_database_keeps_a_mention_of_exactly_one(alice, bob, fundacja, thread):
    post = a_reply(alice, thread, call(bob))
    for fields in ({}, {"user": alice, "organization": fundacja}, {"user": bob}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Mention.objects.create(post=post, **fields)


def test_who_is_called_finds_it_and_nobody_else(alice, bob, carol, dana, fundacja, orlik, thread):
    to_bob = a_reply(alice, thread, call(bob))
    to_fundacja = a_reply(bob, thread, call(fundacja))
    assert [m.post for m in Mention.objects.of(bob)] == [to_bob]
    assert [m.post for m in Mention.objects.of(alice)] == [to_fundacja]
    assert not Mention.objects.of(dana).exists()
    actions.withdraw(author=alice, post=to_bob)
    assert not Mention.objects.of(bob).exists()
    # The thread goes where the foundation may not read.
    Category.objects.filter(pk=thread.category_id).update(readers=Category.Readers.STAFF)
    assert not Mention.objects.of(alice).exists()


# --- Forged and strange input --------------------------------------------------------------------
@pytest.mark.parametrize("pk", ["999999", "999999999", "0", "-1", "9" * 30, "1;DROP", "x"])
@pytest.mark.parametrize("kind", ["member", "organization", "staff"])
def test_a_made_up_key_is_words(alice, thread, kind, pk):
    browser = logged_in(alice)
    browser.raise_request_exception = False
    for body, body_format in [
        (f"@[Ktoś]({kind}:{pk})", "markdown"),
        (f'<p><span data-mention="{kind}-{pk}">@Ktoś</span></p>', "html"),
    ]:
        answer = browser.post(
            reverse("discussions:reply", args=[thread.pk]),
            {"body": body, "body_format": body_format},
        )
        assert answer.status_code == 303
        post = Post.objects.latest("pk")
        assert "@Ktoś" in page(thread)
        assert "data-mention" not in post.html
        assert called(post) == set()


def test_who_may_not_read_is_words_like_somebody_who_does_not_exist(bob, carol, closed):
    post = a_reply(carol, closed, f"{call(bob)} {call(carol)}")
    assert called(post) == {(carol, None)}
    assert "Bob" not in post.html
    assert "@kto to" in post.html


def test_a_made_up_key_tells_no_name_in_a_draft_or_when_it_is_edited(bob, alice, thread):
    erin = make_erin()
    browser = logged_in(alice)
    for body, body_format in [
        (call(erin), "markdown"),
        (f'<p><span data-mention="member-{erin.pk}">@kto to</span></p>', "html"),
    ]:
        Draft.objects.update_or_create(
            user=alice,
            context=f"thread-{thread.pk}",
            defaults={"thread": thread, "body": body, "body_format": body_format},
        )
        post = actions.reply(
            author=alice, voice=None, thread=thread, body=body, body_format=body_format
        )
        Draft.objects.create(
            user=alice,
            context=f"thread-{thread.pk}",
            thread=thread,
            body=body,
            body_format=body_format,
        )
        for name, argument in [
            ("edit", post.pk),
            ("draft", f"thread-{thread.pk}"),
            ("draft_text", f"thread-{thread.pk}"),
            ("thread", thread.pk),
        ]:
            words = browser.get(reverse(f"discussions:{name}", args=[argument])).content.decode()
            assert "kto to" in words
            assert "Erin" not in words


def test_one_name_thousands_of_times_is_taken(alice, bob, thread):
    rename(bob, "B" * 80)
    post = a_reply(alice, thread, call(bob) * 1_200)
    assert called(post) == {(bob, None)}
    rename(bob, "Bo")
    typed = a_reply(alice, thread, "@Bo " * 4_000)
    assert "@Bo" in typed.html


def test_a_suspended_member_is_not_called(alice, thread):
    erin = make_erin()
    assert called(a_reply(alice, thread, call(erin))) == set()


def test_whom_a_post_mentioned_it_may_go_on_to_mention(alice, bob, thread):
    post = a_reply(alice, thread, call(bob))
    User.objects.filter(pk=bob.pk).update(is_active=False)
    actions.edit(author=alice, post=post, body=f"{call(bob)} tak", body_format="markdown")
    assert "@Bob Kowalski</span>" in Post.objects.get(pk=post.pk).html


def test_too_many_at_once_are_refused_with_a_sentence_and_the_text_comes_back(alice, thread):
    keys = " ".join(f"@[a](member:{pk})" for pk in range(1, 301))
    address = reverse("discussions:reply", args=[thread.pk])
    answer = logged_in(alice).post(address, {"body": keys, "body_format": "markdown"})
    words = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert f"300 osób i organizacji, a naraz można najwyżej {MAX_CALLED}" in words
    assert "@[a](member:300)" in words
    assert thread.posts.count() == 1


def test_hundreds_of_names_typed_in_full_make_a_bounded_number_of_rows(
    alice, thread, django_assert_max_num_queries
):
    names = [a_member(f"Osoba{place}", "Nowa").display_name for place in range(60)]
    with django_assert_max_num_queries(40):
        post = a_reply(alice, thread, "\n".join(f"@{name}" for name in names * 5))
    assert post.mentions.count() == MAX_CALLED


def test_a_name_with_markup_is_text_everywhere(alice, bob, thread):
    rename(bob, "<script>alert(1)</script> & [x](y)")
    post = a_reply(alice, thread, call(bob))
    raw = Client().get(thread.get_absolute_url()).content.decode()
    assert "<script>alert(1)" not in raw
    assert "@&lt;script&gt;alert(1)" in raw
    edited = logged_in(alice).get(reverse("discussions:edit", args=[post.pk]))
    assert "<script>alert(1)" not in edited.content.decode()


def test_five_hundred_quotes_in_one_another_become_a_few(alice, thread):
    post = a_reply(alice, thread, "> " * 500 + "środek")
    assert 1 < post.html.count("<blockquote>") < 10
    assert "środek" in page(thread)


# --- A name typed in full ------------------------------------------------------------------------
@pytest.mark.parametrize("body_format", ["markdown", "html"])
def test_a_name_typed_in_full_calls_and_survives_an_edit(alice, bob, orlik, thread, body_format):
    body = "Pytam: @Bob Kowalski, @UKS Orlik Brwinów."
    post = actions.reply(
        author=alice,
        voice=None,
        thread=thread,
        body=body if body_format == "markdown" else f"<p>{body}</p>",
        body_format=body_format,
    )
    assert called(post) == {(bob, None), (None, orlik)}
    rename(bob, "Robert Kowalski")
    form = logged_in(alice).get(reverse("discussions:edit", args=[post.pk])).context["form"]
    robert, club = f"@[Robert Kowalski](member:{bob.pk})", f"(organization:{orlik.pk})"
    assert form.body_value.markdown == f"Pytam: {robert}, @[UKS Orlik Brwinów]{club}."
    actions.edit(
        author=alice, post=post, body=f"{form.body_value.markdown} Dzięki!", body_format="markdown"
    )
    assert called(post) == {(bob, None), (None, orlik)}


def test_a_name_of_two_members_calls_neither(alice, bob, thread):
    User.objects.create_user("inny@example.org", display_name="Bob Kowalski")
    assert called(a_reply(alice, thread, "@Bob Kowalski")) == set()


def test_a_name_of_somebody_who_may_not_read_is_no_mention(bob, carol, closed):
    post = a_reply(carol, closed, "@Bob Kowalski i @Carol Wójcik")
    assert called(post) == {(carol, None)}


def test_the_same_form_sent_twice_makes_one_post(alice, bob, thread):
    fields = {"body": "@Bob Kowalski", "body_format": "markdown", "once": "8" * 32}
    for _ in range(2):
        logged_in(alice).post(reverse("discussions:reply", args=[thread.pk]), fields)
    assert thread.posts.count() == 2


# --- Names that follow ---------------------------------------------------------------------------
def test_a_new_name_is_everywhere_also_in_what_was_kept_ready(
    alice, bob, carol, starostwo, thread, django_capture_on_commit_callbacks
):
    words = f"Proszę o opinię: {call(bob)}."
    post = a_reply(carol, thread, words, voice=starostwo)
    Revision.objects.create(
        post=post, source="", source_format="html", html=post.html, written_at=post.created_at
    )
    Post.objects.filter(pk=post.pk).update(revisions_count=1)
    actions.save_for_later(author=alice, post=post, note=None)
    Draft.objects.create(
        user=alice,
        context=f"thread-{thread.pk}",
        thread=thread,
        body=post.html,
        body_format="html",
    )
    browser = logged_in(alice)
    addresses = {
        "thread": thread.get_absolute_url(),
        "post": reverse("discussions:post", args=[post.pk]),
        "history": reverse("discussions:history", args=[post.pk]),
        "saved": reverse("discussions:saved"),
        "draft": reverse("discussions:draft_text", args=[f"thread-{thread.pk}"]),
        "manage": reverse("discussions:manage", args=[thread.pk]),
    }
    browsers = dict.fromkeys(addresses, browser) | {"manage": just_logged_in(carol)}

    def texts():
        pages = {
            name: unescape(browsers[name].get(address).content.decode())
            for name, address in addresses.items()
        }
        pages["guest"] = page(thread)
        pages["changes"] = ThreadStream().changes(thread.pk, 0).html
        return pages

    for _ in range(2):
        assert all("Bob Kowalski" in text for text in texts().values())
    with django_capture_on_commit_callbacks(execute=True):
        rename(bob, "Robert Kowal")
    for name, text in texts().items():
        assert "Robert Kowal" in text, name
        # Who wrote and is named elsewhere on the page has the new name, too.
        assert "Bob Kowalski" not in text, name


def test_a_new_name_alone_is_no_change_of_a_text(alice, bob, thread, settings):
    settings.EDIT_GRACE_SECONDS = 0
    post = a_reply(alice, thread, call(bob))
    rename(bob, "Robert Kowal")
    form = logged_in(alice).get(reverse("discussions:edit", args=[post.pk])).context["form"]
    actions.edit(author=alice, post=post, body=form.body_value.markdown, body_format="markdown")
    post = Post.objects.get(pk=post.pk)
    assert (post.edited_at, post.revisions_count) == (None, 0)


def test_whoever_is_gone_stays_as_the_last_known_name(alice, bob, thread):
    a_reply(alice, thread, call(bob))
    post = Post.objects.latest("pk")
    Post.objects.filter(pk=post.pk).update(html=post.html.replace(f"-{bob.pk}", "-987654"))
    words = page(thread)
    assert "@Bob Kowalski" in words
    assert "data-mention" not in words


def test_mentions_on_a_page_cost_two_queries_however_many_there_are(
    alice, bob, orlik, thread, django_assert_num_queries
):
    posts = [a_reply(alice, thread, f"{place}") for place in range(8)]
    with django_assert_num_queries(1):
        fragments_of(posts)
    posts = [a_reply(alice, thread, f"{call(bob)} {call(orlik)} {place}") for place in range(8)]
    with django_assert_num_queries(3):
        fragments_of(posts)
