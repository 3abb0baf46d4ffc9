"""Is a service given in a mode at a wall-clock minute? By the rule's words, minute by minute."""

from datetime import date

from palveluverkko.calendar import ExceptionHours, Timetable, WeeklyHours

Row = WeeklyHours | ExceptionHours


def minutes_of_day(timetable: Timetable, day: date, service: str, mode: str) -> set[int]:
    """Minutes after the day's midnight (to 2,879, as a night goes on) at which it is served."""
    if timetable.valid.start and day < timetable.valid.start:
        return set()
    if timetable.valid.end and day > timetable.valid.end:
        return set()
    special = [
        e for e in timetable.exceptions if e.first <= day <= e.last and fits(e, service, mode)
    ]
    if special:
        rank = max(specificity(e) for e in special)
        return union(e for e in special if specificity(e) == rank and not e.closed)
    if timetable.holidays and timetable.holidays.name_on(day):
        return set()
    rows = [w for w in timetable.weekly if valid(w, day)]
    in_season = {(w.service, w.mode) for w in rows if w.season}
    return union(
        w
        for w in rows
        if w.weekday == day.weekday()
        and fits(w, service, mode)
        and (w.season is not None or (w.service, w.mode) not in in_season)
    )


def anything(timetable: Timetable, day: date) -> set[int]:
    """Minutes at which any service is given in any mode."""
    return set().union(
        *(
            minutes_of_day(timetable, day, service, mode)
            for service in ("general", "urgent", "another")
            for mode in ("walk_in", "video_room", "another")
        )
    )


def fits(row: Row, service: str, mode: str) -> bool:
    return (row.service is None or row.service == service) and (
        row.mode is None or row.mode == mode
    )


def specificity(row: Row) -> int:
    return 2 * (row.service is not None) + (row.mode is not None)


def valid(row: WeeklyHours, day: date) -> bool:
    if row.valid.start and day < row.valid.start:
        return False
    if row.valid.end and day > row.valid.end:
        return False
    if row.season is None:
        return True
    today = (day.month, day.day)
    first, last = (
        tuple(int(part) for part in text.split("-")) for text in (row.season.first, row.season.last)
    )
    return first <= today <= last if first <= last else not last < today < first


def union(rows) -> set[int]:
    found: set[int] = set()
    for row in rows:
        begin = row.opens.hour * 60 + row.opens.minute
        end = row.closes.hour * 60 + row.closes.minute + 1440 * row.overnight
        found |= set(range(begin, end))
    return found
