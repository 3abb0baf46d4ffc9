"""Who and what a meeting takes: the resources to claim, best choice first, from the truth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

from palveluverkko.availability import Takes, Window, room_starts, rooms_at, seats
from palveluverkko.availability.masks import runs
from palveluverkko.booking import outlets
from palveluverkko.booking.models import BookingMode, Resource
from palveluverkko.booking.outlets import VIDEO, outlet_of
from palveluverkko.booking.terms import TermsBook, at_any_cell, takes
from palveluverkko.booking.wishes import Wish

Seating = tuple[int, ...]  # resource ids


def claimed_span(wish: Wish, need: Takes) -> tuple[timedelta, timedelta]:
    """How long before and after its start a meeting takes its resources."""
    cell = timedelta(minutes=5)
    return cell * need.before, cell * (need.length + need.after)


def seatings(wish: Wish, without: int | None = None) -> Iterator[Seating]:
    """Sets of resources that are free for the wish now, best first; none: the time is taken.

    ``without``: the booking that is being made, which does not count towards a day's limit.
    """
    window = Window(wish.start.date())
    cell = window.cell(wish.start)
    if cell is None:
        return
    pool = VIDEO if wish.mode == BookingMode.VIDEO_ROOM else outlet_of(wish.point, wish.mode)
    asked = [pool] if wish.mode != BookingMode.VIDEO_ROOM else [pool, str(wish.point)]
    loaded = outlets.load(asked, window.day, window.day, without)
    need = takes(loaded.terms.of(wish.service, wish.mode))
    seen = loaded.outlet(pool, wish.mode, window.day)
    rooms: tuple[int | None, ...] = (None,)
    if wish.mode == BookingMode.VIDEO_ROOM:
        here = loaded.outlet(str(wish.point), wish.mode, window.day)
        if not room_starts(here, wish.service, need) >> cell & 1:
            return
        rooms, need = rooms_at(here, need, cell), at_any_cell(need)
    found = seats(seen, wish.service, need, wish.language, cell)
    interpreters = _interpreters(wish, window, cell, need)
    for seat in found:
        others = [s.worker for s in found if s.worker != seat.worker]
        colleagues = list(dict.fromkeys(others))[: wish.advisers - 1]
        if len(colleagues) < wish.advisers - 1:
            return
        for interpreter in interpreters:
            for room in rooms:
                whole = (seat.worker, seat.desk, room, interpreter, *colleagues)
                yield tuple(r for r in whole if r is not None)


def _interpreters(wish: Wish, window: Window, cell: int, need: Takes) -> tuple[int | None, ...]:
    """Interpreters of the language who are free for the meeting; (None,) where none is needed."""
    if not wish.interpreter:
        return (None,)
    rows = outlets.people(Resource.Kind.INTERPRETER, window.origin, window.end)
    works: dict[int, outlets.Spans] = defaultdict(list)
    for row in rows:
        if wish.interpreter in row.languages:
            works[row.person].append((row.start, row.end))
    claims = outlets.load_claims(works, window.origin, window.end)
    found: list[int] = []
    for person, spans in sorted(works.items()):
        free = window.within(outlets.joined(spans)) & ~window.touched(claims.get(person, ()))
        if runs(free, need.whole) << need.before >> cell & 1:
            found.append(person)
    return tuple(found)


def is_day_full(wish: Wish, without: int | None = None) -> bool:
    """Whether the limit of the service for its local day has been reached, where there is one."""
    if TermsBook.load().of(wish.service, wish.mode).daily_limit is None:
        return False
    outlet, day = outlet_of(wish.point, wish.mode), wish.start.date()
    loaded = outlets.load([outlet], day, day, without)
    local = wish.start.astimezone(ZoneInfo(loaded.register.zone_of(wish.point))).date()
    return loaded.is_full(outlet, wish.mode, wish.service, local)
