"""A notice of unlawful content, by anybody: the form, the receipt, the decision. DSA art. 16."""

import re

import pytest
from django.conf import settings as site
from django.core import mail
from django.urls import reverse

from forum.categories.models import Category
from forum.discussions import actions as discussions
from forum.moderation.addresses_of_things import thing_at
from forum.moderation.measures import Measure
from forum.moderation.models import Case, Report
from forum.moderation.views.notices_from_outside import NOTICES_AN_HOUR, RECEIPTS_A_DAY
from tests.cast import logged_in
from tests.factories import a_category, a_reply, a_thread
from tests.moderation.world import SECRET, decide, found

pytestmark = pytest.mark.django_db

NOTICE = reverse("moderation:notice")
FIND = reverse("moderation:notice_find")
EMAIL = "sasiadka@example.com"


def form(post, **given):
    return {
        "address": f"{site.SITE_URL}/posts/{post.pk}/",
        "why": "unlawful",
        "words": "Te słowa zniesławiają moją rodzinę.",
        "name": "Maria Sąsiadka",
        "email": EMAIL,
        "in_good_faith": "on",
        **given,
    }


def send(client, post, **given):
    return client.post(NOTICE, form(post, **given))


# --- The notice -----------------------------------------------------------------------------------
def test_a_notice_becomes_a_case_and_gets_a_receipt(client, post):
    response = send(client, post)
    notice = Report.objects.get()
    assert response.status_code == 303
    assert response["Location"] == reverse("moderation:notice_state", args=[notice.receipt])
    assert (notice.reporter, notice.name, notice.email) == (None, "Maria Sąsiadka", EMAIL)
    assert notice.in_good_faith
    case = Case.objects.get()
    assert (case.subject_pk, case.reasons) == (post.pk, "notice")
    html = client.get(response["Location"]).content.decode()
    assert notice.receipt in html


def test_the_receipt_says_nothing_of_what_was_written(client, post):
    response = send(client, post)
    html = client.get(response["Location"]).content.decode()
    letter = mail.outbox[0]
    notice = Report.objects.get()
    assert letter.to == [EMAIL]
    assert notice.receipt in letter.subject
    assert f"{site.SITE_URL}/notice/{notice.receipt}/" in letter.body
    for told in (notice.words, notice.name, EMAIL, post.thread.title, SECRET):
        assert told not in html
        assert told not in letter.body


def test_the_receipt_is_in_the_language_of_the_reader(client, post):
    client.cookies["django_language"] = "en"
    send(client, post)
    assert Report.objects.get().language == "en"
    assert "arrived" in mail.outbox[0].subject


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("address", ""),
        ("address", "https://example.org/posts/1/"),
        ("address", "javascript:alert(1)"),
        ("address", "zły wpis o sąsiadach"),
        ("address", "/threads/"),
        ("address", "/posts/999999/"),
        ("address", "/posts/99999999999999999999999/"),
        ("address", "/threads/99999999999999999999999/posts/99999999999999999999999/"),
        ("address", "/no/such/page/"),
        ("address", "http://[::1"),
        ("address", "/" + "x" * 2000),
        ("why", ""),
        ("why", "off_topic"),
        ("words", " "),
        ("words", "x" * 2001),
        ("name", ""),
        ("email", ""),
        ("email", "nie-adres"),
        ("email", "a@example.com\nBcc: b@example.com"),
        ("in_good_faith", ""),
    ],
    ids=str,
)
def test_what_makes_no_notice_is_shown_again(client, post, field, value):
    response = send(client, post, **{field: value})
    assert response.status_code == 422
    assert not Report.objects.exists()
    if field != "words":
        assert "zniesławiają" in response.content.decode()  # nothing typed is lost


def test_sexual_abuse_of_children_is_reported_without_a_name(client, post):
    response = send(client, post, why="child_abuse", name="", email="")
    assert response.status_code == 303
    notice = Report.objects.get()
    assert (notice.name, notice.email) == ("", "")
    assert mail.outbox == []
    assert notice.receipt in client.get(response["Location"]).content.decode()


def test_hostile_names_and_words_are_shown_as_text(client, post):
    words = "<script>alert(1)</script> {{ 1 }} =cmd"
    response = send(client, post, words=words, name="<b>x</b>\u202e")
    assert response.status_code == 303
    response = send(client, post, words=words, in_good_faith="")
    assert "<script>alert(1)" not in response.content.decode()


@pytest.mark.parametrize(
    "shape",
    [
        "/posts/{post}/",
        "/threads/{thread}/",
        "/threads/{thread}/posts/1/",
        "/threads/{thread}/#post-{post}",
    ],
)
def test_what_guests_may_not_read_is_answered_as_what_there_is_not(client, carol, post, shape):
    closed = a_thread(carol, a_category(readers=Category.Readers.STAFF), title=SECRET)
    there = shape.format(post=closed.posts.get().pk, thread=closed.pk)
    nowhere = shape.format(post=999_999, thread=999_999)
    answers = [client.post(NOTICE, form(post, address=each)) for each in (there, nowhere)]
    told = [
        re.search(r'class="errorlist".*?</ul>', each.content.decode(), re.S) for each in answers
    ]
    assert [each.status_code for each in answers] == [422, 422]
    assert told[0].group() == told[1].group()
    assert SECRET not in answers[0].content.decode()
    assert not Report.objects.exists()


def test_what_is_hidden_already_needs_no_notice(client, carol, post):
    found(carol, post)
    assert send(client, post).status_code == 422


def test_the_address_comes_from_the_menu_of_the_post(client, post):
    address = client.get(reverse("moderation:report", args=["post", post.pk]))["Location"]
    html = client.get(address).content.decode()
    assert f'value="http://testserver{post.get_absolute_url().partition("#")[0]}' in html


def test_a_members_name_is_filled_in(dana, post):
    html = logged_in(dana).get(NOTICE).content.decode()
    assert 'value="dana@example.org"' in html
    send(logged_in(dana), post)
    assert Report.objects.get().reporter is None


# --- Floods ---------------------------------------------------------------------------------------
def test_one_address_sends_only_so_many(client, post):
    for number in range(NOTICES_AN_HOUR):
        assert send(client, post, email=f"a{number}@example.com").status_code == 303
    response = send(client, post, email="b@example.com")
    assert response.status_code == 429
    assert "zniesławiają" in response.content.decode()
    assert Report.objects.count() == NOTICES_AN_HOUR


def test_nobodys_mailbox_is_filled(client, post):
    for _number in range(RECEIPTS_A_DAY):
        send(client, post)
    assert send(client, post, email=EMAIL.upper()).status_code == 429
    assert len(mail.outbox) == RECEIPTS_A_DAY


def test_codes_are_not_guessed_by_the_thousand(client, monkeypatch):
    monkeypatch.setattr("forum.moderation.views.notices_from_outside.LOOKS_AN_HOUR", 2)
    codes = [client.get(f"/notice/XXXXXXXXXX{number}/").status_code for number in range(3)]
    assert codes == [404, 404, 429]


# --- Its state ------------------------------------------------------------------------------------
def test_the_code_finds_the_notice(client, post):
    send(client, post)
    code = Report.objects.get().receipt
    response = client.get(FIND, {"code": f" {code.lower()} "})
    assert response["Location"] == reverse("moderation:notice_state", args=[code])
    assert client.get(FIND, {"code": "NIEMATAKIEGO"}).status_code == 422
    assert client.get(FIND).status_code == 422


@pytest.mark.parametrize(
    ("measure", "outcome"), [(Measure.HIDE, "upheld"), (Measure.LEAVE, "dismissed")]
)
def test_the_decision_is_told_by_mail_and_on_the_page(client, carol, post, measure, outcome):
    send(client, post)
    mail.outbox.clear()
    decide(carol, post, measure, own_words="Tylko dla autora.")
    letter = mail.outbox[-1]
    notice = Report.objects.get()
    assert notice.outcome == outcome
    assert letter.to == [EMAIL]
    assert f"{site.SITE_URL}/notice/{notice.receipt}/" in letter.body
    html = client.get(reverse("moderation:notice_state", args=[notice.receipt])).content.decode()
    assert str(measure.label) in html
    assert "Tylko dla autora." not in html + letter.body


def test_what_was_done_to_an_account_stays_with_its_member(client, carol, post):
    send(client, post)
    decide(carol, post, Measure.SUSPEND)
    notice = Report.objects.get()
    html = client.get(reverse("moderation:notice_state", args=[notice.receipt])).content.decode()
    assert str(Measure.SUSPEND.label) not in html


def test_a_members_report_has_no_public_state(client, post):
    assert client.get("/notice/None/").status_code == 404


# --- Which thing stands at an address -------------------------------------------------------------
@pytest.mark.parametrize(
    "shape",
    [
        "{site}/posts/{pk}/",
        "{site}/posts/{pk}/#x",
        "{site}/threads/{thread}/#post-{pk}",
        "{site}/threads/{thread}/?order=time#post-{pk}",
        "{site}/threads/{thread}/posts/{number}/",
        "/posts/{pk}/",
        "  {site}/posts/{pk}/\u200b ",
        "{host}/posts/{pk}/",
        "http://testserver/posts/{pk}/",
        "HTTP://TESTSERVER/posts/{pk}/",
    ],
)
def test_addresses_as_people_copy_them(post, shape):
    address = shape.format(
        site=site.SITE_URL,
        host=site.SITE_URL.partition("://")[2],
        pk=post.pk,
        thread=post.thread_id,
        number=post.number,
    )
    found = thing_at(address, "testserver")
    assert (found.kind, found.pk) == ("post", post.pk)


def test_the_address_of_a_thread_is_that_of_its_first_post(thread):
    found = thing_at(f"{site.SITE_URL}{thread.get_absolute_url()}", "testserver")
    assert found.pk == thread.posts.get(number=1).pk


def test_the_post_named_must_stand_in_the_thread(post, alice):
    other = a_thread(alice)
    assert thing_at(f"/threads/{other.pk}/#post-{post.pk}", "testserver").kind == ""


def test_the_old_place_of_a_moved_post_leads_to_it(post, thread, alice, carol, category):
    a_reply(alice, thread, "Zostaje.")
    discussions.split(
        staff=carol, thread=thread, numbers=[post.number], title="Osobno", category=category
    )
    found = thing_at(f"/threads/{thread.pk}/posts/{post.number}/", "testserver")
    assert found.kind == "post"
    assert Report.objects.count() == 0


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/posts/{pk}/",
        "//example.org/posts/{pk}/",
        "https://testserver@example.org/posts/{pk}/",
        "ftp://testserver/posts/{pk}/",
        "javascript:/posts/{pk}/",
        "https://testserver.example.org/posts/{pk}/",
        "http://testserver:99999999/posts/{pk}/",
    ],
)
def test_addresses_of_others_are_not_ours(post, address):
    assert not thing_at(address.format(pk=post.pk), "testserver").is_ours
