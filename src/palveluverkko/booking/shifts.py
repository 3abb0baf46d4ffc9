"""Changing single shifts of the roster; what can then not be kept goes on a work list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from palveluverkko.booking import closures, offerings, outlets
from palveluverkko.booking.errors import RosterClash
from palveluverkko.booking.models import Resource, RosterPattern, Shift
from palveluverkko.network.models import valid_on

OFF_ROSTER = "off_roster"


def change_shift(
    shift: Shift,
    *,
    start: datetime,
    end: datetime,
    desk: Resource | None,
    modes: Sequence[str],
    urgent_only: bool = False,
    now: datetime | None = None,
) -> int:
    """Give a shift other hours, desk or modes; how many bookings can then not be kept.

    Raises :class:`RosterClash`, with nothing changed.
    """
    shift.start, shift.end, shift.desk = start, end, desk
    shift.modes, shift.urgent_only = list(modes), urgent_only
    try:
        with transaction.atomic():
            shift.save()
            return _reconcile(shift.point_id, now)
    except IntegrityError as refused:
        raise _clash(shift) from refused


def remove_shift(shift: Shift, *, now: datetime | None = None) -> int:
    """Take a shift off the roster; how many bookings can then not be kept.

    One made from a weekly pattern stays as not worked: else it would be made again at night.
    """
    with transaction.atomic():
        if shift.pattern_id is None:
            shift.delete()
        else:
            shift.absent, shift.absence_reason, shift.desk = True, OFF_ROSTER, None
            shift.save(update_fields=["absent", "absence_reason", "desk"])
        return _reconcile(shift.point_id, now)


def back_to_work(shift: Shift, *, by: Any = None) -> int:
    """Who was recorded as away came after all, for the whole day; how many bookings stand."""
    zone = offerings.current().zone_of(shift.point_id or shift.person.point_id)
    start, end = outlets.day_span(outlets.local_date(shift.start, zone), zone)
    rows = Shift.objects.select_for_update().filter(
        person=shift.person_id, absent=True, start__gte=start, start__lt=end
    )
    with transaction.atomic():
        day = list(rows.exclude(absence_reason=OFF_ROSTER).order_by("start"))
        return sum(closures.after_all(one, by=by) for one in day)


def shifts_between(point: str, first: date, last: date, zone: str) -> tuple[Shift, ...]:
    """A point's shifts on local days, and those of the people at home there; soonest first."""
    start, _end = outlets.day_span(first, zone)
    _start, end = outlets.day_span(last, zone)
    rows = Shift.objects.filter(
        Q(point_id=point) | Q(person__point_id=point), start__lt=end, end__gt=start
    )
    found = rows.exclude(absent=True, absence_reason=OFF_ROSTER)
    return tuple(found.select_related("person", "point", "desk").order_by("start", "person__name"))


def people_for(point: str, day: date) -> tuple[Resource, ...]:
    """Advisers and interpreters of the whole network, those at home at the point first."""
    kinds = (Resource.Kind.ADVISER, Resource.Kind.INTERPRETER)
    rows = Resource.objects.filter(valid_on(day), kind__in=kinds).order_by("name")
    return tuple(sorted(rows.select_related("point"), key=lambda r: r.point_id != point))


def patterns_of(point: str, day: date) -> tuple[RosterPattern, ...]:
    """The weekly rosters at a point that hold on ``day`` or begin later."""
    ends = Q(valid_until__isnull=True) | Q(valid_until__gte=day)
    rows = RosterPattern.objects.filter(ends, point_id=point)
    return tuple(
        rows.select_related("person", "desk").order_by("person__name", "weekday", "begins")
    )


@transaction.atomic
def add_patterns(
    person: Resource,
    weekdays: Sequence[int],
    begins: time,
    ends: time,
    *,
    point: str,
    modes: Sequence[str],
    since: date,
    desk: Resource | None = None,
    urgent_only: bool = False,
) -> tuple[RosterPattern, ...]:
    """The same hours on several weekdays of every week from ``since`` on."""
    return tuple(
        RosterPattern.objects.create(
            person=person,
            point_id=point,
            desk=desk,
            weekday=weekday,
            begins=begins,
            ends=ends,
            modes=list(modes),
            urgent_only=urgent_only,
            valid_from=since,
        )
        for weekday in weekdays
    )


def end_pattern(pattern: RosterPattern, today: date, *, now: datetime | None = None) -> int:
    """No more shifts from a weekly roster after today; how many bookings cannot be kept."""
    with transaction.atomic():
        pattern.valid_until = max(today, pattern.valid_from or today)
        pattern.save(update_fields=["valid_until"])
        _start, tonight = outlets.day_span(today, offerings.current().zone_of(pattern.point_id))
        later = Shift.objects.filter(pattern=pattern, start__gte=tonight)
        for shift in later:
            shift.delete()
        return _reconcile(pattern.point_id, now)


def _reconcile(point: str | None, now: datetime | None) -> int:
    """At once at the point. Calls and videos are the whole network's, which takes longer to look
    through: the clock's own look finds them within minutes."""
    return closures.reconcile([point], now) if point is not None else 0


def _clash(shift: Shift) -> RosterClash:
    """The shift in the way, in words that a manager can act on."""
    meets = Q(person=shift.person_id)
    if shift.desk_id:
        meets |= Q(desk=shift.desk_id)
    others = Shift.objects.exclude(pk=shift.pk).filter(
        meets, start__lt=shift.end, end__gt=shift.start
    )
    other = others.select_related("person", "point").first()
    if other is None:
        return RosterClash(shift.person.name, "", shift.start, shift.end)
    where = other.point.name if other.point else ""
    return RosterClash(other.person.name, where, other.start, other.end)


def advisers(day: date) -> tuple[Resource, ...]:
    """Everybody who can be away: advisers and interpreters, by home point and name."""
    kinds = (Resource.Kind.ADVISER, Resource.Kind.INTERPRETER)
    rows = Resource.objects.filter(valid_on(day), kind__in=kinds).select_related("point")
    return tuple(rows.order_by("point__name_fi", "name"))
