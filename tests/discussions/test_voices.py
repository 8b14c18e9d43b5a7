"""In whose name: remembered for each category, and checked at the moment of writing."""

import pytest
from django.urls import reverse
from django.utils import timezone

from forum.discussions import actions
from forum.discussions.models import Draft, Post, Thread
from tests.cast import a_mandate
from tests.factories import a_category, a_reply, a_thread, opening_post

pytestmark = pytest.mark.django_db

SCRIPT = {"X-Fragment": "1"}
TEXT = "Sala przy Kraszewskiego, *dwie godziny*."
FORM = {"body": TEXT, "body_format": "markdown"}


def start_url(category):
    return reverse("discussions:start", args=[category.pk])


def offered(client, url):
    return client.get(url).context["form"]["voice"].value()


def end_mandates(member):
    member.mandates.update(revoked_at=timezone.now())


# --- Remembered ---
def test_each_category_remembers_its_own_voice(client, alice, fundacja):
    official, chat, fresh = a_category(), a_category(), a_category()
    a_thread(alice, official, voice=fundacja)
    a_thread(alice, chat)
    client.force_login(alice)
    assert offered(client, start_url(official)) == fundacja.pk
    assert offered(client, start_url(chat)) is None
    a_thread(alice, official, voice=fundacja)
    assert offered(client, start_url(chat)) is None
    assert offered(client, start_url(fresh)) == fundacja.pk  # the one used last anywhere


def test_a_reply_offers_and_remembers_the_voice_of_the_category(client, alice, bob, fundacja):
    thread = a_thread(bob)
    other = a_thread(bob, thread.category)
    client.force_login(alice)
    a_reply(alice, thread, voice=fundacja)
    for url in (
        other.get_absolute_url(),
        reverse("discussions:answer", args=[opening_post(other).pk]),
    ):
        assert offered(client, url) == fundacja.pk
    a_reply(alice, other)
    assert offered(client, thread.get_absolute_url()) is None


def test_a_voice_that_was_lost_is_not_offered(client, alice, bob, fundacja):
    thread = a_thread(bob)
    a_reply(alice, thread, voice=fundacja)
    end_mandates(alice)
    client.force_login(alice)
    page = client.get(thread.get_absolute_url())
    assert page.context["form"]["voice"].value() is None
    assert page.context["react_voice"] is None


# --- Checked at the moment of writing ---
@pytest.mark.parametrize("headers", [{}, SCRIPT], ids=["form", "script"])
def test_a_reply_with_an_ended_mandate_keeps_the_text(client, alice, bob, fundacja, headers):
    thread = a_thread(bob)
    client.force_login(alice)
    end_mandates(alice)
    url = reverse("discussions:reply", args=[thread.pk])
    answer = client.post(url, {**FORM, "voice": fundacja.pk}, headers=headers)
    assert_refused(answer, headers)
    assert thread.posts.count() == 1


@pytest.mark.parametrize("headers", [{}, SCRIPT], ids=["form", "script"])
def test_a_thread_with_an_ended_mandate_keeps_the_text(client, alice, fundacja, headers):
    client.force_login(alice)
    end_mandates(alice)
    form = {**FORM, "title": "Sala we wtorki", "voice": fundacja.pk}
    answer = client.post(start_url(a_category()), form, headers=headers)
    assert_refused(answer, headers)
    if not headers:
        assert "Sala we wtorki" in answer.content.decode()
    assert not Thread.objects.exists()


@pytest.mark.parametrize("headers", [{}, SCRIPT], ids=["form", "script"])
def test_an_edit_with_an_ended_mandate_is_kept_as_a_draft(client, alice, fundacja, headers):
    post = opening_post(a_thread(alice, voice=fundacja))
    client.force_login(alice)
    end_mandates(alice)
    url = reverse("discussions:edit", args=[post.pk])
    answer = client.post(url, FORM, headers=headers)
    assert answer.status_code == 403
    if headers:
        # The page that is open keeps the text, and its script has it among the drafts.
        assert "upoważnienia" in answer.json()["refusal"]
    else:
        assert "upoważnienia" in answer.content.decode()
        assert Draft.objects.get(user=alice).body == TEXT
    assert Post.objects.get().source != TEXT


@pytest.mark.parametrize("kind", ["reply", "start", "edit"])
def test_a_mandate_that_ends_while_the_form_is_on_its_way(
    client, alice, bob, fundacja, kind, monkeypatch
):
    """The form was judged with the mandate in force; the action asks again, and the text stays."""
    thread = a_thread(alice, voice=fundacja)
    names = {"reply": "reply", "start": "start_thread", "edit": "edit"}
    urls = {
        "reply": reverse("discussions:reply", args=[thread.pk]),
        "start": start_url(thread.category),
        "edit": reverse("discussions:edit", args=[opening_post(thread).pk]),
    }
    real = getattr(actions, names[kind])

    def late(**given):
        end_mandates(alice)
        return real(**given)

    monkeypatch.setattr(actions, names[kind], late)
    client.force_login(alice)
    form = {**FORM, "title": "Sala we wtorki", "voice": fundacja.pk}
    answer = client.post(urls[kind], form)
    assert answer.status_code == 403
    assert "upoważnienia" in answer.content.decode()
    assert Draft.objects.get(user=alice).body == TEXT
    assert Post.objects.count() == 1


def assert_refused(answer, headers):
    assert answer.status_code == 422
    if headers:
        assert "upoważnienia" in answer.json()["errors"]["voice"][0]
    else:
        page = answer.content.decode()
        assert "upoważnienia" in page
        assert TEXT in page


# --- The office ---
def test_only_mandates_of_the_office_speak_officially(client, alice, carol, starostwo):
    client.force_login(carol)
    form = {**FORM, "title": "Nabór wniosków", "voice": starostwo.pk}
    client.post(start_url(a_category()), form)
    assert Post.objects.get().is_official
    carol.mandates.update(revoked_at=timezone.now())  # still staff
    for member in (carol, alice):
        client.force_login(member)
        assert client.post(start_url(a_category()), form).status_code == 422
    assert Post.objects.count() == 1


def test_a_plain_member_of_the_office_does_not_speak_for_it(client, bob, starostwo):
    a_mandate(bob, starostwo, "member")
    client.force_login(bob)
    form = {**FORM, "title": "Nabór wniosków", "voice": starostwo.pk}
    assert client.post(start_url(a_category()), form).status_code == 422
