"""Whatever is sent: a clear sentence, never a failure, and the typed text comes back.

What is not here stands where its part is tested: script in names, notes, files and forms, bombs in
a form, and forms that grew old in test_bad_fields.py; bombs and broken files in lib/test_uploads.py
and test_attaching_door.py, keys of others' files in test_attaching_by_form.py, made-up mentions in
test_mentioning.py, broken drafts and two windows in test_drafts.py, a thread that closes while its
form is on the way in test_attaching_by_form.py and browser/test_drafts.py.
"""

import json
import uuid
from html import unescape
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from forum.discussions.models import Post, Thread
from forum.lib import markup
from tests.cast import logged_in
from tests.factories import a_category, a_reply, a_thread

pytestmark = pytest.mark.django_db

TYPED = "Proponuję wtorek o 17:00 w bibliotece"
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>"
FORM_TYPE = "application/x-www-form-urlencoded"
HUGE = [2**31, 2**63 - 1, 2**63, 10**30, int("9" * 400)]
# Every field of every form, all at once.
FIELDS = ("title", "voice", "body", "body_format", "once", "parent", "kind", "on", "draft")


@pytest.fixture
def thread(bob):
    return a_thread(bob)


@pytest.fixture
def browser(alice):
    # A failure of the server must be seen as an answer, not as an exception in the test.
    client = logged_in(alice)
    client.raise_request_exception = False
    return client


def send(browser, thread, **fields):
    return browser.post(reverse("discussions:reply", args=[thread.pk]), fields)


def shown(response):
    return unescape(response.content.decode())


def nothing_written(thread):
    return thread.posts.count() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"parent": "999"},
        {"parent": "0"},
        {"parent": "-1"},
        {"parent": "x"},
        {"parent": "9" * 30},
        {"parent": "1; DROP TABLE"},
        {"voice": "999"},
        {"voice": "x"},
        {"voice": "9" * 30},
        {"voice": "\x00"},
        {"once": "not-a-uuid"},
        {"once": "\x00"},
    ],
    ids=str,
)
def test_a_forged_field_is_refused_with_a_sentence_and_the_text_comes_back(browser, thread, fields):
    response = send(browser, thread, **{"body": TYPED, **fields})
    assert response.status_code == 422
    assert TYPED in shown(response)
    assert nothing_written(thread)


@pytest.mark.parametrize("fields", [{"parent": "999"}, {"voice": "9" * 30}, {"body": ""}], ids=str)
def test_the_pages_script_gets_the_sentence_as_json(browser, thread, fields):
    response = browser.post(
        reverse("discussions:reply", args=[thread.pk]),
        {"body": TYPED, **fields},
        headers={"X-Fragment": "1"},
    )
    assert response.status_code == 422
    (sentences,) = response.json()["errors"].values()
    assert sentences
    assert all(sentence.endswith((".", "?")) for sentence in sentences)


def test_a_parent_in_another_thread_is_refused(browser, bob, thread):
    other = a_thread(bob)
    numbers = [a_reply(bob, other).number for _ in range(3)]
    response = send(browser, thread, body=TYPED, parent=str(numbers[-1]))
    assert response.status_code == 422
    assert TYPED in shown(response)


def test_ten_megabytes_of_text_are_refused(browser, thread):
    response = send(browser, thread, body="Długi wniosek. " * 700_000)
    assert 400 <= response.status_code < 500
    assert "500" not in response.reason_phrase
    assert nothing_written(thread)


def test_a_text_over_the_limit_comes_back_whole(browser, thread):
    text = "słowo " * (markup.BODY_MAX_CHARS // 5)
    response = send(browser, thread, body=text)
    assert response.status_code == 422
    assert text.strip() in shown(response)
    assert nothing_written(thread)


@pytest.mark.parametrize(
    "body",
    [
        "\x00\x01\x02" + TYPED + "\x00",
        "> " * 500 + TYPED,
        "\n".join(">" * depth + " " + TYPED for depth in range(1, 500)),
        "<blockquote>" * 500 + TYPED + "</blockquote>" * 500,
        "[" * 5_000 + TYPED,
        "*" * 5_000 + TYPED,
        "- " * 500 + TYPED,
        TYPED + "\ud800",
        TYPED + "\u202e\u2066",
    ],
    ids=lambda body: f"{body[:3]!r}-{len(body)}",
)
@pytest.mark.parametrize("body_format", ["markdown", "html"])
def test_a_strange_text_is_kept_or_refused_but_never_lost(browser, thread, body, body_format):
    data = urlencode({"body": body, "body_format": body_format}, errors="surrogatepass")
    url = reverse("discussions:reply", args=[thread.pk])
    response = browser.post(url, data, content_type=FORM_TYPE)
    if response.status_code == 303:
        post = thread.posts.get(number=2)
        assert TYPED in markup.plain_text(post.html)
        assert "\x00" not in post.source
        assert browser.get(response["Location"], follow=True).status_code == 200
    else:
        assert response.status_code == 422
        assert TYPED in shown(response)


@pytest.mark.parametrize("address", ["reply", "start", "edit", "react"])
def test_script_in_every_field_runs_nowhere(browser, alice, thread, address):
    own = a_reply(alice, thread)
    pks = {"reply": thread.pk, "start": thread.category_id, "edit": own.pk, "react": own.pk}
    url = reverse(f"discussions:{address}", args=[pks[address]])
    response = browser.post(url, dict.fromkeys(FIELDS, SCRIPT))
    assert response.status_code in (303, 403, 422)
    pages = [response, browser.get(thread.get_absolute_url())]
    assert not any("<script>alert" in page.content.decode() for page in pages)
    assert not any("<img src=x" in page.content.decode() for page in pages)


def test_script_in_a_title_and_a_text_is_shown_as_words(browser):
    category = a_category()
    url = reverse("discussions:start", args=[category.pk])
    response = browser.post(url, {"title": SCRIPT, "body": f"{SCRIPT} {TYPED}"}, follow=True)
    assert response.status_code == 200
    assert Thread.objects.get(category=category).title == SCRIPT
    assert "<script>alert" not in response.content.decode()
    assert "<img src=x" not in response.content.decode()


@pytest.mark.parametrize("number", HUGE, ids=lambda number: f"1e{len(str(number)) - 1}")
def test_an_enormous_number_in_an_address_is_not_found(browser, thread, number):
    paths = [
        f"/threads/{number}/",
        f"/threads/{number}/replies/",
        f"/threads/{thread.pk}/branches/{number}/",
        f"/threads/{thread.pk}/posts/{number}/",
        f"/posts/{number}/",
        f"/posts/{number}/edit/",
        f"/posts/{number}/reply/",
        f"/posts/{number}/withdraw/",
        f"/posts/{number}/reactions/",
        f"/categories/{number}/",
        f"/categories/{number}/threads/new/",
        f"/live/thread.{number}/changes/?since=0",
    ]
    for path in paths:
        for answer in (browser.get(path), browser.post(path, {"body": TYPED})):
            assert answer.status_code in (404, 405), path


@pytest.mark.parametrize(
    "query",
    [
        "since=" + "9" * 400,
        "since=" + str(2**63),
        "since=-1",
        "since=%00",
        "since=%ff%fe",
        "",
    ],
)
def test_a_strange_since_is_answered_with_a_sentence_or_nothing_new(browser, thread, query):
    answer = browser.get(f"/live/thread.{thread.pk}/changes/?{query}")
    assert answer.status_code in (200, 400)


@pytest.mark.parametrize(
    "query",
    [
        "page=" + "9" * 400,
        "at=" + str(2**63),
        "at=999999999",
        "after=%00",
        "after=%ff",
        "after=" + "z" * 5_000,
        "before=" + "~" * 5_000,
        "order=time&page=999999999",
        "order=%00",
    ],
)
def test_a_strange_page_of_a_thread_is_a_page(browser, thread, query):
    assert browser.get(f"/threads/{thread.pk}/?{query}").status_code == 200


@pytest.mark.parametrize(
    "before", ["9" * 400 + "_1", "1_" + "9" * 400, "-1_-1", f"{2**62}_1", "%00", "%ff_%ff", "1_"]
)
def test_a_strange_page_of_a_list_is_a_page(browser, thread, before):
    for path in ("/threads/", f"/categories/{thread.category_id}/"):
        assert browser.get(f"{path}?before={before}").status_code == 200


@pytest.mark.parametrize(
    "content_type", ["application/json", "text/plain", "image/png", "nonsense"]
)
def test_a_wrong_content_type_is_an_empty_form(browser, thread, content_type):
    url = reverse("discussions:reply", args=[thread.pk])
    body = json.dumps({"body": TYPED})
    assert browser.post(url, body, content_type=content_type).status_code == 422
    assert nothing_written(thread)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data"),
        ("multipart/form-data; boundary=" + "x" * 500, b"--x"),
        (f"{FORM_TYPE}; charset=utf-16", b"body=a"),
        (FORM_TYPE, b"&".join(b"a%d=1" % number for number in range(500))),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_broken_form_is_refused(browser, thread, content_type, body):
    url = reverse("discussions:reply", args=[thread.pk])
    response = browser.generic("POST", url, body, content_type)
    assert 400 <= response.status_code < 500
    assert nothing_written(thread)


def test_invalid_utf_8_loses_only_what_is_not_text(browser, thread):
    url = reverse("discussions:reply", args=[thread.pk])
    body = b"body=Proponuj%EA+" + b"\xff\xfe" + b"+wtorek"
    response = browser.post(url, body, content_type=FORM_TYPE)
    assert response.status_code == 303
    assert "wtorek" in thread.posts.get(number=2).source


def test_a_form_without_its_token_is_refused_with_a_page(alice, thread):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice)
    response = send(browser, thread, body=TYPED)
    assert response.status_code == 403
    assert "<h1" in response.content.decode()
    assert nothing_written(thread)


def test_the_same_form_sent_twice_makes_one_post(browser, thread):
    once = str(uuid.uuid4())
    answers = [send(browser, thread, body=TYPED, once=once) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert thread.posts.count() == 2


def test_another_members_mark_does_not_find_their_post(browser, bob, thread):
    mark = uuid.uuid4()
    theirs = a_reply(bob, thread)
    Post.objects.filter(pk=theirs.pk).update(once=mark)
    assert send(browser, thread, body=TYPED, once=str(mark)).status_code == 303
    assert thread.posts.get(number=3).author != bob


def test_the_page_of_a_token_too_old_says_what_to_do(alice, thread):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice)
    browser.cookies["csrftoken"] = "a" * 32
    response = send(browser, thread, body=TYPED, csrfmiddlewaretoken="b" * 32 + "c" * 32)
    assert response.status_code == 403


@pytest.mark.parametrize("name", ["edit", "withdraw"])
def test_a_strangers_post_cannot_be_changed(browser, bob, thread, name):
    theirs = a_reply(bob, thread)
    response = browser.post(reverse(f"discussions:{name}", args=[theirs.pk]), {"body": TYPED})
    assert response.status_code in (403, 404)
    assert Post.objects.get(pk=theirs.pk).state == Post.State.PUBLISHED


def test_another_members_draft_is_not_there(browser, bob, thread):
    url = f"/drafts/thread-{thread.pk}/"
    kept = logged_in(bob).post(url, json.dumps({"body": TYPED}), content_type="application/json")
    assert kept.status_code < 500
    response = browser.get(url)
    assert response.status_code in (200, 404)
    assert TYPED not in shown(response)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b"{"),
        ("application/json", b"[]"),
        ("application/json", b'{"body": {"a": 1}, "version": "x"}'),
        ("application/json", b'{"body": "\xff"}'),
        ("application/json", b"[" * 100_000),
        ("application/json", b'{"body": "' + b"a" * 3_000_000 + b'"}'),
        ("text/plain", b"body"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_broken_draft_is_refused(browser, thread, content_type, body):
    for context in (f"thread-{thread.pk}", "thread-999", "thread-" + "9" * 40, "x", "post--1"):
        response = browser.post(f"/drafts/{context}/", body, content_type=content_type)
        assert 400 <= response.status_code < 500
