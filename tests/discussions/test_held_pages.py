"""What the author of a waiting text sees of it, and nobody else."""

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from forum.discussions import actions
from forum.discussions.actions import judging
from forum.discussions.models import Draft, HeldText
from forum.moderation.models import ListedWord
from tests.cast import logged_in
from tests.discussions.sharing import MEMORY
from tests.discussions.test_shared_pages import assert_shared_is_alone, page
from tests.discussions.waiting_world import change, guards_on, send, start
from tests.factories import a_category, a_reply, a_thread

pytestmark = pytest.mark.django_db

BODY = "Szukam sali na próby chóru."
FORM = {"body": BODY, "body_format": "markdown", "voice": "", "draft": "0"}


@pytest.fixture
def thread(carol):
    return a_thread(carol)


@pytest.fixture(autouse=True)
def _on(db):
    guards_on()


def html(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def test_after_sending_a_page_says_that_it_waits_and_why(bob, thread):
    browser = logged_in(bob)
    sent = browser.post(reverse("discussions:reply", args=[thread.pk]), FORM)
    held = HeldText.objects.get()
    assert (sent.status_code, sent["Location"]) == (303, held.get_absolute_url())
    shown = html(browser.get(held.get_absolute_url()))
    assert BODY in shown
    assert held.why[0] in shown
    assert thread.title in shown


def test_the_pages_script_is_led_there(bob, thread):
    address = reverse("discussions:reply", args=[thread.pk])
    answer = logged_in(bob).post(address, FORM, headers={"X-Fragment": "1"})
    assert answer.status_code == 202
    assert answer.json() == {"url": HeldText.objects.get().get_absolute_url()}


def test_a_new_thread_leads_there_too(bob):
    address = reverse("discussions:start", args=[a_category().pk])
    answer = logged_in(bob).post(address, {**FORM, "title": "Sala dla chóru"})
    held = HeldText.objects.get()
    assert answer["Location"] == held.get_absolute_url()
    assert "Sala dla chóru" in html(logged_in(bob).get(held.get_absolute_url()))


def test_an_edit_leads_there_too(bob, thread):
    guards_on(holds_first_texts=False)
    post = a_reply(bob, thread)
    ListedWord.objects.create(words="chór*")
    answer = logged_in(bob).post(reverse("discussions:edit", args=[post.pk]), FORM)
    held = HeldText.objects.get()
    assert (answer["Location"], held.edited) == (held.get_absolute_url(), post)
    shown = html(logged_in(bob).get(thread.get_absolute_url()))
    assert f'id="held-{held.pk}"' in shown


def test_it_stands_on_its_authors_page_of_the_thread_only(alice, bob, carol, thread, settings):
    settings.CACHES = {**settings.CACHES, "pages": MEMORY}
    caches["pages"].clear()
    held = send(bob, thread, BODY)
    for _ in range(2):
        assert BODY in page(logged_in(bob), thread)
        for other in (Client(), logged_in(alice), logged_in(carol)):
            assert BODY not in page(other, thread)
    judging.publish(staff=carol, held=held)
    shown = page(logged_in(bob), thread)
    assert f'id="held-{held.pk}"' not in shown
    assert BODY in page(Client(), thread)


def test_what_it_costs_those_who_have_nothing_waiting(
    alice, bob, thread, settings, django_assert_num_queries
):
    settings.CACHES = {**settings.CACHES, "pages": MEMORY}
    caches["pages"].clear()
    send(bob, thread, BODY)
    # Of a member: what they have here, among others the bell, in one question; two of their voices.
    for browser, count in ((Client(), 1), (logged_in(alice), 7)):
        for _ in range(2):
            page(browser, thread)
        with django_assert_num_queries(count):
            page(browser, thread)


def test_a_page_with_something_that_waits_is_the_page_rendered_alone(bob, thread, settings):
    def sharing(on):
        settings.CACHES = {**settings.CACHES, "pages": MEMORY} if on else dict(nothing)

    nothing = settings.CACHES
    sharing(True)
    send(bob, thread, BODY)
    assert BODY in assert_shared_is_alone(sharing, logged_in(bob), thread)


def test_it_stands_among_ones_own_unsent_texts(alice, bob, thread):
    held = send(bob, thread, BODY)
    drafts = reverse("discussions:drafts")
    shown = html(logged_in(bob).get(drafts))
    assert held.get_absolute_url() in shown
    assert held.why[0] in shown
    assert BODY not in html(logged_in(alice).get(drafts))


def test_it_is_taken_back_by_its_author(alice, bob, thread):
    held = send(bob, thread, BODY)
    address = reverse("discussions:take_back", args=[held.pk])
    assert logged_in(alice).post(address).status_code == 404
    assert Client().post(address).status_code == 302
    assert logged_in(bob).get(address).status_code == 405
    browser = logged_in(bob)
    assert browser.post(address)["Location"] == reverse("discussions:drafts")
    assert BODY in html(browser.get(reverse("discussions:drafts")))
    assert Draft.objects.get().body == BODY
    assert browser.post(address).status_code == 303  # a second click is no harm
    assert BODY in html(browser.get(thread.get_absolute_url()))  # in the composer


def test_each_end_has_its_page(bob, carol, thread):
    refused, returned, published = (send(bob, thread, w) for w in ("Odmowa", "Zwrot", "Zgoda"))
    judging.refuse(staff=carol, held=refused)
    judging.give_back(staff=carol, held=returned)
    post = judging.publish(staff=carol, held=published)
    browser = logged_in(bob)
    assert "Odmowa" in html(browser.get(refused.get_absolute_url()))
    assert "Zwrot" in html(browser.get(returned.get_absolute_url()))
    assert browser.get(published.get_absolute_url())["Location"] == post.get_absolute_url()


def test_nobody_else_finds_the_page(alice, carol, bob, thread):
    held = send(bob, thread, BODY)
    assert Client().get(held.get_absolute_url()).status_code == 302
    for other in (alice, carol):
        assert logged_in(other).get(held.get_absolute_url()).status_code == 404


def test_a_place_that_was_closed_to_the_author_is_not_named(bob, carol, thread):
    held = send(bob, thread, BODY)
    actions.move(staff=carol, thread=thread, category=a_category(readers="staff"))
    shown = html(logged_in(bob).get(held.get_absolute_url()))
    assert BODY in shown
    assert thread.title not in shown


def test_about_the_office_goes_with_the_text(bob, carol, thread):
    address = reverse("discussions:reply", args=[thread.pk])
    logged_in(bob).post(address, {**FORM, "about_office": "1"})
    held = HeldText.objects.get()
    assert held.is_about_office
    post = judging.publish(staff=carol, held=held)
    assert post.is_about_office
    edit = reverse("discussions:edit", args=[post.pk])
    assert 'name="about_office" value="1" checked' in html(logged_in(bob).get(edit))
    logged_in(bob).post(edit, FORM | {"body": "Poprawiony."})
    post.refresh_from_db()
    assert not post.is_about_office


def test_the_head_of_two_texts_is_each_its_own(bob, thread):
    guards_on(holds_first_texts=False)
    post = a_reply(bob, thread)
    guards_on()
    ListedWord.objects.create(words="chór*")
    change(bob, post, BODY)
    start(bob, thread.category, BODY)
    assert HeldText.objects.count() == 2
    shown = html(logged_in(bob).get(reverse("discussions:drafts")))
    assert shown.count('class="draft"') == 2
