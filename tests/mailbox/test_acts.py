"""Links of mails: a page with one button, for one member, one post and one act."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from forum.discussions.actions import withdraw
from forum.discussions.models import Reaction, ReadMark
from forum.mailbox.acts import Act, act_url
from tests.factories import a_category, a_reply, a_thread, opening_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def thread(alice):
    return a_thread(alice)


@pytest.fixture
def post(bob, thread):
    return a_reply(bob, thread, "Klucze mam ja.")


def path(act, member, post, **options):
    return "/" + act_url(act, member, post, **options).split("/", 3)[3]


def done_by(act, member, post):
    """Whether it is done."""
    post.refresh_from_db()
    post.thread.refresh_from_db()
    if act == Act.ACCEPT:
        return post.thread.accepted_id == post.pk
    if act == Act.READ:
        mark = ReadMark.objects.filter(user=member, thread=post.thread).first()
        return mark is not None and mark.ranges == "1-2"
    return Reaction.objects.filter(user=member, post=post, kind=act.name.lower()).exists()


@pytest.mark.parametrize("act", Act, ids=lambda act: act.name)
def test_the_button_does_it_and_looking_does_not(act, client, alice, post):
    address = path(act, alice, post)
    for method in (client.get, client.head, client.get):
        assert method(address).status_code == 200
    assert not done_by(act, alice, post)
    response = client.post(address)
    assert (response.status_code, response.url) == (303, f"{address}done/")
    assert done_by(act, alice, post)
    assert client.get(response.url).status_code == 200


@pytest.mark.parametrize("act", Act, ids=lambda act: act.name)
def test_pressed_twice_changes_nothing_more(act, client, alice, post):
    address = path(act, alice, post)
    client.post(address)
    seq = type(post.thread).objects.get(pk=post.thread_id).seq
    assert client.post(address).status_code == 303
    assert done_by(act, alice, post)
    assert type(post.thread).objects.get(pk=post.thread_id).seq == seq


def test_the_button_needs_the_pages_own_token(alice, post):
    strict = Client(enforce_csrf_checks=True)
    address = path(Act.THANK, alice, post)
    assert strict.post(address).status_code == 403
    strict.get(address)
    token = strict.cookies["csrftoken"].value
    assert strict.post(address, {"csrfmiddlewaretoken": token}).status_code == 303


def test_who_is_logged_in_is_not_asked(client, bob, alice, post):
    """The mail speaks for whom it was written to, whoever uses the computer."""
    client.force_login(bob)
    client.post(path(Act.THANK, alice, post))
    assert Reaction.objects.get().user == alice


def test_it_speaks_in_the_voice_used_last_there(client, alice, fundacja, thread, post):
    a_reply(alice, thread, voice=fundacja)
    assert "Fundacja Dobry Start" in client.get(path(Act.SUPPORT, alice, post)).content.decode()
    client.post(path(Act.SUPPORT, alice, post))
    assert Reaction.objects.get().organization == fundacja


def test_the_page_shows_what_it_is_about(client, alice, post):
    content = client.get(path(Act.THANK, alice, post)).content.decode()
    assert post.thread.title in content
    assert "Klucze mam ja." in content


def test_words_that_were_taken_back_are_not_shown(client, alice, bob, post):
    address = path(Act.READ, alice, post)
    withdraw(author=bob, post=post)
    response = client.get(address)
    assert (response.status_code, "Klucze mam ja." in response.content.decode()) == (200, False)


def test_an_old_link_does_nothing(client, alice, post):
    address = path(Act.THANK, alice, post)
    with time_machine.travel(timezone.now() + timedelta(days=32), tick=False):
        assert client.get(address).status_code == 410
        assert client.post(address).status_code == 410
        assert client.get(f"{address}done/").status_code == 410
    assert not done_by(Act.THANK, alice, post)


def test_a_made_up_link_leads_nowhere(client, alice, post):
    address = path(Act.THANK, alice, post)
    for forged in (address[:-2] + "/", address.replace("acts/a", "acts/b"), "/mailbox/acts/x/"):
        assert client.get(forged).status_code == 404
        assert client.post(forged).status_code == 404


def test_a_post_that_may_not_be_read_any_more_is_not_named(client, alice, bob, carol, post):
    address = path(Act.THANK, alice, post)
    category = post.thread.category
    category.readers = "staff"
    category.save()
    response = client.get(address)
    assert response.status_code == 404
    assert client.post(address).status_code == 404
    assert post.thread.title not in response.content.decode()


@pytest.mark.parametrize("act", [Act.THANK, Act.SUPPORT], ids=lambda act: act.name)
def test_ones_own_post_is_not_thanked_for(act, client, bob, post):
    assert client.post(path(act, bob, post)).status_code == 410
    assert Reaction.objects.count() == 0


def test_only_who_asked_says_what_answers(client, carol, bob, dana, post):
    assert client.post(path(Act.ACCEPT, dana, post)).status_code == 410
    assert not done_by(Act.ACCEPT, dana, post)


def test_a_suspended_member_does_nothing(client, alice, post):
    address = path(Act.READ, alice, post)
    alice.is_active = False
    alice.save()
    assert client.post(address).status_code == 410


def test_what_was_written_later_stays_unread(client, alice, bob, thread, post):
    a_reply(bob, thread, "Później.")
    client.post(path(Act.READ, alice, post))
    assert ReadMark.objects.get(user=alice).ranges == "1-2"


def test_nobody_keeps_or_finds_these_pages(client, alice, post):
    response = client.get(path(Act.THANK, alice, post))
    assert "no-store" in response.headers["Cache-Control"]
    assert 'name="robots" content="noindex"' in response.content.decode()


def test_a_link_pressed_again_and_again_is_slowed_down(client, alice, post, settings):
    settings.REACTIONS_PER_MINUTE = 2
    codes = [client.post(path(Act.THANK, alice, post)).status_code for _ in range(3)]
    assert codes == [303, 303, 429]


def test_the_opening_post_may_be_thanked_for_as_well(client, bob, thread):
    assert client.post(path(Act.THANK, bob, opening_post(thread))).status_code == 303


def test_the_page_costs_few_queries(client, alice, post, django_assert_max_num_queries):
    address = path(Act.THANK, alice, post)
    with django_assert_max_num_queries(9):
        client.get(address)


def test_staff_sees_no_more_through_a_link_than_its_member(client, carol, bob, alice):
    hidden = a_reply(carol, a_thread(carol, a_category(readers="staff")))
    client.force_login(carol)
    assert client.get(path(Act.THANK, bob, hidden)).status_code == 404
    assert client.get(path(Act.THANK, carol, hidden)).status_code == 410  # it is her own
