"""Reading in a real browser: what was on the screen is read, and nothing else."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

POSTS = 13
LEFT = """() => [
  document.querySelectorAll("#posts .post[data-unread]").length,
  document.querySelector("jump-rail [data-part=unread]").innerText,
]"""


@pytest.fixture
def thread(make):
    """A thread by Bob with long posts: the last one answers the first reply."""
    return make(
        # Words of its own: the same long text in two threads would wait for a moderator.
        "from uuid import uuid4\n"
        'words = f"Zdanie {uuid4()}.\\n\\n" * 12\n'
        'bob = member("bob")\n'
        'thread = factories.a_thread(bob, title="Długa rozmowa", body=words)\n'
        "root = factories.a_reply(bob, thread, words)\n"
        f"for _ in range({POSTS - 3}):\n"
        "    factories.a_reply(bob, thread, words)\n"
        "factories.a_reply(bob, thread, words, parent=root)\n"
        "print(thread.get_absolute_url())"
    ).strip()


def count_in_list(page: Page, thread: str) -> int:
    """The unread number on the thread's row; 0 where there is none."""
    pk = re.search(r"/threads/(\d+)/", thread)[1]
    row = page.locator(f"#thread-{pk}")
    expect(row).to_be_visible()
    page.wait_for_function("() => customElements.get('unread-counts') !== undefined")
    badge = row.locator(".unread")
    return int(re.search(r"\d+", badge.inner_text())[0]) if badge.count() else 0


def scroll_past(page: Page, number: int):
    page.locator(f".post[data-number='{number}'] > :last-child").scroll_into_view_if_needed()
    expect(page.locator(f".post[data-number='{number}']")).not_to_have_attribute(
        "data-unread", re.compile(".*")
    )


def unread_on_the_server(make, thread: str) -> int:
    pk = re.search(r"/threads/(\d+)/", thread)[1]
    mark = f'ReadMark.objects.get(user=member("alice"), thread={pk})'
    return POSTS - int(
        make(f"from forum.discussions.models import ReadMark; print({mark}.read_count)")
    )


def test_the_number_falls_as_one_reads(visit, make, thread):
    list_page = visit("alice", "/threads/")
    assert count_in_list(list_page, thread) == POSTS

    reading = list_page.context.new_page()
    reading.goto(f"{thread}?order=time")
    expect(reading.locator(".post[data-unread]").first).to_be_visible()
    for number in (1, 2, 3):
        scroll_past(reading, number)
    # Reading goes on while one looks: both numbers are of one moment, and the list is of a later.
    left, rail = reading.evaluate(LEFT)
    assert 0 < left <= POSTS - 3
    assert str(left) in rail

    reading.goto("/")
    for _ in range(20):  # the goodbye of the page may still be on its way
        list_page.reload()
        shown, kept = count_in_list(list_page, thread), unread_on_the_server(make, thread)
        if shown == kept:
            break
    assert 0 < shown == kept <= left


@pytest.mark.parametrize(("order", "first", "second"), [("time", 4, 5), ("tree", POSTS, 4)])
def test_next_unread_jumps_in_both_orders(visit, make, thread, order, first, second):
    pk = re.search(r"/threads/(\d+)/", thread)[1]
    make(
        "from forum.discussions import actions; from forum.discussions.models import Thread\n"
        "from forum.lib.ranges import Ranges\n"
        f'actions.mark_read(user=member("alice"), thread=Thread.objects.get(pk={pk}), '
        'numbers=Ranges.parse("1-3"))'
    )
    page = visit("alice", f"{thread}?order={order}")
    page.goto(f"{thread}unread/")
    expect(page.locator(f".post[data-number='{first}']")).to_be_in_viewport()
    scroll_past(page, first)
    page.locator("jump-rail [data-part=next]").click()
    expect(page.locator(f".post[data-number='{second}']")).to_be_in_viewport()


def test_the_line_stands_where_the_news_begin(visit, make, thread):
    pk = re.search(r"/threads/(\d+)/", thread)[1]
    visit("alice", thread)
    make(
        "from datetime import timedelta; from django.utils import timezone\n"
        "from forum.discussions.models import ReadMark, Thread\n"
        'long_ago = timezone.now() - timedelta(days=90); alice = member("alice")\n'
        f"ReadMark.objects.filter(user=alice, thread={pk}).update(visited_at=long_ago)\n"
        f'factories.a_reply(member("bob"), Thread.objects.get(pk={pk}), "Nowina.")'
    )
    page = visit("alice", f"{thread}?order=time")
    for _ in range(2):
        line = page.locator(".since-line + .post, .since-line + .unread-mark + .post")
        expect(line).to_have_attribute("data-number", str(POSTS + 1))
        page.reload()


def test_a_post_in_the_middle_is_unread_again_from_its_footer(visit, make, thread):
    pk = re.search(r"/threads/(\d+)/", thread)[1]
    page = visit("alice", f"{thread}?order=time")
    page.locator("jump-rail [data-part=all] button").click()
    expect(page.locator("jump-rail [data-part=unread]")).not_to_contain_text("nieprzeczytanych")
    page.goto(f"{thread}?order=time")
    page.locator(".post[data-number='5'] [data-action=more]").click()
    page.locator(".post[data-number='5'] [data-action=unread]").click()
    expect(page.locator(f"#thread-{pk} .unread")).to_contain_text(str(POSTS - 4))
    guest = visit(None, thread)
    guest.locator("[data-action=more]").first.click()
    expect(guest.locator("[data-action=alone]:visible")).to_have_count(1)
    expect(guest.locator("[data-action=unread]:visible")).to_have_count(0)


def test_a_phone_has_the_rail_as_a_bar(visit, thread):
    page = visit("alice", thread, viewport={"width": 390, "height": 844})
    rail = page.locator(".jump-rail")
    expect(rail).to_be_in_viewport()
    assert rail.bounding_box()["height"] < 140
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    # Its last button is whole too.
    edge = rail.locator(".button:visible").last.bounding_box()
    assert edge["x"] + edge["width"] <= 390


def test_without_scripts_numbers_and_buttons_are_there(visit, thread):
    page = visit("alice", "/threads/", java_script_enabled=False)
    page.locator(".unread-list summary").click()
    page.locator(".unread-list a", has_text="Długa rozmowa").first.click()
    expect(page.locator(".unread-mark").first).to_be_visible()
    page.locator("read-marks button").click()
    expect(page.locator(".unread-mark")).to_have_count(0)
