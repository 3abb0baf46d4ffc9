"""When points are open: weekly hours, seasons, exceptions, holidays; pure values."""

from palveluverkko.calendar.holidays import HolidayCalendar
from palveluverkko.calendar.intervals import (
    iso_monday,
    iso_week,
    minutes_of,
    open_intervals,
    open_minutes,
    open_weekdays,
    regular_intervals,
    regular_weekdays,
)
from palveluverkko.calendar.timetable import (
    ALWAYS,
    ExceptionHours,
    Interval,
    Season,
    Timetable,
    Validity,
    WeeklyHours,
)

__all__ = [
    "ALWAYS",
    "ExceptionHours",
    "HolidayCalendar",
    "Interval",
    "Season",
    "Timetable",
    "Validity",
    "WeeklyHours",
    "iso_monday",
    "iso_week",
    "minutes_of",
    "open_intervals",
    "open_minutes",
    "open_weekdays",
    "regular_intervals",
    "regular_weekdays",
]
