"""Snapshots for benchmarks: the right size, sorted, and saying what the example's days say."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.networks import scaled_snapshot

from palveluverkko.example.build import build_network, demand_history
from palveluverkko.snapshot.freeze import data_hash
from palveluverkko.snapshot.model import WeekStatus


def test_size_grows_with_the_factor_and_rows_stay_sorted() -> None:
    snapshot = scaled_snapshot(3, weeks=60)
    assert len(snapshot.points) == 3 * 318
    assert len(snapshot.areas) == 3 * 3_024
    assert snapshot.demand.visits.shape == (3 * 318, 60)
    assert snapshot.demand.mondays[-1].isoformat() == "2018-05-21"
    assert list(snapshot.areas.ids) == sorted(snapshot.areas.ids)
    ids = [p.id for p in snapshot.points]
    assert ids == sorted(set(ids))


def test_the_same_size_has_the_same_hash() -> None:
    assert data_hash(scaled_snapshot(2, weeks=20)) == data_hash(scaled_snapshot(2, weeks=20))


def test_positions_stay_on_the_globe_for_the_largest_network() -> None:
    areas = scaled_snapshot(100, weeks=1).areas
    assert np.abs(areas.lat).max() < 90
    assert np.abs(areas.lon).max() <= 180


def test_complete_weeks_hold_the_visits_of_their_days() -> None:
    snapshot = scaled_snapshot(1)
    history = next(h for h in demand_history(build_network()) if h.point == "helsinki")
    row = next(i for i, p in enumerate(snapshot.points) if p.id == "000-helsinki")
    for w in (10, 100, 260):
        monday = np.datetime64(snapshot.demand.mondays[w])
        days = (history.days >= monday) & (history.days < monday + np.timedelta64(7, "D"))
        assert snapshot.demand.visits[row, w] == history.visits[days].sum()


def test_weeks_with_a_holiday_are_told_apart() -> None:
    snapshot = scaled_snapshot(1)
    row = next(i for i, p in enumerate(snapshot.points) if p.id == "000-helsinki")
    mondays = [m.isoformat() for m in snapshot.demand.mondays]
    status = snapshot.demand.status[row]
    assert status[mondays.index("2018-05-07")] == WeekStatus.HOLIDAY  # Ascension Day
    assert status[mondays.index("2018-05-14")] == WeekStatus.COMPLETE


def test_a_factor_out_of_range_is_refused() -> None:
    with pytest.raises(ValueError, match="factor"):
        scaled_snapshot(0)
