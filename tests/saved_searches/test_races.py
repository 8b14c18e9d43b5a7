"""Several workers at once, on the databases that let them."""

from functools import partial

import pytest

from forum.discussions import actions as discussions
from forum.jobs.models import Job
from forum.notifications.models import Event, Item
from forum.saved_searches import actions
from forum.saved_searches.actions.matching import match
from forum.saved_searches.models import Match, SavedSearch
from forum.saved_searches.rules import SEARCHES_OF_A_MEMBER
from tests.cast import make_alice, make_bob
from tests.factories import a_reply, a_thread, opening_post
from tests.moderation.world import at_once
from tests.saved_searches.world import a_search, found

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_post_looked_at_by_four_workers_is_told_once():
    alice, bob = make_alice(), make_bob()
    a_search(bob)
    a_search(bob, "podłoga")
    post = opening_post(a_thread(alice, body="Dotacja na podłogę."))
    outcomes = at_once(*[lambda: match.call("post", [post.pk])] * 4)
    assert outcomes == [None] * 4
    assert found(bob) == 1
    assert (Match.objects.count(), Item.objects.filter(user=bob).count()) == (2, 1)
    assert Event.objects.filter(kinds=["saved_search"]).count() == 1


def test_a_search_removed_while_it_is_looked_at_leaves_nothing():
    alice, bob = make_alice(), make_bob()
    for _ in range(20):
        search = a_search(bob)
        post = opening_post(a_thread(alice, body="Dotacja."))
        outcomes = at_once(
            partial(match.call, "post", [post.pk]),
            partial(actions.remove, member=bob, search=search),
        )
        assert outcomes == [None] * 2
        Job.objects.filter(kind="saved_searches.match").delete()
        assert found(bob) == 0
        assert not Match.objects.exists()


def test_an_edit_while_it_is_looked_at_leaves_what_the_last_text_says():
    alice, bob = make_alice(), make_bob()
    a_search(bob)
    thread = a_thread(alice)
    post = a_reply(alice, thread, "Dotacja.")
    for body, fits in (("Nic.", 0), ("Dotacja.", 1), ("Nic.", 0)):
        edit = partial(discussions.edit, author=alice, post=post, body=body, body_format="markdown")
        at_once(lambda: match.call("post", [post.pk]), edit)
        assert found(bob) == fits


def test_the_cap_holds_for_two_clicks_at_once():
    bob = make_bob()
    for number in range(SEARCHES_OF_A_MEMBER - 1):
        a_search(bob, f"dotacja{number}")
    outcomes = at_once(lambda: a_search(bob, "jeden"), lambda: a_search(bob, "drugi"))
    assert outcomes.count("refused") == 1
    assert SavedSearch.objects.count() == SEARCHES_OF_A_MEMBER


def test_two_clicks_on_one_button_keep_one_search():
    bob = make_bob()
    outcomes = at_once(*[lambda: a_search(bob)] * 3)
    assert len({each.pk for each in outcomes}) == 1
    assert SavedSearch.objects.count() == 1
