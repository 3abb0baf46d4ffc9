"""Who works where and when: weekly patterns become shifts, and absences take people out of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import Q

from palveluverkko.booking import offerings, projection
from palveluverkko.booking.errors import RosterClash
from palveluverkko.booking.models import Resource, RosterPattern, Shift
from palveluverkko.booking.offerings import Offerings
from palveluverkko.booking.staleness import shift_keys
from palveluverkko.calendar import open_intervals

Progress = Callable[[int, int], None]


def add_shift(
    person: Resource,
    start: datetime,
    end: datetime,
    *,
    modes: Sequence[str],
    point: str | None = None,
    desk: Resource | None = None,
    urgent_only: bool = False,
) -> Shift:
    """Put a person on the roster; raises :class:`RosterClash` where they work already."""
    try:
        with transaction.atomic():
            return Shift.objects.create(
                person=person,
                point_id=point,
                desk=desk,
                start=start,
                end=end,
                modes=list(modes),
                urgent_only=urgent_only,
            )
    except IntegrityError as refused:
        raise _clash(person, desk, start, end) from refused


def make_shifts(first: date, last: date, progress: Progress | None = None) -> int:
    """Shifts from the weekly patterns for local days ``first`` to ``last``; how many were new.

    A day on which the point or the agency is shut gets none. Days that have shifts of a pattern
    keep them as they are, also where a manager has changed them; shifts made by hand go first.
    """
    patterns = list(RosterPattern.objects.select_related("person").order_by("pk"))
    register = offerings.current()
    days = [first + timedelta(days=i) for i in range((last - first).days + 1)]
    made = 0
    for done, day in enumerate(days, start=1):
        made += _make_day(patterns, register, day)
        if progress:
            progress(done, len(days))
    return made


@transaction.atomic
def _make_day(patterns: Sequence[RosterPattern], register: Offerings, day: date) -> int:
    wanted = [p for p in patterns if _works(p, register, day)]
    spans = {p.pk: _span(p, register.zone_of(p.point_id), day) for p in wanted}
    around = (_utc(day, time(), "UTC") - timedelta(days=2), _utc(day, time(), "UTC"))
    there = Shift.objects.filter(start__gt=around[0], start__lt=around[1] + timedelta(days=3))
    taken: dict[tuple[str, int], list[tuple[datetime, datetime]]] = defaultdict(list)
    done: set[tuple[int, date]] = set()
    for person, desk, start, end, made_from in there.values_list(
        "person_id", "desk_id", "start", "end", "pattern_id"
    ):
        taken["person", person].append((start, end))
        if desk is not None:
            taken["desk", desk].append((start, end))
        if made_from in spans and spans[made_from][0].date() == start.date():
            done.add((made_from, day))
    new: list[Shift] = []
    for pattern in wanted:
        span = spans[pattern.pk]
        keys = [("person", pattern.person_id)]
        keys += [("desk", pattern.desk_id)] if pattern.desk_id else []
        if (pattern.pk, day) in done or any(_meets(taken[key], span) for key in keys):
            continue
        for key in keys:
            taken[key].append(span)
        new.append(_shift(pattern, span))
    Shift.objects.bulk_create(new)
    projection.mark_stale({key for shift in new for key in shift_keys(shift)})
    return len(new)


def absent(person: Resource, start: datetime, end: datetime, reason: str = "") -> list[Shift]:
    """Take a person off the roster for the time; the shifts of it that they do not work.

    A shift that begins before it or ends after it is cut: its other hours are worked. What was
    booked of the time is for ``closures.absence`` to put on a work list.
    """
    shifts = list(
        Shift.objects.select_for_update().filter(
            person=person, start__lt=end, end__gt=start, absent=False
        )
    )
    for shift in shifts:
        worked = _outside(shift, start, end)
        shift.start, shift.end = max(shift.start, start), min(shift.end, end)
        shift.absent, shift.absence_reason, shift.desk = True, reason, None
        shift.save(update_fields=["start", "end", "absent", "absence_reason", "desk"])
        for part in worked:
            part.save()
    return shifts


def _outside(shift: Shift, start: datetime, end: datetime) -> list[Shift]:
    """What of the shift lies before and after the time, as shifts to be saved."""
    spans = [(shift.start, min(start, shift.end)), (max(end, shift.start), shift.end)]
    kept = {f.attname: getattr(shift, f.attname) for f in Shift._meta.concrete_fields}
    del kept["id"]
    return [Shift(**kept | {"start": a, "end": b}) for a, b in spans if a < b]


def returned(shift: Shift) -> Shift:
    """The person is there after all: the shift serves again, at its desk where that is free."""
    shift.absent, shift.absence_reason = False, ""
    desk = shift.pattern.desk_id if shift.pattern else None
    others = Shift.objects.filter(desk=desk, start__lt=shift.end, end__gt=shift.start)
    if shift.desk_id is None and desk is not None and not others.exists():
        shift.desk_id = desk
    shift.save(update_fields=["absent", "absence_reason", "desk"])
    return shift


def shifts_on(day: date, points: Iterable[str] | None = None) -> list[Shift]:
    """Shifts that begin on the agency's local day, of some points or all, absent people too."""
    zone = offerings.current().zone
    start = _utc(day, time(), zone)
    found = Shift.objects.filter(start__gte=start, start__lt=_utc(day + timedelta(1), time(), zone))
    if points is not None:
        found = found.filter(Q(point_id__in=list(points)) | Q(person__point_id__in=list(points)))
    return list(found.select_related("person", "point", "desk").order_by("point_id", "start"))


def _works(pattern: RosterPattern, register: Offerings, day: date) -> bool:
    since, until = pattern.valid_from, pattern.valid_until
    if pattern.weekday != day.weekday() or (since and day < since) or (until and day > until):
        return False
    if pattern.point_id is None:
        holidays = next((t.holidays for t in register.timetables.values()), None)
        return holidays is None or holidays.name_on(day) is None
    timetable = register.timetables.get(pattern.point_id)
    return timetable is not None and bool(open_intervals(timetable, day))


def _span(pattern: RosterPattern, zone: str, day: date) -> tuple[datetime, datetime]:
    return _utc(day, pattern.begins, zone), _utc(day, pattern.ends, zone)


def _utc(day: date, clock: time, zone: str) -> datetime:
    return datetime.combine(day, clock, ZoneInfo(zone)).astimezone(UTC)


def _meets(spans: Iterable[tuple[datetime, datetime]], one: tuple[datetime, datetime]) -> bool:
    return any(start < one[1] and one[0] < end for start, end in spans)


def _shift(pattern: RosterPattern, span: tuple[datetime, datetime]) -> Shift:
    return Shift(
        person_id=pattern.person_id,
        point_id=pattern.point_id,
        desk_id=pattern.desk_id,
        start=span[0],
        end=span[1],
        modes=list(pattern.modes),
        urgent_only=pattern.urgent_only,
        pattern=pattern,
    )


def _clash(person: Resource, desk: Resource | None, start: datetime, end: datetime) -> RosterClash:
    """The shift in the way, in words that a manager can act on."""
    meets = Q(person=person) | (Q(desk=desk) if desk is not None else Q(pk=None))
    other = (
        Shift.objects.filter(meets, start__lt=end, end__gt=start)
        .select_related("person", "point")
        .first()
    )
    if other is None:
        return RosterClash(person.name, "", start, end)
    where: Any = other.point.name if other.point else ""
    return RosterClash(other.person.name, str(where), other.start, other.end)
