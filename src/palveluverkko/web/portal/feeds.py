"""A point's hours of the coming days for programs: JSON, and iCalendar (RFC 5545)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vDuration

from palveluverkko.calendar import Interval
from palveluverkko.web.portal import words
from palveluverkko.web.portal.days import Reasons
from palveluverkko.web.portal.opening import Served, local, served_on
from palveluverkko.web.portal.register import KnownPoint, Register
from palveluverkko.web.texts import in_language

FEED_DAYS = 60
REFRESH = timedelta(hours=12)


def as_document(point: KnownPoint, first: date, reasons: Reasons) -> dict[str, Any]:
    """The days from ``first`` on. Times have the offset of the point's own zone."""
    return {
        "id": point.id,
        "name": in_language(point.names),
        "kind": point.kind,
        "timezone": point.timetable.timezone,
        "first": first.isoformat(),
        "last": (first + timedelta(days=FEED_DAYS - 1)).isoformat(),
        "synthetic": "opening_hours" in point.synthetic,
        "days": [
            _day(point, first + timedelta(days=offset), reasons) for offset in range(FEED_DAYS)
        ],
    }


def _day(point: KnownPoint, day: date, reasons: Reasons) -> dict[str, Any]:
    return {
        "date": day.isoformat(),
        "note": reasons.get(day) or words.holiday(point, day),
        "open": [
            {
                "opens": local(interval.start, point).isoformat(),
                "closes": local(interval.end, point).isoformat(),
                "services": [{"service": code, "way": mode} for code, mode in served.pairs],
            }
            for served in _open(point, day)
            for interval in served.intervals
        ],
    }


def _open(point: KnownPoint, day: date) -> list[Served]:
    return [served for served in served_on(point, day) if served.intervals]


def as_calendar(
    point: KnownPoint, register: Register, first: date, reasons: Reasons, page: str
) -> bytes:
    """One event an opening; instants are in UTC, so that no program needs to know our zones.

    An event keeps its UID when its hours move, and its stamp is the feed's first day: unchanged
    hours give the same bytes all day long.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Palveluverkko//Opening hours//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", in_language(point.names))
    calendar.add("x-wr-timezone", point.timetable.timezone)
    calendar.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    stamp = datetime.combine(first, time(), tzinfo=UTC)
    for offset in range(FEED_DAYS):
        day = first + timedelta(days=offset)
        note = reasons.get(day) or words.holiday(point, day)
        events = _opened(point, register, day) or _closed(point, day, note)
        for event in events:
            event.add("dtstamp", stamp)
            event.add("location", words.address(point))
            event.add("geo", (point.lat, point.lon))
            event.add("url", page)
            if note:
                event.add("comment", note)
            calendar.add_component(event)
    return bytes(calendar.to_ical())


def _opened(point: KnownPoint, register: Register, day: date) -> list[Event]:
    everything = point.pairs_on(day)
    events = []
    for served in _open(point, day):
        services = words.services(served.pairs, everything, register)
        for number, interval in enumerate(served.intervals):
            event = _event(point, _uid(point, day, served, number), services)
            _set_times(event, interval)
            events.append(event)
    return events


def _uid(point: KnownPoint, day: date, served: Served, number: int) -> str:
    """Named by the first service of those that keep the hours, never by the hours themselves."""
    what = "-".join(served.pairs[0]) if served.pairs else "open"
    return f"{point.id}.{day.isoformat()}.{what}.{number}@palveluverkko"


def _event(point: KnownPoint, uid: str, services: str) -> Event:
    event = Event()
    event.add("uid", uid)
    name = in_language(point.names)
    if services:
        text = _("%(point)s open: %(services)s") % {"point": name, "services": services}
    else:
        text = _("%(point)s open") % {"point": name}
    event.add("summary", text, parameters={"LANGUAGE": get_language() or "fi"})
    event.add("transp", "TRANSPARENT")  # a point's hours do not make a reader busy
    return event


def _set_times(event: Event, interval: Interval) -> None:
    event.add("dtstart", interval.start)
    event.add("dtend", interval.end)


def _closed(point: KnownPoint, day: date, note: str) -> list[Event]:
    """An all-day event where the point would otherwise be open."""
    if not any(served.intervals for served in served_on(point, day, regular=True)):
        return []
    event = Event()
    event.add("uid", f"{point.id}.{day.isoformat()}.closed@palveluverkko")
    event.add("summary", _("%(point)s closed") % {"point": in_language(point.names)})
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    return [event]
