"""Staff pin, close, retitle and move threads; lists and streams follow."""

import pytest
from django.urls import reverse

from forum.discussions import actions
from forum.discussions.actions.managing import PINNED_MAX
from forum.discussions.live import CategoryStream
from forum.discussions.models import Departure, Thread
from forum.lib.answers import Refused
from tests.cast import log_in
from tests.factories import a_category, a_reply, a_thread

pytestmark = pytest.mark.django_db


def door(name, thread):
    return reverse(f"discussions:{name}", args=[thread.pk])


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def test_pinned_threads_stand_above_the_first_page_only(client, bob, carol):
    category = a_category()
    old = a_thread(bob, category, title="Ważne zasady")
    threads = [a_thread(bob, category) for _ in range(21)]
    actions.pin(staff=carol, thread=old, on=True)
    address = reverse("discussions:category", args=[category.pk])
    response = client.get(address)
    assert response.context["pinned"] == [old]
    later = client.get(response.context["page"].later_url)
    assert later.context["pinned"] == []
    shown = [*response.context["page"].items, *later.context["page"].items]
    assert shown == threads[::-1]


def test_a_category_has_few_pinned_threads(bob, carol):
    category = a_category()
    for _ in range(PINNED_MAX):
        actions.pin(staff=carol, thread=a_thread(bob, category), on=True)
    one_more = a_thread(bob, category)
    with pytest.raises(Refused):
        actions.pin(staff=carol, thread=one_more, on=True)
    assert not fresh(one_more).is_pinned


@pytest.mark.parametrize("action", [actions.pin, actions.close])
def test_repeating_changes_nothing(bob, carol, action):
    thread = a_thread(bob)
    seq = action(staff=carol, thread=thread, on=True).seq
    assert action(staff=carol, thread=thread, on=True).seq == seq
    assert action(staff=carol, thread=thread, on=False).seq == seq + 1
    with pytest.raises(Refused):
        action(staff=bob, thread=thread, on=True)


def test_a_closed_thread_takes_no_reply_until_it_is_opened(bob, carol):
    thread = a_thread(bob)
    actions.close(staff=carol, thread=thread, on=True)
    for stale in (thread, fresh(thread)):  # the first was read before
        with pytest.raises(Refused):
            a_reply(bob, stale)
    a_reply(bob, actions.close(staff=carol, thread=thread, on=False))


def test_an_open_composer_is_told_by_a_sentence(client, bob, carol):
    thread = a_thread(bob)
    actions.close(staff=carol, thread=thread, on=True)
    client.force_login(bob)
    form = {"body": "Za późno?", "body_format": "markdown"}
    response = client.post(door("reply", thread), form, headers={"X-Fragment": "1"})
    assert response.status_code == 403
    assert response.json()["refusal"]


def test_staff_and_the_author_retitle(bob, carol, alice):
    thread = a_thread(bob)
    assert actions.retitle(author=bob, thread=thread, title="Po mojemu").title == "Po mojemu"
    seq = actions.retitle(author=carol, thread=thread, title="Jasny tytuł").seq
    assert actions.retitle(author=carol, thread=thread, title="Jasny tytuł").seq == seq
    with pytest.raises(Refused):
        actions.retitle(author=alice, thread=thread, title="Czyjś tytuł")


def test_a_moved_thread_leaves_one_list_and_comes_to_another(bob, carol):
    here, there = a_category(), a_category()
    thread = a_thread(bob, here)
    since = fresh(here).seq
    actions.move(staff=carol, thread=thread, category=there)
    assert (fresh(here).threads_count, fresh(there).threads_count) == (0, 1)
    gone = CategoryStream().changes(here.pk, since)
    assert gone.seq == fresh(here).seq
    assert f'id="thread-{thread.pk}"' in gone.html
    assert "data-gone" in gone.html
    come = CategoryStream().changes(there.pk, 0).html
    assert f'id="thread-{thread.pk}"' in come
    assert "data-gone" not in come
    assert a_reply(bob, thread).thread.category_id == there.pk


def test_a_thread_that_comes_back_is_gone_no_longer(bob, carol):
    here, there = a_category(), a_category()
    thread = a_thread(bob, here)
    for category in (there, there, here):
        actions.move(staff=carol, thread=thread, category=category)
    assert list(Departure.objects.values_list("category", flat=True)) == [there.pk]
    assert "data-gone" not in CategoryStream().changes(here.pk, 0).html


def test_many_departures_come_in_parts_that_miss_nothing(bob, carol):
    here, there = a_category(), a_category()
    threads = [a_thread(bob, here) for _ in range(104)]
    for thread in threads[::2]:
        actions.move(staff=carol, thread=thread, category=there)
    since, more, found = 0, True, ""
    while more:
        changes = CategoryStream().changes(here.pk, since)
        since, more = changes.seq, changes.more
        found += changes.html
    assert all(f'id="thread-{thread.pk}"' in found for thread in threads)
    assert found.count("data-gone") == 52
    assert since == fresh(here).seq


def test_a_merged_thread_is_in_no_list(client, bob, carol):
    category = a_category()
    one, other = a_thread(bob, category), a_thread(bob, category)
    actions.merge(staff=carol, thread=one, into=other)
    for address in ("/", "/threads/", reverse("discussions:category", args=[category.pk])):
        assert f'id="thread-{one.pk}"' not in client.get(address).content.decode()
    assert "data-gone" in CategoryStream().changes(category.pk, 0).html


def test_everything_is_done_by_plain_forms(client, bob, carol):
    category, there = a_category(), a_category()
    thread, into = a_thread(bob, category), a_thread(bob, there, title="Ten właściwy wątek")
    for _ in range(3):
        a_reply(bob, thread)
    log_in(client, carol)
    page = client.get(door("manage", thread), {"q": "właściwy"})
    assert page.status_code == 200
    assert list(page.context["found"]) == [into]
    assert 'name="posts" value="3"' in page.content.decode()
    for name, form in [
        ("pin", {"on": "1"}),
        ("close", {"on": "1"}),
        ("retitle", {"title": "Nowy tytuł wątku"}),
        ("move", {"category": there.pk}),
        ("split", {"title": "Oddzielony", "category": there.pk, "posts": ["2"], "numbers": "4"}),
        ("merge", {"into": f"https://forum.example{into.get_absolute_url()}"}),
    ]:
        assert client.post(door(name, thread), form).status_code == 303, name
    thread = fresh(thread)
    assert (thread.title, thread.category, thread.merged_into) == (
        "Nowy tytuł wątku",
        there,
        into,
    )
    assert thread.is_closed
    assert Thread.objects.get(title="Oddzielony").last_number == 2


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("pin", {"on": "może"}),
        ("close", {}),
        ("retitle", {"title": "x"}),
        ("move", {"category": "999999"}),
        ("merge", {"into": "nie wiem"}),
        ("merge", {"into": "/threads/99999999999999999999/"}),
        ("split", {"title": "Dobry tytuł", "posts": ["2", "zło"], "numbers": "1-"}),
        ("split", {"title": "Dobry tytuł", "numbers": "2-999999999"}),
        ("split", {"title": "Dobry tytuł", "posts": ["999999999"]}),
    ],
)
def test_a_bad_form_gets_a_page_with_sentences(client, bob, carol, name, form):
    thread = a_thread(bob)
    a_reply(bob, thread)
    log_in(client, carol)
    form = {"category": thread.category_id, **form} if name == "split" else form
    assert client.post(door(name, thread), form).status_code == 422


def test_members_do_not_manage_and_authors_only_retitle(client, bob, alice):
    thread = a_thread(bob)
    client.force_login(alice)
    assert client.get(door("manage", thread)).status_code == 403
    client.force_login(bob)
    page = client.get(door("manage", thread))
    assert page.status_code == 200
    assert "manage/merge/" not in page.content.decode()
    for name in ("pin", "close", "move", "merge", "split"):
        assert client.post(door(name, thread), {"on": "1"}).status_code == 403


def test_the_page_costs_the_same_for_every_size(client, bob, carol, django_assert_max_num_queries):
    thread = a_thread(bob)
    for _ in range(60):
        a_reply(bob, thread)
    log_in(client, carol)
    with django_assert_max_num_queries(14):  # the bell and the proof among them
        client.get(door("manage", thread), {"q": "lokal"})
