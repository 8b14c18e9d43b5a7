"""The first page in a browser: all of it on one screen of a laptop, and live while it is open."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

LAPTOP = {"width": 1280, "height": 800}
SMALL_LAPTOP = {"width": 1280, "height": 720}
PHONE = {"width": 390, "height": 844}
HEIGHT = "document.documentElement.scrollHeight"
TITLES = [f"#{name}-title" for name in ("owed", "now", "followed", "unanswered", "topics")]
PLACES = """(names) => names.map(
    (name) => document.querySelector(name).getBoundingClientRect().top + scrollY
)"""
COUNTY = """
from datetime import timedelta
from django.core.management import call_command
from django.utils import timezone
from accounts.models import User
from forum.discussions import actions
from forum.discussions.models import Thread, Visit
from forum.notifications.models import Follow
call_command("demo", anyway=True, quiet=True)
now = timezone.now()
threads = list(Thread.objects.readable_by(member("alice")).latest_first())
for name in ("alice", "carol"):
    Visit.objects.create(user=member(name), at=now, since=now - timedelta(hours=12))
    for thread in threads[1:6]:
        Follow.objects.create(user=member(name), place=f"thread.{thread.pk}")
asked = factories.a_thread(member("alice"), threads[0].category, title="Kto zna dobrą drukarnię?")
factories.a_reply(member("bob"), asked, "A na co?")
"""


@pytest.fixture(scope="module")
def county(make):
    """The demo county; Alice and Carol were here twelve hours ago, and Bob answered Alice."""
    make(COUNTY)


def is_current(page):
    expect(page.locator("live-state")).to_have_attribute("data-state", "current")


@pytest.mark.usefixtures("county")
@pytest.mark.parametrize("member", [None, "alice", "bob", "carol"])
def test_all_of_it_stands_on_one_screen_of_a_laptop(visit, member):
    page = visit(member, "/", viewport=LAPTOP)
    is_current(page)  # what scripts write on it is there
    assert page.evaluate(HEIGHT) <= LAPTOP["height"]
    page.set_viewport_size(SMALL_LAPTOP)
    topics = page.locator(".topics").bounding_box()
    assert topics["y"] + topics["height"] <= SMALL_LAPTOP["height"]


@pytest.mark.usefixtures("county")
def test_on_a_phone_it_stands_in_the_order_of_its_use(visit):
    places = visit("alice", "/", viewport=PHONE).evaluate(PLACES, TITLES)
    assert places == sorted(places)
    assert places[0] < PHONE["height"] / 2


@pytest.mark.usefixtures("county")
def test_it_says_in_one_line_what_is_new(visit):
    page = visit("alice", "/")
    expect(page.locator("#threads > li").first).to_have_attribute("data-kind", "thread")
    news = page.locator(".home__head a[href='/threads/unread/']")
    expect(news).to_have_text(re.compile(r"[1-9]"))


@pytest.fixture
def known(make):
    """A thread of Bob's that everybody has read, and after which Alice was here."""
    return make(
        "from datetime import timedelta\n"
        "from django.utils import timezone\n"
        "from forum.discussions import actions\n"
        "from forum.discussions.models import Visit\n"
        'thread = factories.a_thread(member("bob"), title="Sala we wtorki")\n'
        'actions.mark_all_read(user=member("alice"))\n'
        "now = timezone.now()\n"
        'Visit.objects.update_or_create(user=member("alice"), defaults={"at": now, "since": now})\n'
        "print(thread.get_absolute_url())"
    )


def test_what_comes_stands_above_the_line(visit, make, known):
    alice, bob = visit("alice", "/"), visit("bob", known)
    is_current(alice)
    line = alice.locator("#threads > .list-line")
    expect(alice.locator("#threads > li").first).to_have_class(re.compile("list-line"))
    expect(line.locator(".list-line__none")).to_be_visible()

    surface = bob.locator("#composer [role=textbox]")
    surface.click()
    surface.press_sequentially("Jeszcze jedno.")
    bob.locator("#composer button[type=submit]").click()
    row = alice.locator("#threads > li").first
    expect(row).to_have_attribute("data-kind", "thread")
    expect(row).to_contain_text("Sala we wtorki")
    expect(row.locator(".unread")).to_be_visible()
    expect(line.locator(".list-line__news")).to_be_visible()


def test_a_question_that_comes_says_how_long_it_waits(visit, make, known):
    guest = visit(None, "/")
    is_current(guest)
    pk = re.search(r"/threads/(\d+)/", known)[1]
    make(
        "from forum.discussions.models import Thread\n"
        f"category = Thread.objects.get(pk={pk}).category\n"
        'factories.a_thread(member("bob"), category, title="Kto zna księgową?")'
    )
    line = guest.locator("waiting-threads li", has_text="Kto zna księgową?")
    expect(line.locator("waits-for time")).to_have_text(
        guest.locator("waiting-threads").get_attribute("data-new")
    )


def test_the_lists_take_in_what_belongs_to_them(visit, make, known):
    unanswered, official = visit(None, "/threads/unanswered/"), visit(None, "/threads/official/")
    unread = visit("alice", "/threads/unread/")
    for page in (unanswered, official, unread):
        is_current(page)
    expect(unread.locator("#threads > li")).to_have_count(0)
    pk = re.search(r"/threads/(\d+)/", known)[1]
    make(
        "from forum.discussions.models import Thread\n"
        f"category = Thread.objects.get(pk={pk}).category\n"
        'factories.a_thread(member("bob"), category, title="Pytanie Boba")\n'
        'factories.a_thread(member("carol"), category, title="Komunikat", '
        "voice=cast.make_starostwo())"
    )
    for page, mine, others in (
        (unanswered, "Pytanie Boba", "Komunikat"),
        (official, "Komunikat", "Pytanie Boba"),
    ):
        page.locator("new-strip button").click()
        expect(page.locator("#threads")).to_contain_text(mine)
        expect(page.locator("#threads")).not_to_contain_text(others)
    unread.locator("new-strip button").click()
    for title in ("Pytanie Boba", "Komunikat"):
        expect(unread.locator("#threads")).to_contain_text(title)
