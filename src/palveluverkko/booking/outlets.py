"""Outlets as the availability engine sees them, read from shifts, desks, rooms and claims.

An outlet is a point (``appointment`` at its desks, ``video_room`` in its rooms) or one of the two
nationwide pools, ``@video`` and ``@phone``: all advisers whose shifts serve in that mode.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet

from palveluverkko.availability import Mask, Outlet, Window, Worker
from palveluverkko.booking import offerings
from palveluverkko.booking.models import Booking, BookingMode, Claim, Resource, Shift
from palveluverkko.booking.offerings import Offerings
from palveluverkko.booking.terms import TermsBook
from palveluverkko.calendar import Validity

VIDEO, PHONE = "@video", "@phone"
POOLS = {VIDEO: BookingMode.VIDEO, PHONE: BookingMode.PHONE}
ALL_CELLS = -1  # a mask of ones
TAKING = ("held", "confirmed", "arrived", "serving", "served", "no_show")

Spans = list[tuple[datetime, datetime]]


def outlet_of(point: str | None, mode: str) -> str:
    """Where the free times of a meeting in ``mode`` are kept."""
    if mode == BookingMode.VIDEO:
        return VIDEO
    if mode == BookingMode.PHONE:
        return PHONE
    assert point is not None
    return point


def modes_of(outlet: str) -> tuple[str, ...]:
    """The modes whose free times an outlet keeps; ``@video`` those of the advisers of rooms too."""
    if outlet == VIDEO:
        return (BookingMode.VIDEO, BookingMode.VIDEO_ROOM)
    if outlet in POOLS:
        return (POOLS[outlet],)
    return (BookingMode.APPOINTMENT, BookingMode.VIDEO_ROOM)


@dataclass(frozen=True, slots=True)
class ShiftRow:
    person: int
    point: str | None
    desk: int | None
    start: datetime
    end: datetime
    modes: frozenset[str]
    urgent_only: bool
    services: frozenset[str]
    languages: frozenset[str]


@dataclass(slots=True)
class Loaded:
    """Everything that several outlets need for some days, read with a handful of queries."""

    register: Offerings
    terms: TermsBook
    shifts: Mapping[str, Sequence[ShiftRow]]
    places: Mapping[str, Sequence[tuple[int, str, Validity]]]  # of a point: id, kind, when
    claims: Mapping[int, Spans]
    booked: Mapping[tuple[str, str, str], int] = field(default_factory=dict)

    def outlet(self, outlet: str, mode: str, day: date) -> Outlet:
        """One outlet in one mode in the window of one UTC day."""
        window = Window(day)
        if outlet in POOLS:
            zone, services = self.register.zone, self.register.services
            opened: dict[str, Mask] = dict.fromkeys(services, ALL_CELLS)
        else:
            zone = self.register.zone_of(outlet)
            services = tuple(self.register.offered.get((outlet, mode), {}))
            opened = {s: self.register.open_mask(outlet, mode, s, window) for s in services}
        kind = Resource.Kind.DESK if mode == BookingMode.APPOINTMENT else Resource.Kind.ROOM
        here = [r for r, k, v in self.places.get(outlet, ()) if k == kind and v.holds_on(day)]
        free = {r: self._free(r, window) for r in here}
        # The limit of a video room's meetings is its point's, not that of the advisers.
        limited = () if outlet == VIDEO and mode == BookingMode.VIDEO_ROOM else services
        return Outlet(
            window=window,
            zone=zone,
            open=opened,
            workers=self._workers(outlet, mode, window),
            desks=free if mode == BookingMode.APPOINTMENT else {},
            rooms=free if mode == BookingMode.VIDEO_ROOM else {},
            needs_desk=mode == BookingMode.APPOINTMENT,
            full=self._full(outlet, mode, limited, zone, window),
        )

    def is_full(self, outlet: str, mode: str, service: str, day: date) -> bool:
        """Whether the local day has as many bookings of the service as it may have."""
        limit = self.terms.of(service, mode).daily_limit
        booked = self.booked.get((outlet, service, f"{mode} {day}"), 0)
        return limit is not None and booked >= limit

    def _free(self, resource: int, window: Window) -> Mask:
        return window.within([(window.origin, window.end)]) & ~window.touched(
            self.claims.get(resource, ())
        )

    def _workers(self, outlet: str, mode: str, window: Window) -> tuple[Worker, ...]:
        """A person's ordinary time, and apart from it the time that urgent matters may use: all."""
        ordinary: dict[tuple[int, int | None], Spans] = defaultdict(list)
        every: dict[tuple[int, int | None], Spans] = defaultdict(list)
        reserved: set[tuple[int, int | None]] = set()
        people: dict[int, ShiftRow] = {}
        wanted = POOLS.get(outlet, mode)
        for row in self.shifts.get(outlet, ()):
            if wanted not in row.modes or row.end <= window.origin or row.start >= window.end:
                continue
            key = (row.person, row.desk)
            people[row.person] = row
            every[key].append((row.start, row.end))
            if row.urgent_only:
                reserved.add(key)
            else:
                ordinary[key].append((row.start, row.end))
        found: list[Worker] = []
        for key, spans in every.items():
            person = people[key[0]]
            taken = window.touched(self.claims.get(key[0], ()))
            for urgent, own in ((False, ordinary.get(key)), (True, spans)):
                if own and (not urgent or key in reserved):
                    free = window.within(joined(own)) & ~taken
                    found.append(
                        Worker(key[0], free, person.services, person.languages, urgent, key[1])
                    )
        return tuple(found)

    def _full(
        self, outlet: str, mode: str, services: Iterable[str], zone: str, window: Window
    ) -> dict[str, Mask]:
        full: dict[str, Mask] = {}
        for service in services:
            for day in local_days(window, zone):
                if self.is_full(outlet, mode, service, day):
                    full[service] = full.get(service, 0) | window.touched([day_span(day, zone)])
        return full


def load(outlets: Sequence[str], first: date, last: date, without: int | None = None) -> Loaded:
    """What ``outlets`` need for the UTC days from ``first`` to ``last``.

    ``without``: a booking that does not count towards the limits of its day: the one being made.
    """
    register, terms = offerings.current(), TermsBook.load()
    since, until = Window(first).origin, Window(last).end
    shifts = _shifts(outlets, since, until)
    places = _places(outlets)
    ids = {r for rows in places.values() for r, _kind, _valid in rows}
    ids |= {row.person for rows in shifts.values() for row in rows}
    limited = [t for t in terms.rows.values() if t.daily_limit is not None]
    return Loaded(
        register=register,
        terms=terms,
        shifts=shifts,
        places=places,
        claims=_claims(ids, since, until),
        booked=_booked(outlets, register, since, until, without) if limited else {},
    )


def people(kind: str, since: datetime, until: datetime) -> list[ShiftRow]:
    """Shifts of all people of one kind, such as interpreters."""
    wanted = Shift.objects.filter(person__kind=kind, absent=False)
    return _rows(wanted.filter(start__lt=until, end__gt=since))


def load_claims(ids: Iterable[int], since: datetime, until: datetime) -> dict[int, Spans]:
    return _claims(set(ids), since, until)


def local_days(window: Window, zone: str) -> list[date]:
    """Local days that the window meets."""
    local = ZoneInfo(zone)
    first, last = window.origin.astimezone(local).date(), window.end.astimezone(local).date()
    return [first + timedelta(days=i) for i in range((last - first).days + 1)]


def day_span(day: date, zone: str) -> tuple[datetime, datetime]:
    """A local day from midnight to midnight."""
    local = ZoneInfo(zone)
    start = datetime(day.year, day.month, day.day, tzinfo=local)
    after = day + timedelta(days=1)
    return start, datetime(after.year, after.month, after.day, tzinfo=local)


def _shifts(outlets: Sequence[str], since: datetime, until: datetime) -> dict[str, list[ShiftRow]]:
    wanted = Shift.objects.filter(
        start__lt=until,
        start__gt=since - timedelta(days=1),
        end__gt=since,
        absent=False,
        person__kind=Resource.Kind.ADVISER,
    )
    pools = [o for o in outlets if o in POOLS]
    if not pools:
        wanted = wanted.filter(point_id__in=outlets)
    found: dict[str, list[ShiftRow]] = defaultdict(list)
    asked = set(outlets)
    for row in _rows(wanted):
        if row.point in asked:
            found[str(row.point)].append(row)
        for pool in pools:
            if POOLS[pool] in row.modes:
                found[pool].append(row)
    return found


def _rows(shifts: QuerySet[Shift]) -> list[ShiftRow]:
    columns = (
        "person_id",
        "point_id",
        "desk_id",
        "start",
        "end",
        "modes",
        "urgent_only",
        "person__services",
        "person__languages",
    )
    return [
        ShiftRow(p, at, desk, start, end, frozenset(m), u, frozenset(s), frozenset(langs))
        for p, at, desk, start, end, m, u, s, langs in shifts.values_list(*columns)
    ]


def _places(outlets: Sequence[str]) -> dict[str, list[tuple[int, str, Validity]]]:
    found: dict[str, list[tuple[int, str, Validity]]] = defaultdict(list)
    rows = Resource.objects.filter(point_id__in=outlets, kind__in=("desk", "room"))
    columns = ("point_id", "pk", "kind", "valid_from", "valid_until")
    for point, pk, kind, since, until in rows.values_list(*columns):
        found[str(point)].append((pk, kind, Validity(since, until)))
    return found


def _claims(ids: set[int], since: datetime, until: datetime) -> dict[int, Spans]:
    found: dict[int, Spans] = defaultdict(list)
    wanted = sorted(ids)
    for at in range(0, len(wanted), 500):
        rows = Claim.objects.filter(
            resource_id__in=wanted[at : at + 500],
            start__lt=until,
            start__gt=since - timedelta(days=1),
            end__gt=since,
        )
        for resource, start, end in rows.values_list("resource_id", "start", "end"):
            found[resource].append((start, end))
    return found


def _booked(
    outlets: Sequence[str],
    register: Offerings,
    since: datetime,
    until: datetime,
    without: int | None,
) -> dict[tuple[str, str, str], int]:
    """Bookings by outlet, service, and mode with local day."""
    counts: dict[tuple[str, str, str], int] = defaultdict(int)
    rows = Booking.objects.filter(
        start__gte=since - timedelta(days=2),
        start__lt=until + timedelta(days=2),
        state__in=TAKING,
    )
    if without is not None:
        rows = rows.exclude(pk=without)
    if not any(o in POOLS for o in outlets):
        rows = rows.filter(point_id__in=outlets)
    grouped = rows.order_by().values_list("point_id", "mode", "service_id", "start")
    for point, mode, service, start, n in grouped.annotate(n=Count("pk")):
        outlet = outlet_of(point, mode)
        day = start.astimezone(ZoneInfo(register.zone_of(point))).date()
        counts[outlet, service, f"{mode} {day}"] += n
    return counts


def joined(spans: Spans) -> Spans:
    """Shifts that touch, as one: a meeting may go on from one into the next."""
    joined: Spans = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def local_date(moment: datetime, zone: str) -> date:
    """The day that ``moment`` is on in a time zone."""
    return moment.astimezone(ZoneInfo(zone)).date()
