"""Before numbers of a person go out the writer is asked, in every form, also without a script."""

import re

import pytest
from django.urls import reverse

from forum.discussions.models import Post, Thread
from tests.cast import logged_in
from tests.factories import a_category, a_reply, a_thread
from tests.lib.test_slips import A_PESEL

pytestmark = pytest.mark.django_db

PHONE = "501 234 567"
FRAGMENT = {"X-Fragment": "1"}


@pytest.fixture
def thread(carol):
    return a_thread(carol)


@pytest.fixture
def reply_at(thread):
    return reverse("discussions:reply", args=[thread.pk])


def form(body, **fields):
    return {"body": body, "body_format": "markdown", "voice": "", "draft": "0", **fields}


def mark_in(response):
    return re.search(r'name="send_anyway" value="(\w+)"', response.content.decode())[1]


def test_a_plain_form_is_asked_and_sent_again(bob, thread, reply_at):
    browser = logged_in(bob)
    sent = form(f"Mój PESEL to {A_PESEL}, dziękuję.")
    asked = browser.post(reply_at, sent)
    page = asked.content.decode()
    assert asked.status_code == 422
    assert "PESEL" in page
    assert "4405…59" in page
    assert sent["body"] in page  # the text is kept in the form
    assert thread.posts.count() == 1
    assert browser.post(reply_at, {**sent, "send_anyway": mark_in(asked)}).status_code == 303
    assert thread.posts.count() == 2


def test_the_pages_script_is_asked_with_the_mark_of_the_numbers(bob, thread, reply_at):
    browser = logged_in(bob)
    sent = form(f"Proszę dzwonić: {PHONE}")
    asked = browser.post(reply_at, sent, headers=FRAGMENT)
    assert asked.status_code == 422
    data = asked.json()
    assert PHONE in data["errors"]["__all__"][0]
    yes = {**sent, "send_anyway": data["ask"]}
    assert browser.post(reply_at, yes, headers=FRAGMENT).status_code == 201
    assert thread.posts.count() == 2


def test_a_yes_to_one_number_is_no_yes_to_another(bob, thread, reply_at):
    browser = logged_in(bob)
    asked = browser.post(reply_at, form(f"Tel. {PHONE}"), headers=FRAGMENT).json()
    other = form(f"Tel. {PHONE} i PESEL {A_PESEL}", send_anyway=asked["ask"])
    assert browser.post(reply_at, other, headers=FRAGMENT).status_code == 422
    assert thread.posts.count() == 1


def test_an_organization_has_a_telephone_but_no_pesel(alice, fundacja, thread, reply_at):
    browser = logged_in(alice)
    voice = str(fundacja.pk)
    assert browser.post(reply_at, form(f"Tel. {PHONE}", voice=voice)).status_code == 303
    assert browser.post(reply_at, form(f"PESEL {A_PESEL}", voice=voice)).status_code == 422


def test_other_errors_come_first(bob, reply_at):
    response = logged_in(bob).post(reply_at, form("", send_anyway="x"), headers=FRAGMENT)
    assert response.status_code == 422
    assert "ask" not in response.json()


@pytest.mark.parametrize("place", ["title", "field", "body"])
def test_a_new_thread_is_asked_wherever_the_number_stands(bob, place):
    category = a_category(templates=["question"])
    address = reverse("discussions:start", args=[category.pk]) + "?template=question"
    number = f"PESEL {A_PESEL}"
    sent = form(
        number if place == "body" else "Jak to zgłosić?",
        title=number if place == "title" else "Jak to zgłosić",
        field_about="law",
        field_tried=number if place == "field" else "",
    )
    browser = logged_in(bob)
    asked = browser.post(address, sent)
    assert asked.status_code == 422
    assert not Thread.objects.exists()
    assert browser.post(address, {**sent, "send_anyway": mark_in(asked)}).status_code == 303
    assert Thread.objects.count() == 1


def test_an_edit_is_asked_for_what_is_new_in_it(bob, thread):
    post = a_reply(bob, thread, f"Tel. {PHONE}")
    browser, address = logged_in(bob), reverse("discussions:edit", args=[post.pk])
    assert browser.post(address, form(f"Telefon: {PHONE}")).status_code == 303
    asked = browser.post(address, form(f"Telefon: {PHONE}, PESEL {A_PESEL}"))
    assert asked.status_code == 422
    assert PHONE not in asked.content.decode().split('role="alert"')[1].split("</div>")[0]
    post.refresh_from_db()
    assert A_PESEL not in post.source


def test_nobody_is_asked_of_numbers_of_no_person(bob, reply_at):
    body = "KRS 0000123456, REGON 991047296, 12 000 zł do 15.12.2026"
    assert logged_in(bob).post(reply_at, form(body)).status_code == 303
    assert Post.objects.filter(source=body).exists()


def test_the_page_of_a_thread_asks_nothing_yet(bob, thread):
    page = logged_in(bob).get(thread.get_absolute_url()).content.decode()
    assert re.search(r"<send-anyway[^>]* hidden", page)
