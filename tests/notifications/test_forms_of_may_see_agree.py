"""Each kind is asked in three ways who may see: for all, for one, for many; they agree."""

import pytest

from accounts.models import User
from forum.categories.models import Category
from forum.discussions.kinds import ALL
from forum.discussions.models import Post
from forum.notifications.models import Event
from tests.factories import a_category, a_reply, a_thread

pytestmark = pytest.mark.django_db
READERS = Category.Readers


@pytest.fixture
def events(alice, carol, fundacja):
    """An event of a post for each openness of a category, and of one that was withdrawn."""
    made = []
    for readers in READERS:
        category = a_category(readers=readers)
        category.organizations.add(fundacja)
        thread = a_thread(carol, category)
        for state in (Post.State.PUBLISHED, Post.State.WITHDRAWN):
            post = a_reply(carol, thread)
            Post.objects.filter(pk=post.pk).update(state=state)
            type(thread).objects.filter(pk=thread.pk).update(accepted=post)
            made.append(Event.objects.get(about=f"post.{post.pk}"))
    return made


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.name)
def test_they_agree_for_everybody(kind, events, alice, bob, carol, dana, erin):
    seen_at_all = 0
    for member in User.objects.all():
        by_member = kind.seen_by(member, events)
        for event in events:
            of_all = kind.who_may_see(event).filter(pk=member.pk).exists()
            assert kind.may_see(member, event) == (event.pk in by_member)
            if kind.name != "accepted":  # which also asks whether it is still chosen
                assert (event.pk in by_member) == of_all
            assert of_all or event.pk not in by_member
        seen_at_all += len(by_member)
    assert seen_at_all or kind.name == "accepted"
