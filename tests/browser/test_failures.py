"""The server dies, or there are several of them: no page misses a post."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PRELUDE, SESSIONS
from tests.browser.hands import Hands
from tests.live.serving import Serving

pytestmark = pytest.mark.browser
THREAD = 'print(factories.a_thread(member("bob")).get_absolute_url())'


def posts(page):
    return page.locator("#posts .post")


def is_current(page):
    expect(page.locator("live-state")).to_have_attribute("data-state", "current")


def test_a_post_answered_before_the_server_was_killed_is_on_the_other_page(
    server, sessions, visit, make
):
    thread = make(THREAD)
    page = visit(None, thread)
    is_current(page)
    alice = Hands(server, sessions["alice"])

    alice.reply(thread, "Tuż przed awarią.")
    server.kill()
    expect(page.locator("live-state")).to_have_attribute("data-state", "offline")
    server.start()

    is_current(page)
    page.locator("new-strip button").click()
    expect(posts(page).last).to_contain_text("Tuż przed awarią.")
    expect(posts(page)).to_have_count(2)
    alice.close()


@pytest.mark.postgresql
def test_pages_of_several_processes_are_one_forum(browser, tmp_path, complaints):
    with Serving(tmp_path / "a", WEB_PROCESSES="2") as first:
        shared = {
            "DATABASE_URL": first.environment["DATABASE_URL"],
            "SECRET_KEY": (tmp_path / "a" / "secret-key").read_text(),
        }
        thread = first.run(PRELUDE + SESSIONS + THREAD).splitlines()[-1]
        session = first.run(
            PRELUDE + 'print(cast.logged_in(member("alice")).cookies["sessionid"].value)'
        )
        with Serving(tmp_path / "b", WEB_PROCESSES="2", **shared) as second:
            context = browser.new_context(base_url=second.origin)
            page = context.new_page()
            page.goto(thread)
            is_current(page)
            alice = Hands(first, session)
            alice.reply(thread, "Z drugiego procesu.")
            page.locator("new-strip button").click()
            expect(posts(page).last).to_contain_text("Z drugiego procesu.")
            alice.close()
            context.close()


def test_a_right_taken_in_the_admin_is_gone_from_open_pages(visit, make):
    thread = make(THREAD)
    guest, carol = visit(None, thread), visit("carol", thread)
    is_current(guest)
    category = make(f"print(factories.Thread.objects.get(pk={thread.split('/')[2]}).category_id)")
    carol.goto(f"/admin/categories/category/{category}/change/")
    carol.locator("select[name=readers]").select_option("staff")
    carol.locator("input[name=_save]").click()
    expect(guest.locator("live-state")).to_have_attribute("data-state", "refused")
