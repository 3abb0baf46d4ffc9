"""Times that could be booked: capacity beside the count of what was booked."""

from __future__ import annotations

from datetime import date, time
from zoneinfo import ZoneInfo

import pytest

from palveluverkko.booking import services
from palveluverkko.booking.capacity import day_figures
from tests.booking import world
from tests.booking.world import AINO, MONDAY, NOW, local, wish

pytestmark = pytest.mark.django_db


def test_slots_are_what_shifts_and_desks_could_serve():
    world.staffed_point(advisers=2)
    services.book(wish(local(9)), AINO, key="a", now=NOW)
    cancelled = services.book(wish(local(10)), AINO, key="b", now=NOW)
    services.cancel(cancelled.pk)
    assert day_figures("kuopio", MONDAY) == {"open_minutes": 180, "slots": 12, "booked": 1}


def test_two_advisers_at_one_desk_have_the_slots_of_one():
    world.staffed_point(advisers=2, desks=1)
    for service in ("pension", "social_assistance_urgent"):
        world.terms(service)
    assert day_figures("kuopio", MONDAY)["slots"] == 6


def test_a_day_without_advisers_has_no_slots_and_a_point_without_appointments_unknown_ones():
    world.staffed_point()
    assert day_figures("kuopio", date(2026, 3, 3))["slots"] == 0
    world.point("lieto", mode="walk_in")
    assert day_figures("lieto", MONDAY) == {"open_minutes": 180, "slots": None, "booked": None}


def test_a_day_that_crosses_utc_midnight_is_counted_once():
    zone = ZoneInfo("America/Los_Angeles")
    at = world.point(
        "fresno",
        opens=time(14),
        closes=time(20),
        timezone="America/Los_Angeles",
        offered=["general"],
    )
    world.terms()
    world.desk(at)
    world.shift(world.adviser(), local(14, zone=zone), local(20, zone=zone), at=at)
    assert day_figures("fresno", MONDAY)["slots"] == 12
