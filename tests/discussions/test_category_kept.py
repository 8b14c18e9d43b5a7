"""A category's page is kept for guests, is what it would be anew, and is right after any change."""

import pytest
from django.test import Client
from django.urls import reverse

from forum.categories.models import Category
from forum.discussions import actions
from tests.cast import just_logged_in, logged_in
from tests.discussions.sharing import plain
from tests.factories import a_category, a_reply, a_thread

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sharing")]


@pytest.fixture
def category(alice, bob, carol):
    category = a_category("Lokale", description="O salach", templates=["partner", "question"])
    a_thread(bob, a_category("Sale gimnastyczne", parent=category))
    for title in ("Sala we wtorki", "Kto ma rzutnik?"):
        thread = a_thread(bob, category, title=title)
    a_reply(alice, thread, "Mamy.")
    actions.pin(staff=carol, thread=thread, on=True)
    return category


def address_of(category):
    return reverse("discussions:category", args=[category.pk])


def html_of(browser, address):
    return plain(browser.get(address))


def test_guests_share_it_for_two_queries_and_hear_when_they_have_it(
    category, django_assert_num_queries, caplog
):
    """The category, and those inside it, whose change numbers say whether it is still right."""
    address = address_of(category)
    browser = Client()
    html_of(browser, address)
    with django_assert_num_queries(2):
        kept = browser.get(address)
    with django_assert_num_queries(2):
        again = browser.get(address, headers={"If-None-Match": kept.headers["ETag"]})
    assert again.status_code == 304
    assert not caplog.records


@pytest.mark.parametrize("query", ["", "?template=partner", "?template=partner&fields=sala"])
@pytest.mark.parametrize("who", ["guest", "bob", "carol"])
def test_it_is_the_page_rendered_anew(sharing, category, request, who, query):
    browser = Client() if who == "guest" else logged_in(request.getfixturevalue(who))
    Client().get(address_of(category))
    kept = [html_of(browser, address_of(category) + query) for _ in range(2)]
    sharing(False)
    assert kept == [html_of(browser, address_of(category) + query)] * 2


def test_a_member_never_gets_the_guests_page_nor_a_guest_a_members(category, alice):
    browser, address = logged_in(alice), address_of(category)
    for _ in range(2):
        assert "Zaloguj się i rozpocznij wątek" in html_of(Client(), address)
        assert alice.email in html_of(browser, address)
    assert alice.email not in html_of(Client(), address)
    assert "ETag" not in browser.get(address).headers


def test_older_pages_are_pages_of_their_own(category):
    first = html_of(Client(), address_of(category))
    older = html_of(Client(), f"{address_of(category)}?before=1.1")
    assert first != older


def test_whatever_changes_shows_on_the_next_page(category, alice, bob, carol):
    address, browser = address_of(category), Client()
    thread = category.threads.get(title="Sala we wtorki")
    seen = html_of(browser, address)
    for change in (
        lambda: a_thread(bob, category, title="Nowy wątek"),
        lambda: actions.retitle(author=carol, thread=thread, title="Sala w środy"),
        lambda: actions.pin(staff=carol, thread=thread, on=True),
        lambda: actions.close(staff=carol, thread=thread, on=True),
        lambda: a_thread(bob, category.children.get()),
        lambda: a_category("Sale nowe", parent=category),
        lambda: Category.objects.filter(name="Sale nowe").update(readers=Category.Readers.MEMBERS),
    ):
        change()
        assert (now := html_of(browser, address)) != seen
        assert now == html_of(Client(), address)
        seen = now


def test_what_the_administration_saves_shows_at_once(
    category, carol, django_capture_on_commit_callbacks
):
    address = address_of(category)
    assert "O salach" in html_of(Client(), address)
    door = reverse("admin:categories_category_change", args=[category.pk])
    form = just_logged_in(carol)
    fields = {**form.get(door).context["adminform"].form.initial, "description": "O lokalach"}
    fields = {name: value for name, value in fields.items() if value is not None}
    with django_capture_on_commit_callbacks(execute=True):
        assert form.post(door, fields).status_code == 302
    assert "O lokalach" in html_of(Client(), address)


def test_what_may_not_be_read_any_more_is_gone(category):
    address = address_of(category)
    html_of(Client(), address)
    Category.objects.filter(pk=category.pk).update(readers=Category.Readers.MEMBERS)
    assert Client().get(address).status_code == 404
