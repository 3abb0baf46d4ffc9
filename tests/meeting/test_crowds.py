"""Pressed by many at once: one meeting, one pass for a link, six seats, one decision."""

from __future__ import annotations

from pathlib import Path

from tests.booking.conftest import home, migrated
from tests.booking.programs import play
from tests.meeting.crowds import CROWD, ROUNDS

__all__ = ["home", "migrated"]


def test_many_at_once(home: Path) -> None:
    seen = play(home, "tests.meeting.crowds")
    assert seen["meetings"] == 1
    assert seen["opened"] == {"a pass": 1, "LinkDead: ": CROWD - 1}
    assert seen["seats"] == {"3": 1, "4": 1, "5": 1, "6": 1, "MeetingFull: ": CROWD - 4}
    assert seen["ended"] == 1
    assert seen["met"] == {"inside": ROUNDS}
    assert set(seen["decided"]) <= {"inside", "refused"}
    assert set(seen["errors"]) <= {"SeatUnknown: "}
