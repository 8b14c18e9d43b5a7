"""The forms of a thread: without scripts, by the page's script, refused, repeated."""

import pytest
from django.urls import reverse
from django.utils import timezone

from forum.categories.models import Category
from forum.discussions.models import Post, Thread
from tests.factories import a_category, a_reply, a_thread, opening_post

pytestmark = pytest.mark.django_db
SCRIPT = {"X-Fragment": "1"}
BODY = {"body": "Chętnie we *wtorki*.", "body_format": "markdown", "voice": ""}


def reply_url(thread):
    return reverse("discussions:reply", args=[thread.pk])


def test_a_plain_form_posts_and_leads_to_the_post(client, alice, bob):
    thread = a_thread(bob)
    client.force_login(alice)
    response = client.post(reply_url(thread), {**BODY, "parent": ""})
    post = thread.posts.get(number=2)
    assert response.status_code == 303
    assert response["Location"] == post.get_absolute_url()
    assert "<em>wtorki</em>" in post.html


def test_the_script_gets_the_fragment_every_listener_gets(client, alice, bob):
    thread = a_thread(bob)
    client.force_login(alice)
    response = client.post(reply_url(thread), BODY, headers=SCRIPT)
    change = response.json()
    assert response.status_code == 201
    assert (change["stream"], change["seq"]) == (f"thread.{thread.pk}", 2)
    assert f'id="post-{thread.posts.get(number=2).pk}"' in change["html"]


def test_a_reply_may_speak_for_an_organization(client, alice, bob, fundacja):
    thread = a_thread(bob)
    client.force_login(alice)
    client.post(reply_url(thread), {**BODY, "voice": fundacja.pk})
    assert thread.posts.get(number=2).organization == fundacja


def test_a_voice_without_mandate_keeps_the_text(client, bob, fundacja):
    thread = a_thread(bob)
    client.force_login(bob)
    form = {**BODY, "voice": fundacja.pk}
    response = client.post(reply_url(thread), form)
    assert response.status_code == 422
    assert "Chętnie we *wtorki*." in response.content.decode()
    assert client.post(reply_url(thread), form, headers=SCRIPT).json()["errors"]["voice"]
    assert thread.posts.count() == 1


@pytest.mark.parametrize(
    "bad",
    [
        {"body": ""},
        {"body": " \n\u200b"},
        {"body": "x" * 200_000},
        {"parent": "77"},
        {"parent": "x"},
        {"parent": "99999999999999999999"},
        {"once": "not-a-uuid"},
        {"voice": "x"},
    ],
)
def test_bad_input_gets_a_sentence(client, bob, bad):
    thread = a_thread(bob)
    client.force_login(bob)
    response = client.post(reply_url(thread), {**BODY, **bad}, headers=SCRIPT)
    assert response.status_code == 422
    assert response.json()["errors"]
    assert client.post(reply_url(thread), {**BODY, **bad}).status_code == 422
    assert thread.posts.count() == 1


def test_a_parent_from_another_thread_is_refused(client, bob):
    thread, other = a_thread(bob), a_thread(bob)
    for _ in range(5):
        far = a_reply(bob, other)
    client.force_login(bob)
    response = client.post(reply_url(thread), {**BODY, "parent": far.number}, headers=SCRIPT)
    assert response.status_code == 422


def test_a_guest_is_asked_to_log_in(client, bob):
    thread = a_thread(bob)
    response = client.post(reply_url(thread), BODY, headers=SCRIPT)
    assert response.status_code == 302
    assert reverse("account_login") in response["Location"]


def test_a_refusal_is_a_page_or_a_sentence(client, bob, carol):
    thread = a_thread(carol, a_category(writers=Category.Writers.STAFF))
    client.force_login(bob)
    assert client.post(reply_url(thread), BODY).status_code == 403
    answer = client.post(reply_url(thread), BODY, headers=SCRIPT)
    assert answer.status_code == 403
    assert answer.json()["refusal"]


def test_the_same_form_twice_makes_one_post(client, bob):
    thread = a_thread(bob)
    client.force_login(bob)
    form = {**BODY, "once": "5f0c6d4e-0a52-4a3b-8a38-0d3c1c3f9a10"}
    first, second = (client.post(reply_url(thread), form, headers=SCRIPT) for _ in range(2))
    assert first.json()["url"] == second.json()["url"]
    assert thread.posts.count() == 2


def test_floods_are_asked_to_wait_and_lose_nothing(client, bob, settings):
    settings.POSTS_PER_MINUTE = 3
    thread = a_thread(bob)
    client.force_login(bob)
    for _ in range(settings.POSTS_PER_MINUTE):
        assert client.post(reply_url(thread), BODY).status_code == 303
    response = client.post(reply_url(thread), BODY)
    assert response.status_code == 422
    assert "Chętnie we *wtorki*." in response.content.decode()
    assert thread.posts.count() == settings.POSTS_PER_MINUTE + 1


def test_a_thread_is_started_with_a_title_and_a_text(client, bob):
    category = a_category()
    client.force_login(bob)
    url = reverse("discussions:start", args=[category.pk])
    assert client.get(url).status_code == 200
    response = client.post(url, {**BODY, "title": "  Lokal   na spotkania "})
    thread = Thread.objects.get()
    assert (response.status_code, response["Location"]) == (303, thread.get_absolute_url())
    assert thread.title == "Lokal na spotkania"


def test_a_thread_without_title_keeps_the_text(client, bob):
    category = a_category()
    client.force_login(bob)
    response = client.post(reverse("discussions:start", args=[category.pk]), BODY)
    assert response.status_code == 422
    assert "Chętnie we *wtorki*." in response.content.decode()
    assert not Thread.objects.exists()


def test_an_own_post_is_edited(client, bob):
    post = opening_post(a_thread(bob, body="Pierwszy tekst."))
    client.force_login(bob)
    url = reverse("discussions:edit", args=[post.pk])
    assert "Pierwszy tekst." in client.get(url).content.decode()
    assert client.post(url, BODY).status_code == 303
    post.refresh_from_db()
    assert "<em>wtorki</em>" in post.html
    assert client.post(url, {**BODY, "body": ""}).status_code == 422


def test_anothers_post_is_not_edited(client, alice, bob):
    post = opening_post(a_thread(bob))
    client.force_login(alice)
    for name in ("discussions:edit", "discussions:withdraw"):
        url = reverse(name, args=[post.pk])
        assert client.get(url).status_code == 403
        assert client.post(url, BODY).status_code == 403
    post.refresh_from_db()
    assert (post.edited_at, post.state) == (None, Post.State.PUBLISHED)


def test_withdrawing_asks_first(client, bob):
    post = opening_post(a_thread(bob))
    client.force_login(bob)
    url = reverse("discussions:withdraw", args=[post.pk])
    assert client.get(url).status_code == 200
    post.refresh_from_db()
    assert post.state == Post.State.PUBLISHED
    assert client.post(url).status_code == 303
    post.refresh_from_db()
    assert post.state == Post.State.WITHDRAWN


def test_a_plain_button_gives_thanks_and_takes_them_back(client, alice, bob):
    post = opening_post(a_thread(bob))
    client.force_login(alice)
    url = reverse("discussions:react", args=[post.pk])
    assert client.post(url, {"kind": "thank"}).status_code == 303
    assert post.reactions.count() == 1
    client.post(url, {"kind": "thank"})
    assert post.reactions.count() == 0


def test_the_script_says_what_it_wants(client, alice, bob):
    post = opening_post(a_thread(bob))
    client.force_login(alice)
    url = reverse("discussions:react", args=[post.pk])
    for _ in range(2):
        response = client.post(url, {"kind": "support", "on": "1"}, headers=SCRIPT)
        assert response.status_code == 200
        assert post.reactions.count() == 1
    client.post(url, {"kind": "support", "on": "0"}, headers=SCRIPT)
    assert post.reactions.count() == 0


@pytest.mark.parametrize("bad", [{}, {"kind": "hate"}, {"kind": "thank", "voice": "12345"}])
def test_a_strange_reaction_gets_a_sentence(client, alice, bob, bad):
    post = opening_post(a_thread(bob))
    client.force_login(alice)
    url = reverse("discussions:react", args=[post.pk])
    assert client.post(url, bad, headers=SCRIPT).status_code == 422
    assert client.post(url, bad).status_code == 422
    assert not post.reactions.exists()


@pytest.mark.parametrize(
    "name",
    ["discussions:reply", "discussions:react"],
)
def test_reading_an_address_of_writing_leads_back(client, bob, name):
    thread = a_thread(bob)
    client.force_login(bob)
    args = [thread.pk if name.endswith("reply") else opening_post(thread).pk]
    assert client.get(reverse(name, args=args)).status_code == 302


def test_a_text_sent_without_a_session_is_shown_again(client, bob):
    thread = a_thread(bob)
    response = client.post(reply_url(thread), BODY)
    assert response.status_code == 401
    assert "Chętnie we *wtorki*." in response.content.decode()
    assert thread.posts.count() == 1


def test_a_voice_that_ended_is_not_offered_for_reactions(client, alice, bob, fundacja):
    thread = a_thread(bob)
    client.force_login(alice)
    client.post(reply_url(thread), {**BODY, "voice": fundacja.pk})
    assert client.get(thread.get_absolute_url()).context["react_voice"] == fundacja.pk
    alice.mandates.update(revoked_at=timezone.now())
    assert client.get(thread.get_absolute_url()).context["react_voice"] is None


def test_the_script_starts_a_thread(client, bob):
    client.force_login(bob)
    url = reverse("discussions:start", args=[a_category().pk])
    short = client.post(url, {**BODY, "title": "Sala"}, headers=SCRIPT)
    assert short.status_code == 422
    assert short.json()["errors"]["title"]
    answer = client.post(url, {**BODY, "title": "Sala we wtorki"}, headers=SCRIPT)
    assert answer.status_code == 201
    assert answer.json()["url"] == Thread.objects.get().get_absolute_url()


def test_a_guests_thanks_lead_through_the_login_to_the_post(client, bob):
    thread = a_thread(bob)
    post = opening_post(thread)
    url = reverse("discussions:react", args=[post.pk])
    page = client.get(thread.get_absolute_url()).content.decode()
    assert '<form id="react" method="post">' in page
    assert f'formaction="{url}"' in page
    answer = client.post(url, {"kind": "thank"})
    assert answer["Location"] == f"{reverse('account_login')}?next={url}"
    client.force_login(bob)
    assert client.get(url)["Location"] == reverse("discussions:post", args=[post.pk])
