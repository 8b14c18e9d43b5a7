"""The answer of a thread: who may choose it, what changes, and where it is shown."""

import pytest
from channels.layers import channel_layers, get_channel_layer
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from forum.categories.models import Category
from forum.discussions import actions, rules
from forum.discussions.live import CategoryStream, ThreadStream
from forum.discussions.models import Post
from forum.lib.answers import Refused
from forum.live import announcing
from tests.factories import a_category, a_reply, a_thread, opening_post
from tests.live.hearing import heard

pytestmark = pytest.mark.django_db
SCRIPT = {"X-Fragment": "1"}


@pytest.fixture
def thread(bob):
    return a_thread(bob)


@pytest.fixture
def answer(alice, thread):
    return a_reply(alice, thread)


@pytest.fixture
def announced(monkeypatch, django_capture_on_commit_callbacks):
    """Does something, and gives what reached the channel layer: the border that is faked."""
    channel_layers.backends.clear()
    layer, messages = get_channel_layer(), []

    async def keep(group, message):
        messages.append(message)

    monkeypatch.setattr(layer, "group_send", keep)
    monkeypatch.setattr(announcing, "_server_loop", None)

    def of(action):
        messages.clear()
        with django_capture_on_commit_callbacks(execute=True):
            action()
        return list(messages)

    with heard("thread", "category"):
        yield of
    channel_layers.backends.clear()


def accept(author, post, *, on=True):
    return actions.accept(author=author, post=post, on=on)


def fresh(thing):
    return type(thing).objects.get(pk=thing.pk)


def test_whoever_asked_chooses_the_answer(bob, thread, answer):
    post = accept(bob, answer)
    assert fresh(thread).accepted == post
    assert post.seq == fresh(thread).seq == 3


def test_staff_may_choose_it_too(carol, thread, answer):
    accept(carol, answer)
    assert fresh(thread).accepted == answer


def test_one_may_answer_oneself(bob, thread):
    accept(bob, a_reply(bob, thread))
    assert fresh(thread).accepted is not None


def test_the_answer_is_taken_back(bob, thread, answer):
    accept(bob, answer)
    post = accept(bob, answer, on=False)
    assert fresh(thread).accepted is None
    assert post.seq == fresh(thread).seq == 4


@pytest.mark.parametrize("on", [True, False])
def test_choosing_it_again_changes_nothing(bob, thread, answer, on):
    if on:
        accept(bob, answer)
    before = fresh(thread)
    accept(bob, answer, on=on)
    after = fresh(thread)
    assert (after.seq, after.listing_seq) == (before.seq, before.listing_seq)


def test_taking_back_another_answer_changes_nothing(alice, bob, thread, answer):
    other = a_reply(alice, thread)
    accept(bob, answer)
    accept(bob, other, on=False)
    assert fresh(thread).accepted == answer


def test_another_answer_takes_its_place_and_both_posts_change(
    alice, bob, thread, answer, announced
):
    other = a_reply(alice, thread)
    accept(bob, answer)
    since, listing = fresh(thread).seq, fresh(thread).listing_seq

    told = announced(lambda: accept(bob, other))

    assert fresh(thread).accepted == other
    assert (fresh(answer).seq, fresh(other).seq) == (since + 1, since + 2)
    stream, category = f"thread.{thread.pk}", f"category.{thread.category_id}"
    changes = [(stream, since + 1), (stream, since + 2), (category, listing + 1)]
    assert [(each["stream"], each["seq"]) for each in told] == changes
    first, second, row = (each["html"]["pl"] for each in told)
    assert f'id="post-{answer.pk}"' in first
    assert f'id="post-{other.pk}"' in second
    assert all(f'id="thread-head-{thread.pk}"' in html for html in (first, second))
    assert f'id="thread-{thread.pk}"' in row


def test_the_answer_chosen_again_is_not_announced(bob, answer, announced):
    assert announced(lambda: accept(bob, answer))
    assert announced(lambda: accept(bob, answer)) == []


def test_the_change_carries_both_posts_the_head_and_the_row(alice, bob, thread, answer):
    other = a_reply(alice, thread)
    accept(bob, answer)
    since, listing = fresh(thread).seq, fresh(thread).listing_seq
    accept(bob, other)
    html = ThreadStream().changes(thread.pk, since).html
    head, _, posts = html.partition(f'id="post-{answer.pk}"')
    assert f"/threads/{thread.pk}/posts/{other.number}/" in head
    old, _, new = posts.partition(f'id="post-{other.pk}"')
    assert "chip accepted" not in old
    assert "chip accepted" in new
    row = CategoryStream().changes(thread.category_id, listing).html
    assert "chip accepted" in row


def test_withdrawing_the_answer_leaves_the_thread_without_one(alice, bob, thread, answer):
    accept(bob, answer)
    before = fresh(thread)
    actions.withdraw(author=alice, post=answer)
    after = fresh(thread)
    assert after.accepted is None
    assert (after.seq, after.listing_seq) == (before.seq + 1, before.listing_seq + 1)
    assert "chip accepted" not in ThreadStream().changes(thread.pk, 0).html


def test_withdrawing_another_post_leaves_the_answer(alice, bob, thread, answer):
    accept(bob, answer)
    before = fresh(thread)
    actions.withdraw(author=alice, post=a_reply(alice, thread))
    assert fresh(thread).accepted == answer
    assert fresh(thread).listing_seq == before.listing_seq + 1  # of the reply


def test_nobody_else_chooses_it(alice, dana, erin, thread, answer):
    for other in (alice, dana, erin):
        with pytest.raises(Refused):
            accept(other, answer)
    assert not rules.may_accept(AnonymousUser(), answer)
    assert fresh(thread).accepted is None


def test_a_suspended_asker_chooses_nothing(bob, thread, answer):
    bob.is_active = False
    with pytest.raises(Refused):
        accept(bob, answer)


def test_the_question_is_no_answer(bob, thread):
    with pytest.raises(Refused):
        accept(bob, opening_post(thread))


@pytest.mark.parametrize("state", [Post.State.WITHDRAWN, Post.State.MOVED])
def test_what_no_longer_stands_is_no_answer(bob, thread, answer, state):
    Post.objects.filter(pk=answer.pk).update(state=state)
    # The post at hand is older than its row.
    with pytest.raises(Refused):
        accept(bob, answer)
    assert fresh(thread).accepted is None


def test_one_chooses_nothing_where_one_no_longer_reads(bob, thread, answer):
    Category.objects.filter(pk=thread.category_id).update(readers=Category.Readers.STAFF)
    with pytest.raises(Refused):
        accept(bob, fresh(answer))


def test_a_plain_form_chooses_and_takes_back(client, bob, thread, answer):
    client.force_login(bob)
    url = reverse("discussions:accept", args=[answer.pk])
    alone = reverse("discussions:post", args=[answer.pk])
    assert url in client.get(alone).content.decode()
    response = client.post(url, {"on": "1"})
    assert (response.status_code, response["Location"]) == (303, answer.get_absolute_url())
    assert fresh(thread).accepted == answer
    page = client.get(thread.get_absolute_url()).content.decode()
    assert page.count("chip accepted") == 2
    client.post(url, {"on": "0"})
    assert fresh(thread).accepted is None


def test_the_script_gets_the_post_and_the_head(client, bob, thread, answer):
    client.force_login(bob)
    response = client.post(
        reverse("discussions:accept", args=[answer.pk]), {"on": "1"}, headers=SCRIPT
    )
    change = response.json()
    assert (response.status_code, change["stream"], change["seq"]) == (
        200,
        f"thread.{thread.pk}",
        3,
    )
    assert f'id="thread-head-{thread.pk}"' in change["html"]
    assert f'id="post-{answer.pk}"' in change["html"]


@pytest.mark.parametrize("headers", [{}, SCRIPT])
def test_a_strange_wish_gets_a_sentence(client, bob, thread, answer, headers):
    client.force_login(bob)
    url = reverse("discussions:accept", args=[answer.pk])
    assert client.post(url, {"on": "perhaps"}, headers=headers).status_code == 422
    assert client.get(url, headers=headers).status_code == 405
    assert fresh(thread).accepted is None


def test_the_refused_are_told_why(client, alice, thread, answer):
    client.force_login(alice)
    url = reverse("discussions:accept", args=[answer.pk])
    assert client.post(url).status_code == 403
    assert client.post(url, headers=SCRIPT).json()["refusal"]


def test_only_who_may_choose_is_offered_the_choice(client, alice, bob, thread, answer):
    form = 'id="accept"'
    assert form not in client.get(thread.get_absolute_url()).content.decode()
    client.force_login(alice)
    assert form not in client.get(thread.get_absolute_url()).content.decode()
    client.force_login(bob)
    assert form in client.get(thread.get_absolute_url()).content.decode()


def test_a_list_of_solved_threads_costs_no_more(client, bob, alice):
    category = a_category()
    url = reverse("discussions:category", args=[category.pk])
    threads = [a_thread(bob, category) for _ in range(4)]
    before = _queries(client, url)
    for thread in threads:
        accept(bob, a_reply(alice, thread))
    assert _queries(client, url) == before
    assert client.get(url).content.decode().count("chip accepted") == len(threads)


def _queries(client, url):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)
