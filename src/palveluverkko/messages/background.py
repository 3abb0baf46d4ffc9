"""Background work as threads: a queue's consumer that reacts at once, and tickers that never miss.

They run inside ``serve`` or in processes of their own (``worker``); any number may run at once.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import close_old_connections, connection
from huey.consumer import Consumer

from palveluverkko.messages.delivery import deliver_due
from palveluverkko.messages.jobs import run_periodic
from palveluverkko.messages.promises import run_due
from palveluverkko.messages.waking import look_task, queue

TICK_SECONDS = 2

logger = logging.getLogger(__name__)
_stopping = threading.Event()


@dataclass(frozen=True)
class Work:
    """How much one look found to do."""

    promises: int
    messages: int
    jobs: int = 0


def work(now: datetime | None = None) -> Work:
    """Keep the promises that are due, then send what waits (a promise kept often adds one)."""
    promises = run_due(now, go_on=_go_on)
    return Work(promises, deliver_due(now=now, go_on=_go_on))


def tick(now: datetime | None = None) -> Work:
    """Everything that is due, once and to the end: jobs, promises, messages."""
    jobs = run_periodic(now, go_on=_go_on)
    total = Work(0, 0, jobs)
    while True:
        done = work(now)
        if not (done.promises or done.messages):
            return total
        total = Work(total.promises + done.promises, total.messages + done.messages, jobs)


class Background:
    """The threads of one process. ``stop`` lets a message that is on its way arrive."""

    def __init__(self, threads: int = 1) -> None:
        look_task()  # the consumer must know it before the first arrives
        self._consumer = _Consumer(
            queue(), workers=threads, periodic=False, max_delay=0.5, scheduler_interval=60
        )
        self._tickers = [
            threading.Thread(target=_loop, args=(work,), name="ticker", daemon=True),
            threading.Thread(target=_loop, args=(run_periodic,), name="jobs", daemon=True),
        ]

    def start(self) -> None:
        _stopping.clear()
        self._consumer.start()
        for ticker in self._tickers:
            ticker.start()

    def stop(self, seconds: float) -> bool:
        """Begin nothing new, wait up to ``seconds`` for what is begun; whether all ended."""
        _stopping.set()
        self._consumer.stop_flag.set()
        deadline = time.monotonic() + seconds
        threads = [thread for _, thread in self._consumer.worker_threads] + self._tickers
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        ended = not any(thread.is_alive() for thread in threads)
        if ended:
            _stopping.clear()
        return ended


class _Consumer(Consumer):  # type: ignore[misc]
    def _set_signal_handlers(self) -> None:
        """Leave signals to the server: it stops us, not the other way round."""


def _go_on() -> bool:
    return not _stopping.is_set()


def _loop(job: Callable[[], object]) -> None:
    while not _stopping.is_set():
        close_old_connections()
        try:
            job()
        except Exception:  # a database that is away for a minute must not end the thread
            logger.exception("Background work broke off; it goes on in a moment")
            connection.close()
        _stopping.wait(TICK_SECONDS)
    connection.close()
