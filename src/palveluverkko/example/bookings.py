"""Made-up customers of the example's first days, so that an adviser's desk is not empty.

Nobody is told anything: no messages, no reminders. Numbers are Swedish ones kept for fiction (PTS:
070-1740605 to 070-1740699; no Finnish ones are known to be), addresses end in example.org.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

import numpy as np

from palveluverkko.availability import Takes, Window
from palveluverkko.availability.masks import clock_mask
from palveluverkko.booking.models import Booking, BookingEvent, Claim, Shift
from palveluverkko.booking.offerings import Offerings
from palveluverkko.booking.terms import TermsBook, takes

# Share of the times that are taken, by days from now; nothing later.
TAKEN = (0.55, 0.45, 0.35, 0.3, 0.25, 0.2, 0.2, 0.15, 0.1, 0.1, 0.05, 0.05, 0.05, 0.05)
CELL = timedelta(minutes=5)
BATCH = 500


@dataclass(frozen=True, slots=True)
class Meeting:
    """A booking to be and what it takes, from buffer to buffer."""

    booking: Booking
    resources: tuple[int, ...]
    begins: datetime
    ends: datetime


def book_examples(
    shifts: Sequence[Shift],
    register: Offerings,
    terms: TermsBook,
    now: datetime,
    rng: np.random.Generator,
) -> int:
    """Confirmed bookings with these advisers' shifts from ``now`` on; how many.

    ``shifts`` have no bookings yet. Each meeting begins where the clock lets it, within its shift
    and the hours in which the point gives the service.
    """
    meetings = list(_meetings(shifts, register, terms, now, rng))
    bookings = Booking.objects.bulk_create([m.booking for m in meetings], batch_size=BATCH)
    Claim.objects.bulk_create(
        [
            Claim(booking=booking, resource_id=resource, start=m.begins, end=m.ends)
            for booking, m in zip(bookings, meetings, strict=True)
            for resource in m.resources
        ],
        batch_size=BATCH,
    )
    BookingEvent.objects.bulk_create(
        [BookingEvent(booking=b, kind="confirmed", detail={"synthetic": True}) for b in bookings],
        batch_size=BATCH,
    )
    return len(bookings)


def _meetings(
    shifts: Iterable[Shift],
    register: Offerings,
    terms: TermsBook,
    now: datetime,
    rng: np.random.Generator,
) -> Iterator[Meeting]:
    numbers = count(1)
    for shift in shifts:
        days = (shift.start.date() - now.date()).days
        if shift.modes and not shift.urgent_only and 0 <= days < len(TAKEN):
            yield from _of_shift(shift, TAKEN[days], register, terms, now, rng, numbers)


def _of_shift(
    shift: Shift,
    share: float,
    register: Offerings,
    terms: TermsBook,
    now: datetime,
    rng: np.random.Generator,
    numbers: Iterator[int],
) -> Iterator[Meeting]:
    """One meeting after another from the shift's beginning, each taken by chance."""
    mode = shift.modes[0]
    zone = register.zone_of(shift.point_id)
    window = Window(shift.start.date())
    at = shift.start
    while at < shift.end:
        service = str(rng.choice(shift.person.services))
        need = takes(terms.of(service, mode))
        aligned = clock_mask(window.day, zone, need.step_minutes)
        begins, ends = at - CELL * need.before, at + CELL * (need.length + need.after)
        cell = window.cell(at)
        fits = cell is not None and aligned >> cell & 1 and shift.start <= begins
        if not fits or ends > shift.end:
            at += CELL
            continue
        given = shift.point_id is None or _gives(register, shift.point_id, mode, service, at, need)
        if given and at > now and rng.random() < share:
            resources = (shift.person_id, *([shift.desk_id] if shift.desk_id else []))
            end = at + CELL * need.length
            yield Meeting(
                _booking(shift, mode, service, at, end, next(numbers)), resources, begins, ends
            )
        at = ends


def _gives(
    register: Offerings, point: str, mode: str, service: str, at: datetime, need: Takes
) -> bool:
    """Whether the point gives the service during the whole meeting."""
    window = Window(at.date())
    cell = window.cell(at)
    if cell is None:
        return False
    wanted = ((1 << need.length) - 1) << cell
    return register.open_mask(point, mode, service, window) & wanted == wanted


def _booking(
    shift: Shift, mode: str, service: str, start: datetime, end: datetime, number: int
) -> Booking:
    language = shift.person.languages[0]
    return Booking(
        state=Booking.State.CONFIRMED,
        mode=mode,
        point_id=shift.point_id,
        service_id=service,
        language=language,
        start=start,
        end=end,
        name=f"{'Exempelkund' if language == 'sv' else 'Esimerkki Asiakas'} {number}",
        phone=f"+46701740{605 + number % 95}",
        email=f"asiakas-{number}@example.org",
        contact_language=language if language in ("fi", "sv") else "fi",
        reminders=False,
        version=1,
    )
