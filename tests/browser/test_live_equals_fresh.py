"""After any sequence of actions, losses and reconnects the live page equals a fresh page."""

import random
import re

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.browser.hands import Hands
from tests.browser.waiting import open_strip_if_any

pytestmark = pytest.mark.browser

STEPS = 14
ROUNDS = 3
REPLIES = 17  # with the opening post fewer than a page holds: an open page grows past its size
# What the reader sees, without what may differ: how long ago, and what is marked as new.
SEEN = """() => ({
    head: [...document.querySelectorAll(".thread-head :is(h1, .chip)")].map((e) => e.innerText),
    rows: [...document.querySelectorAll("#posts > *")].map((row) => row.matches(".post")
        ? {id: row.id, root: row.dataset.root, seq: row.dataset.seq, level: row.dataset.level,
           state: row.dataset.state, words: row.querySelector(".post__words")?.innerText ?? "",
           by: [...row.querySelectorAll("reaction-button")].map((each) => each.dataset.by)}
        : {id: row.id, root: row.dataset.root, left: Number(row.dataset.left),
           words: row.innerText.trim()}),
})"""


class Faults:
    """A socket that loses, doubles and delays frames, and breaks, while it is `on`."""

    def __init__(self, dice: random.Random) -> None:
        self.on = True
        self.lost = 0
        self._dice = dice
        self._late: list[str] = []
        self._socket: WebSocketRoute | None = None

    def break_off(self) -> None:
        assert self._socket is not None
        self._socket.close()

    def route(self, socket: WebSocketRoute) -> None:
        self._socket = socket
        server = socket.connect_to_server()

        def pass_on(frame: str) -> None:
            for text in self._fate(frame):
                socket.send(text)
            if self.on and self._dice.random() < 0.04:
                socket.close()

        server.on_message(pass_on)

    def _fate(self, frame: str) -> list[str]:
        if not self.on:
            late, self._late = self._late, []
            return [*late, frame]
        draw = self._dice.random()
        if draw < 0.25:
            self.lost += 1
            return []
        if draw < 0.45:
            return [frame, frame]
        if draw < 0.65:
            self._late.append(frame)
            return []
        late, self._late = self._late, []
        return [frame, *late]


class Crowd:
    """Members who do something at random in one thread."""

    def __init__(self, members: list[Hands], thread: str, dice: random.Random) -> None:
        self._members = members
        self._thread = thread
        self._dice = dice
        self._posts: list[tuple[int, int, int, bool]] = []  # number, pk, author, stands

    def act(self) -> None:
        standing = [post for post in self._posts if post[3]]
        deeds = [self._reply] * 3 if len(self._posts) < REPLIES else []
        deeds += [self._edit, self._withdraw, self._react, self._react] if standing else []
        self._dice.choice(deeds)(standing)

    def _reply(self, standing: list[tuple[int, int, int, bool]]) -> None:
        author = self._dice.randrange(len(self._members))
        parents = ["", *(post[0] for post in standing)]
        change = self._members[author].reply(
            self._thread, f"Wpis {self._dice.random()}", self._dice.choice(parents)
        )
        number = int(re.search(r"/posts/(\d+)/", change["url"])[1])
        pk = int(re.search(r'id="post-(\d+)"', change["html"])[1])
        self._posts.append((number, pk, author, True))

    def _edit(self, standing: list[tuple[int, int, int, bool]]) -> None:
        _, pk, author, _ = self._dice.choice(standing)
        form = {"body": f"Zmiana {self._dice.random()}", "body_format": "markdown"}
        self._members[author].post(f"/posts/{pk}/edit/", **form)

    def _withdraw(self, standing: list[tuple[int, int, int, bool]]) -> None:
        post = self._dice.choice(standing)
        self._members[post[2]].post(f"/posts/{post[1]}/withdraw/")
        self._posts[self._posts.index(post)] = (*post[:3], False)

    def _react(self, standing: list[tuple[int, int, int, bool]]) -> None:
        _, pk, author, _ = self._dice.choice(standing)
        other = self._members[(author + 1) % len(self._members)]
        other.post(f"/posts/{pk}/reactions/", kind=self._dice.choice(["thank", "support"]))


@pytest.fixture
def crowd_of(server, sessions):
    members = [Hands(server, sessions[name]) for name in ("alice", "bob", "dana")]
    yield members
    for member in members:
        member.close()


def settle(page: Page) -> None:
    """Wait until the page knows the thread's last number and shows everything it knows."""
    expect(page.locator("live-state")).to_have_attribute("data-state", "current")
    open_strip_if_any(page)


def without_opened_folds(live: dict, fresh: dict) -> dict:
    """The live page as it would be folded anew: it keeps open what a fresh page folds away."""
    shown = {row["id"] for row in fresh["rows"]}
    folds = {row["root"]: row for row in fresh["rows"] if "left" in row}
    rows, open_now = [], dict.fromkeys(folds, 0)
    for row in live["rows"]:
        if "left" in row:
            open_now[row["root"]] += row["left"]
        elif row["id"] in shown:
            rows.append(row)
        else:
            assert row["root"] in folds, f"not on a fresh page: {row}"
            open_now[row["root"]] += 1
    assert open_now == {root: row["left"] for root, row in folds.items()}
    return {"head": live["head"], "rows": rows}


def unfolded(page: dict) -> dict:
    return {"head": page["head"], "rows": [row for row in page["rows"] if "left" not in row]}


@pytest.mark.parametrize(("order", "seed"), [("tree", 1), ("tree", 2), ("time", 3)])
def test_the_live_page_equals_a_fresh_page(visit, make, crowd_of, order, seed):
    dice = random.Random(seed)
    faults = Faults(dice)
    thread = make('print(factories.a_thread(member("bob")).get_absolute_url())')
    address = f"{thread}?order={order}"
    page, other = visit(None, "/"), visit(None, address)
    page.route_web_socket(re.compile("/live/"), faults.route)
    page.goto(address)
    crowd = Crowd(crowd_of, thread, dice)

    for _ in range(ROUNDS):
        faults.on = True
        for _ in range(STEPS):
            crowd.act()
            page.wait_for_timeout(30)  # the routed frames pass while Playwright is asked
        faults.on = False
        # A lost last frame is learnt from the next one, or when the broken socket is back.
        dice.choice([crowd.act, faults.break_off])()
        other.goto(address)
        fresh = other.evaluate(SEEN)
        for _ in range(40):
            settle(page)
            live = page.evaluate(SEEN)
            if unfolded(live)["rows"][-1:] == unfolded(fresh)["rows"][-1:] and same(live, fresh):
                break
            page.wait_for_timeout(250)
        assert without_opened_folds(live, fresh) == unfolded(fresh)
    assert faults.lost


def same(live: dict, fresh: dict) -> bool:
    try:
        return without_opened_folds(live, fresh) == unfolded(fresh)
    except (AssertionError, KeyError):
        return False
