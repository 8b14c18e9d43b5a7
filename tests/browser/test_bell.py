"""The bell in real browsers: every open page of a member says the same, at once."""

import random
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.hands import Hands

pytestmark = pytest.mark.browser

ROUNDS, STEPS = 3, 6
# The server's own worker: only what its process does reaches open pages at once.
WORKER_IS_DONE = "from tests.notifications.world import wait_for_the_worker as wait; wait()"
OPENED = {".bell__link": ".bell__panel h2", ".follow summary": ".follow__sheet"}
# What a reader sees of the list; the times apart, which are words by the minute.
SEEN = """() => [...document.querySelectorAll("main .notifications > li")]
  .filter((group) => group.checkVisibility())
  .map((group) => [
    group.id,
    group.querySelector("h3").textContent,
    [...group.querySelectorAll(".notification")].filter((row) => row.checkVisibility()).map(
      (row) => [row.id, row.querySelector("a").textContent, "unread" in row.dataset]
    ),
  ])"""


@pytest.fixture
def thread(make):
    """A thread that Bob began; whatever he was told before is read."""
    return make(
        'thread = factories.a_thread(member("bob"), title="Sala we wtorki")\n'
        "from forum.notifications import actions\n"
        'actions.read_all(member=member("bob"))\n'
        "print(thread.get_absolute_url())"
    )


@pytest.fixture
def hands(server, sessions):
    """Alice and Bob at other machines."""
    made = {name: Hands(server, sessions[name]) for name in ("alice", "bob")}
    yield made
    for each in made.values():
        each.close()


def bell(page: Page):
    return page.locator("#bell-count")


def counts(page: Page, count: int):
    expect(bell(page)).to_have_attribute("data-count", str(count))
    shown = bell(page).locator("[aria-hidden]")
    expect(shown).to_have_text([str(count)] if count else [])
    title = re.compile(rf"^\({count}\) " if count else r"^[^(]")
    expect(page).to_have_title(title)


def tray(page: Page):
    return page.locator(".bell__panel")


def test_every_open_page_counts_and_the_tray_grows(visit, hands, thread):
    first, second = visit("bob", "/"), visit("bob", "/organizations/")
    counts(first, 0)
    hands["alice"].reply(thread, "Chętnie.")
    counts(first, 1)
    counts(second, 1)

    first.locator(".bell__link").click()
    expect(tray(first)).to_contain_text("1 nowa odpowiedź")
    hands["alice"].reply(thread, "A kiedy?")
    expect(tray(first)).to_contain_text("2 nowe odpowiedzi")
    counts(second, 1)  # one notification, counted

    second.goto("/notifications/")
    second.get_by_role("button", name="Oznacz wszystko jako przeczytane").click()
    counts(first, 0)
    counts(second, 0)
    expect(tray(first).locator("[data-unread]")).to_have_count(0)
    expect(second.locator("main [data-unread]")).to_have_count(0)


def test_a_moderators_bell_and_the_desk_count_apart(visit, make, thread):
    make(
        "from forum.notifications import actions\n"
        "from tests.moderation import world\n"
        'actions.read_all(member=member("carol"))\n'
        'said = factories.a_thread(member("bob"))\n'
        'world.a_report(member("alice"), factories.a_reply(member("dana"), said))\n'
        f"{WORKER_IS_DONE}"
    )
    carol = visit("carol", "/organizations/")
    expect(carol.locator(".nav__desk .num span")).to_have_text(re.compile(r"^[1-9]"))
    counts(carol, 1)
    carol.locator(".bell__link").click()
    expect(tray(carol)).to_contain_text("czeka na biurku")


def test_reading_the_thread_reads_what_was_told_of_it(visit, hands, thread):
    other = visit("bob", "/notifications/?filter=unread")
    hands["alice"].reply(thread, "Jest winda.")
    counts(other, 1)
    expect(other.locator("main .notification")).to_contain_text("1 nowa odpowiedź")
    visit("bob", thread)
    counts(other, 0)
    expect(other.locator("main .notification")).to_be_hidden()
    expect(other.locator(".notifications__none")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_what_the_bell_and_the_level_open(visit, hands, make, thread, theme):
    hands["alice"].reply(thread, "Z podjazdem.")
    make(WORKER_IS_DONE)
    page = visit("bob", thread, color_scheme=theme, viewport={"width": 390, "height": 800})
    page.evaluate(Axe().axe_script)
    for opener, opened in OPENED.items():
        page.locator(opener).click()
        expect(page.locator(opened)).to_be_visible()
        found = page.evaluate("async () => (await axe.run()).violations")
        assert [(each["id"], [n["html"][:160] for n in each["nodes"]]) for each in found] == []
        page.keyboard.press("Escape")


def test_the_bell_is_worked_by_keys(visit, hands, thread):
    page = visit("bob", "/")
    link = page.locator(".bell__link")
    link.focus()
    for key in ("Enter", " "):
        page.keyboard.press(key)
        expect(tray(page)).to_be_visible()
        expect(link).to_have_attribute("aria-expanded", "true")
        page.keyboard.press("Tab")
        expect(tray(page).locator(":focus")).to_have_count(1)
        page.keyboard.press("Escape")
        expect(tray(page)).to_have_count(0)
        expect(link).to_be_focused()
    link.click()
    expect(tray(page)).to_be_visible()
    page.locator("h1").first.click()
    expect(tray(page)).to_have_count(0)


def test_one_group_is_read_in_place_and_unread_again(visit, hands, thread):
    page = visit("bob", "/notifications/")
    hands["alice"].reply(thread, "Tak.")
    group = page.locator("main .notifications > li").first
    expect(group).to_have_attribute("data-unread", "")
    group.get_by_role("button", name="Oznacz jako przeczytane").click()
    counts(page, 0)
    expect(group.locator("h3 a")).to_be_focused()  # the button is gone, its place is not lost
    group.get_by_role("button", name="Oznacz jako nieprzeczytane").first.click()
    counts(page, 1)


def test_what_was_missed_without_a_connection_is_caught_up(visit, hands, thread):
    page = visit("bob", "/notifications/")
    # A script that is still on its way would be lost with the connection.
    page.wait_for_load_state("networkidle")
    counts(page, 0)
    page.context.set_offline(True)
    hands["alice"].reply(thread, "Pierwsza.")
    hands["alice"].reply(thread, "Druga.")
    page.wait_for_timeout(300)
    counts(page, 0)
    page.context.set_offline(False)
    counts(page, 1)
    expect(page.locator("main .notification").first).to_contain_text("2 nowe odpowiedzi")


def test_a_group_that_is_told_to_be_gone_twice_is_gone(visit):
    page = visit("bob", "/notifications/")
    gone = (
        '<li id="notifications-thread-999" data-kind="notification" data-seq="9999" data-gone></li>'
    )
    told = f"import('forum/live/apply').then(({{ apply }}) => apply('{gone}'))"
    for _ in range(2):
        assert page.evaluate(told) == ["notifications-thread-999"]


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("query", ["", "?filter=unread"], ids=["all", "unread"])
def test_the_live_list_equals_a_fresh_list(visit, make, hands, thread, query, seed):
    dice = random.Random(seed)
    other = make('print(factories.a_thread(member("bob"), title="Druga").get_absolute_url())')
    page, fresh = visit("bob", f"/notifications/{query}"), visit("bob", "/")
    life = Life(hands, dice, [thread, other], make('print(member("bob").pk)'))
    for _ in range(ROUNDS):
        for _ in range(STEPS):
            life.step()
        make(WORKER_IS_DONE)
        assert_live_equals_fresh(page, fresh, f"/notifications/{query}")


def assert_live_equals_fresh(page: Page, other: Page, address: str) -> None:
    """The page as it is after all that was pushed to it, and the same address opened anew."""
    for _ in range(60):
        other.goto(address)
        live, fresh = page.evaluate(SEEN), other.evaluate(SEEN)
        seqs = {bell(each).get_attribute("data-seq") for each in (page, other)}
        if live == fresh and len(seqs) == 1:
            break
        page.wait_for_timeout(200)
    assert live == fresh


class Life:
    """What Alice writes and Bob reads, step by random step."""

    def __init__(self, hands: dict[str, Hands], dice: random.Random, places: list[str], bob: str):
        self.hands, self.dice, self.places, self.bob = hands, dice, places, bob
        self.written: list[str] = []

    def step(self) -> None:
        self.place = self.dice.choice(self.places)
        steps = ["reply", "mention", "withdraw", "read_posts", "read_place", "read_all"]
        getattr(self, self.dice.choice(steps))()

    def reply(self, calls: str = "") -> None:
        html = self.hands["alice"].reply(self.place, f"{calls}{self.dice.random()}")["html"]
        self.written.append(re.search(r'id="post-(\d+)"', html)[1])

    def mention(self) -> None:
        self.reply(f"@[Bob](member:{self.bob}) ")

    def withdraw(self) -> None:
        if self.written:
            self.hands["alice"].post(f"/posts/{self.written.pop()}/withdraw/")

    def read_posts(self) -> None:
        self.hands["bob"].post(f"{self.place}read/", all="1")

    def read_place(self) -> None:
        pk = re.search(r"\d+", self.place)[0]
        self.hands["bob"].post(f"/notifications/places/thread.{pk}/read/")

    def read_all(self) -> None:
        self.hands["bob"].post("/notifications/read/")


def test_without_scripts_the_list_does_everything(visit, hands, make, thread):
    hands["alice"].reply(thread, "Bez skryptów.")
    make(WORKER_IS_DONE)
    page = visit("bob", "/", java_script_enabled=False)
    page.locator(".bell__link").click()
    expect(page).to_have_url(re.compile("/notifications/$"))
    group = page.locator("main .notifications > li").first
    expect(group).to_contain_text("1 nowa odpowiedź")
    page.get_by_role("link", name="Tylko nieprzeczytane").click()
    group.get_by_role("button", name="Oznacz jako przeczytane").click()
    expect(page).to_have_url(re.compile("filter=unread"))
    expect(page.locator(".notifications__none")).to_be_visible()
    page.get_by_role("link", name="Wszystkie", exact=True).click()
    page.get_by_role("button", name="Oznacz jako nieprzeczytane").first.click()
    expect(page.locator("main .notification[data-unread]")).to_have_count(1)
    page.get_by_role("button", name="Oznacz wszystko jako przeczytane").click()
    expect(page.locator("main .notification[data-unread]")).to_have_count(0)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_the_thread_says_what_comes_and_is_muted(visit, thread, scripts):
    page = visit("bob", thread, java_script_enabled=scripts)
    follow = page.locator("details.follow")
    follow.locator("summary").click()
    expect(follow).to_contain_text("Obserwujesz ten wątek, bo jest Twój.")
    follow.get_by_role("button", name="Wyciszone").click()
    expect(follow.locator("summary")).to_contain_text("Wyciszone")
    follow.locator("summary").click()
    expect(follow).to_contain_text("To Twój własny wybór.")
