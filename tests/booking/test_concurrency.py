"""Sixty-four customers at the same moment: each time goes to one of them, and nobody is stuck."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.booking.programs import play


def crowd(home: Path, scene: str) -> dict[str, Any]:
    seen = play(home, "tests.booking.crowds", scene)
    assert (seen["doubles"], seen["wrong"], seen["false_days"]) == (0, [], [])
    return seen


def test_as_many_win_as_can_be_served_and_all_others_are_shown_other_times(home: Path) -> None:
    seen = crowd(home, "same_hour")
    assert seen["answers"] == {"confirmed": 6, "SlotTaken with other times": 58}


def test_three_people_serve_three_however_they_are_asked(home: Path) -> None:
    seen = crowd(home, "same_people")
    assert seen["answers"] == {"confirmed": 3, "SlotTaken with other times": 61}


def test_a_request_from_sixteen_sides_at_once_happens_once(home: Path) -> None:
    seen = crowd(home, "same_request")
    assert (seen["holds"], seen["bookings"]) == (16, 1)
    assert (seen["moved"], seen["cancelled"]) == ({"2": 16}, {"3": 16})
    assert seen["events"] == ["held", "confirmed", "moved", "cancelled"]
    assert seen["messages_twice"] == 0


def test_customers_who_move_at_once_between_times_and_modes_all_keep_a_time(home: Path) -> None:
    seen = crowd(home, "everybody_moves")
    assert seen["confirmed"] == 24
    assert set(seen["answers"]) <= {"moved", "SlotTaken"}
    assert sum(seen["answers"].values()) == 24 * 6
