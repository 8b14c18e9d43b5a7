"""Who may see a result is asked in three ways: for all, for one, for many; they agree."""

import pytest

from accounts.models import User
from forum.categories.models import Category
from forum.discussions.models import Post
from forum.notifications.models import Event
from forum.saved_searches.kinds import NewResult
from tests.factories import a_category, a_reply, a_thread
from tests.saved_searches.world import a_search, work

pytestmark = pytest.mark.django_db


def test_they_agree_for_everybody(alice, bob, carol, dana, fundacja):
    for member in (alice, bob, dana):
        a_search(member)
    a_search(alice, "kwark")
    posts = []
    for readers in Category.Readers:
        category = a_category(readers=readers)
        category.organizations.add(fundacja)
        posts += [a_reply(carol, a_thread(carol, category), "Dotacja.") for _ in range(2)]
    work()
    Post.objects.filter(pk__in=[post.pk for post in posts[1::2]]).update(state="hidden")
    events = list(Event.objects.filter(kinds=["saved_search"]))
    kind, seen_at_all = NewResult(), 0
    for member in User.objects.all():
        by_member = kind.seen_by(member, events)
        for event in events:
            of_all = kind.who_may_see(event).filter(pk=member.pk).exists()
            assert of_all == (event.pk in by_member) == kind.may_see(member, event)
        seen_at_all += len(by_member)
    assert seen_at_all == 7  # three members of what guests and members read, Alice of her own
    assert not kind.seen_by(carol, events)  # who looks for nothing
