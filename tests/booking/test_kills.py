"""Processes killed at random: who was told of a booking has it, and is told of it once."""

from __future__ import annotations

from pathlib import Path

from tests.booking.programs import play


def test_a_hundred_and_ten_kills_lose_no_booking_and_double_no_message(home: Path) -> None:
    saw = play(home, "tests.booking.kill_helpers", "110")
    assert saw["kills"] >= 110
    assert saw["told"] >= 30
    assert saw["delivered"] >= 60
    assert saw["untrue"] == []
    assert (saw["doubles"], saw["wrong"]) == (0, [])
    assert (saw["stale"], saw["false_days"]) == (0, [])
    assert (saw["missing"], saw["unsettled"], saw["twice"]) == ([], [], [])


def test_a_server_killed_while_people_book_loses_no_booking_and_doubles_no_message(
    home: Path,
) -> None:
    """``python -m tests.booking.http_kills 100`` goes on for longer."""
    saw = play(home, "tests.booking.http_kills", "5")
    assert saw["kills"] >= 5
    assert saw["told"] >= 5
    assert saw["unanswered"] >= 3  # presses that a kill left without an answer
    assert (saw["failed"], saw["still"]) == ([], 0)
    assert saw["untrue"] == []
    assert (saw["doubles"], saw["wrong"], saw["false_days"]) == (0, [], [])
    assert (saw["missing"], saw["unsettled"], saw["twice"]) == ([], [], [])
