"""The first page: for guests what this is and how to join, for members what matters to them."""

import re
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Mandate, User
from forum.categories.models import Category
from forum.discussions import actions
from forum.lib import fragments
from forum.notifications.models import Follow
from forum.overview.member_home import FOLLOWED_SHOWN, OWED_SHOWN, THREADS_SHOWN
from tests.cast import logged_in
from tests.factories import a_category, a_reply, a_thread

pytestmark = pytest.mark.django_db

MEMORY = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "pages"}
HOME = "/"


def html_of(browser):
    response = browser.get(HOME)
    assert response.status_code == 200
    return response.content.decode()


# --- Guests ---------------------------------------------------------------------------------------
def test_a_guest_sees_what_this_is_what_goes_on_who_is_in_and_how_to_join(
    client, alice, bob, fundacja
):
    thread = a_thread(bob, title="Sala we wtorki")
    html = html_of(client)
    for fact in [
        "Tu organizacje powiatu rozmawiają",
        "Jak dołączyć",
        reverse("account_signup"),
        thread.title,
        fundacja.called,
        reverse("organizations:directory"),
        reverse("discussions:category", args=[thread.category_id]),
        reverse("discussions:unanswered"),
    ]:
        assert fact in html


def test_only_organizations_somebody_speaks_for_are_in(client, alice, fundacja, orlik):
    assert fundacja.called in html_of(client)
    assert orlik.called not in html_of(client)
    Mandate.objects.update(revoked_at=timezone.now())
    assert fundacja.called not in html_of(client)


# --- Nobody has written yet -----------------------------------------------------------------------
@pytest.mark.parametrize("who", ["guest", "bob"])
def test_an_empty_forum_says_what_can_be_asked_one_click_away(client, bob, who):
    category = a_category(templates=["question"])
    a_category(writers=Category.Writers.STAFF)
    if who == "bob":
        client.force_login(bob)
    examples = client.get(HOME).context["examples"]
    assert len(examples) == 4
    start = reverse("discussions:start", args=[category.pk])
    for example in examples:
        assert example.url.startswith(start)
        assert example.title in html_of(client).replace("&#x27;", "'")
    page = client.get(examples[0].url, follow=True)
    if who == "bob":
        assert f'value="{examples[0].title}"' in page.content.decode()
    else:
        assert page.redirect_chain[0][0].startswith("/accounts/login/?next=")


def test_the_examples_go_when_people_talk(client, bob):
    category = a_category()
    for count in range(3):
        assert len(client.get(HOME).context["examples"]) == 4, count
        a_thread(bob, category)
    assert client.get(HOME).context["examples"] == []


def test_a_forum_without_categories_leads_nobody_astray(client, bob, carol):
    for browser in (client, logged_in(bob)):
        assert all(example.url == "" for example in browser.get(HOME).context["examples"])
        assert reverse("admin:categories_category_add") not in html_of(browser)
    assert reverse("admin:categories_category_add") in html_of(logged_in(carol))


def test_where_nothing_was_asked_nobody_says_that_all_is_answered(client, bob, carol):
    a_category()
    assert "Każde pytanie ma już odpowiedź." not in html_of(client)
    a_reply(carol, a_thread(bob))
    assert "Każde pytanie ma już odpowiedź." in html_of(client)


# --- Members --------------------------------------------------------------------------------------
def test_what_waits_for_an_answer_stands_first_and_takes_the_place_of_threads(alice, bob):
    category = a_category()
    for _ in range(THREADS_SHOWN + 2):
        a_thread(bob, category)
    browser = logged_in(alice)
    page = browser.get(HOME)
    assert (len(page.context["latest"].threads), page.context["owed"]) == (THREADS_SHOWN, [])
    for _ in range(OWED_SHOWN + 2):
        a_reply(bob, a_thread(alice, category), "I ja mam pytanie.")
    page = browser.get(HOME)
    owed, latest = page.context["owed"], page.context["latest"]
    assert (len(owed), page.context["owed_left"]) == (OWED_SHOWN, 2)
    assert len(latest.threads) == page.context["page_size"] == THREADS_SHOWN - OWED_SHOWN - 1
    html = page.content.decode()
    first_row = html.index(f'id="thread-{latest.threads[0].pk}"')
    assert html.index(f'id="owed-{owed[0].post.pk}"') < first_row
    assert reverse("overview:owed") in html


def test_followed_threads_stand_here_while_they_have_news(alice, bob):
    category = a_category()
    quiet, loud, muted, other = (a_thread(bob, category, title=title) for title in "ABCD")
    for thread, level in [
        (quiet, "everything"),
        (loud, "everything"),
        (muted, "muted"),
        (other, "concerning"),
    ]:
        Follow.objects.create(user=alice, place=f"thread.{thread.pk}", level=level)
        actions.mark_thread_read(user=alice, thread=thread)
    browser = logged_in(alice)
    assert browser.get(HOME).context["followed"].unread == []
    for thread in (loud, muted, other):
        a_reply(bob, thread)
    assert browser.get(HOME).context["followed"].unread == [(loud, 1)]


def test_there_are_never_more_than_a_few_followed_threads(alice, bob):
    category = a_category()
    for _ in range(FOLLOWED_SHOWN + 1):
        thread = a_thread(bob, category)
        Follow.objects.create(user=alice, place=f"thread.{thread.pk}")
    page = logged_in(alice).get(HOME)
    assert len(page.context["followed"].unread) == FOLLOWED_SHOWN
    assert page.context["has_more_followed"]


def test_what_one_may_not_read_any_more_is_not_among_the_followed(alice, bob):
    thread = a_thread(bob, title="Tajne")
    Follow.objects.create(user=alice, place=f"thread.{thread.pk}")
    browser = logged_in(alice)
    assert "Tajne" in html_of(browser)
    Category.objects.update(readers=Category.Readers.STAFF)
    assert "Tajne" not in html_of(browser)


def test_a_question_says_how_long_it_has_waited(client, bob):
    thread = a_thread(bob)
    said = []
    for hours in (0, 1, 5, 47, 24 * 5):
        created = timezone.now() - timedelta(hours=hours, minutes=1)
        type(thread).objects.update(created_at=created, last_post_at=created)
        said += re.findall(r"<waits-for><time[^>]*>([^<]+)<", html_of(client))
    assert len(said) == len(set(said)) == 5


@pytest.mark.parametrize("count", [2, 9])
def test_a_members_page_costs_the_same_however_much_goes_on(
    alice, bob, fundacja, django_assert_num_queries, count
):
    """Session, member, visit, categories, those to write in, the bell; the follows, what waits
    (12 and the names), followed threads and their marks, the latest and theirs, news, unanswered.
    """
    category = a_category()
    for _ in range(count):
        thread = a_thread(alice, category)
        own = a_reply(alice, thread, voice=fundacja)
        a_reply(bob, thread, "@Alice Nowak, a @Fundacja Dobry Start?", parent=own)
        Follow.objects.get_or_create(user=alice, place=f"thread.{a_thread(bob, category).pk}")
    browser = logged_in(alice)
    browser.get(HOME)
    with django_assert_num_queries(26):
        browser.get(HOME)


# --- Guests share the page ------------------------------------------------------------------------
@pytest.fixture
def sharing(settings):
    settings.CACHES = {**settings.CACHES, "pages": MEMORY}
    caches["pages"].clear()


LISTS = [HOME, "/threads/", "/threads/unanswered/", "/threads/official/"]


@pytest.mark.usefixtures("sharing")
@pytest.mark.parametrize("address", LISTS)
def test_a_guests_page_is_kept_and_costs_one_query(
    bob, carol, starostwo, address, django_assert_num_queries, caplog
):
    """The categories, whose change numbers say whether it is still right."""
    a_reply(carol, a_thread(bob), voice=starostwo)
    first = Client().get(address)
    with django_assert_num_queries(1):
        second = Client().get(address)
    assert plain(first) == plain(second)
    assert not caplog.records


@pytest.mark.usefixtures("sharing")
@pytest.mark.parametrize("address", LISTS)
def test_a_kept_page_is_the_page_rendered_anew(bob, carol, starostwo, settings, address):
    a_reply(carol, a_thread(bob), voice=starostwo)
    Client().get(address)
    kept = plain(Client().get(address))
    dummy = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
    settings.CACHES = {**settings.CACHES, "pages": dummy}
    assert plain(Client().get(address)) == kept


@pytest.mark.usefixtures("sharing")
def test_whatever_changes_shows_on_the_next_guests_page(bob, carol):
    category = a_category()
    thread = a_thread(bob, category, title="Sala we wtorki")
    assert "Sala we wtorki" in html_of(Client())
    actions.retitle(author=carol, thread=thread, title="Sala w środy")
    assert "Sala w środy" in html_of(Client())
    reply = a_reply(carol, thread)
    assert "Carol Wójcik" in html_of(Client())
    User.objects.filter(pk=carol.pk).update(display_name="Karolina Wójcik")
    caches["fragments"].set(fragments.NAMES, 1)  # what `forget_names` does after a commit
    assert "Karolina Wójcik" in html_of(Client())
    a_thread(reply.author, a_category(name="Nowy dział"))
    assert "Nowy dział" in html_of(Client())
    category.readers = Category.Readers.MEMBERS
    category.save()
    assert "Sala w środy" not in html_of(Client())


@pytest.mark.usefixtures("sharing")
def test_a_member_never_gets_the_guests_page_nor_a_guest_a_members(alice, bob):
    a_thread(bob)
    browser = logged_in(alice)
    for _ in range(2):
        assert "Jak dołączyć" in html_of(Client())
        member = html_of(browser)
        assert "Jak dołączyć" not in member
        assert alice.email in member
    assert alice.email not in html_of(Client())


@pytest.mark.usefixtures("sharing")
def test_each_answer_has_its_own_nonce(bob):
    a_thread(bob)
    nonces = set()
    for _ in range(3):
        response = Client().get(HOME)
        nonce = re.search(r"'nonce-([^']+)'", response["Content-Security-Policy"])[1]
        assert set(re.findall(r'nonce="([^"]+)"', response.content.decode())) == {nonce}
        nonces.add(nonce)
    assert len(nonces) == 3


def plain(response):
    html = response.content.decode()
    assert "\0" not in html
    html = re.sub(r'(nonce=")[\w-]+', r"\1", html)
    return re.sub(r'(csrfmiddlewaretoken" value=")\w+', r"\1", html)
