"""No door leaks a text that waits: not its words, its title, its files, nor that it is there."""

import pytest
from django.test import Client
from django.urls import reverse

from forum.discussions.actions import judging
from forum.discussions.actions.attaching import Enclosed
from forum.discussions.drafts import context_of
from forum.discussions.live import CategoryStream, ThreadStream, stream_of
from forum.discussions.models import Attachment, HeldText, Post
from forum.moderation.models import ListedWord
from tests.cast import a_member, logged_in
from tests.discussions.waiting_world import change, guards_on, send, start
from tests.factories import a_category, a_reply, a_thread, a_waiting_picture, opening_post
from tests.test_doors import LISTS, NEUTRAL, SPOKEN, THINGS
from tests.test_doors import doors as every_door

pytestmark = pytest.mark.django_db

SECRET = "Tajemnica-poliszynela"
# Doors where nothing is shown but what was just sent, or which change what they stand for.
POSTS = {name for name, (_kind, method) in THINGS.items() if method == "post"}


@pytest.fixture
def world(alice, bob, carol, fundacja):
    """A reply, a thread and an edit that wait, with a file, all of Bob's and Alice's."""
    category = a_category(templates=["question"])
    thread = a_thread(carol, category)
    standing = a_reply(alice, thread, "Stoi jak stoi", voice=fundacja)
    a_reply(carol, thread, "Pod spodem", parent=standing)
    guards_on()
    ListedWord.objects.create(words="tajemnica")
    picture = a_waiting_picture(bob, context_of(thread))
    enclosed = Enclosed(attach=frozenset([picture.key]), alts={picture.key: SECRET})
    filled = {"about": "law", "tried": SECRET}
    return {
        "thread": thread,
        "standing": standing,
        "picture": picture,
        "held": [
            send(bob, thread, f"Oto {SECRET} @[Alice](member:{alice.pk})", enclosed=enclosed),
            start(bob, category, SECRET, title=SECRET, template="question", filled=filled),
            change(alice, standing, SECRET),
        ],
    }


@pytest.fixture(params=["guest", "dana", "erin", "another-author", "carol"])
def browser(request, world, dana, erin, carol, db):
    if request.param == "guest":
        return Client()
    if request.param == "another-author":
        return logged_in(a_member("Gustaw", "Inny"))
    return logged_in({"dana": dana, "erin": erin, "carol": carol}[request.param])


def address_of(name, world):
    thread = world["thread"]
    kinds = {
        "category": [thread.category_id],
        "thread": [thread.pk],
        "root": [thread.pk, 2],
        "number": [thread.pk, 2],
        "post": [world["standing"].pk],
        "attachment": [world["picture"].key],
        "place": [stream_of(thread)],
        "reported": ["post", world["standing"].pk],
        "stream": [stream_of(thread)],
    }
    return reverse(name, args=kinds[THINGS[name][0]])


def read(browser, address, **query):
    response = browser.get(address, query, follow=True)
    content = b"".join(response) if response.streaming else response.content
    return content.decode(errors="replace")


@pytest.mark.parametrize("name", sorted(set(THINGS) - POSTS - {"discussions:attachment"}))
def test_no_page_of_a_thing_shows_it(name, browser, world):
    assert SECRET not in read(browser, address_of(name, world), since="0")


@pytest.mark.parametrize("name", sorted(LISTS | {"overview:welcome", "discussions:saved"}))
def test_no_list_shows_it(name, browser, world):
    assert SECRET not in read(browser, reverse(name))


@pytest.mark.parametrize("name", sorted(SPOKEN))
def test_no_page_of_an_organization_shows_it(name, browser, world, fundacja):
    assert SECRET not in read(browser, reverse(name, args=[fundacja.pk]))


def test_no_order_page_or_search_shows_it(browser, world):
    thread = world["thread"]
    category = reverse("discussions:category", args=[thread.category_id])
    for address, query in (
        (thread.get_absolute_url(), {"order": "time"}),
        (thread.get_absolute_url(), {"order": "tree"}),
        (category, {"fields": SECRET}),
        (category, {"template": "question"}),
        (reverse("discussions:post", args=[world["standing"].pk]), {}),
        (reverse("discussions:history", args=[world["standing"].pk]), {}),
        (reverse("discussions:answer", args=[world["standing"].pk]), {"quote": "1"}),
        (reverse("discussions:place", args=[thread.pk, 4]), {}),
    ):
        assert SECRET not in read(browser, address, **query).replace(
            f"fields={SECRET}", ""
        ).replace(f'value="{SECRET}"', "")


def test_its_files_are_handed_to_nobody_who_does_not_decide(browser, world, carol):
    answer = browser.get(reverse("discussions:attachment", args=[world["picture"].key]))
    decides = browser.session.get("_auth_user_id") == str(carol.pk)
    assert answer.status_code == (200 if decides else 404)


def test_its_own_pages_are_its_authors(browser, world):
    for held in world["held"]:
        assert browser.get(held.get_absolute_url()).status_code in (302, 404)
        back = reverse("discussions:take_back", args=[held.pk])
        assert browser.post(back).status_code in (302, 404)
        assert HeldText.objects.get(pk=held.pk).is_waiting


def test_no_number_no_stream_and_no_count_moves(world, alice):
    thread = world["thread"]
    thread.refresh_from_db()
    thread.category.refresh_from_db()
    assert (thread.last_number, thread.posts.count()) == (3, 3)
    assert thread.category.threads_count == 1
    seq, listing = thread.seq, thread.category.seq
    assert SECRET not in ThreadStream().changes(thread.pk, 0).html
    assert SECRET not in CategoryStream().changes(thread.category_id, 0).html
    send(alice, thread, f"Druga {SECRET}")
    thread.refresh_from_db()
    thread.category.refresh_from_db()
    assert (thread.seq, thread.category.seq) == (seq, listing)
    assert not Post.objects.filter(html__contains=SECRET).exists()
    assert opening_post(thread).mentions.count() == 0


def test_the_walk_could_fail(world, carol, bob):
    """Published, it is behind the same doors."""
    post = judging.publish(staff=carol, held=world["held"][0])
    judging.publish(staff=carol, held=world["held"][2])
    guest, thread = Client(), world["thread"]
    for name in ("discussions:thread", "discussions:post", "live:changes"):
        assert SECRET in read(guest, address_of(name, world), since="0")
    assert Attachment.objects.get().post == post
    assert guest.get(reverse("discussions:attachment", args=[world["picture"].key])).status_code
    assert SECRET in read(guest, thread.get_absolute_url())


def test_every_door_is_known_to_this_walk():
    """A new door belongs into tests/test_doors.py first; here it is walked by its kind."""
    walked = LISTS | SPOKEN | set(THINGS) | NEUTRAL
    own = {name for name in every_door() if name not in walked}
    assert {"discussions:held_text", "discussions:take_back"} <= own
