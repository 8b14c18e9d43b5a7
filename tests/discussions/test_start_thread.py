"""Starting a thread: done, refused, repeated."""

import uuid

import pytest

from accounts.erasing import erase_account
from accounts.models import User
from accounts.personal_data import Texts
from forum.categories.models import Category
from forum.discussions import actions
from forum.discussions.models import Thread
from forum.lib.answers import Refused
from tests.factories import a_category, a_thread

pytestmark = pytest.mark.django_db


def test_a_new_thread_has_an_opening_post_numbered_one(bob):
    thread = a_thread(bob, body="Ile godzin **naprawdę** potrzebujecie?")

    opening = thread.posts.get()
    assert (opening.number, opening.depth, opening.parent) == (1, 0, None)
    assert "<strong>naprawdę</strong>" in opening.html
    thread.refresh_from_db()
    assert (thread.last_number, thread.last_post, thread.seq) == (1, opening, 1)


def test_a_new_thread_is_a_change_of_its_category(bob):
    category = a_category()
    first = a_thread(bob, category)
    second = a_thread(bob, category)

    category.refresh_from_db()
    assert (first.listing_seq, second.listing_seq, category.seq) == (1, 2, 2)
    assert category.threads_count == 2


def test_an_organization_speaks_through_its_representative(alice, fundacja):
    thread = a_thread(alice, voice=fundacja)

    assert thread.organization == fundacja
    assert thread.posts.get().organization == fundacja
    alice.refresh_from_db()
    assert alice.last_voice == fundacja


def test_nobody_speaks_for_an_organization_without_a_mandate(bob, fundacja):
    with pytest.raises(Refused):
        a_thread(bob, voice=fundacja)
    assert not Thread.objects.exists()


@pytest.mark.parametrize("writers", [Category.Writers.STAFF, Category.Writers.ORGANIZATIONS])
def test_a_category_may_be_closed_to_a_members_threads(bob, writers):
    with pytest.raises(Refused):
        a_thread(bob, a_category(writers=writers))
    assert not Thread.objects.exists()


def test_the_adviser_writes_where_only_staff_does(carol):
    assert a_thread(carol, a_category(writers=Category.Writers.STAFF)).pk


def test_a_named_organization_writes_in_its_category(alice, fundacja):
    category = a_category(
        readers=Category.Readers.ORGANIZATIONS, writers=Category.Writers.ORGANIZATIONS
    )
    with pytest.raises(Refused):
        a_thread(alice, category)
    category.organizations.add(fundacja)
    assert a_thread(alice, category).pk


def test_a_suspended_member_starts_nothing(erin):
    with pytest.raises(Refused):
        a_thread(erin)


def test_an_account_erased_since_the_form_was_taken_starts_nothing(bob):
    category = a_category()
    erase_account(member=User.objects.get(pk=bob.pk), texts=Texts.WITHDRAW)
    with pytest.raises(Refused):
        a_thread(bob, category)
    assert not Thread.objects.exists()


def test_the_same_form_sent_twice_makes_one_thread(bob):
    category = a_category()
    form = {
        "author": bob,
        "voice": None,
        "category": category,
        "title": "Raz",
        "body": "Tylko raz.",
        "body_format": "markdown",
        "once": uuid.uuid4(),
    }
    assert actions.start_thread(**form) == actions.start_thread(**form)
    category.refresh_from_db()
    assert (Thread.objects.count(), category.threads_count, category.seq) == (1, 1, 1)
