"""Pages are answered by a few threads that stay, and keep their connections to the database."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any

from asgiref.sync import sync_to_async
from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.http import FileResponse
from django.urls import set_script_prefix

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]

# More than two cores can use, because some wait: for the database, for a long import's lock. Not
# many more: threads that compute take turns, and a crowd of them makes every turn dearer.
THREADS = 4


class PooledHandler(ASGIHandler):
    """Django's handler, but a request runs whole in one of ``threads`` threads.

    Django's own starts a thread for every request, which then opens a connection of its own: about
    4 ms of a page's 17. Bodies are read before a thread is taken and answers are sent
    when it is free again, so that a slow customer keeps no thread from the others.
    """

    def __init__(self, threads: int = THREADS, timed: bool = False) -> None:
        super(ASGIHandler, self).__init__()  # ASGIHandler's own would load middleware to be awaited
        self.load_middleware(is_async=False)
        self._timed = timed
        pool = ThreadPoolExecutor(threads, thread_name_prefix="http")
        # By asgiref, so that a view that awaits something does it in the server's own loop.
        self._in_pool = sync_to_async(_call, thread_sensitive=False, executor=pool)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        response = await self._in_pool(self._answer, scope, body, time.perf_counter())
        if not response.streaming:
            await self.send_response(response, send)
            return
        try:
            if not response.is_async:
                response.streaming_content = self._pieces(response.streaming_content)
            await self.send_response(response, send)
        finally:
            await self._in_pool(response.close)

    def _answer(self, scope: Scope, body: IO[bytes], came: float) -> Any:
        """The response with all its content, in a thread of the pool; a file is only opened."""
        began, cpu = time.perf_counter(), time.thread_time()
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=self.__class__, scope=scope)
        request, refused = self.create_request(scope, body)
        response: Any = refused if request is None else self.get_response(request)
        response._handler_class = self.__class__
        if isinstance(response, FileResponse):
            response.block_size = self.chunk_size
        if self._timed:
            took = (began - came, time.perf_counter() - began, time.thread_time() - cpu)
            response.headers["Server-Timing"] = _server_timing(*took)
        body.close()
        if not response.streaming:
            response.close()  # here, where the request's connection to the database is
        return response

    async def _pieces(self, content: Iterator[bytes]) -> AsyncIterator[bytes]:
        """A file's content, no more of it read than the customer has loaded."""
        while (piece := await self._in_pool(next, content, None)) is not None:
            yield piece


def _server_timing(queue: float, app: float, cpu: float) -> str:
    parts = {"queue": queue, "app": app, "cpu": cpu}
    return ", ".join(f"{name};dur={seconds * 1000:.2f}" for name, seconds in parts.items())


def _call(function: Callable[..., Any], *args: Any) -> Any:
    return function(*args)
