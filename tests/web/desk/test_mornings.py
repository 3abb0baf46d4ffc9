"""Mornings as a newcomer met them: what went wrong at the desk once stays right."""

from __future__ import annotations

import pytest
from django.test import Client

from palveluverkko.web.portal import clock
from tests.booking import world as booking_world
from tests.web.desk import world
from tests.web.desk.test_desk import press
from tests.web.desk.world import local, ticket


def test_an_hour_of_reserve_keeps_the_desk_for_urgent_matters_no_longer_than_it_lasts(
    adviser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    shift = world.adviser(1).shifts.get()
    shift.start = local(10)
    shift.save()
    desk = shift.desk
    person, at = shift.person, shift.point
    booking_world.shift(person, local(9), local(10), at=at, desk=desk, urgent_only=True)
    taken = ticket()
    assert "Kept for urgent matters until 10:00" in adviser.get("/en/desk/").content.decode()
    assert f"{taken.label} was called." not in press(adviser, "next")
    monkeypatch.setattr(clock, "now", lambda: local(10, 5))
    assert "Kept for urgent matters" not in adviser.get("/en/desk/").content.decode()
    assert f"{taken.label} was called." in press(adviser, "next")
