"""What people see on the days on which clocks are changed: every real time, no other."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from palveluverkko.availability import Outlet, Takes, Window, Worker, starts

CASES = [
    # zone, day, half hours of the day, wall times that never are, wall times that are twice
    ("Europe/Helsinki", date(2026, 3, 29), 46, ["03:00", "03:30"], []),
    ("Europe/Helsinki", date(2026, 10, 25), 50, [], ["03:00", "03:30"]),
    ("America/St_Johns", date(2026, 3, 8), 46, ["02:00", "02:30"], []),
    ("America/St_Johns", date(2026, 11, 1), 50, [], ["01:00", "01:30"]),
    ("America/Los_Angeles", date(2026, 3, 8), 46, ["02:00", "02:30"], []),
    ("America/Los_Angeles", date(2026, 11, 1), 50, [], ["01:00", "01:30"]),
    ("Pacific/Chatham", date(2026, 4, 5), 50, [], ["03:00", "03:30"]),
    ("Australia/Lord_Howe", date(2026, 4, 5), 49, [], ["01:30"]),
    ("Asia/Kathmandu", date(2026, 3, 29), 48, [], []),
    ("Etc/UTC", date(2026, 3, 29), 48, [], []),
]


def shown(zone: str, day: date, takes: Takes) -> list[datetime]:
    """Starts of one local day at an outlet that is always open with somebody always there."""
    found: list[datetime] = []
    for offset in (-1, 0, 1):
        window = Window(day + timedelta(days=offset))
        always = window.within([(window.origin, window.end)])
        worker = Worker(1, always, frozenset({"general"}), frozenset({"fi"}))
        seen = Outlet(window, zone, {"general": always}, (worker,))
        found += window.moments(starts(seen, "general", takes))
    local = ZoneInfo(zone)
    return [m for m in found if m.astimezone(local).date() == day]


@pytest.mark.parametrize(("zone", "day", "number", "never", "twice"), CASES)
def test_no_time_lies_in_the_skipped_hour_and_the_doubled_hour_is_there_twice(
    zone: str, day: date, number: int, never: list[str], twice: list[str]
) -> None:
    moments = shown(zone, day, Takes.of_minutes(30, step=30))
    assert len(set(moments)) == len(moments) == number
    walls = Counter(f"{m.astimezone(ZoneInfo(zone)):%H:%M}" for m in moments)
    assert not set(never) & set(walls)
    assert sorted(w for w, times in walls.items() if times == 2) == twice
    assert all(w[3:] in ("00", "30") for w in walls)


@pytest.mark.parametrize(("zone", "day", "number", "never", "twice"), CASES)
def test_the_two_of_a_doubled_time_are_told_apart_by_their_offset(
    zone: str, day: date, number: int, never: list[str], twice: list[str]
) -> None:
    moments = shown(zone, day, Takes.of_minutes(30, step=30))
    told = [m.astimezone(ZoneInfo(zone)).isoformat() for m in moments]
    assert len(set(told)) == len(told)


def test_a_meeting_across_the_skipped_hour_lasts_as_long_as_any_other() -> None:
    """Work from 02:30 to 04:30 by the clock is one hour that night: one meeting fits, not three."""
    zone, day = ZoneInfo("Europe/Helsinki"), date(2026, 3, 29)
    works = [
        datetime(2026, 3, 29, 2, 30, tzinfo=zone).astimezone(UTC),
        datetime(2026, 3, 29, 4, 30, tzinfo=zone).astimezone(UTC),
    ]
    window = Window(day)
    mask = window.within([(works[0], works[1])])
    worker = Worker(1, mask, frozenset({"general"}), frozenset({"fi"}))
    seen = Outlet(window, "Europe/Helsinki", {"general": mask}, (worker,))
    found = list(window.moments(starts(seen, "general", Takes.of_minutes(60, step=30))))
    assert [f"{m.astimezone(zone):%H:%M}" for m in found] == ["02:30"]
