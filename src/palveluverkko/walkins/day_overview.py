"""The day of many points at one look: who works, who waits, what is booked or to be settled."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Min, Q
from django.utils.translation import get_language

from palveluverkko.booking import closures, offerings, outlets
from palveluverkko.booking.models import Booking
from palveluverkko.booking.roster import shifts_on
from palveluverkko.booking.shifts import OFF_ROSTER
from palveluverkko.network.models import Municipality, ServicePoint
from palveluverkko.walkins.models import DeskSession, DeskState, Ticket, TicketState

State = Booking.State
LEFT = (State.CONFIRMED, State.ARRIVED)


@dataclass(frozen=True, slots=True)
class Region:
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class PointDay:
    """One point today. ``longest_minutes``: of those who wait now; ``None`` where nobody does."""

    point: str
    name: str
    rostered: int
    absent: tuple[str, ...]
    at_work: int
    on_break: int
    waiting: int
    longest_minutes: int | None
    booked: int
    left: int
    to_do: int

    @property
    def short(self) -> bool:
        """Somebody is away, or customers wait and nobody is at a desk."""
        return bool(self.absent) or (self.waiting > 0 and self.at_work == 0)


def regions() -> tuple[Region, ...]:
    """The regions that have points, by their names in the language in use."""
    rows = Municipality.objects.filter(points__isnull=False).exclude(region_code="")
    column = "region_sv" if (get_language() or "fi").startswith("sv") else "region_fi"
    found = rows.values_list("region_code", column).distinct().order_by(column)
    return tuple(Region(code, name) for code, name in found)


def today(now: datetime) -> date:
    """The agency's own day."""
    return outlets.local_date(now, offerings.current().zone)


def day_of_points(day: date, now: datetime, region: str = "") -> tuple[PointDay, ...]:
    """Points where anybody works, waits or is booked on ``day``, or bookings are to be settled."""
    rostered, absent = _people(day)
    desks = _desks()
    waiting, since = _waiting()
    booked, left = _booked(day)
    to_do = Counter(c.point_id for c in closures.work_lists().filter(to_do__gt=0) if c.point_id)
    busy = {*rostered, *absent, *desks, *waiting, *booked, *to_do}
    rows = ServicePoint.objects.filter(pk__in=busy)
    if region:
        rows = rows.filter(municipality__region_code=region)
    return tuple(
        PointDay(
            point=p.pk,
            name=p.name,
            rostered=rostered[p.pk],
            absent=tuple(absent.get(p.pk, ())),
            at_work=desks.get(p.pk, Counter())[DeskState.READY],
            on_break=desks.get(p.pk, Counter())[DeskState.BREAK],
            waiting=waiting[p.pk],
            longest_minutes=_minutes(since.get(p.pk), now),
            booked=booked[p.pk],
            left=left[p.pk],
            to_do=to_do[p.pk],
        )
        for p in rows.order_by("name_fi")
    )


def _people(day: date) -> tuple[Counter[str], dict[str, list[str]]]:
    """People, not shifts: most have one before and one after their meal."""
    rostered: dict[str, set[int]] = defaultdict(set)
    absent: dict[str, dict[int, str]] = defaultdict(dict)
    for shift in shifts_on(day):
        point = shift.point_id or shift.person.point_id
        if point is None or shift.absence_reason == OFF_ROSTER:
            continue
        if shift.absent:
            absent[point][shift.person_id] = shift.person.name
        else:
            rostered[point].add(shift.person_id)
    counts = Counter({point: len(people) for point, people in rostered.items()})
    return counts, {point: sorted(people.values()) for point, people in absent.items()}


def _desks() -> dict[str, Counter[str]]:
    desks: dict[str, Counter[str]] = defaultdict(Counter)
    for point, state in DeskSession.objects.filter(until=None).values_list("point_id", "state"):
        desks[point][state] += 1
    return desks


def _waiting() -> tuple[Counter[str], dict[str, datetime]]:
    rows = Ticket.objects.filter(state=TicketState.WAITING).order_by().values("point_id")
    found = list(rows.annotate(n=Count("pk"), since=Min("taken_at")))
    counts = Counter({row["point_id"]: row["n"] for row in found})
    return counts, {row["point_id"]: row["since"] for row in found}


def _booked(day: date) -> tuple[Counter[str], Counter[str]]:
    start, end = outlets.day_span(day, offerings.current().zone)
    rows = Booking.objects.filter(point__isnull=False, start__gte=start, start__lt=end)
    rows = rows.filter(state__in=(*LEFT, State.SERVING, State.SERVED, State.NO_SHOW)).order_by()
    found = rows.values("point_id").annotate(n=Count("pk"), left=Count("pk", Q(state__in=LEFT)))
    pairs = [(row["point_id"], row["n"], row["left"]) for row in found]
    return Counter({p: n for p, n, _l in pairs}), Counter({p: k for p, _n, k in pairs})


def _minutes(since: datetime | None, now: datetime) -> int | None:
    return None if since is None else max(0, int((now - since).total_seconds() // 60))
