"""Time as bits: a day in cells of five minutes, one Python integer for what is free.

Cells are counted in UTC from the beginning of a :class:`Window`, so that a day on which clocks are
changed needs no rule of its own: only opening hours and the display know local time. Bit ``i`` is
the cell from ``origin + 5 min * i``. A window begins two hours before its UTC day and goes on
twelve hours behind it, so that a meeting that begins on the day is seen whole, buffers included.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

CELL_MINUTES = 5
CELL = timedelta(minutes=CELL_MINUTES)
DAY_CELLS = 288
HEAD_CELLS = 24
TAIL_CELLS = 144
WINDOW_CELLS = HEAD_CELLS + DAY_CELLS + TAIL_CELLS
_ALL = (1 << WINDOW_CELLS) - 1
DAY_MASK = ((1 << DAY_CELLS) - 1) << HEAD_CELLS

Mask = int
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Window:
    """The cells in which starts on the UTC day ``day`` are looked for."""

    day: date

    @property
    def origin(self) -> datetime:
        return _origin(self.day)

    @property
    def end(self) -> datetime:
        return self.origin + WINDOW_CELLS * CELL

    def within(self, spans: Iterable[Span]) -> Mask:
        """Cells that lie wholly inside one of ``spans`` (aware; ``start < end``)."""
        mask = 0
        for start, end in spans:
            mask |= _bits(self._up(start), self._down(end))
        return mask & _ALL

    def touched(self, spans: Iterable[Span]) -> Mask:
        """Cells that ``spans`` touch at all: what a claim takes."""
        mask = 0
        for start, end in spans:
            mask |= _bits(self._down(start), self._up(end))
        return mask & _ALL

    def cell(self, moment: datetime) -> int | None:
        """The cell that begins at ``moment``, if one does and lies in the window."""
        cell, rest = divmod(moment - self.origin, CELL)
        return cell if not rest and 0 <= cell < WINDOW_CELLS else None

    def moments(self, mask: Mask) -> Iterator[datetime]:
        """When the cells of ``mask`` begin, in order."""
        for cell in cells(mask):
            yield self.origin + cell * CELL

    def _down(self, moment: datetime) -> int:
        return min(max((moment - self.origin) // CELL, 0), WINDOW_CELLS)

    def _up(self, moment: datetime) -> int:
        return min(max(-((self.origin - moment) // CELL), 0), WINDOW_CELLS)


def windows_over(start: datetime, end: datetime) -> tuple[Window, ...]:
    """The windows whose cells meet the time from ``start`` to ``end``."""
    first = (start - TAIL_CELLS * CELL).astimezone(UTC).date()
    last = (end + HEAD_CELLS * CELL).astimezone(UTC).date()
    days = (first + timedelta(days=i) for i in range((last - first).days + 1))
    return tuple(w for w in map(Window, days) if w.origin < end and start < w.end)


def cells(mask: Mask) -> Iterator[int]:
    """The bits that are set, from the lowest."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def runs(free: Mask, length: int) -> Mask:
    """Cells from which ``length`` free cells follow without a gap."""
    result, have = free, 1
    while have < length:
        step = min(have, length - have)
        result &= result >> step
        have += step
    return result


def cells_for(minutes: int) -> int:
    """Cells that ``minutes`` need; a part of a cell needs all of it."""
    return -(-minutes // CELL_MINUTES)


@lru_cache(maxsize=4096)
def clock_mask(day: date, zone: str, step_minutes: int) -> Mask:
    """Cells of the window of ``day`` at which a local clock shows a multiple of the step."""
    window, mask = Window(day), 0
    local = ZoneInfo(zone)
    for cell in range(WINDOW_CELLS):
        moment = (window.origin + cell * CELL).astimezone(local)
        if (moment.hour * 60 + moment.minute) % step_minutes == 0:
            mask |= 1 << cell
    return mask


@lru_cache(maxsize=4096)
def _origin(day: date) -> datetime:
    return datetime.combine(day, time(), UTC) - HEAD_CELLS * CELL


def _bits(first: int, end: int) -> Mask:
    return ((1 << end) - (1 << first)) if end > first else 0
