"""A clock that a test holds, shared by processes through a small file in memory.

The time stands still until the test moves it. Each thread that works by the clock has a slot, in
which it writes the time of its last finished round: the test moves on when all have seen it.
"""

from __future__ import annotations

import mmap
import struct
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

NUMBER = struct.Struct("d")
NOW, ASKED, LOOKED, HEARD, FIRST = 0, 1, 2, 3, 4
SLOTS = 32
HEARD_AGAIN = 5.0  # seconds of the day; the product reports every ten who is heard


class Clock:
    """One reader or writer; ``set`` is the test's alone."""

    def __init__(self, file: Path) -> None:
        if not file.exists():
            file.write_bytes(bytes(NUMBER.size * SLOTS))
        with file.open("r+b") as opened:
            self._map = mmap.mmap(opened.fileno(), NUMBER.size * SLOTS)

    def __getitem__(self, slot: int) -> float:
        return float(NUMBER.unpack_from(self._map, slot * NUMBER.size)[0])

    def __setitem__(self, slot: int, value: float) -> None:
        NUMBER.pack_into(self._map, slot * NUMBER.size, value)

    def set(self, moment: datetime) -> None:
        self[NOW] = moment.timestamp()

    def now(self) -> datetime:
        return datetime.fromtimestamp(self[NOW], UTC)

    def later(self, seconds: float) -> datetime:
        return self.now() + timedelta(seconds=seconds)

    def wait_beyond(self, stamp: float, at_most: float = 1.0) -> bool:
        """Until the time is later than ``stamp``; false where it was not for so many seconds."""
        ends = time.monotonic() + at_most
        while self[NOW] <= stamp:
            if time.monotonic() > ends:
                return False
            time.sleep(0.002)
        return True
