"""Requests in threads of a fixed number (docs/decisions/0050-one-thread-a-request.md)."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from io import BytesIO
from typing import IO, Any

import httpx
import pytest
from django.core import signals
from django.db import connection
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path
from django.utils import translation

from forum_site import handler as handler_of_threads
from forum_site.handler import AT_A_TIME, Lanes, ThreadHandler

pytestmark = [
    pytest.mark.urls(__name__),
    pytest.mark.filterwarnings("error:StreamingHttpResponse must consume"),
]

AT_ONCE = 3


class Seen:
    """What views and signals noted, by the thread in which they ran."""

    threads: list[threading.Thread] = []
    connected: list[bool] = []  # at the beginning of a view
    files: list[IO[bytes]] = []
    running = most_running = 0
    lock = threading.Lock()
    hanging = threading.Event()  # a view that hangs has begun
    freed = threading.Event()


def where(request: HttpRequest) -> HttpResponse:
    Seen.threads.append(threading.current_thread())
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
    Seen.files.append(BytesIO(b"Zapis."))
    return FileResponse(Seen.files[-1], as_attachment=True, filename="zapis.txt")


def reading(_request: HttpRequest) -> HttpResponse:
    Seen.connected.append(connection.connection is not None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 7")
    return HttpResponse("ok")


def slow(_request: HttpRequest) -> HttpResponse:
    with Seen.lock:
        Seen.running += 1
        Seen.most_running = max(Seen.running, Seen.most_running)
    time.sleep(0.05)
    with Seen.lock:
        Seen.running -= 1
    return HttpResponse("ok")


def hanging(_request: HttpRequest) -> HttpResponse:
    Seen.hanging.set()
    Seen.freed.wait(30)
    return HttpResponse("late")


def broken(_request: HttpRequest) -> HttpResponse:
    raise LookupError("nobody foresaw it")


urlpatterns = [
    path("where/", where),
    path("echo/", echo),
    path("asked/", asked),
    path("file/", file),
    path("broken/", broken),
    path("reading/", reading),
    path("slow/", slow),
    path("hanging/", hanging),
]


@pytest.fixture
def handler(settings):
    settings.DEBUG = False
    settings.MIDDLEWARE = []
    settings.ALLOWED_HOSTS = ["*"]
    Seen.threads, Seen.connected, Seen.files = [], [], []
    Seen.running = Seen.most_running = 0
    Seen.hanging.clear()
    Seen.freed.clear()
    return ThreadHandler(AT_ONCE)


def ask(handler: ThreadHandler, *paths: str, **given: Any) -> list[httpx.Response]:
    """The answers to requests that are sent at once."""

    async def all_of_them() -> list[httpx.Response]:
        transport = httpx.ASGITransport(handler, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://forum") as client:
            return await asyncio.gather(*(client.post(each, **given) for each in paths))

    return asyncio.run(all_of_them())


def test_requests_that_take_long_run_as_many_at_once_as_there_are_threads(handler):
    handler._lanes = Lanes(look_s=0.001)
    answers = ask(handler, *["/slow/"] * (4 * AT_ONCE))
    assert {each.status_code for each in answers} == {200}
    assert Seen.most_running == AT_ONCE


def test_few_that_are_quick_run_at_once(handler):
    handler._lanes = Lanes(look_s=30)
    answers = ask(handler, *["/slow/"] * (4 * AT_ONCE))
    assert {each.status_code for each in answers} == {200}
    assert Seen.most_running == AT_A_TIME < AT_ONCE


def test_while_the_process_computes_nobody_else_is_let_in(monkeypatch):
    """Until the lane has been held for as long as anybody holds it."""

    async def take_two() -> tuple[bool, float]:
        loop, lanes = asyncio.get_running_loop(), Lanes(at_a_time=1, look_s=0.001)
        monkeypatch.setattr(handler_of_threads.time, "process_time", loop.time)
        monkeypatch.setattr(handler_of_threads, "LONG_S", 0.3)
        begin = loop.time()
        await lanes.take()
        waiting = asyncio.create_task(lanes.take())
        await asyncio.sleep(0.05)
        was_let_in = waiting.done()
        await asyncio.wait_for(waiting, 10)
        return was_let_in, loop.time() - begin

    was_let_in, seconds = asyncio.run(take_two())
    assert not was_let_in
    assert seconds >= 0.3


def test_a_lane_is_given_back_once():
    async def take_them() -> None:
        lanes = Lanes(at_a_time=1, look_s=0.001)
        slow = await lanes.take()
        lanes._look_s = 30
        async with asyncio.timeout(10):
            quick = await lanes.take()  # the slow one gave its own back by itself
        slow.give_back()
        waiting = asyncio.create_task(lanes.take())
        await asyncio.sleep(0.01)
        assert not waiting.done()
        quick.give_back()
        await asyncio.wait_for(waiting, 10)

    asyncio.run(take_them())


def test_views_that_hang_let_others_in(handler):
    async def ask_while_others_hang() -> int:
        sent: list[dict[str, Any]] = []
        hang = [
            asyncio.create_task(handler(scope_of("/hanging/"), taking([WHOLE]), giving([])))
            for _ in range(AT_A_TIME)
        ]
        async with asyncio.timeout(10):
            await handler(scope_of("/where/"), taking([WHOLE]), giving(sent))
        Seen.freed.set()
        await asyncio.wait(hang)
        return sent[0]["status"]

    assert asyncio.run(ask_while_others_hang()) == 200


def test_who_goes_away_before_their_turn_takes_nobodys(handler, monkeypatch):
    bodies: list[IO[bytes]] = []
    read = ThreadHandler.read_body

    async def noted(self: ThreadHandler, receive: Any) -> IO[bytes]:
        bodies.append(await read(self, receive))
        return bodies[-1]

    async def go_away_and_ask() -> None:
        lanes = [await handler._lanes.take() for _ in range(AT_A_TIME)]
        monkeypatch.setattr(ThreadHandler, "read_body", noted)
        waiting = asyncio.create_task(
            handler(scope_of("/where/"), taking([WHOLE]), giving([])),
        )
        while not bodies:
            await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait([waiting])
        assert bodies[0].closed
        for lane in lanes:
            lane.give_back()
        async with asyncio.timeout(10):
            for _ in range(AT_A_TIME):
                await handler._lanes.take()

    handler._lanes = Lanes(look_s=30)
    asyncio.run(go_away_and_ask())
    assert Seen.threads == []


def test_many_requests_share_few_threads(handler):
    for _ in range(10):
        ask(handler, "/where/", "/where/")
    assert len(Seen.threads) == 20
    assert len(set(Seen.threads)) <= AT_ONCE


def test_what_one_request_sets_the_next_in_its_thread_does_not_see(handler):
    alone = ThreadHandler(1)
    said = [ask(alone, f"/where/?language={each}")[0].text for each in ("en", "de", "en")]
    assert len(set(Seen.threads)) == 1
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
    assert answer.text == "Zapis."
    assert answer.headers["Content-Disposition"] == 'attachment; filename="zapis.txt"'
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    assert Seen.files[0].closed


@pytest.mark.django_db(transaction=True)
def test_a_thread_gives_its_connection_back(handler):
    alone = ThreadHandler(1)
    for _ in range(3):
        assert ask(alone, "/reading/")[0].status_code == 200
    assert Seen.connected == [False] * 3


def test_a_view_that_hangs_takes_no_thread_from_others(handler):
    """The server gave it up; whether it ever returns, nobody knows."""
    alone = ThreadHandler(1)
    sent: list[dict[str, Any]] = []

    async def give_up_and_ask() -> int:
        task = asyncio.create_task(alone(scope_of("/hanging/"), taking([WHOLE]), giving(sent)))
        assert await asyncio.to_thread(Seen.hanging.wait, 30)
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()
        async with asyncio.timeout(10):
            await alone(scope_of("/where/"), taking([WHOLE]), giving(sent))
        return sent[0]["status"]

    try:
        assert asyncio.run(give_up_and_ask()) == 200
    finally:
        Seen.freed.set()


def test_a_failing_end_does_not_hide_the_answer(handler, caplog):
    def fail(sender: type, **_: object) -> None:
        raise LookupError("nobody foresaw it")

    signals.request_finished.connect(fail, sender=ThreadHandler)
    try:
        [answer] = ask(handler, "/where/")
    finally:
        signals.request_finished.disconnect(fail, sender=ThreadHandler)
    assert (answer.status_code, answer.text) == (200, "pl")
    assert "The end of a request failed" in caplog.text


def test_each_request_is_begun_and_ended_in_the_thread_of_its_view(handler):
    begun: list[threading.Thread] = []
    ended: list[threading.Thread] = []

    def note_begin(sender: type, **_: object) -> None:
        begun.append(threading.current_thread())

    def note_end(sender: type, **_: object) -> None:
        ended.append(threading.current_thread())

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
    assert Seen.threads[0] is begun[0]
    assert all(each.name.startswith("request") for each in begun)


def test_a_view_that_fails_is_answered_and_the_thread_goes_on(handler):
    alone = ThreadHandler(1)
    assert ask(alone, "/broken/")[0].status_code == 500
    assert ask(alone, "/where/")[0].status_code == 200


def test_who_goes_away_while_sending_is_not_answered(handler):
    sent: list[dict[str, Any]] = []
    half = {"type": "http.request", "body": b"half", "more_body": True}
    gone = {"type": "http.disconnect"}
    asyncio.run(handler(scope_of("/where/"), taking([half, gone]), giving(sent)))
    assert sent == []
    assert Seen.threads == []


def test_a_question_that_is_no_text_is_refused(handler):
    sent: list[dict[str, Any]] = []
    scope = scope_of("/where/", query_string=b"\xff")
    asyncio.run(handler(scope, taking([WHOLE]), giving(sent)))
    assert sent[0]["status"] == 400
    assert Seen.threads == []


WHOLE = {"type": "http.request", "body": b""}


def scope_of(path: str, query_string: bytes = b"") -> dict[str, Any]:
    given = {"path": path, "query_string": query_string, "headers": []}
    return {"type": "http", "method": "POST", **given}


def taking(messages: list[dict[str, Any]]) -> Callable[[], Awaitable[dict[str, Any]]]:
    left = iter(messages)

    async def receive() -> dict[str, Any]:
        return next(left)

    return receive


def giving(sent: list[dict[str, Any]]) -> Callable[[dict[str, Any]], Awaitable[None]]:
    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    return send
