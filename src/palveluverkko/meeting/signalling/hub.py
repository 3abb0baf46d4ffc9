"""The pages of meetings in this process: told of every change, and reported as heard.

As in the signalling of calls, one look at the records serves all pages. It is made when a meeting
changes, and every two seconds in case the telling was lost, or the time has brought a change.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import suppress
from datetime import datetime
from typing import Any, Protocol

from asgiref.sync import async_to_sync
from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from django.db import DatabaseError
from django.utils import timezone

from palveluverkko.contact.models import AdviserState, Contact
from palveluverkko.contact.signalling.post import hear, is_shared
from palveluverkko.meeting.events import meeting_changed
from palveluverkko.meeting.models import Seat
from palveluverkko.meeting.signalling.pictures import View, views_of

LOOK_SECONDS = 2.0
GATHER_SECONDS = 0.02  # changes that come together are one look
HEARD_SECONDS = 5.0
SLOW_SECONDS = 2.0  # a page that takes nothing for so long is told again at the next look
GROUP = "meetings"

logger = logging.getLogger(__name__)


class Page(Protocol):
    seat_id: int
    view: View | None

    def is_there(self) -> bool: ...
    async def show(self, view: View) -> None: ...


class Hub:
    """Of one event loop, which is one process except in tests."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._pages: set[Page] = set()
        self._changed = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._looking = asyncio.Lock()  # an older picture must not come after a newer one

    def add(self, page: Page) -> None:
        self._pages.add(page)
        if not self._tasks:
            jobs: list[Coroutine[Any, Any, None]] = [self._look_always(), self._report_heard()]
            if is_shared():
                jobs.append(hear(GROUP, lambda _event: self._changed.set()))
            self._tasks = [self._loop.create_task(job) for job in jobs]
        self._changed.set()

    def remove(self, page: Page) -> None:
        self._pages.discard(page)
        if not self._pages:
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
            pages = list(self._pages)
            wanted = {page.seat_id for page in pages}
            seen = await database_sync_to_async(views_of)(wanted, timezone.now())
            telling = {
                asyncio.create_task(_told(page, view)): page
                for page in pages
                if (view := seen.get(page.seat_id, View())) != page.view
            }
            if telling:
                _done, late = await asyncio.wait(telling, timeout=SLOW_SECONDS)
                for task in late:
                    task.cancel()
                    telling[task].view = None

    async def _look_always(self) -> None:
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), LOOK_SECONDS)
            await asyncio.sleep(GATHER_SECONDS)
            self._changed.clear()
            try:
                await self.look()
            except DatabaseError:
                logger.exception("Meetings could not be read; it is tried again in a moment")

    async def _report_heard(self) -> None:
        while True:
            there = [page.seat_id for page in self._pages if page.is_there()]
            try:
                await database_sync_to_async(report_heard)(there, timezone.now())
            except DatabaseError:
                logger.exception("Who is heard could not be written; it is tried again in a moment")
            await asyncio.sleep(HEARD_SECONDS)


def report_heard(seats: list[int], now: datetime) -> None:
    """Whoever is in a meeting by way of the queue is heard there too, as with a call."""
    rows = Seat.objects.filter(pk__in=seats)
    rows.update(seen_at=now)
    of_contacts = rows.filter(meeting__contact__state__in=Contact.OPEN)
    customers = of_contacts.filter(role=Seat.Role.CUSTOMER).values("meeting__contact")
    advisers = of_contacts.filter(role=Seat.Role.ADVISER).values("meeting__adviser")
    Contact.objects.filter(pk__in=customers).update(seen_at=now)
    AdviserState.objects.filter(pk__in=advisers).update(seen_at=now)


_hubs: dict[asyncio.AbstractEventLoop, Hub] = {}


def hub() -> Hub:
    """The one of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub(loop)
    return _hubs[loop]


def tell_pages(**_facts: object) -> None:
    """A meeting has changed: every process that has pages looks again."""
    for each in list(_hubs.values()):
        each.wake()
    if is_shared():
        layer = get_channel_layer()
        assert layer is not None
        async_to_sync(layer.group_send)(GROUP, {"type": "meeting.changed"})


def connect() -> None:
    """Called once, when the application starts."""
    meeting_changed.connect(tell_pages, dispatch_uid="meeting-signalling")


async def _told(page: Page, view: View) -> None:
    """A page that has just been closed needs nothing more."""
    with suppress(OSError):
        await page.show(view)
