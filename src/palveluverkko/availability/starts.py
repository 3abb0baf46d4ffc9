"""When a service can begin at an outlet, and by whom. The one rule behind every free time shown.

A start is free when the point serves during the whole meeting, one person who is competent and
speaks the language is free from the buffer before to the buffer after, and so is a desk, and the
local clock shows a multiple of the step. Nothing is guessed from counts: two half-free people do
not make a whole one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from palveluverkko.availability.masks import DAY_MASK, Mask, clock_mask, runs
from palveluverkko.availability.model import ANY, Outlet, Seat, Takes, Worker


def starts(
    outlet: Outlet, service: str, takes: Takes, language: str = ANY, advisers: int = 1
) -> Mask:
    """Cells of the UTC day on which ``service`` can begin with ``advisers`` people at once."""
    possible = _possible(outlet, service, takes)
    if not possible:
        return 0
    single, several = 0, [0] * advisers
    for mask in _by_person(outlet, service, takes, language).values():
        mask &= possible
        # several[n]: starts at which at least n + 1 people are free.
        for n in range(advisers - 1, 0, -1):
            several[n] |= several[n - 1] & mask
        several[0] |= mask
        single |= mask
    return several[advisers - 1] if advisers > 1 else single


def starts_by_language(
    outlet: Outlet, service: str, takes: Takes, languages: Iterable[str]
) -> dict[str, Mask]:
    """As :func:`starts`, for each language and for any; languages without a start are left out."""
    found = {ANY: starts(outlet, service, takes)}
    if found[ANY]:
        for language in languages:
            found[language] = starts(outlet, service, takes, language)
    return {language: mask for language, mask in found.items() if mask}


def room_starts(outlet: Outlet, service: str, takes: Takes) -> Mask:
    """Cells on which a meeting can begin in one of the rooms, whoever the adviser is."""
    possible = _possible(outlet, service, takes)
    return possible & _any_start(outlet.rooms.values(), takes) if possible else 0


def seats(outlet: Outlet, service: str, takes: Takes, language: str, cell: int) -> tuple[Seat, ...]:
    """Who could serve at ``cell``, best first: those with the fewest other competences, so that
    people who can do more stay free for what only they can do; then fewer languages; then by id.
    Of the desks, one that is nobody's own comes first: its owner could not sit elsewhere.
    """
    bit = 1 << cell
    if not _possible(outlet, service, takes) & bit:
        return ()
    found: list[tuple[tuple[int, int, int], Seat]] = []
    for worker in outlet.workers:
        if not worker.fits(service, language, takes.urgent):
            continue
        if not _begin(worker.free, takes) & bit:
            continue
        for desk in _desks_at(outlet, worker, takes, bit):
            rank = (len(worker.services), len(worker.languages), worker.id)
            found.append((rank, Seat(worker.id, desk)))
    found.sort(key=lambda pair: pair[0])
    return tuple(seat for _rank, seat in found)


def rooms_at(outlet: Outlet, takes: Takes, cell: int) -> tuple[int, ...]:
    """The rooms that are free for a meeting that begins at ``cell``."""
    return tuple(r for r, free in sorted(outlet.rooms.items()) if _begin(free, takes) >> cell & 1)


def _possible(outlet: Outlet, service: str, takes: Takes) -> Mask:
    opened = runs(outlet.open.get(service, 0), takes.length)
    aligned = clock_mask(outlet.window.day, outlet.zone, takes.step_minutes)
    return opened & aligned & DAY_MASK & ~outlet.full.get(service, 0)


def _begin(free: Mask, takes: Takes) -> Mask:
    """Starts for which the whole claim, buffers included, is free."""
    return runs(free, takes.whole) << takes.before


def _any_start(frees: Iterable[Mask], takes: Takes) -> Mask:
    found = 0
    for free in frees:
        found |= _begin(free, takes)
    return found


def _by_person(outlet: Outlet, service: str, takes: Takes, language: str) -> Mapping[int, Mask]:
    """Starts of each person who fits, with a desk where one is needed."""
    desk_starts = _any_start(outlet.desks.values(), takes) if outlet.needs_desk else 0
    found: dict[int, Mask] = {}
    for worker in outlet.workers:
        if not worker.fits(service, language, takes.urgent):
            continue
        mask = _begin(worker.free, takes)
        if outlet.needs_desk:
            own = outlet.desks.get(worker.desk) if worker.desk is not None else None
            mask &= desk_starts if worker.desk is None else _begin(own or 0, takes)
        found[worker.id] = found.get(worker.id, 0) | mask
    return found


def _desks_at(outlet: Outlet, worker: Worker, takes: Takes, bit: Mask) -> Iterable[int | None]:
    if not outlet.needs_desk:
        return (None,)
    owned = {w.desk for w in outlet.workers}
    anywhere = sorted(outlet.desks, key=lambda desk: (desk in owned, desk))
    wanted = anywhere if worker.desk is None else [worker.desk]
    return [d for d in wanted if _begin(outlet.desks.get(d, 0), takes) & bit]
