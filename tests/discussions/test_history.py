"""What a post said before: kept, told as differences, and shown to those who may read it."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from forum.discussions import actions
from forum.discussions.models import Post, Revision
from forum.discussions.versions import PAGE_SIZE
from tests.factories import a_reply, a_thread, opening_post

pytestmark = pytest.mark.django_db

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
GRACE = timedelta(seconds=300)
FIRST = "Sala we wtorki zaraz o 18."


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def post(clock, bob):
    return a_reply(bob, a_thread(bob), FIRST)


def edit(post, body, author=None):
    return actions.edit(author=author or post.author, post=post, body=body, body_format="markdown")


def page(client, post, **query):
    return client.get(reverse("discussions:history", args=[post.pk]), query)


def told(response):
    return [
        [(piece.kind, piece.text.strip()) for piece in version.pieces]
        for version in response.context["page"].items
    ]


def test_an_edit_keeps_what_the_post_said(clock, post):
    clock.shift(GRACE)
    changed = edit(post, "Sala w czwartki o 18.")

    revision = Revision.objects.get()
    assert (revision.post, revision.source, revision.html) == (post, FIRST, f"<p>{FIRST}</p>")
    assert (revision.written_at, revision.replaced_at) == (START, START + GRACE)
    assert changed.revisions_count == 1


def test_a_quick_correction_leaves_no_trace(clock, post):
    clock.shift(GRACE - timedelta(seconds=1))
    changed = edit(post, "Sala w czwartki o 18.")
    assert changed.edited_at is not None
    assert changed.revisions_count == 0
    assert not Revision.objects.exists()


def test_the_grace_is_counted_from_the_text_that_is_replaced(clock, post):
    clock.shift(timedelta(days=1))
    edit(post, "Drugi tekst.")
    clock.shift(timedelta(minutes=1))
    edit(post, "Drugi tekst, poprawiony.")
    clock.shift(timedelta(days=1))
    edit(post, "Trzeci tekst.")
    kept = Revision.objects.values_list("source", flat=True)
    assert list(kept) == [FIRST, "Drugi tekst, poprawiony."]


def test_the_grace_is_a_setting(clock, post, settings):
    settings.EDIT_GRACE_SECONDS = 0
    assert edit(post, "Drugi tekst.").revisions_count == 1


def test_the_same_text_again_changes_nothing(clock, post):
    clock.shift(timedelta(days=1))
    changed = edit(post, "Drugi tekst.")
    again = edit(changed, "Drugi tekst.")
    assert (again.revisions_count, again.seq, again.thread.seq) == (1, 3, 3)
    assert Revision.objects.count() == 1


def test_the_words_changed_are_marked(client, clock, post):
    clock.shift(timedelta(days=1))
    edit(post, "Sala w każdy czwartek zaraz o 18. I winda.")
    response = page(client, post)
    assert told(response)[0] == [
        ("same", "Sala"),
        ("removed", "we wtorki"),
        ("added", "w każdy czwartek"),
        ("same", "zaraz o"),
        ("removed", "18."),
        ("added", "18. I winda."),
    ]
    html = response.content.decode()
    assert "<del>" in html
    assert "<ins>" in html
    assert FIRST in html


def test_only_bold_is_said_to_be_formatting(client, clock, post):
    clock.shift(timedelta(days=1))
    edit(post, "Sala we **wtorki** zaraz o 18.")
    response = page(client, post)
    assert told(response) == [[], []]
    assert "<del>" not in response.content.decode().partition('<ol class="history')[2]


def test_a_text_is_never_markup_in_its_history(client, clock, post):
    clock.shift(timedelta(days=1))
    edit(post, "Napisz `&lt;script&gt;` albo \\<script>alert(1)</script>")
    assert "<script>alert" not in page(client, post).content.decode()


def test_the_post_leads_to_its_history_where_there_is_one(client, clock, post):
    url = reverse("discussions:history", args=[post.pk])
    edit(post, "Szybka poprawka.")
    assert url not in client.get(post.thread.get_absolute_url()).content.decode()
    clock.shift(timedelta(days=1))
    edit(post, "Późniejsza poprawka.")
    assert url in client.get(post.thread.get_absolute_url()).content.decode()


def test_a_post_never_changed_has_one_version(client, post):
    (version,) = page(client, post).context["page"].items
    assert (version.is_first, version.is_current) == (True, True)


def test_a_long_history_comes_in_pages(client, clock, post, django_assert_num_queries):
    texts = [FIRST]
    for number in range(2 * PAGE_SIZE + 1):
        clock.shift(timedelta(days=1))
        texts.append(f"Tekst numer {number}.")
        edit(post, texts[-1])
    found, url = [], reverse("discussions:history", args=[post.pk])
    while url:
        with django_assert_num_queries(3):
            shown = client.get(url).context["page"]
        found += shown.items
        url = shown.later_url
    assert [version.html for version in found] == [f"<p>{text}</p>" for text in texts[::-1]]
    assert [version.is_current for version in found] == [True] + [False] * (len(texts) - 1)
    assert [version.is_first for version in found] == [False] * (len(texts) - 1) + [True]


@pytest.mark.parametrize("before", ["x", "1_1", "_", "\x00", "9" * 40 + "_1"])
def test_a_strange_place_in_the_history_is_a_page(client, post, before):
    assert page(client, post, before=before).status_code == 200


def test_the_history_of_a_withdrawn_post_is_closed(client, clock, post, alice, bob, carol):
    clock.shift(timedelta(days=1))
    edit(post, "Bez numeru telefonu.")
    for member in (None, alice):
        if member:
            client.force_login(member)
        assert page(client, post).status_code == 200
    actions.withdraw(author=bob, post=post)
    for member, status in ((alice, 403), (bob, 200), (carol, 200)):
        client.force_login(member)
        assert page(client, post).status_code == status
    client.logout()
    response = page(client, post)
    assert response.status_code == 403
    assert FIRST not in response.content.decode()


def test_the_history_of_a_moved_post_stands_where_it_went(client, post, bob):
    new = opening_post(a_thread(bob))
    Post.objects.filter(pk=post.pk).update(state=Post.State.MOVED, moved_to=new)
    response = page(client, post)
    assert response.status_code == 302
    assert response["Location"] == reverse("discussions:history", args=[new.pk])
