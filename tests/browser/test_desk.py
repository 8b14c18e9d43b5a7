"""The desk in real browsers: what is reported comes by itself, and a key with a reason hides it."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser.waiting import is_awake

pytestmark = pytest.mark.browser

DESK = "/desk/"
WORLD = """
from datetime import timedelta
from django.utils import timezone
from forum.moderation import actions
from forum.moderation.actions.rulebook import publish_first_rules
from forum.moderation.models import Moderator
publish_first_rules()
today = timezone.localdate()
if not Moderator.objects.filter(user=member("dana")).exists():
    actions.appoint(
        staff=member("carol"), member=member("dana"), since=today,
        until=today + timedelta(days=90), elected_by="Konferencja",
    )
"""
POST = """
thread = factories.a_thread(member("bob"), title="Sala we wtorki")
post = factories.a_reply(member("bob"), thread, "Pożyczka w 15 minut bez BIK!")
"""
CASE = """
report = actions.report(
    reporter=member("alice"), kind="post", subject_pk=post.pk, reason="spam", words="To reklama."
)
print(json.dumps([report.case_id, thread.pk, post.pk]))
"""


@pytest.fixture(scope="module")
def moderators(make):
    make(WORLD)


@pytest.fixture
def case(make, moderators):
    """A case of Bob's post: its pk, the thread's, the post's."""
    return json.loads(make(WORLD + POST + CASE))


def row(page, pk):
    return page.locator(f"#case-{pk}")


def is_current(page):
    expect(page.locator("live-state")).to_have_attribute("data-state", "current")


def test_from_a_report_to_a_reasoned_decision_by_one_key(visit, make, moderators):
    thread, post = json.loads(make(POST + "print(json.dumps([thread.pk, post.pk]))"))
    guest, carol = visit(None, f"/threads/{thread}/"), visit("carol", DESK)
    is_current(carol)
    before = int(carol.locator(".nav__desk .num span").inner_text())
    alice = visit("alice", f"/report/post/{post}/")
    alice.locator("main input[type=radio][value=spam]").check()
    alice.locator("main form button[type=submit]").click()

    new = carol.locator(".queue .case-row[data-new]")
    expect(new).to_contain_text("Sala we wtorki")
    expect(carol.locator(".nav__desk .num span")).to_have_text(str(before + 1))
    new.locator("a").click()
    expect(carol.locator("#decide select[name=section]")).to_have_value("advertising")
    is_awake(carol)
    carol.locator("body").press("u")

    carol.wait_for_url("**done=*")
    expect(guest.locator(f"#post-{post}")).to_have_attribute("data-state", "hidden")
    expect(guest.locator(f"#post-{post}")).not_to_contain_text("BIK")
    carol.locator("form[action$='/undo/'] button").first.click()
    expect(guest.locator(f"#post-{post}")).to_contain_text("BIK")


def test_keys_sleep_while_somebody_types_and_when_switched_off(visit, case):
    pk, _thread, _post = case
    carol = visit("carol", f"/desk/cases/{pk}/")
    words = carol.locator("#decide textarea[name=facts]")
    words.fill("")
    words.press_sequentially("zupa")
    expect(words).to_have_value("zupa")
    carol.locator("desk-keys button").click()
    carol.locator("h1").click()
    carol.keyboard.press("z")
    expect(carol.locator("#decide")).to_be_visible()
    assert f"/desk/cases/{pk}/" in carol.url
    carol.locator("desk-keys button").click()
    carol.locator("h1").click()
    carol.keyboard.press("b")  # lies folded away: first it is shown
    expect(carol.locator("#decide button[data-key=b]")).to_be_focused()
    expect(carol.locator("#decide input[name=until][value='3']")).to_be_visible()
    carol.locator("h1").click()
    carol.keyboard.press("z")
    carol.wait_for_url("**done=*")


def test_who_looks_at_a_case_is_shown_and_the_second_decision_is_a_conflict(visit, case):
    pk, _thread, _post = case
    queue = visit("carol", DESK)
    is_current(queue)
    dana = visit("dana", f"/desk/cases/{pk}/")
    expect(row(queue, pk).locator("lease-mark")).to_contain_text("Dana Mazur")
    carol = visit("carol", f"/desk/cases/{pk}/")
    expect(carol.locator("case-watch [data-part=other]")).to_contain_text("Dana Mazur")
    carol.locator("#decide textarea[name=facts]").fill("Słowa Karoliny.")
    is_current(carol)

    dana.locator("#decide button[data-key=z]").click()
    dana.wait_for_url("**done=*")
    expect(carol.locator("case-watch [data-part=moved]")).to_be_visible()
    expect(row(queue, pk)).to_have_count(0)
    carol.locator("#decide button[data-key=u]").click()
    expect(carol.locator("[role=alert]").first).to_contain_text("Dana Mazur")
    expect(carol.locator("textarea[name=facts]")).to_have_value("Słowa Karoliny.")


def test_without_scripts_one_decides_on_many_at_once(visit, make, moderators):
    pks = json.loads(
        make(
            WORLD
            + POST
            + """
pks = []
for number in range(2):
    each = factories.a_reply(member("bob"), thread, f"Reklama {number}")
    pks.append(actions.report(
        reporter=member("alice"), kind="post", subject_pk=each.pk, reason="spam", words=""
    ).case_id)
print(json.dumps(pks))
"""
        )
    )
    carol = visit("carol", DESK, java_script_enabled=False)
    for pk in pks:
        row(carol, pk).locator("input[type=checkbox]").check()
    carol.locator("#together select[name=section]").select_option("advertising")
    carol.locator("#together textarea[name=facts]").fill("Reklama.")
    carol.locator("#together button").click()
    expect(carol.locator(".messages")).to_contain_text(re.compile(r"2"))
    for pk in pks:
        expect(row(carol, pk)).to_have_count(0)
