"""Start a coroutine at once, and make a task only of what has to wait.

Nearly every word to a page goes out without waiting: a task for each would cost more than the word.
Python 3.12 has this as ``asyncio.eager_task_factory``; 3.11 does not.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Generator
from contextvars import copy_context
from typing import Any


def eagerly(work: Coroutine[Any, Any, None]) -> asyncio.Task[None] | None:
    """Run as far as possible now; the task that does the rest, or ``None`` when it is done.

    The part that runs at once belongs to no task of its own: no time-outs inside it.
    """
    # Of a context of its own, as a task would be: what the begun part notes there (asgiref:
    # that a thread is in use) is taken back by the rest, and must not stay with the caller.
    context = copy_context()
    try:
        awaited = context.run(work.send, None)
    except StopIteration:
        return None
    return asyncio.get_running_loop().create_task(_finish(work, awaited), context=context)


class _Begun:
    """A coroutine that already waits for something."""

    def __init__(self, work: Coroutine[Any, Any, None], awaited: Any) -> None:
        self._work, self._awaited = work, awaited

    def __await__(self) -> Generator[Any, Any, None]:
        awaited = self._awaited
        while True:
            try:
                got = yield awaited
            except BaseException as raised:  # such as its cancellation: the coroutine's to handle
                step, given = self._work.throw, raised
            else:
                step, given = self._work.send, got  # type: ignore[assignment]
            try:
                awaited = step(given)
            except StopIteration:
                return


async def _finish(work: Coroutine[Any, Any, None], awaited: Any) -> None:
    await _Begun(work, awaited)
