"""What the office says in a thread, gathered at its top."""

import pytest

from forum.discussions import actions
from forum.discussions.heads import EXCERPT_WORDS, POSITIONS_SHOWN, head_of
from forum.discussions.live import ThreadStream
from forum.discussions.models import Thread
from tests.factories import a_reply, a_thread

pytestmark = pytest.mark.django_db


@pytest.fixture
def thread(bob):
    return a_thread(bob)


def head(thread):
    return head_of(Thread.objects.get(pk=thread.pk))


def numbers(thread):
    return [position.post.number for position in head(thread).positions]


def test_only_the_voice_of_the_office_is_a_position(alice, bob, carol, fundacja, starostwo, thread):
    a_reply(alice, thread, voice=fundacja)
    a_reply(carol, thread)
    assert numbers(thread) == []
    official = a_reply(carol, thread, "Lokal będzie od **stycznia**.", voice=starostwo)
    (position,) = head(thread).positions
    assert (position.post, position.words) == (official, "Lokal będzie od stycznia.")


def test_the_newest_stand_first_and_the_rest_is_counted(carol, starostwo, thread):
    for _ in range(POSITIONS_SHOWN):
        a_reply(carol, thread, voice=starostwo)
    assert numbers(thread) == [6, 5, 4, 3, 2]
    assert head(thread).positions_left == 0
    for _ in range(2):
        a_reply(carol, thread, voice=starostwo)
    assert numbers(thread) == [8, 7, 6, 5, 4]
    assert head(thread).positions_left == 2


def test_what_the_office_asks_is_no_position(carol, starostwo):
    thread = a_thread(carol, voice=starostwo)
    a_reply(carol, thread, voice=starostwo)
    assert numbers(thread) == [2]


def test_a_withdrawn_position_is_none(carol, starostwo, thread):
    post = a_reply(carol, thread, "Do wycofania.", voice=starostwo)
    stays = a_reply(carol, thread, voice=starostwo)
    actions.withdraw(author=carol, post=post)
    assert numbers(thread) == [stays.number]
    assert "Do wycofania" not in ThreadStream().changes(thread.pk, 0).html


def test_a_long_position_is_quoted_by_its_first_words(carol, starostwo, thread):
    link = "[strona](https://example.org/" + "x" * 580 + ")"
    a_reply(carol, thread, "słowo " * 100 + link, voice=starostwo)
    a_reply(carol, thread, f"Zob. {link}", voice=starostwo)
    cut, long = (position.words for position in head(thread).positions)
    assert long == "słowo " * (EXCERPT_WORDS - 1) + "słowo…"
    assert cut == "Zob."


def test_the_page_and_the_change_show_the_position(client, carol, starostwo, thread):
    post = a_reply(carol, thread, "Lokal od stycznia.", voice=starostwo)
    place = f'href="{post.get_absolute_url()}">Lokal od stycznia.</a>'
    assert place in client.get(thread.get_absolute_url()).content.decode()
    assert place in ThreadStream().changes(thread.pk, post.seq - 1).html


def test_an_edited_position_is_announced_with_the_head(carol, starostwo, thread, monkeypatch):
    post = a_reply(carol, thread, "Lokal od stycznia.", voice=starostwo)
    rendered = []
    monkeypatch.setattr(
        "forum.discussions.actions.writing.announce",
        lambda stream, seq, render=None: rendered.append(render()),
    )
    actions.edit(author=carol, post=post, body="Lokal od lutego.", body_format="markdown")
    (html,) = rendered
    assert f'id="thread-head-{thread.pk}"' in html
    assert html.count("Lokal od lutego.") == 2


def test_a_thread_full_of_positions_costs_the_same(
    carol, bob, starostwo, thread, django_assert_num_queries
):
    silent = Thread.objects.get(pk=thread.pk)
    with django_assert_num_queries(0):
        head_of(silent)
    for _ in range(3 * POSITIONS_SHOWN):
        post = a_reply(carol, thread, voice=starostwo)
    actions.accept(author=bob, post=post, on=True)
    full = Thread.objects.get(pk=thread.pk)
    with django_assert_num_queries(3):
        shown = head_of(full)
        assert shown.accepted.voice_name == starostwo.called
        assert {position.post.author.display_name for position in shown.positions}
        assert all(position.post.organization.called for position in shown.positions)
