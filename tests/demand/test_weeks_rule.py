"""The status of a week, against a day-by-day reading of the same rule."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from palveluverkko.measuring.weeks import week_status
from palveluverkko.snapshot.model import WeekStatus

minutes = st.sampled_from([0, 60, 180, 300, 360, 480])
days = st.lists(minutes, min_size=7, max_size=7)
flags = st.lists(st.booleans(), min_size=7, max_size=7)


def status(regular: list[int], is_open: list[int], reported: list[bool]) -> WeekStatus:
    found = week_status(
        np.array([regular], dtype=np.int32),
        np.array([is_open], dtype=np.int32),
        np.array([reported], dtype=bool),
    )
    return WeekStatus(int(found[0]))


def by_hand(regular: list[int], is_open: list[int], reported: list[bool]) -> WeekStatus:
    regular_days = [d for d in range(7) if regular[d]]
    if not any(is_open[d] for d in regular_days):
        return WeekStatus.CLOSED
    for d in range(7):
        if is_open[d] and not reported[d]:
            return WeekStatus.MISSING
    lost = 0
    for d in regular_days:
        if not is_open[d]:
            return WeekStatus.HOLIDAY
        lost += max(0, regular[d] - is_open[d])
    return WeekStatus.HOLIDAY if lost * 4 > sum(regular) else WeekStatus.COMPLETE


@given(days, days, flags)
def test_the_rule_agrees_with_a_reading_by_hand(
    regular: list[int], is_open: list[int], reported: list[bool]
) -> None:
    assert status(regular, is_open, reported) == by_hand(regular, is_open, reported)


@given(days, days, flags, st.integers(0, 6))
def test_an_open_day_without_a_report_never_makes_a_week_count(
    regular: list[int], is_open: list[int], reported: list[bool], day: int
) -> None:
    is_open[day], reported[day] = 360, False
    assert status(regular, is_open, reported) in {WeekStatus.MISSING, WeekStatus.CLOSED}


def test_exactly_a_quarter_of_the_minutes_lost_is_an_ordinary_week() -> None:
    regular = [480, 0, 0, 0, 0, 0, 0]
    assert status(regular, [360, *regular[1:]], [True] * 7) == WeekStatus.COMPLETE
    assert status(regular, [359, *regular[1:]], [True] * 7) == WeekStatus.HOLIDAY


def test_a_longer_day_does_not_make_up_for_a_lost_one() -> None:
    regular = [480, 480, 0, 0, 0, 0, 0]
    assert status(regular, [0, 960, 0, 0, 0, 0, 0], [True] * 7) == WeekStatus.HOLIDAY
