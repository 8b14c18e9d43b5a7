"""What a notification of a saved search says, in the list and in the mail."""

import pytest

from forum.notifications.listing import page_of
from tests.factories import a_thread
from tests.notifications.deliveries import WINDOW
from tests.saved_searches.world import a_search, work

pytestmark = pytest.mark.django_db


def rows(member):
    work()
    page = page_of(member, 0, "", "/notifications/", is_unread_only=False)
    return [row.told for group in page.items for row in group.rows]


def test_one_result_names_the_search_and_leads_to_the_post(bob, alice):
    a_search(bob)
    thread = a_thread(alice, title="Remont sali", body="Dotacja na remont.")
    (told,) = rows(bob)
    assert "dotacja" in told.title
    assert "Remont sali" in told.title
    assert "Dotacja na remont." in told.text
    assert told.url.startswith(thread.get_absolute_url())
    assert told.heading_url == "/searches/"


def test_several_are_counted_and_lead_to_the_searches(bob, alice):
    a_search(bob)
    for number in range(3):
        a_thread(alice, title=f"Remont {number}", body="Dotacja na remont.")
    (told,) = rows(bob)
    assert told.title.startswith("3 ")
    assert "Remont 2" in told.text
    assert told.url == "/searches/"


def test_a_mail_tells_all_of_an_evening_and_stops_by_one_link(clock, outbox, later, bob, alice):
    a_search(bob)
    for number in range(3):
        a_thread(alice, title=f"Remont {number}", body="Dotacja na remont.")
    later(WINDOW)
    to_bob = [mail for mail in outbox if mail.to == [bob.email]]
    assert len(to_bob) == 1
    for number in range(3):
        assert f"Remont {number}" in to_bob[0].body
    assert "List-Unsubscribe" in to_bob[0].extra_headers
