"""Posts saved for later: kept, noted, found again, and nobody else's business."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from forum.categories.models import Category
from forum.discussions import actions, rules
from forum.discussions.keepsakes import PAGE_SIZE
from forum.discussions.models import Post, SavedPost
from forum.lib.answers import Refused
from tests.factories import a_reply, a_thread, opening_post

pytestmark = pytest.mark.django_db
SCRIPT = {"X-Fragment": "1"}
NOTE = "Zapytać o podjazd"
SAVED = "/saved/"


@pytest.fixture
def post(bob):
    return opening_post(a_thread(bob))


def url_of(post):
    return reverse("discussions:save", args=[post.pk])


def notes(member):
    return list(SavedPost.objects.filter(user=member).values_list("post", "note"))


def test_a_post_is_saved_with_a_note(alice, post):
    actions.save_for_later(author=alice, post=post, note=NOTE)
    assert notes(alice) == [(post.pk, NOTE)]


def test_saving_again_keeps_the_note_and_the_place(alice, post):
    first = actions.save_for_later(author=alice, post=post, note=NOTE)
    again = actions.save_for_later(author=alice, post=post)
    assert (again.pk, again.note, again.saved_at) == (first.pk, NOTE, first.saved_at)


def test_a_note_is_changed_and_emptied(alice, post):
    for note in (NOTE, "Inna", ""):
        actions.save_for_later(author=alice, post=post, note=note)
        assert notes(alice) == [(post.pk, note)]


def test_a_post_is_kept_no_longer(alice, bob, post):
    actions.save_for_later(author=alice, post=post)
    actions.save_for_later(author=bob, post=post)
    for _ in range(2):
        actions.save_no_longer(author=alice, post=post)
    assert notes(alice) == []
    assert notes(bob) == [(post.pk, "")]


def test_nobody_learns_what_one_keeps(alice, post):
    before = Post.objects.get(pk=post.pk), post.thread.seq
    actions.save_for_later(author=alice, post=post, note=NOTE)
    actions.save_no_longer(author=alice, post=post)
    after = Post.objects.select_related("thread").get(pk=post.pk)
    assert (after.seq, after.thread.seq) == (before[0].seq, before[1])


def test_who_may_not_read_or_write_saves_nothing(erin, bob, post):
    with pytest.raises(Refused):
        actions.save_for_later(author=erin, post=post)
    Category.objects.update(readers=Category.Readers.STAFF)
    with pytest.raises(Refused):
        actions.save_for_later(author=bob, post=Post.objects.get(pk=post.pk))
    assert not rules.may_save(AnonymousUser(), post)
    assert not SavedPost.objects.exists()


def test_a_withdrawn_post_is_not_saved_but_stays_saved(client, alice, bob, post):
    other = a_reply(bob, post.thread, "Numer telefonu prezeski")
    actions.save_for_later(author=alice, post=other, note=NOTE)
    for each in (post, other):
        actions.withdraw(author=bob, post=each)
    with pytest.raises(Refused):
        actions.save_for_later(author=alice, post=Post.objects.get(pk=post.pk))
    other.refresh_from_db()
    actions.save_for_later(author=alice, post=other, note="Nowa notatka")
    client.force_login(alice)
    page = client.get(SAVED).content.decode()
    assert "Nowa notatka" in page
    assert "Numer telefonu" not in page


def test_a_plain_form_saves_changes_and_removes(client, alice, post):
    client.force_login(alice)
    alone = reverse("discussions:post", args=[post.pk])
    assert url_of(post) in client.get(alone).content.decode()
    response = client.post(url_of(post), {"note": NOTE, "on": "1", "next": alone})
    assert (response.status_code, response["Location"]) == (303, alone)
    assert NOTE in client.get(alone).content.decode()
    assert client.post(url_of(post), {"note": "Inna"})["Location"] == post.get_absolute_url()
    assert notes(alice) == [(post.pk, "Inna")]
    client.post(url_of(post), {"on": "0", "note": "Inna"})
    assert notes(alice) == []


def test_nobody_is_sent_to_another_site(client, alice, post):
    client.force_login(alice)
    for bad in ("https://example.com/", "//example.com", "javascript:alert(1)"):
        response = client.post(url_of(post), {"next": bad})
        assert response["Location"] == post.get_absolute_url()


def test_the_script_gets_what_is_kept(client, alice, post):
    client.force_login(alice)
    kept = {"post": post.pk, "saved": True, "note": NOTE}
    assert client.post(url_of(post), {"note": NOTE}, headers=SCRIPT).json() == kept
    assert client.post(url_of(post), {"on": "1"}, headers=SCRIPT).json() == kept
    gone = {"post": post.pk, "saved": False, "note": ""}
    assert client.post(url_of(post), {"on": "0"}, headers=SCRIPT).json() == gone


@pytest.mark.parametrize("bad", [{"note": "x" * 241}, {"note": "a\x00b"}, {"on": "perhaps"}])
def test_bad_input_gets_a_sentence_and_loses_nothing(client, alice, post, bad):
    client.force_login(alice)
    actions.save_for_later(author=alice, post=post, note=NOTE)
    page = client.post(url_of(post), bad)
    assert page.status_code == 422
    if len(bad.get("note", "")) > 240:
        assert bad["note"] in page.content.decode()
    answer = client.post(url_of(post), bad, headers=SCRIPT)
    assert (answer.status_code, bool(answer.json()["errors"])) == (422, True)
    assert notes(alice) == [(post.pk, NOTE)]


def test_a_guest_is_asked_to_log_in(client, post):
    for response in (client.post(url_of(post)), client.get(SAVED)):
        assert response.status_code == 302
        assert reverse("account_login") in response["Location"]
    assert client.get(post.thread.get_absolute_url()).status_code == 200


def test_saving_is_never_a_get(client, alice, post):
    client.force_login(alice)
    assert client.get(url_of(post)).status_code == 405


def test_the_page_knows_what_is_kept_also_behind_a_fold(client, alice, bob, post):
    client.force_login(alice)
    other = a_reply(bob, post.thread)
    actions.save_for_later(author=alice, post=other)
    actions.save_for_later(author=bob, post=post)
    actions.save_for_later(author=alice, post=opening_post(a_thread(bob)))
    page = client.get(post.thread.get_absolute_url())
    assert f'data-saved="{other.pk}"' in page.content.decode()
    assert NOTE not in page.content.decode()


def test_one_sees_only_ones_own(client, alice, bob, post):
    actions.save_for_later(author=bob, post=post, note=NOTE)
    client.force_login(alice)
    assert client.get(SAVED).context["page"].items == []
    assert NOTE not in client.get(SAVED).content.decode()


def test_what_one_may_no_longer_read_is_not_listed(client, alice, post):
    actions.save_for_later(author=alice, post=post)
    client.force_login(alice)
    assert len(client.get(SAVED).context["page"].items) == 1
    Category.objects.update(readers=Category.Readers.STAFF)
    assert client.get(SAVED).context["page"].items == []


def test_all_pages_show_all_that_is_kept(client, alice, bob, django_assert_num_queries):
    thread = a_thread(bob)
    pks = []
    with time_machine.travel(datetime(2026, 11, 23, 9, 0, tzinfo=UTC), tick=False) as clock:
        for number in range(2 * PAGE_SIZE + 3):
            if number % 3 == 0:  # some in the same moment
                clock.shift(timedelta(minutes=1))
            post = a_reply(bob, thread)
            pks.append(actions.save_for_later(author=alice, post=post).pk)
    client.force_login(alice)
    found, url = [], SAVED
    while url:
        with django_assert_num_queries(4):  # and the bell
            page = client.get(url).context["page"]
        found += [kept.pk for kept in page.items]
        url = page.later_url
    assert found == pks[::-1]


@pytest.mark.parametrize("before", ["x", "1_1", "_", "\x00", "9" * 40 + "_1"])
def test_a_strange_place_in_the_list_is_a_page(client, alice, before):
    client.force_login(alice)
    assert client.get(SAVED, {"before": before}).status_code == 200


def test_floods_are_asked_to_wait(client, alice, post, settings):
    settings.REACTIONS_PER_MINUTE = 2
    client.force_login(alice)
    codes = [client.post(url_of(post), headers=SCRIPT).status_code for _ in range(3)]
    assert codes == [200, 200, 422]
