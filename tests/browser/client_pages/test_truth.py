"""Whatever frames are lost, doubled, delayed or shuffled: the live page equals a fresh page."""

import random
import re

import pytest
from playwright.sync_api import Page

from tests.browser.client_pages.reading import open_page, wait_for_state
from tests.browser.client_pages.server import FakeForum

pytestmark = pytest.mark.browser

SEEDS = [1]


@pytest.mark.parametrize("page_size", [1, 1_000], ids=["first page", "only page"])
@pytest.mark.parametrize("order", ["tree", "time"])
@pytest.mark.parametrize("seed", SEEDS)
def test_the_live_page_equals_a_fresh_page(
    page: Page, forum: FakeForum, seed: int, order: str, page_size: int
) -> None:
    forum.world.page_size = page_size
    chance = random.Random(f"{seed} {order}")
    address = f"{forum.url}/?order={order}&viewer=9"
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    open_page(page, address)
    late: list[dict[str, object]] = []
    for _ in range(25):
        _act(forum, chance)
        late.append(forum.world.frame(forum.world.posts[_newest(forum)]))
        _deliver(forum, chance, late)
    _deliver_all(forum, chance, late)
    forum.push_now()
    _wait_for_head(page, forum)
    live = _everything(page)
    fresh_page = page.context.new_page()
    open_page(fresh_page, address)
    assert live == _everything(fresh_page)
    fresh_page.close()
    assert errors == []


def _act(forum: FakeForum, chance: random.Random) -> None:
    world, number = forum.world, chance.randint(1, len(forum.world.posts))
    act = chance.choice(["reply", "reply", "reply", "root", "edit", "withdraw", "thank"])
    if act == "reply":
        world.post(parent=number)
    elif act == "root":
        world.post()
    elif act == "edit":
        world.edit(number, f"Edited {chance.random()}")
    elif act == "withdraw":
        world.withdraw(number)
    else:
        world.thank(number, 3)


def _newest(forum: FakeForum) -> int:
    return max(range(len(forum.world.posts)), key=lambda at: forum.world.posts[at].seq)


def _deliver(forum: FakeForum, chance: random.Random, late: list[dict[str, object]]) -> None:
    """Send the waiting frames by chance: lost, doubled, late, without html, in any order."""
    chance.shuffle(late)
    for message in list(late):
        fate = chance.choice(["send", "send", "double", "lose", "bare", "later", "later"])
        if fate == "later":
            continue
        late.remove(message)
        if fate == "bare":
            message = {key: value for key, value in message.items() if key != "html"}
        for _ in range({"lose": 0, "double": 2}.get(fate, 1)):
            forum.push(message)
    if chance.random() < 0.05:
        forum.close_sockets(4012)


def _deliver_all(forum: FakeForum, chance: random.Random, late: list[dict[str, object]]) -> None:
    chance.shuffle(late)
    for message in late:
        forum.push(message)


def _wait_for_head(page: Page, forum: FakeForum) -> None:
    page.wait_for_selector(f"#thread-head-1[data-seq='{forum.world.seq}']")
    wait_for_state(page, "current")


def _everything(page: Page) -> str:
    """The conversation with all that waits shown, all folds opened, and no trace of reading."""
    button = page.locator("new-strip [data-part=here]")
    while button.is_visible() or page.locator(".fold").count():
        if button.is_visible():
            button.click()
            continue
        count = page.locator(".fold").count()
        fold = page.locator(".fold").first
        left = fold.get_attribute("data-after")
        fold.locator("a").click()
        page.wait_for_function(
            "([count, left]) => document.querySelectorAll('.fold').length < count"
            " || document.querySelector('.fold').dataset.after !== left",
            arg=[count, left],
        )
    # A replaced post waits as long as focus is in it.
    page.evaluate("document.activeElement.blur()")
    page.wait_for_timeout(250)
    html = page.eval_on_selector("#posts", "posts => posts.innerHTML")
    return re.sub(r' data-new=""', "", html)


def test_the_gap_rule_reads_once_for_many_frames(page: Page) -> None:
    log = page.evaluate(
        """async () => {
          const { Follower } = await import("forum/live/follow");
          const log = [];
          let answer;
          const read = (since) => new Promise((resolve) => {
            log.push(`read ${since}`);
            answer = () => resolve({ seq: 9, html: "to 9", more: false });
          });
          const follower = new Follower({ seen: 3, read, apply: (html) => log.push(html) });
          follower.receive(4, "four");
          follower.receive(4, "four again");
          follower.receive(2, "old");
          const run = follower.receive(7, "seven");
          follower.receive(8);
          follower.receive(9, "nine");
          answer();
          await run;
          follower.receive(6, "six");
          log.push(follower.seen);
          return log;
        }"""
    )
    assert log == ["four", "read 4", "to 9", 9]


def test_a_door_that_lags_behind_is_no_endless_loop(page: Page) -> None:
    reads = page.evaluate(
        """async () => {
          const { Follower } = await import("forum/live/follow");
          let reads = 0;
          const read = async () => { reads += 1; return { seq: 3, html: "", more: false }; };
          const follower = new Follower({ seen: 3, read, apply: () => {} });
          try { await follower.receive(7); } catch { return reads; }
        }"""
    )
    assert reads == 1


@pytest.mark.parametrize(
    ("lang", "count", "text"),
    [
        ("pl", 1, "1 one"),
        ("pl", 3, "3 few"),
        ("pl", 12, "12 many"),
        ("pl", 22, "22 few"),
        ("en", 1, "1 one"),
        ("en", 22, "22 other"),
    ],
)
def test_counts_take_the_plural_form_of_the_language(
    page: Page, lang: str, count: int, text: str
) -> None:
    said = page.evaluate(
        """async ([lang, count]) => {
          document.documentElement.lang = lang;
          const { sentence } = await import("forum/plurals");
          const element = document.createElement("p");
          for (const form of ["one", "few", "many", "other"]) {
            if (lang === "pl" && form === "other") continue;
            element.dataset[form] = `{count} ${form}`;
          }
          return sentence(element, count);
        }""",
        [lang, count],
    )
    assert said == text
