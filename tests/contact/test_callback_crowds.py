"""Sixty-four at once, and processes killed at random: no request is lost, or called by two."""

from __future__ import annotations

from pathlib import Path

from tests.booking.conftest import home, migrated
from tests.booking.programs import play

__all__ = ["home", "migrated"]  # fixtures

PROGRAM = "tests.contact.callback_program"


def test_sixty_four_customers_get_as_many_seats_as_there_are(home: Path) -> None:
    saw = play(home, PROGRAM, "seats")
    assert saw["answers"] == {"open": 8, "WindowTaken": 56}
    assert saw["numbers"] == list(range(1, 9))


def test_sixty_four_advisers_call_four_customers_once_each(home: Path) -> None:
    saw = play(home, PROGRAM, "claims")
    assert saw["answers"].pop("AlreadyTaken") == 60
    assert sorted(saw["answers"].values()) == [1, 1, 1, 1]
    assert (saw["called"], saw["talking"]) == (True, 4)


def test_the_same_request_from_sixteen_sides_happens_once(home: Path) -> None:
    saw = play(home, PROGRAM, "same_request")
    assert saw == {
        "asked": 1,
        "changed": {"2": 16},
        "ended": {"served": 16},
        "counted": 1,
        "messages": 2,
    }


def test_a_hundred_and_ten_kills_lose_no_request_and_call_nobody_twice_at_once(home: Path) -> None:
    saw = play(home, PROGRAM, "kills")
    assert saw["kills"] >= 110
    assert saw["told"] >= 30
    assert saw["calls"] >= 30
    assert saw["lost_tries"] >= 1
    for wrong in ("lost", "not_cancelled", "forgotten", "at_once", "closed_too_early"):
        assert saw[wrong] == [], wrong
    assert (saw["still_calling"], saw["counted"], saw["told_twice"]) == (0, 0, 0)
