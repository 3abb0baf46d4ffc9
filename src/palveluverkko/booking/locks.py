"""Who changes the same outlet's day takes turns. SQLite lets only one write at a time anyway."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from zlib import crc32

from django.db import connection, transaction

from palveluverkko.network.moment import one_moment


@contextmanager
def changing() -> Iterator[None]:
    """A transaction that changes bookings: others wait, so it reads terms and register once.

    SQLite does not queue its writers. A line for them (flock on a file) was tried and left: in a
    crowd it gave more refusals, less bookings and longer waits (docs/benchmarks.md).
    """
    with transaction.atomic(), one_moment():
        yield


def take_turns(name: str) -> None:
    """Until the transaction ends, others wait who ask for the same name."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [1, _number(name)])


def take_resources(ids: Iterable[int]) -> None:
    """The same for resources, in one order for all, before their claims are written.

    Two inserts that break one exclusion constraint may wait for each other until PostgreSQL ends
    one of them a second later; waiting here instead is sooner and clear.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for number in sorted(set(ids)):
                cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [2, number])


def _number(name: str) -> int:
    return crc32(name.encode()) - (1 << 31)
