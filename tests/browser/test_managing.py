"""Split and merge while another page is open on each thread: what is seen equals a fresh page."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.waiting import open_strip_if_any

pytestmark = pytest.mark.browser

SEEN = """() => ({
    head: [...document.querySelectorAll(".thread-head :is(h1, .thread-head__origin)")]
        .map((e) => e.innerText.trim()),
    rows: [...document.querySelectorAll("#posts > .post:not([hidden])")].map((row) => [
        row.id, row.dataset.number, row.dataset.seq, row.dataset.state, row.dataset.path,
        (row.querySelector(".post__words, .moved__line")?.innerText ?? "").trim()]),
    hidden: document.querySelectorAll("#posts > [data-aside]:not([hidden])").length,
})"""
TALK = """
bob = member("bob")
thread = factories.a_thread(bob, title="Stary wątek")
second = factories.a_reply(bob, thread, "drugi")
third = factories.a_reply(bob, thread, "trzeci", parent=second)
factories.a_reply(bob, thread, "czwarty", parent=third)
factories.a_reply(bob, thread, "piąty")
print(json.dumps([thread.pk, factories.a_thread(bob, title="Drugi wątek").pk]))
"""


def settled(page, fresh, address):
    """What the live page shows once it equals a fresh one, else what it shows in the end."""
    live = None
    for _ in range(40):
        expect(page.locator("live-state")).to_have_attribute("data-state", "current")
        open_strip_if_any(page)
        fresh.goto(address)
        live, new = page.evaluate(SEEN), fresh.evaluate(SEEN)
        if live == new:
            return live, new
        page.wait_for_timeout(250)
    return live, new


@pytest.mark.parametrize("order", ["tree", "time"])
def test_live_pages_equal_fresh_ones_after_split_and_merge(visit, make, order):
    talk, other = json.loads(make(TALK))
    address = f"/threads/{talk}/?order={order}"
    there = f"/threads/{other}/?order={order}"
    page, into, fresh = visit("alice", address), visit(None, there), visit(None, "/")
    carol = visit("carol", f"/threads/{talk}/manage/")

    carol.locator("input[name=posts][value='3']").check()
    carol.locator("#split input[name=title]").fill("Osobny wątek")
    carol.locator("#split button[type=submit]").click()
    expect(carol.locator("h1")).to_have_text("Osobny wątek")
    new = int(carol.url.split("/threads/")[1].split("/")[0])
    live, now = settled(page, fresh, address)
    assert live == now
    assert any("Osobny wątek" in row[5] for row in live["rows"])

    branch = visit("bob", f"/threads/{new}/")
    for thread, target in [(new, talk), (talk, other)]:
        carol.goto(f"/threads/{thread}/manage/")
        carol.locator("#merge input[name=into]").fill(str(target))
        carol.locator("#merge form.form button[type=submit]").click()
        expect(carol).to_have_url(f"{carol.url.split('/threads/')[0]}/threads/{target}/")
        where = {talk: (page, address), other: (into, there)}[target]
        live, now = settled(where[0], fresh, where[1])
        assert live == now
        if thread == new:
            expect(branch.locator(".moved__line").first).to_be_visible()
    assert [row[1] for row in live["rows"]][0] == "1"
    assert len(live["rows"]) == 6


def test_a_moved_thread_leaves_an_open_list(visit, make):
    pk, category, there = json.loads(
        make("""
thread = factories.a_thread(member("bob"), title="Wędrowny wątek")
print(json.dumps([thread.pk, thread.category_id, factories.a_category().pk]))
""")
    )
    old, new = visit(None, f"/categories/{category}/"), visit(None, f"/categories/{there}/")
    expect(old.locator("live-state")).to_have_attribute("data-state", "current")
    expect(new.locator("live-state")).to_have_attribute("data-state", "current")
    carol = visit("carol", f"/threads/{pk}/manage/")
    carol.locator("select[name=category]").first.select_option(str(there))
    carol.locator("form[action$='/move/'] button").click()
    expect(old.locator(f"#thread-{pk}")).to_have_count(0)
    new.locator("new-strip [data-part=here]").click()
    expect(new.locator(f"#thread-{pk}")).to_be_visible()
