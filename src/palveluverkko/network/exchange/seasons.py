"""A season's dates in a year, for formats whose hours know dates only."""

from __future__ import annotations

from datetime import date

from palveluverkko.network.exchange.records import HoursRecord


def dates_on(
    row: HoursRecord, on: date, point_until: date | None
) -> tuple[date | None, date | None]:
    """First and last day for which to show a row: its season's present or next occurrence.

    Cut to the row's own validity and to the point's last day, so that nobody who reads only the
    standard part takes summer hours for the year's or hours of a closed point for valid.
    """
    first, last = row.valid_from, row.valid_until
    if row.season_from and row.season_until:
        start, end = _occurrence(row.season_from, row.season_until, max(on, first or on))
        cut_first = max(start, first) if first else start
        cut_last = min(end, last) if last else end
        if cut_first <= cut_last:
            first, last = cut_first, cut_last
    if (
        point_until
        and (last is None or point_until < last)
        and (first is None or first <= point_until)
    ):
        last = point_until
    return first, last


def _occurrence(first: str, last: str, on: date) -> tuple[date, date]:
    wraps = last < first  # passes the year's end
    for year in range(on.year - 1, on.year + 2):
        start, end = _day(year, first), _day(year + wraps, last)
        if end >= on:
            return start, end
    return _day(on.year, first), _day(on.year + wraps, last)


def _day(year: int, month_day: str) -> date:
    month, day = (int(part) for part in month_day.split("-"))
    try:
        return date(year, month, day)
    except ValueError:  # 29 February of an ordinary year
        return date(year, month, day - 1)
