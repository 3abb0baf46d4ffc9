"""The rhythm of visits: open days, weekdays, seasons and the slow national decline."""

from __future__ import annotations

import math
from datetime import date
from functools import cache

import numpy as np
from numpy.typing import NDArray

from palveluverkko.calendar import HolidayCalendar
from palveluverkko.example.agency import AGENCY
from palveluverkko.example.facts import read_measures
from palveluverkko.example.records import Era, PointRecord

FIRST_DAY = date(2013, 5, 27)  # a Monday: 261 whole weeks and four days up to LAST_DAY
LAST_DAY = date(2018, 5, 31)
LEVEL_DATE = date(2017, 11, 30)  # the middle of the year to which totals are calibrated

# Monday is clearly the busiest day (Kela 2016); the sizes are made up.
WEEKDAY_WEIGHT = (1.30, 1.03, 0.96, 0.95, 0.76)
# By month, January first: peak in January, low in July. Made up.
SEASON = (1.16, 1.06, 1.03, 1.01, 1.02, 0.94, 0.78, 1.03, 1.06, 1.04, 1.01, 0.86)


def national_level(day: date) -> float:
    """Visits of the country on ``day`` relative to 2015: a steady decline through 2019's total."""
    measures = read_measures()
    change = math.log(measures[("visits", 2019)] / measures[("visits", 2015)])
    years = (day - date(2015, 7, 1)).days / 365.25
    return math.exp(change * years / 4)


@cache
def all_days() -> NDArray[np.datetime64]:
    """Every day of the history, ``datetime64[D]``."""
    count = (LAST_DAY - FIRST_DAY).days + 1
    return np.datetime64(FIRST_DAY, "D") + np.arange(count).astype("timedelta64[D]")


def weekday_of(days: NDArray[np.datetime64]) -> NDArray[np.int64]:
    """0 (Monday) to 6; 1970-01-01 was a Thursday."""
    return (days.astype(np.int64) + 3) % 7


@cache
def _open_in_calendar() -> NDArray[np.bool_]:
    """Whether offices may be open at all on each day of the history."""
    holidays = HolidayCalendar(
        country=AGENCY["country"],
        subdivision=AGENCY["subdivision"],
        categories=tuple(AGENCY["closed_categories"]),
        closed_days=tuple(AGENCY["closed_days"]),
    )
    return np.array([holidays.name_on(d) is None for d in all_days().tolist()])


@cache
def _day_level() -> NDArray[np.float64]:
    """Season × national decline by day; the decline is 1 at :data:`LEVEL_DATE`."""
    now = national_level(LEVEL_DATE)
    season = np.array(SEASON) / np.mean(SEASON)
    return np.array([season[d.month - 1] * national_level(d) / now for d in all_days().tolist()])


def open_days(point: PointRecord, era: Era) -> NDArray[np.bool_]:
    """On which days of the history the point was open in ``era``."""
    days = all_days()
    is_open = np.isin(weekday_of(days), era.weekdays) & _open_in_calendar()
    if era.first:
        is_open &= days >= np.datetime64(era.first)
    if era.last:
        is_open &= days <= np.datetime64(era.last)
    for exception in point.exceptions:
        if exception.opens is None:
            is_open &= (days < np.datetime64(exception.first)) | (
                days > np.datetime64(exception.last)
            )
    return is_open


def mean_by_day(point: PointRecord, visits_per_week: float) -> NDArray[np.float64]:
    """Expected visits of each day of the history; 0 where the point is shut."""
    days = all_days()
    mean = np.zeros(len(days))
    for era in point.eras:
        weight = np.zeros(7)
        weight[list(era.weekdays)] = [WEEKDAY_WEIGHT[d] for d in era.weekdays]
        share = weight / weight.sum()
        mean += open_days(point, era) * share[weekday_of(days)] * visits_per_week
    return mean * _day_level()


def expected_visits(point: PointRecord, visits_per_week: float) -> float:
    """Expected visits of the history's last 365 days."""
    return float(mean_by_day(point, visits_per_week)[-365:].sum())
