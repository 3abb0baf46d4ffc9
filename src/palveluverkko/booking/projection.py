"""The projection of free times: made again from the truth whenever that changes.

A change writes :class:`StaleDay` rows in its own transaction; after the commit the days are made
again, and the ticker makes those that a killed process left. Until then readers compute stale days
themselves (``queries.py``), and whoever books is checked against the truth: the projection makes
reading fast, it never decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from palveluverkko.availability import (
    ANY,
    Mask,
    Outlet,
    Takes,
    pack,
    room_starts,
    starts_by_language,
)
from palveluverkko.booking import offerings, outlets
from palveluverkko.booking.locks import take_turns
from palveluverkko.booking.models import BookingMode, FreeDay, StaleDay
from palveluverkko.booking.outlets import POOLS, Loaded
from palveluverkko.booking.terms import TermsBook, at_any_cell, takes
from palveluverkko.network.moment import look_again

Key = tuple[str, date]
AT_ONCE = 12  # more stale days than this are left to the ticker: nobody should wait for them
CHUNK_DAYS = 7
CHUNK_OUTLETS = 40


def mark_stale(keys: Iterable[Key]) -> None:
    """Say, inside the transaction of a change, that these days must be made again."""
    wanted = sorted(set(keys))
    StaleDay.objects.bulk_create([StaleDay(outlet=o, day=d) for o, d in wanted])
    look_again()
    if len(wanted) <= AT_ONCE:
        # Robust: the change is committed; a projection that fails is made by the ticker.
        transaction.on_commit(lambda: _refresh_all(wanted), robust=True)


def _refresh_all(keys: Iterable[Key]) -> None:
    for outlet, day in keys:
        refresh(outlet, day)


def refresh(outlet: str, day: date) -> None:
    """Make one outlet's day again, if it is still stale."""
    with transaction.atomic():
        take_turns(f"free {outlet} {day}")
        stale = list(StaleDay.objects.filter(outlet=outlet, day=day).values_list("pk", flat=True))
        if not stale:
            return
        rows = day_rows(outlets.load([outlet], day, day), outlet, day)
        FreeDay.objects.filter(outlet=outlet, day=day).delete()
        FreeDay.objects.bulk_create(rows)
        StaleDay.objects.filter(pk__in=stale).delete()


def refresh_stale(limit: int = 500) -> int:
    """Make stale days again that nobody has made yet; the number of days made."""
    keys = StaleDay.objects.order_by("outlet", "day").values_list("outlet", "day").distinct()
    found = list(keys[:limit])
    for outlet, day in found:
        refresh(outlet, day)
    return len(found)


def day_rows(
    loaded: Loaded, outlet: str, day: date, only: tuple[str, str] | None = None
) -> list[FreeDay]:
    """The projection's rows of one outlet on one UTC day, from the truth.

    ``only``: one mode and service of them.
    """
    rows: list[FreeDay] = []
    for mode in outlets.modes_of(outlet):
        if only is not None and mode != only[0]:
            continue
        seen = loaded.outlet(outlet, mode, day)
        for service in seen.open if only is None else {only[1]} & set(seen.open):
            found = _found(seen, outlet, mode, service, takes(loaded.terms.of(service, mode)))
            if found:
                moments = list(seen.window.moments(found[ANY]))
                rows.append(
                    FreeDay(
                        outlet=outlet,
                        mode=mode,
                        service=service,
                        day=day,
                        starts=pack(found),
                        first_start=moments[0],
                        last_start=moments[-1],
                    )
                )
    return rows


def _found(seen: Outlet, outlet: str, mode: str, service: str, need: Takes) -> dict[str, Mask]:
    """Starts by language. A video room's meeting has two halves: the room, and the people."""
    if mode == BookingMode.VIDEO_ROOM and outlet not in POOLS:
        room = room_starts(seen, service, need)
        return {ANY: room} if room else {}
    if mode == BookingMode.VIDEO_ROOM:
        need = at_any_cell(need)
    spoken = {language for worker in seen.workers for language in worker.languages}
    return starts_by_language(seen, service, need, sorted(spoken))


def rebuild(
    outlet_ids: Sequence[str] | None = None,
    first: date | None = None,
    last: date | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Make whole outlets again, all by default; returns the number of rows.

    For bulk loads and after a change of the register: outlets and days in chunks, so that memory
    stays bounded.
    """
    ids = list(outlet_ids) if outlet_ids is not None else all_outlets()
    since = first or today_utc()
    until = last or since + timedelta(days=TermsBook.load().horizon_days)
    days = [since + timedelta(days=i) for i in range((until - since).days + 1)]
    made, done = 0, 0
    for at in range(0, len(ids), CHUNK_OUTLETS):
        chunk = ids[at : at + CHUNK_OUTLETS]
        for start in range(0, len(days), CHUNK_DAYS):
            made += _rebuild_chunk(chunk, days[start : start + CHUNK_DAYS])
        done += len(chunk)
        if progress:
            progress(done, len(ids))
    return made


@transaction.atomic
def _rebuild_chunk(chunk: Sequence[str], days: Sequence[date]) -> int:
    for outlet in sorted(chunk):
        for day in days:
            take_turns(f"free {outlet} {day}")
    stale = StaleDay.objects.filter(outlet__in=chunk, day__in=days)
    pks = list(stale.values_list("pk", flat=True))
    loaded = outlets.load(chunk, days[0], days[-1])
    rows = [row for outlet in chunk for day in days for row in day_rows(loaded, outlet, day)]
    FreeDay.objects.filter(outlet__in=chunk, day__in=days).delete()
    FreeDay.objects.bulk_create(rows, batch_size=1000)
    StaleDay.objects.filter(pk__in=pks).delete()
    return len(rows)


def all_outlets() -> list[str]:
    """The two pools, and each point that offers something by booking."""
    booked = {str(BookingMode.APPOINTMENT), str(BookingMode.VIDEO_ROOM)}
    offered = offerings.current().offered
    return [*POOLS, *sorted({point for point, mode in offered if mode in booked})]


def today_utc() -> date:
    return timezone.now().date()


def forget_past() -> int:
    """Drop the projection of days that are over."""
    gone, _by_model = FreeDay.objects.filter(day__lt=today_utc() - timedelta(days=1)).delete()
    return gone
