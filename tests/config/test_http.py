"""A few threads answer all: they keep their connections, and no slow customer keeps one of them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.http import FileResponse, HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path

from palveluverkko.config.http import PooledHandler
from tests.loops import in_a_loop

LARGE = 300_000
opened: list[tuple[str, int]] = []
closed_in: list[str] = []
let_go = threading.Event()


def who(request: HttpRequest) -> HttpResponse:
    return HttpResponse(threading.current_thread().name)


def echo(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{request.method} {request.META['REMOTE_ADDR']} {len(request.body)}")


def waits(request: HttpRequest) -> HttpResponse:
    let_go.wait(10)
    return HttpResponse("at last")


def breaks(request: HttpRequest) -> HttpResponse:
    raise ValueError("on purpose")


class Large:
    """A file of zeros that says who reads and closes it."""

    def __init__(self) -> None:
        self.left = LARGE

    def read(self, size: int = -1) -> bytes:
        opened.append((threading.current_thread().name, size))
        size = min(size, self.left)
        self.left -= size
        return bytes(size)

    def close(self) -> None:
        closed_in.append(threading.current_thread().name)


def download(request: HttpRequest) -> FileResponse:
    return FileResponse(Large(), content_type="application/octet-stream")


urlpatterns = [
    path("who/", who),
    path("echo/", echo),
    path("waits/", waits),
    path("breaks/", breaks),
    path("download/", download),
]

here = override_settings(
    ROOT_URLCONF=__name__,
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
    ALLOWED_HOSTS=["*"],
)


@pytest.fixture(autouse=True)
def _here() -> Iterator[None]:
    let_go.clear()
    with here:
        yield
    let_go.set()


async def ask(
    handler: PooledHandler,
    address: str,
    body: Iterable[bytes] = (b"",),
    method: str = "GET",
) -> tuple[int, bytes, dict[str, str]]:
    """What a server gets that asks the handler."""
    pieces = list(body)
    scope = {
        "type": "http",
        "method": method,
        "path": address,
        "query_string": b"",
        "headers": [(b"host", b"localhost")],
        "client": ("192.0.2.7", 1234),
        "server": ("localhost", 80),
    }
    got: dict[str, Any] = {"body": b""}

    async def receive() -> dict[str, Any]:
        if not pieces:
            return {"type": "http.disconnect"}
        piece = pieces.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(pieces)}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            got["status"] = message["status"]
            got["headers"] = {k.decode().lower(): v.decode() for k, v in message["headers"]}
        else:
            got["body"] += message.get("body", b"")

    await handler(scope, receive, send)
    return got["status"], got["body"], got["headers"]


def test_all_requests_are_answered_by_the_same_few_threads() -> None:
    async def many() -> set[bytes]:
        handler = PooledHandler(threads=2)
        answers = [await ask(handler, "/who/") for _ in range(10)]
        answers += await asyncio.gather(*(ask(handler, "/who/") for _ in range(10)))
        return {body for _status, body, _headers in answers}

    assert 1 <= len(in_a_loop(many())) <= 2


def test_a_body_without_a_length_is_read_whole_and_the_customers_address_is_known() -> None:
    pieces = [b"x" * 70_000, b"y" * 10]
    status, body, _ = in_a_loop(ask(PooledHandler(2), "/echo/", pieces, "POST"))
    assert (status, body) == (200, b"POST 192.0.2.7 70010")


def test_who_sends_slowly_keeps_no_thread_from_the_others() -> None:
    async def slow_and_quick() -> bytes:
        handler, arrives = PooledHandler(threads=1), asyncio.Event()

        async def receive() -> dict[str, Any]:
            await arrives.wait()
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            return None

        scope = {
            "type": "http",
            "method": "POST",
            "path": "/echo/",
            "query_string": b"",
            "headers": [],
        }
        slow = asyncio.create_task(handler(scope, receive, send))
        _status, body, _headers = await asyncio.wait_for(ask(handler, "/who/"), 5)
        arrives.set()
        await slow
        return body

    assert in_a_loop(slow_and_quick()).startswith(b"http")


def test_who_loads_slowly_keeps_no_thread_from_the_others_and_no_more_is_read_than_sent() -> None:
    opened.clear()
    closed_in.clear()

    async def slow_and_quick() -> tuple[bytes, int]:
        handler = PooledHandler(threads=1)
        goes_on, began = asyncio.Event(), asyncio.Event()
        total = 0

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            nonlocal total
            total += len(message.get("body", b""))
            if message.get("body"):
                began.set()
                await goes_on.wait()

        scope = {
            "type": "http",
            "method": "GET",
            "path": "/download/",
            "query_string": b"",
            "headers": [],
        }
        slow = asyncio.create_task(handler(scope, receive, send))
        await began.wait()
        _status, body, _headers = await asyncio.wait_for(ask(handler, "/who/"), 5)
        assert len(opened) == 1
        goes_on.set()
        await slow
        return body, total

    body, total = in_a_loop(slow_and_quick())
    assert body.startswith(b"http")
    assert total == LARGE
    assert len(closed_in) == 1
    assert all(name.startswith("http") for name in closed_in)


def test_a_view_that_breaks_is_answered_and_its_thread_goes_on() -> None:
    async def twice() -> list[int]:
        handler = PooledHandler(threads=1)
        found = [await ask(handler, "/breaks/"), await ask(handler, "/who/")]
        return [status for status, _body, _headers in found]

    assert in_a_loop(twice()) == [500, 200]


def test_a_view_that_waits_leaves_the_other_threads_to_others() -> None:
    async def both() -> list[bytes]:
        handler = PooledHandler(threads=2)
        waiting = asyncio.create_task(ask(handler, "/waits/"))
        quick = await asyncio.wait_for(ask(handler, "/who/"), 5)
        let_go.set()
        return [quick[1][:4], (await waiting)[1]]

    assert in_a_loop(both()) == [b"http", b"at last"]


def test_only_on_request_an_answer_says_what_it_cost() -> None:
    _, _, silent = in_a_loop(ask(PooledHandler(1), "/who/"))
    _, _, timed = in_a_loop(ask(PooledHandler(1, timed=True), "/who/"))
    assert "server-timing" not in silent
    assert timed["server-timing"].startswith("queue;dur=")
