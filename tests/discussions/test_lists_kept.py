"""Lists are kept for members as well: each one's is what it would be anew, and right at once."""

import random
import re

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from forum.categories.models import Category
from forum.discussions import actions
from forum.discussions.models import Post
from forum.discussions.places import place_of_category
from forum.discussions.views import list_pages
from forum.lib import fragments
from forum.notifications.actions import follow
from tests.cast import logged_in
from tests.discussions.sharing import plain
from tests.factories import a_category, a_reply, a_thread

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sharing")]

LATEST = reverse("discussions:latest")
UNANSWERED = reverse("discussions:unanswered")
OFFICIAL = reverse("discussions:official")
UNREAD = reverse("discussions:unread_list")


@pytest.fixture
def category(alice, bob):
    category = a_category("Lokale", description="O salach")
    for title in ("Sala we wtorki", "Kto ma rzutnik?"):
        thread = a_thread(bob, category, title=title)
    a_reply(alice, thread, "Mamy.")
    return category


@pytest.fixture
def addresses(category):
    return [
        LATEST,
        UNANSWERED,
        OFFICIAL,
        UNREAD,
        reverse("discussions:category", args=[category.pk]),
    ]


def kept_pages():
    return len(caches["pages"]._cache)


def test_each_member_gets_the_page_rendered_for_them_alone(
    sharing, addresses, category, alice, bob, carol, dana, caplog
):
    follow(member=dana, place=place_of_category(category.pk), level="muted")
    browsers = [logged_in(member) for member in (alice, bob, carol, dana)]
    for address in (each for each in addresses if each != UNREAD):
        kept = [[plain(browser.get(address)) for browser in browsers] for _ in range(2)]
        sharing(False)
        alone = [plain(browser.get(address)) for browser in browsers]
        sharing(True)
        assert kept == [alone, alone], address
        assert len({*alone}) == len(browsers)  # each says whose it is
    assert not caplog.records


def test_members_share_one_page_and_the_staff_another(addresses, alice, bob, carol):
    for address in addresses:
        caches["pages"].clear()
        for member in (alice, bob, carol):
            logged_in(member).get(address)
        # What one member has not read is no other's page.
        assert kept_pages() == (0 if address == UNREAD else 2), address


@pytest.mark.parametrize("address", [LATEST, UNANSWERED])
def test_a_kept_list_costs_few_questions(
    address, category, alice, bob, django_assert_max_num_queries
):
    """Session, member, visit, readable categories, what is read, and the bell."""
    logged_in(bob).get(address)
    browser = logged_in(alice)
    browser.get(address)
    with django_assert_max_num_queries(6):
        browser.get(address)


def test_what_one_read_or_chose_is_on_their_page_alone(category, alice, bob):
    address = reverse("discussions:category", args=[category.pk])
    mine, theirs = logged_in(alice), logged_in(bob)
    before = plain(theirs.get(address))
    unread = re.compile(r'data-read="([^"]+)"')
    seen = unread.search(plain(mine.get(address)))[1]
    thread = category.threads.get(title="Sala we wtorki")
    actions.mark_thread_read(user=alice, thread=thread)
    assert unread.search(plain(mine.get(address)))[1] != seen
    follow(member=alice, place=place_of_category(category.pk), level="muted")
    assert 'data-level="muted"' in plain(mine.get(address))
    assert plain(theirs.get(address)) == before


def test_who_may_not_write_there_is_told_so_on_a_page_of_their_own(category, alice, bob, carol):
    address = reverse("discussions:category", args=[category.pk])
    start = reverse("discussions:start", args=[category.pk])
    assert start in plain(logged_in(bob).get(address))
    Category.objects.filter(pk=category.pk).update(writers=Category.Writers.STAFF)
    assert start not in plain(logged_in(alice).get(address))
    assert start in plain(logged_in(carol).get(address))


def test_a_message_is_on_its_owners_page_only(category, alice, bob):
    mine, theirs = logged_in(alice), logged_in(bob)
    mine.post(reverse("discussions:read_everything"))
    pages = [plain(browser.get(LATEST)) for browser in (theirs, mine, theirs)]
    assert pages[0] == pages[2]
    assert alice.email not in pages[0]


def test_words_of_a_category_that_were_read_before_they_changed_are_no_page_for_others(
    category, alice, bob, monkeypatch
):
    """An administrator saves while a page is being made: the next page says what was saved."""
    address = reverse("discussions:category", args=[category.pk])
    plain(logged_in(alice).get(address))
    found = list_pages._names_of_today

    def save_meanwhile():
        Category.objects.filter(pk=category.pk).update(description="O lokalach")
        caches["fragments"].set(fragments.NAMES, 12345)
        monkeypatch.setattr(list_pages, "_names_of_today", found)
        return found()

    monkeypatch.setattr(list_pages, "_names_of_today", save_meanwhile)
    assert "O salach" in plain(logged_in(alice).get(address))
    assert "O lokalach" in plain(logged_in(bob).get(address))


class Life:
    """What may happen to the threads of a list."""

    def __init__(self, category, members, staff, chance):
        self.category, self.members, self.staff, self.chance = category, members, staff, chance

    def step(self):
        thread = self.chance.choice(list(self.category.threads.filter(merged_into=None)))
        author = self.chance.choice(self.members)
        self.chance.choice(
            [
                lambda: a_thread(author, self.category, title=f"Wątek {self.chance.random()}"),
                lambda: a_reply(author, thread),
                lambda: actions.retitle(
                    author=self.staff, thread=thread, title=f"Nowy {self.chance.random()}"
                ),
                lambda: actions.pin(staff=self.staff, thread=thread, on=not thread.is_pinned),
                lambda: actions.close(staff=self.staff, thread=thread, on=not thread.is_closed),
                lambda: self.withdraw(thread),
                lambda: self.rename(author),
            ]
        )()

    def withdraw(self, thread):
        standing = thread.posts.filter(state=Post.State.PUBLISHED, number__gt=1)
        if (post := standing.order_by("-number").first()) is not None:
            actions.withdraw(author=post.author, post=post)

    def rename(self, member):
        member.display_name = f"Osoba {self.chance.randrange(1_000)}"
        member.save()
        caches["fragments"].set(fragments.NAMES, self.chance.random())


@pytest.mark.parametrize("seed", range(3))
def test_random_lives_of_a_list(sharing, addresses, category, alice, bob, carol, dana, seed):
    """After every step the kept page and its kept rows are the page rendered anew."""
    life = Life(category, [alice, bob, dana], carol, random.Random(seed))
    browsers = [Client(), logged_in(alice), logged_in(carol)]
    for _ in range(12):
        life.step()
        browser = life.chance.choice(browsers)
        address = life.chance.choice([each for each in addresses if each != UNREAD])
        kept = plain(browser.get(address))
        sharing(False)
        # The rows, too: nothing that is kept has a part in it.
        caches["fragments"].clear()
        alone = plain(browser.get(address))
        sharing(True)
        assert kept == alone
