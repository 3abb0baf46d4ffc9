"""Who changes the same outlet's day takes turns; on SQLite, who changes anything at all."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from zlib import crc32

from django.db import connection, transaction

from palveluverkko.network.moment import one_moment

if sys.platform != "win32":
    import fcntl


@contextmanager
def changing() -> Iterator[None]:
    """A transaction that changes bookings.

    SQLite does not queue its writers: each sleeps and tries again, and of 64 one waited 56 s. Here
    they stand in line on a file beside the database; the kernel wakes them in their order, also
    those of other processes, and lets go of the line when its holder is killed.
    """
    path = _line_file()
    # Whose turn it is reads terms and register once, not at every step: others wait meanwhile.
    with in_line(path) if path else nullcontext(), transaction.atomic(), one_moment():
        yield


@contextmanager
def in_line(path: Path) -> Iterator[None]:
    """Nobody else is in the block who stands in line on the same file."""
    with path.open("ab") as file:  # opened by each for itself: threads stand in line, too
        if sys.platform != "win32":
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _line_file() -> Path | None:
    """None where there is no need to stand in line."""
    # Who is inside a transaction writes already: standing in line would stop those before them.
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return None
    name = str(connection.settings_dict["NAME"])
    return None if name == ":memory:" or name.startswith("file:") else Path(f"{name}-line")


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
