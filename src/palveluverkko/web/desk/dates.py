"""Days and times of day as forms and addresses write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.dateparse import parse_date, parse_time

FIRST, LAST = date(2000, 1, 1), date(2100, 1, 1)


def read_day(text: str | None) -> date | None:
    """An ISO date; ``None`` for anything else, and for days that no calendar here knows."""
    try:
        found = parse_date(text or "")
    except ValueError:
        return None
    return found if found and FIRST <= found <= LAST else None


def asked_day(text: str | None, otherwise: date) -> date:
    return read_day(text) or otherwise


def read_time(text: str | None) -> time | None:
    try:
        return parse_time(text or "")
    except ValueError:
        return None


def instant(day: date, at: time, zone: str) -> datetime:
    """A local time as UTC."""
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())
