"""The roster of a point, a week at a time: who works when, changed shift by shift."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from palveluverkko.booking import offerings, outlets
from palveluverkko.booking.errors import RosterClash
from palveluverkko.booking.models import BookingMode, Resource, Shift
from palveluverkko.booking.roster import add_shift
from palveluverkko.booking.shifts import (
    back_to_work,
    change_shift,
    people_for,
    remove_shift,
    shifts_between,
)
from palveluverkko.network.models import ServicePoint
from palveluverkko.web.desk import words
from palveluverkko.web.desk.dates import asked_day, instant, monday_of
from palveluverkko.web.desk.rights import managers_page
from palveluverkko.web.desk.typed import Typed, read_shift
from palveluverkko.web.portal import clock


@managers_page
def roster(request: HttpRequest, point_id: str) -> HttpResponse:
    point = get_object_or_404(ServicePoint, pk=point_id)
    zone = offerings.current().zone_of(point_id)
    today = outlets.local_date(clock.now(), zone)
    monday = monday_of(asked_day(request.GET.get("week"), today))
    typed = None
    if request.method == "POST":
        typed = _change(request, point, zone)
        if typed is None:
            return redirect(f"{request.path}?week={monday.isoformat()}")
    days = [monday + timedelta(days=n) for n in range(7)]
    shifts = shifts_between(point_id, days[0], days[-1], zone)
    context = {
        "point": point,
        "days": days,
        "today": today,
        "rows": _rows(shifts, days, zone, point_id),
        "before": monday - timedelta(days=7),
        "after": monday + timedelta(days=7),
        "monday": monday,
        "people": people_for(point_id, today),
        "desks": Resource.objects.filter(kind=Resource.Kind.DESK, point=point).order_by("name"),
        "modes": BookingMode.choices,
        "typed": typed,
        "editing": _editing(request, point, zone),
    }
    return render(request, "desk/roster.html", context, status=422 if typed else 200)


def _change(request: HttpRequest, point: ServicePoint, zone: str) -> Typed | None:
    """Carry out what was asked; what was typed comes back where it cannot be done."""
    what = request.POST.get("what", "")
    if what == "add":
        typed = read_shift(request.POST, point.pk)
        if not typed.problem:
            _add(typed, point, zone)
        if typed.problem:
            return typed
        _tell(request, _("The shift is on the roster."))
        return None
    shift = _shift_here(request.POST.get("shift", ""), point)
    if what == "change":
        typed = read_shift(request.POST, point.pk, person=shift.person)
        if typed.problem:
            return typed
        return _changed(request, shift, typed, zone)
    if what == "remove":
        _tell(request, _("The shift is off the roster."), remove_shift(shift, now=clock.now()))
    elif what == "returned":
        _returned(request, shift)
    return None


def _returned(request: HttpRequest, shift: Shift) -> None:
    stand = back_to_work(shift, by=request.user)
    _tell(request, _("%(name)s is at work after all.") % {"name": shift.person.name})
    if stand:
        sentence = ngettext(
            "%(n)s booking of the work list stands, and the customer is told so.",
            "%(n)s bookings of the work list stand, and the customers are told so.",
            stand,
        )
        messages.success(request, sentence % {"n": stand})


def _add(typed: Typed, point: ServicePoint, zone: str) -> None:
    assert typed.day is not None
    assert typed.begins is not None
    assert typed.ends is not None
    assert typed.person is not None
    try:
        add_shift(
            typed.person,
            instant(typed.day, typed.begins, zone),
            instant(typed.day, typed.ends, zone),
            modes=typed.modes,
            point=point.pk,
            desk=typed.desk,
            urgent_only=typed.urgent_only,
        )
    except RosterClash as clash:
        typed.problem = clash_words(clash, zone)


def _changed(request: HttpRequest, shift: Shift, typed: Typed, zone: str) -> Typed | None:
    assert typed.day is not None
    assert typed.begins is not None
    assert typed.ends is not None
    try:
        lost = change_shift(
            shift,
            start=instant(typed.day, typed.begins, zone),
            end=instant(typed.day, typed.ends, zone),
            desk=typed.desk,
            modes=typed.modes,
            urgent_only=typed.urgent_only,
            now=clock.now(),
        )
    except RosterClash as clash:
        typed.problem = clash_words(clash, zone)
        return typed
    _tell(request, _("The shift is changed."), lost)
    return None


def clash_words(clash: RosterClash, zone: str) -> str:
    """Who is where at that time: a person cannot be in two towns at once."""
    times = {
        "who": clash.who,
        "where": clash.where,
        "start": words.short_when(clash.start, zone),
        "end": words.clock(clash.end, zone),
    }
    if not clash.where:
        return _("%(who)s works already by video and phone, %(start)s–%(end)s.") % times
    return _("%(who)s works already at %(where)s, %(start)s–%(end)s.") % times


def _tell(request: HttpRequest, sentence: str, lost: int = 0) -> None:
    messages.success(request, sentence)
    if lost:
        messages.warning(
            request,
            ngettext(
                "%(n)s booking cannot be kept and is on a work list.",
                "%(n)s bookings cannot be kept and are on a work list.",
                lost,
            )
            % {"n": lost},
        )


def _shift_here(number: str, point: ServicePoint) -> Shift:
    """A shift of this point or of its people; a forged number finds nothing."""
    pk = int(number) if number.isdecimal() and len(number) < 19 else 0
    rows = Shift.objects.select_related("person", "point")
    shift = get_object_or_404(rows, pk=pk)
    if point.pk not in (shift.point_id, shift.person.point_id):
        get_object_or_404(rows, pk=0)
    return shift


def _editing(request: HttpRequest, point: ServicePoint, zone: str) -> dict[str, Any] | None:
    """The shift whose form is open."""
    number = request.GET.get("shift", "")
    if not number:
        return None
    shift = _shift_here(number, point)
    return {
        "shift": shift,
        "day": outlets.local_date(shift.start, zone),
        "begins": f"{_local(shift.start, zone):%H:%M}",
        "ends": f"{_local(shift.end, zone):%H:%M}",
    }


def _local(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone))


def _rows(
    shifts: tuple[Shift, ...], days: list[date], zone: str, point_id: str
) -> list[tuple[Resource, list[list[dict[str, Any]]]]]:
    """People down, days across."""
    cells: dict[int, dict[date, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    people: dict[int, Resource] = {}
    for shift in shifts:
        people[shift.person_id] = shift.person
        day = outlets.local_date(shift.start, zone)
        cells[shift.person_id][day].append(
            {
                "shift": shift,
                "day": day,
                "hours": _("%(start)s–%(end)s")
                % {"start": words.clock(shift.start, zone), "end": words.clock(shift.end, zone)},
                "modes": [words.channel(mode) for mode in shift.modes],
                "elsewhere": shift.point.name if shift.point and shift.point_id != point_id else "",
            }
        )
    in_order = sorted(people.values(), key=lambda p: p.name)
    return [(person, [cells[person.pk][one] for one in days]) for person in in_order]
