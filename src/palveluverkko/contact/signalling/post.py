"""Words from page to page: by the names of groups, within this process and to the others.

A process has one place in the channel layer, however many pages it has. With the layer in memory
there is one process, and nothing leaves it.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections import defaultdict
from collections.abc import Callable
from typing import Any, Protocol

from channels.layers import InMemoryChannelLayer, get_channel_layer
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

WORDS = "pages"
AGAIN_SECONDS = 1.0
# The layer forgets a member after a day (group_expiry).
STAY_SECONDS = 3600.0

Event = dict[str, Any]


class Listener(Protocol):
    def deliver(self, event: Event) -> None: ...


class Post:
    """Of one event loop, which is one process except in tests."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._groups: dict[str, set[Listener]] = defaultdict(set)
        self._name = uuid.uuid4().hex
        self._ear: asyncio.Task[None] | None = None

    def join(self, group: str, listener: Listener) -> None:
        self._groups[group].add(listener)
        if self._ear is None and is_shared():
            self._ear = self._loop.create_task(hear(WORDS, self._hear))

    def leave(self, group: str, listener: Listener) -> None:
        members = self._groups.get(group)
        if members is None:
            return
        members.discard(listener)
        if not members:
            del self._groups[group]
        if not self._groups:
            if self._ear is not None:
                self._ear.cancel()
            _posts.pop(self._loop, None)

    async def tell(self, group: str, event: Event) -> None:
        """Everybody in the group; who is in other processes hears it a moment later."""
        self._deliver(group, event)
        layer = get_channel_layer()
        if layer is not None and is_shared():
            word = {"type": "page.word", "by": self._name, "to": group, "event": event}
            try:
                await layer.group_send(WORDS, word)
            except (RedisError, OSError):
                logger.exception("A word to other processes was lost")

    def _hear(self, word: Event) -> None:
        if word["by"] != self._name:
            self._deliver(word["to"], word["event"])

    def _deliver(self, group: str, event: Event) -> None:
        for listener in list(self._groups.get(group, ())):
            listener.deliver(event)


async def hear(group: str, act: Callable[[Event], None]) -> None:
    """Act on what other processes send to the group, also after the layer was away for a while."""
    layer = get_channel_layer()
    assert layer is not None
    while True:
        try:
            channel = await layer.new_channel()
            staying = asyncio.create_task(_stay(group, channel))
            try:
                while True:
                    act(await layer.receive(channel))
            finally:
                staying.cancel()
        except (RedisError, OSError):
            logger.exception("Other processes are not heard; it is tried again in a moment")
            await asyncio.sleep(AGAIN_SECONDS)


async def _stay(group: str, channel: str) -> None:
    layer = get_channel_layer()
    assert layer is not None
    while True:
        try:
            await layer.group_add(group, channel)
            await asyncio.sleep(STAY_SECONDS)
        except (RedisError, OSError):
            await asyncio.sleep(AGAIN_SECONDS)


def is_shared() -> bool:
    """Whether several processes hear each other."""
    return not isinstance(get_channel_layer(), InMemoryChannelLayer)


_posts: dict[asyncio.AbstractEventLoop, Post] = {}


def post() -> Post:
    """The one of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _posts:
        _posts[loop] = Post(loop)
    return _posts[loop]
