"""A guest's browser that has the page already hears so; whatever changed, it gets the new one."""

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
import time_machine
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actions import change_profile
from forum.categories.models import Category
from forum.discussions import actions
from forum.lib import fragments
from forum.operation import actions as operation
from forum.operation import maintenance
from forum_site.templatetags import frame
from tests.cast import log_in, logged_in
from tests.factories import a_category, a_reply, a_thread, an_attachment, opening_post
from tests.moderation.world import found

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sharing")]

LISTS = ["/", "/threads/", "/threads/unanswered/", "/threads/official/"]


@pytest.fixture
def thread(alice, bob):
    thread = a_thread(bob, title="Sala we wtorki")
    a_reply(alice, thread, "Jest podjazd od podwórza.")
    Client().get(thread.get_absolute_url())  # the forum begins to count its names
    return thread


@pytest.fixture
def address(thread):
    return thread.get_absolute_url()


@dataclass
class Guest:
    """A browser that keeps the last page of an address with its headers, as RFC 9111 has it."""

    browser: Client
    address: str
    html: str = ""
    tag: str = ""
    policy: str = ""

    def look(self):
        """Ask for the page, as a browser does that may not show its copy unasked."""
        headers = {"If-None-Match": self.tag} if self.tag else {}
        answer = self.browser.get(self.address, headers=headers)
        self.policy = answer.headers.get("Content-Security-Policy", self.policy)
        if answer.status_code != 304:
            self.html = answer.content.decode()
            self.tag = answer.headers.get("ETag", "")
        for name in [name for name, cookie in self.browser.cookies.items() if not cookie.value]:
            del self.browser.cookies[name]  # taken back, which the client sends on
        assert "\0" not in self.html
        (nonce,) = set(re.findall(r'nonce="([^"]+)"', self.html))
        assert f"'nonce-{nonce}'" in self.policy
        return answer.status_code


@pytest.fixture
def guest(address):
    """Somebody who has read the thread."""
    guest = Guest(Client(enforce_csrf_checks=True), address)
    assert (guest.look(), guest.look()) == (200, 304)
    return guest


# --- What is told ---------------------------------------------------------------------------------
def test_who_has_the_page_hears_so_and_gets_nothing_else(guest, django_assert_num_queries):
    with django_assert_num_queries(1):  # whether the thread may be read
        answer = guest.browser.get(guest.address, headers={"If-None-Match": guest.tag})
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["ETag"] == guest.tag
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "Cookie" in answer.headers["Vary"]
    # A new policy would be put beside the nonce of the page before; a length would be its length.
    left_out = {"Content-Security-Policy", "Content-Length", "Content-Type", "Set-Cookie"}
    assert left_out.isdisjoint(answer.headers)
    assert not answer.cookies


@pytest.mark.parametrize("list_address", LISTS)
def test_lists_are_told_as_well(thread, list_address, django_assert_num_queries):
    guest = Guest(Client(), list_address)
    assert guest.look() == 200
    with django_assert_num_queries(1):  # the categories and their numbers
        assert guest.look() == 304


def test_the_tag_is_weak_and_found_among_others_however_it_comes(guest):
    """nginx makes tags weak where it compresses; RFC 9110 has `If-None-Match` compare weakly."""
    assert guest.tag.startswith('W/"')
    for sent in (guest.tag, guest.tag.removeprefix("W/"), f'"other", {guest.tag}', "*"):
        answer = guest.browser.get(guest.address, headers={"If-None-Match": sent})
        assert answer.status_code == 304, sent
    for sent in ('"other"', guest.tag[:-2] + '"', guest.tag.strip('W/"')):
        answer = guest.browser.get(guest.address, headers={"If-None-Match": sent})
        assert answer.status_code == 200, sent


def test_conditions_of_another_kind_are_no_conditions(guest):
    for headers in (
        {"If-Match": guest.tag},
        {"If-Match": '"other"'},
        {"If-Unmodified-Since": "Thu, 26 Nov 2026 09:00:00 GMT"},
        {"If-Modified-Since": "Thu, 26 Nov 2099 09:00:00 GMT"},
    ):
        assert guest.browser.get(guest.address, headers=headers).status_code == 200, headers


def test_the_page_in_the_browser_goes_on_working(guest):
    """Its form's token is that of the cookie, however often the page was not sent again."""
    assert guest.look() == 304
    assert choose_english(guest).status_code == 303
    assert guest.look() == 200
    assert '<html lang="en"' in guest.html


def choose_english(guest):
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', guest.html)[1]
    fields = {"language": "en", "next": guest.address, "csrfmiddlewaretoken": token}
    return guest.browser.post(reverse("accounts:set_language"), fields)


def test_the_order_is_kept_by_an_answer_without_a_page(guest):
    guest.address += "?order=time"
    assert (guest.look(), guest.look()) == (200, 304)
    del guest.browser.cookies["order"]
    assert guest.look() == 304
    assert guest.browser.cookies["order"].value == "time"


def test_another_process_and_a_restart_know_the_page_again(guest):
    """What tells pages apart is what stands in them, not who rendered them when."""
    caches["pages"].clear()
    assert guest.look() == 304
    caches["fragments"].clear()
    Client().get(guest.address)
    assert guest.look() == 304


def test_a_page_that_stays_as_it_is_stays_known_for_days(guest):
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert guest.look() == 304


# --- What changes the page ------------------------------------------------------------------------
def test_whatever_changes_in_the_thread_is_sent(
    guest, thread, alice, bob, carol, django_capture_on_commit_callbacks
):
    reply = thread.posts.get(number=2)

    def edit():
        actions.edit(author=alice, post=reply, body="Podjazdu brak.", body_format="markdown")

    def rename():
        change_profile(member=alice, display_name="Alicja Nowak", language="pl")

    def rename_category():
        Category.objects.filter(pk=thread.category_id).update(name="Lokale")
        fragments.forget_names()  # as every save in the administration does

    changes = {
        "Przyniosę krzesła.": lambda: a_reply(bob, thread, "Przyniosę krzesła."),
        "Podjazdu brak.": edit,
        "Alicja Nowak": rename,
        "Sala w środy": lambda: actions.retitle(author=carol, thread=thread, title="Sala w środy"),
        "Lokale": rename_category,
        "Osobno": lambda: actions.move(staff=carol, thread=thread, category=a_category("Osobno")),
    }
    for words, change in changes.items():
        assert (words in guest.html, guest.look()) == (False, 304), words
        thread.refresh_from_db()
        with django_capture_on_commit_callbacks(execute=True):
            change()
        assert (guest.look(), words in guest.html) == (200, True), words
        assert guest.look() == 304


def test_what_moderators_hide_is_gone_at_the_next_look(guest, thread, carol):
    words = "Jest podjazd od podwórza."
    assert words in guest.html
    found(carol, thread.posts.get(number=2))
    assert (guest.look(), words in guest.html) == (200, False)


def test_what_may_not_be_read_any_more_is_not_confirmed(guest, thread):
    Category.objects.update(readers=Category.Readers.MEMBERS)
    answer = guest.browser.get(guest.address, headers={"If-None-Match": guest.tag})
    assert (answer.status_code, "ETag" in answer.headers) == (404, False)


def test_a_list_says_how_long_something_waits_and_changes_with_it(thread, bob):
    a_thread(bob, thread.category, title="Kto ma rzutnik?")
    guest = Guest(Client(), "/")
    now = timezone.now()
    with time_machine.travel(now + timedelta(minutes=61), tick=False):
        assert (guest.look(), guest.look()) == (200, 304)
        assert "czeka 1 godzinę" in guest.html
    with time_machine.travel(now + timedelta(hours=5, minutes=1), tick=False):
        assert (guest.look(), "czeka 5 godzin" in guest.html) == (200, True)


def test_a_release_with_other_files_or_another_policy_is_sent(guest, monkeypatch, settings):
    monkeypatch.setattr(frame, "_remembered_entries", lambda: '{"imports": {"a": "/a.2.js"}}')
    caches["pages"].clear()  # a new process begins with none
    assert (guest.look(), guest.look()) == (200, 304)
    assert "/a.2.js" in guest.html
    settings.SECURE_CSP = {**settings.SECURE_CSP, "img-src": ["'self'"]}
    before = guest.policy
    assert (guest.look(), guest.look()) == (200, 304)
    assert guest.policy != before


# --- Who asks -------------------------------------------------------------------------------------
def test_a_member_has_no_tag_and_never_the_guests_page(guest, alice):
    log_in(guest.browser, alice)
    guest_s = guest.tag
    assert (guest.look(), guest.tag) == (200, "")
    assert alice.email in guest.html
    for sent in (guest_s, "*"):
        answer = guest.browser.get(guest.address, headers={"If-None-Match": sent})
        assert (answer.status_code, "ETag" in answer.headers) == (200, False)
        assert alice.email in answer.content.decode()


def test_who_logged_out_has_the_guests_page(guest, alice):
    log_in(guest.browser, alice)
    guest.look()
    guest.browser.logout()
    assert guest.look() == 200
    assert alice.email not in guest.html
    assert guest.look() == 304


def test_a_session_that_is_over_is_ended_by_a_whole_page(guest, alice):
    guest.browser.cookies["sessionid"] = logged_in(alice).cookies["sessionid"].value
    alice.is_active = False
    alice.save()
    tag = guest.tag
    assert (guest.look(), guest.tag) == (200, "")
    assert alice.email not in guest.html
    guest.tag = tag
    assert guest.look() == (304 if "sessionid" not in guest.browser.cookies else 200)


@pytest.mark.parametrize("where", ["thread", "list"])
def test_a_message_is_shown_once_and_never_confirmed(guest, where):
    if where == "list":
        guest = Guest(guest.browser, "/threads/")
        assert (guest.look(), guest.look()) == (200, 304)
    message, tag = "Napisz tu, o co chodzi.", guest.tag
    guest.browser.cookies["messages"] = signed(message)
    assert (guest.look(), message in guest.html, guest.tag) == (200, True, "")
    guest.tag = tag
    assert guest.look() == 304


def signed(text):
    """The cookie of a message that waits for a guest."""
    return CookieStorage(None)._encode([Message(constants.INFO, text)])


def test_a_tag_is_good_in_one_browser_only(guest):
    """The token in the page is of the browser's cookie: with another one its form would fail."""
    other = Guest(Client(), guest.address, tag=guest.tag)
    assert other.look() == 200
    assert other.tag != guest.tag
    del guest.browser.cookies["csrftoken"]
    assert guest.look() == 200
    guest.browser.cookies["csrftoken"] = "broken"
    assert guest.look() == 200
    assert choose_english(guest).status_code == 303


# --- When -----------------------------------------------------------------------------------------
def test_maintenance_is_seen_at_once_and_over_at_once(guest):
    tag = guest.tag
    operation.begin_maintenance(reason="Zmieniamy serwer", until=None)
    maintenance.look()
    assert (guest.look(), guest.tag) == (200, "")
    assert "Zmieniamy serwer" in guest.html
    operation.end_maintenance()
    maintenance.look()
    assert (guest.look(), guest.tag) == (200, tag)
    assert "Zmieniamy serwer" not in guest.html


def test_a_page_rendered_for_one_reader_alone_has_no_tag(guest, settings):
    for query in ("?utm=1", "?page=1&x=1"):
        assert "ETag" not in guest.browser.get(guest.address + query).headers
    settings.DEBUG = True
    answer = guest.browser.get(guest.address, headers={"If-None-Match": guest.tag})
    assert (answer.status_code, "ETag" in answer.headers) == (200, False)


def test_an_attached_file_keeps_the_policy_it_came_with(bob, thread):
    file = an_attachment(bob, opening_post(thread))
    door = reverse("discussions:attachment", args=[file.key])
    first = Client().get(door)
    again = Client().get(door, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]
    assert "Content-Length" not in again.headers
