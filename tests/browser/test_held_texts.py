"""A text that waits, with the guards on: what its author and others see, also without a script."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.live.serving import Serving

pytestmark = pytest.mark.browser

BODY = "Szukam sali na próby chóru"
A_PESEL = "44051401359"
WORLD = """
thread = factories.a_thread(member("carol"), title="Sala we wtorki")
print(json.dumps([thread.pk, thread.get_absolute_url()]))
"""
PUBLISH = """
from forum.discussions.actions import judging
from forum.discussions.models import HeldText
post = judging.publish(staff=member("carol"), held=HeldText.objects.get(pk={pk}))
print(post.get_absolute_url())
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A forum that looks at newcomers first."""
    with Serving(tmp_path_factory.mktemp("forum"), GUARD_NEWCOMERS="true") as forum:
        yield forum


@pytest.fixture
def address(make):
    return json.loads(make(WORLD))[1]


def send(page, text):
    page.locator("#composer [contenteditable=true]").click()
    page.keyboard.type(text)
    page.locator("#composer button[type=submit].primary").click()


def pk_in(page):
    return re.search(r"/held/(\d+)/", page.url)[1]


def test_a_first_reply_waits_and_arrives_at_others_when_it_is_published(visit, make, address):
    bob, alice = visit("bob", address), visit("alice", address)
    send(bob, BODY)
    bob.wait_for_url("**/held/*/")
    expect(bob.locator(".held__words")).to_contain_text(BODY)
    expect(bob.locator(".held__why")).to_be_visible()
    pk = pk_in(bob)
    bob.goto(address)
    expect(bob.locator(f"#held-{pk}")).to_contain_text(BODY)
    expect(bob.locator("[data-kind=post]")).to_have_count(1)
    alice.reload()
    expect(alice.locator("live-state")).to_have_attribute("data-state", "current")
    expect(alice.locator("body")).not_to_contain_text(BODY)

    make(PUBLISH.format(pk=pk))
    alice.locator("new-strip button").click()
    expect(alice.locator("[data-kind=post]").last).to_contain_text(BODY)
    bob.reload()
    expect(bob.locator(f"#held-{pk}")).to_have_count(0)
    expect(bob.locator("[data-kind=post]")).to_have_count(2)


def test_it_is_taken_back_into_the_composer(visit, address):
    dana = visit("dana", address)
    send(dana, BODY)
    dana.wait_for_url("**/held/*/")
    dana.locator("main form button[type=submit]").click()
    dana.wait_for_url("**/drafts/")
    expect(dana.locator(".draft__beginning")).to_have_text(BODY)
    dana.goto(address)
    dana.locator("rich-text[data-state=ready]").first.wait_for()
    expect(dana.locator("#composer")).to_contain_text(BODY)
    expect(dana.locator(".held")).to_have_count(0)


def test_numbers_of_a_person_are_asked_about_first(visit, address):
    alice = visit("alice", address)
    send(alice, f"PESEL {A_PESEL}")
    expect(alice.locator("#composer [data-part=alert]")).to_contain_text("PESEL")
    box = alice.locator("#composer input[name=send_anyway]")
    expect(box).to_be_visible()
    expect(box).not_to_be_checked()
    expect(alice.locator("#composer")).to_contain_text(A_PESEL)
    box.check()
    alice.locator("#composer button[type=submit].primary").click()
    alice.wait_for_url("**/held/*/")
    expect(alice.locator(".held__words")).to_contain_text(A_PESEL)


def test_without_a_script_all_of_it_works(visit, address):
    alice = visit("alice", address, java_script_enabled=False)
    alice.locator("#composer textarea[name=body]").fill(f"Konto i PESEL {A_PESEL}")
    alice.locator("#composer input[name=about_office]").check()
    alice.locator("#composer button[type=submit].primary").click()
    expect(alice.locator("#composer [role=alert]").first).to_contain_text("PESEL")
    expect(alice.locator("#composer textarea[name=body]")).to_have_value(re.compile(A_PESEL))
    expect(alice.locator("#composer input[name=about_office]")).to_be_checked()
    alice.locator("#composer input[name=send_anyway]").check()
    alice.locator("#composer button[type=submit].primary").click()
    expect(alice).to_have_url(re.compile(r"/held/\d+/$"))
    alice.locator("main form button[type=submit]").click()
    expect(alice).to_have_url(re.compile(r"/drafts/$"))
