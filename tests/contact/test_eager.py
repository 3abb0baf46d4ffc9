"""Coroutines that are begun at once end as tasks do."""

from __future__ import annotations

import asyncio
from contextvars import ContextVar

from asgiref.sync import sync_to_async

from palveluverkko.contact.signalling.eager import eagerly
from tests.loops import in_a_loop

noted: ContextVar[bool] = ContextVar("noted", default=False)


def test_what_waits_goes_on_and_what_does_not_is_done_at_once() -> None:
    done: list[str] = []

    async def at_once() -> None:
        done.append("at once")

    async def later() -> None:
        await asyncio.sleep(0)
        done.append("later")

    async def both() -> None:
        task = eagerly(later())
        assert eagerly(at_once()) is None
        assert task is not None
        assert done == ["at once"]
        await task

    in_a_loop(both())
    assert done == ["at once", "later"]


def test_whoever_began_it_may_ask_the_database_afterwards() -> None:
    """asgiref notes in the context that its thread is in use, and takes it back when it has ended:
    in the caller's context the note would stay, and every later question would be refused.
    """

    async def asks() -> None:
        noted.set(True)
        await sync_to_async(int)("1")

    async def caller() -> int:
        task = eagerly(asks())
        assert task is not None
        assert not noted.get()
        await task
        return await sync_to_async(int)("2")

    assert in_a_loop(caller()) == 2
