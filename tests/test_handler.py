"""Requests in threads of a fixed number (docs/decisions/0050-one-thread-a-request.md)."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from django.core import signals
from django.db import connection
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path
from django.utils import translation

from forum_site.handler import ThreadHandler

pytestmark = [
    pytest.mark.urls(__name__),
    pytest.mark.filterwarnings("error:StreamingHttpResponse must consume"),
]

AT_ONCE = 3


class Seen:
    """What views and signals noted, by the thread in which they ran."""

    threads: list[str] = []
    closed: list[str] = []


def where(request: HttpRequest) -> HttpResponse:
    Seen.threads.append(threading.current_thread().name)
    said = translation.get_language()
    if language := request.GET.get("language"):
        translation.activate(language)
    return HttpResponse(said)


def echo(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.body, status=201, headers={"X-Length": str(len(request.body))})


def asked(_request: HttpRequest) -> StreamingHttpResponse:
    """A body that still asks the database when it is sent."""

    def parts() -> Any:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 7")
            yield str(cursor.fetchone()[0])
        yield " i koniec"

    answer = StreamingHttpResponse(parts())
    answer.set_cookie("seen", "1")
    return answer


def file(_request: HttpRequest) -> FileResponse:
    return FileResponse(open(__file__, "rb"), as_attachment=True, filename="to.py")


def broken(_request: HttpRequest) -> HttpResponse:
    raise LookupError("nobody foresaw it")


urlpatterns = [
    path("where/", where),
    path("echo/", echo),
    path("asked/", asked),
    path("file/", file),
    path("broken/", broken),
]


@pytest.fixture
def handler(settings):
    settings.DEBUG = False
    settings.MIDDLEWARE = []
    settings.ALLOWED_HOSTS = ["*"]
    Seen.threads, Seen.closed = [], []
    return ThreadHandler(AT_ONCE)


def ask(handler: ThreadHandler, *paths: str, **given: Any) -> list[httpx.Response]:
    """The answers to requests that are sent at once."""

    async def all_of_them() -> list[httpx.Response]:
        transport = httpx.ASGITransport(handler, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://forum") as client:
            return await asyncio.gather(*(client.post(each, **given) for each in paths))

    return asyncio.run(all_of_them())


def test_many_requests_share_few_threads(handler):
    answers = ask(handler, *["/where/"] * 40)
    assert {each.status_code for each in answers} == {200}
    assert len(Seen.threads) == 40
    assert 1 <= len(set(Seen.threads)) <= AT_ONCE


def test_what_one_request_sets_the_next_in_its_thread_does_not_see(settings):
    settings.MIDDLEWARE = []
    alone = ThreadHandler(1)
    said = [ask(alone, f"/where/?language={each}")[0].text for each in ("en", "de", "en")]
    assert len(set(Seen.threads[-3:])) == 1
    assert said == ["pl", "pl", "pl"]


def test_bodies_arrive_whole_in_both_directions(handler):
    body = bytes(range(256)) * 4_000
    [answer] = ask(handler, "/echo/", content=body)
    assert (answer.status_code, answer.content) == (201, body)
    assert answer.headers["X-Length"] == str(len(body))


@pytest.mark.django_db(transaction=True)
def test_a_body_made_while_it_is_sent_may_ask_the_database(handler):
    [answer] = ask(handler, "/asked/")
    assert answer.text == "7 i koniec"
    assert answer.cookies["seen"] == "1"


def test_a_file_keeps_its_head(handler):
    [answer] = ask(handler, "/file/")
    assert answer.text.startswith('"""Requests in threads')
    assert answer.headers["Content-Disposition"] == 'attachment; filename="to.py"'
    assert int(answer.headers["Content-Length"]) == len(answer.content)


def test_each_request_is_begun_and_ended_in_the_thread_of_its_view(handler):
    begun: list[str] = []
    ended: list[str] = []

    def note_begin(sender: type, **_: object) -> None:
        begun.append(threading.current_thread().name)

    def note_end(sender: type, **_: object) -> None:
        ended.append(threading.current_thread().name)

    signals.request_started.connect(note_begin, sender=ThreadHandler)
    signals.request_finished.connect(note_end, sender=ThreadHandler)
    try:
        for each in ("/where/", "/file/", "/broken/", "/nowhere/"):
            ask(handler, each)
    finally:
        signals.request_started.disconnect(note_begin, sender=ThreadHandler)
        signals.request_finished.disconnect(note_end, sender=ThreadHandler)
    assert len(begun) == 4
    assert ended == begun
    assert all(each.startswith("request") for each in begun)


def test_a_view_that_fails_is_answered_and_the_thread_goes_on(settings):
    settings.MIDDLEWARE = []
    settings.DEBUG = False
    alone = ThreadHandler(1)
    assert ask(alone, "/broken/")[0].status_code == 500
    assert ask(alone, "/where/")[0].status_code == 200


def test_who_goes_away_while_sending_is_not_answered(handler):
    sent: list[dict[str, Any]] = []
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/where/",
        "query_string": b"",
        "headers": [(b"content-length", b"1000")],
    }
    messages = [
        {"type": "http.request", "body": b"half", "more_body": True},
        {"type": "http.disconnect"},
    ]
    asyncio.run(handler(scope, taking(messages), giving(sent)))
    assert sent == []
    assert Seen.threads == []


def test_a_question_that_is_no_text_is_refused(handler):
    sent: list[dict[str, Any]] = []
    scope = {"type": "http", "method": "GET", "path": "/where/", "query_string": b"\xff"}
    whole = [{"type": "http.request", "body": b""}]
    asyncio.run(handler({**scope, "headers": []}, taking(whole), giving(sent)))
    assert sent[0]["status"] == 400
    assert Seen.threads == []


def taking(messages: list[dict[str, Any]]) -> Callable[[], Awaitable[dict[str, Any]]]:
    left = iter(messages)

    async def receive() -> dict[str, Any]:
        return next(left)

    return receive


def giving(sent: list[dict[str, Any]]) -> Callable[[dict[str, Any]], Awaitable[None]]:
    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    return send
