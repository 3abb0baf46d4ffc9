"""The pages that are connected to this process: told of every change, and reported as heard.

One look at the records serves all of them. It is made when the pool tells of a change, and every
two seconds in case the telling was lost; a page is told only what is new to it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import datetime
from typing import Protocol

from asgiref.sync import async_to_sync
from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from django.db import DatabaseError
from django.utils import timezone

from palveluverkko.contact import attempts, silence
from palveluverkko.contact.events import adviser_changed, contact_changed
from palveluverkko.contact.models import AdviserState, Contact
from palveluverkko.contact.signalling.eager import eagerly
from palveluverkko.contact.signalling.pictures import Picture, Pictures, pictures_of
from palveluverkko.contact.signalling.post import hear, is_shared
from palveluverkko.contact.signalling.waits import Minutes, waits

LOOK_SECONDS = 2.0
GATHER_SECONDS = 0.02  # changes that come together are one look
HEARD_SECONDS = 10.0
ESTIMATE_SECONDS = 5.0
SLOW_SECONDS = 2.0  # a page that takes nothing for so long is told again at the next look
LINGER_SECONDS = 90.0  # longer than any silence is waited for
GROUP = "pool"

logger = logging.getLogger(__name__)


class Page(Protocol):
    contact_id: int | None
    adviser_id: int | None
    shown: Picture | None

    def is_there(self) -> bool: ...
    async def show(self, picture: Picture) -> None: ...


class Hub:
    """Of one event loop, which is one process except in tests."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._pages: set[Page] = set()
        self._changed = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._minutes: dict[int, Minutes] = {}
        self._ending: asyncio.TimerHandle | None = None
        self._looking = asyncio.Lock()  # an older picture must not come after a newer one

    def add(self, page: Page) -> None:
        self._pages.add(page)
        if self._ending is not None:
            self._ending.cancel()
            self._ending = None
        if not self._tasks:
            jobs = [self._look_always(), self._estimate(), self._report_heard()]
            if is_shared():
                jobs.append(hear(GROUP, lambda _event: self._changed.set()))
            self._tasks = [self._loop.create_task(job) for job in jobs]
        self._changed.set()

    def remove(self, page: Page) -> None:
        self._pages.discard(page)
        if not self._pages and self._ending is None:
            # Listening goes on for a while: else the last page of all would never be missed.
            self._ending = self._loop.call_later(LINGER_SECONDS, self._end)

    def _end(self) -> None:
        for task in self._tasks:
            task.cancel()
        self._tasks = []
        _hubs.pop(self._loop, None)

    def wake(self) -> None:
        """From any thread."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._changed.set)

    async def look(self) -> None:
        """Tell every page what is new to it."""
        async with self._looking:
            await self._look()

    async def _look(self) -> None:
        pages = list(self._pages)
        contacts = {p.contact_id for p in pages if p.contact_id is not None}
        advisers = {p.adviser_id for p in pages if p.adviser_id is not None}
        seen = await database_sync_to_async(pictures_of)(contacts, advisers, self._minutes)
        late = {
            task: page
            for page, picture in _nearest_first(pages, seen)
            if picture != page.shown and (task := eagerly(_told(page, picture))) is not None
        }
        if late:
            _done, slow = await asyncio.wait(late, timeout=SLOW_SECONDS)
            for task in slow:
                task.cancel()
                late[task].shown = None

    async def _look_always(self) -> None:
        while True:
            with suppress(TimeoutError):
                # Not wait_for: until 3.12 it may swallow the cancellation that ends this task.
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._changed.wait()
            await asyncio.sleep(GATHER_SECONDS)
            self._changed.clear()
            try:
                await self.look()
            except DatabaseError:
                logger.exception("The pool could not be read; it is tried again in a moment")

    async def _estimate(self) -> None:
        """Waits: dearer than a look, and nobody needs them to the second."""
        while True:
            if any(page.contact_id is not None for page in self._pages):
                try:
                    self._minutes = await database_sync_to_async(waits)(timezone.now())
                    self._changed.set()
                except DatabaseError:
                    logger.exception("Waits could not be told; it is tried again in a moment")
            await asyncio.sleep(ESTIMATE_SECONDS)

    async def _report_heard(self) -> None:
        while True:
            there = [p for p in self._pages if p.is_there()]
            contacts = [p.contact_id for p in there if p.contact_id is not None]
            advisers = [p.adviser_id for p in there if p.adviser_id is not None]
            try:
                await database_sync_to_async(report_heard)(contacts, advisers, timezone.now())
            except DatabaseError:
                logger.exception("Who is heard could not be written; it is tried again in a moment")
            await asyncio.sleep(HEARD_SECONDS)


_hubs: dict[asyncio.AbstractEventLoop, Hub] = {}


def hub() -> Hub:
    """The one of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub(loop)
    return _hubs[loop]


def report_heard(contacts: Iterable[int], advisers: Collection[int], now: datetime) -> None:
    """One write for all pages, however many they are; who calls a customer back goes on."""
    Contact.objects.filter(pk__in=contacts, state__in=Contact.OPEN).update(seen_at=now)
    AdviserState.objects.filter(pk__in=advisers).update(seen_at=now)
    attempts.all_heard(advisers, now=now)
    silence.listen(now)


def tell_pages(**_facts: object) -> None:
    """The pool has changed: every process that has pages looks again."""
    for each in list(_hubs.values()):
        each.wake()
    if is_shared():
        layer = get_channel_layer()
        assert layer is not None
        async_to_sync(layer.group_send)(GROUP, {"type": "pool.changed"})


def connect() -> None:
    """Called once, when the application starts."""
    contact_changed.connect(tell_pages, dispatch_uid="signalling")
    adviser_changed.connect(tell_pages, dispatch_uid="signalling")


def _nearest_first(pages: list[Page], seen: Pictures) -> list[tuple[Page, Picture]]:
    """Advisers and talks, then the queue from its front: whose news matters most hears it first."""
    told = [(page, _of(page, seen)) for page in pages]
    return sorted(told, key=lambda each: each[1].get("before", -1))


def _of(page: Page, seen: Pictures) -> Picture:
    if page.contact_id is not None:
        return seen.customers.get(page.contact_id, {"state": "abandoned"})
    return seen.advisers.get(page.adviser_id or 0, {"state": "off", "contact": None})


async def _told(page: Page, picture: Picture) -> None:
    """A page that has just been closed needs nothing more."""
    with suppress(OSError):
        await page.show(picture)
