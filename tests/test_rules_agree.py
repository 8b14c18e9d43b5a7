"""The rule for one thing and the verb for lists say the same, for everybody and everywhere."""

import pytest
from django.contrib.auth.models import AnonymousUser

from forum.categories import rules as category_rules
from forum.categories.models import Category
from forum.discussions import rules
from forum.discussions.live import CategoryStream, ThreadStream
from forum.discussions.models import Post, Thread
from forum.discussions.reading import readable_thread
from tests.factories import a_category, a_thread

pytestmark = pytest.mark.django_db


@pytest.fixture
def everybody(alice, bob, carol, dana, erin):
    return [AnonymousUser(), alice, bob, carol, dana, erin]


@pytest.fixture
def everywhere(carol, fundacja):
    """A thread in a category of every openness, at the top and under every openness."""
    categories = [a_category(writers=writers) for writers in Category.Writers.values]
    for readers in Category.Readers.values:
        root = a_category(readers=readers)
        categories += [root, *(a_category(readers=r, parent=root) for r in Category.Readers.values)]
    for category in categories:
        category.organizations.add(fundacja)
    return [a_thread(carol, category) for category in categories]


def test_rules_verbs_and_streams_agree(everybody, everywhere):
    readers = 0
    for viewer in everybody:
        for thread in everywhere:
            answer = bool(rules.may_read(viewer, thread))
            assert answer == (thread in Thread.objects.readable_by(viewer))
            assert answer == (thread in Thread.objects.listed_for(viewer))
            assert answer == bool(category_rules.may_read(viewer, thread.category))
            assert answer == (readable_thread(viewer, thread.pk) == thread)
            assert answer == Post.objects.readable_by(viewer).filter(thread=thread).exists()
            assert answer == ThreadStream().may_listen(viewer, thread.pk)
            assert answer == CategoryStream().may_listen(viewer, thread.category_id)
            may_write = bool(rules.may_reply(viewer, thread))
            assert may_write == (thread.category in Category.objects.writable_by(viewer))
            assert answer or not may_write
            readers += answer
    assert 0 < readers < len(everybody) * len(everywhere)


def test_who_reads_what(everybody, everywhere):
    guest, alice, bob, carol, dana, erin = everybody

    def read(viewer):
        return {t.category.readers for t in Thread.objects.readable_by(viewer)}

    assert read(guest) == read(erin) == {"everybody"}
    assert read(bob) == read(dana) == {"everybody", "members"}
    assert read(alice) == {"everybody", "members", "organizations"}
    assert read(carol) == {"everybody", "members", "organizations", "staff"}


def test_a_child_is_never_more_open_than_its_parent(bob, carol):
    parent = a_category(readers=Category.Readers.STAFF)
    thread = a_thread(carol, a_category(parent=parent))
    assert not rules.may_read(bob, thread)
