"""One open page's connection: the first word, the checks, the heartbeat, the other side's words.

Channels' consumers give each connection a place in the channel layer, and each message two tasks
and a trip to a thread, before anything is done with it. With thousands of pages that is most of the
work: here a page is one task, and hears the others through the process's own ``post``.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
import uuid
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any, ClassVar, Literal

from channels.generic.websocket import AsyncWebsocketConsumer

from palveluverkko.contact.signalling.eager import eagerly
from palveluverkko.contact.signalling.hub import hub
from palveluverkko.contact.signalling.messages import Hello, Message, MessageRefused, read
from palveluverkko.contact.signalling.pictures import Picture
from palveluverkko.contact.signalling.post import post
from palveluverkko.contact.signalling.rate import Bucket

FIRST_WORD_SECONDS = 10.0
SILENT_SECONDS = 20.0  # pages say that they are there every five
MOST_REFUSED = 20

# Closing codes of our own (RFC 6455, 7.4.2). Unknown, over, or somebody else's: one answer.
NEUTRAL, ELSEWHERE, UNRULY = 4404, 4409, 4429

# The commonest word, which needs no checking.
PING = '{"type":"ping"}'

logger = logging.getLogger(__name__)
_encode = json.JSONEncoder(separators=(",", ":")).encode


class Page(AsyncWebsocketConsumer):  # type: ignore[misc]
    """What both sides share. A subclass has ``on_<type>`` for each type of message it takes."""

    role: ClassVar[Literal["customer", "desk"]]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contact_id: int | None = None
        self.adviser_id: int | None = None
        self.page = ""
        self.shown: Picture | None = None
        self.name = uuid.uuid4().hex  # of this connection
        self._groups: set[str] = set()
        self._taking: asyncio.Task[None] | None = None
        self._heard_at = time.monotonic()
        # A call's start is a burst of some thirty candidates; afterwards little is said.
        self._rate = Bucket(burst=120, per_second=20)
        self._refused = 0
        self._closed = False
        self._waiting: asyncio.TimerHandle | None = None

    async def __call__(
        self,
        scope: dict[str, Any],
        receive: Callable[[], Awaitable[dict[str, Any]]],
        send: Callable[[dict[str, Any]], Awaitable[None]],
    ) -> None:
        self.scope, self.base_send = scope, send
        try:
            while (event := await receive())["type"] != "websocket.disconnect":
                if event["type"] == "websocket.connect":
                    await self.connect()
                elif not self._closed:  # what was under way when we closed is not answered
                    await self.receive(event.get("text"))
        finally:
            await self.disconnect(0)

    async def connect(self) -> None:
        await self.accept()
        loop = asyncio.get_running_loop()
        self._waiting = loop.call_later(FIRST_WORD_SECONDS, self._no_word)

    async def close(self, code: int | bool | None = None, reason: str | None = None) -> None:
        self._closed = True
        await super().close(code, reason)

    async def disconnect(self, code: int) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
        hub().remove(self)
        for group in self._groups:
            post().leave(group, self)
        self._groups.clear()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        self._heard_at = time.monotonic()
        try:
            if not self._rate.take():
                raise MessageRefused("too_fast")
            if text_data is None:
                raise MessageRefused("malformed")
            if text_data == PING and self.page:
                await self.on_ping()
                return
            await self._take(read(text_data, self.role))
        except MessageRefused as refused:
            await self._refuse(refused.code)

    async def _take(self, message: Message) -> None:
        kind: str = message.type  # type: ignore[attr-defined]
        if not self.page and not isinstance(message, Hello):
            await self.answer_neutrally()
            return
        await getattr(self, f"on_{kind}")(message)

    async def _refuse(self, code: str) -> None:
        """Say so; a page that is only ever refused is a program of somebody's."""
        logger.warning("A message of a %s's page was refused: %s", self.role, code)
        self._refused += 1
        await self.say("refused", code=code)
        if self._refused >= MOST_REFUSED:
            await self.close(UNRULY)

    async def answer_neutrally(self) -> None:
        await self.say("closed")
        await self.close(NEUTRAL)

    async def on_ping(self, _message: Message | None = None) -> None:
        await self.send('{"type":"pong"}')

    async def say(self, kind: str, **facts: Any) -> None:
        await self.send(_encode({"type": kind, **facts}))

    async def send(
        self, text_data: str | None = None, bytes_data: bytes | None = None, close: bool = False
    ) -> None:
        """Straight to the server: two calls less for each of thousands of pages."""
        await self.base_send({"type": "websocket.send", "text": text_data})

    def is_there(self) -> bool:
        return time.monotonic() - self._heard_at < SILENT_SECONDS

    async def show(self, picture: Picture) -> None:
        """What the page is to show now, from the hub."""
        self.shown = picture
        await self.say("state", **picture)

    async def settle(self, page: str, own: str) -> None:
        """This connection stands for the person from now on; an earlier one is told to go."""
        if self._waiting is not None:
            self._waiting.cancel()
        self.page = page
        await self.tell(own, "page.elsewhere", page=page, by=self.name)
        self.join(own)

    def join(self, group: str) -> None:
        self._groups.add(group)
        post().join(group, self)

    def leave(self, group: str) -> None:
        self._groups.discard(group)
        post().leave(group, self)

    async def tell(self, group: str, kind: str, **facts: Any) -> None:
        """Say it to the group: ``page.word`` is taken by ``page_word`` of each page in it."""
        await post().tell(group, {"type": kind, **facts})

    def deliver(self, event: dict[str, Any]) -> None:
        """From the post: at once, or after what this page was told before and still waits."""
        take = getattr(self, event["type"].replace(".", "_"))(event)
        if self._taking is None or self._taking.done():
            self._taking = eagerly(_unless_gone(take))
        else:
            self._taking = asyncio.create_task(_after(self._taking, _unless_gone(take)))

    async def page_elsewhere(self, event: dict[str, Any]) -> None:
        """The same call has been opened in another window, or this window has come back."""
        if event["by"] == self.name:
            return
        if event["page"] != self.page:
            await self.say("elsewhere")
        hub().remove(self)
        await self.close(ELSEWHERE)

    async def page_word(self, event: dict[str, Any]) -> None:
        """What the other side's page said, checked when it came in."""
        await self.send(event["text"])

    def _no_word(self) -> None:
        self._closing = asyncio.ensure_future(self.answer_neutrally())


async def _unless_gone(work: Coroutine[Any, Any, None]) -> None:
    """A page that closes while it is told something needs it no more."""
    with suppress(OSError):
        await work


async def _after(earlier: asyncio.Task[None], work: Coroutine[Any, Any, None]) -> None:
    await asyncio.wait([earlier])
    await work
