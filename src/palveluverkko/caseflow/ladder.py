"""Whether opening hours were cut shortly before a proposal, so that demand is low by the cut."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from palveluverkko.calendar import ALWAYS, Timetable, WeeklyHours, minutes_of, regular_intervals
from palveluverkko.snapshot.values import Unknown

_YEAR_OF_WEEKS = 52
_DAY = timedelta(days=1)
_EQUAL = 1e-9


@dataclass(frozen=True, slots=True)
class HoursSpan:
    """Open ``weekly_minutes`` a week from ``first`` to ``last``, both included.

    The minutes are the mean over a year of the hours then in force, so summer hours that come
    every year are no cut when they begin. 0: the point had no hours. ``None``: not known.
    """

    first: date
    last: date
    weekly_minutes: int | None


@dataclass(frozen=True, slots=True)
class LadderRule:
    """An alarm where hours fell by at least ``share`` in the ``months`` before a proposal."""

    share: float
    months: int

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1:
            raise ValueError(f"The share must be over 0 and at most 1: {self.share}")
        if self.months < 1:
            raise ValueError(f"At least one month: {self.months}")


@dataclass(frozen=True, slots=True)
class HoursCut:
    """The largest fall: minutes a week from ``before`` to ``after``, reached ``on`` that day.

    ``peak_until``: the last day on which ``before`` was still open. Steps between the two days are
    counted together. ``now``: minutes on the day of the proposal, ``None`` unknown; more than
    ``after`` where some hours were given back.
    """

    on: date
    peak_until: date
    before: int
    after: int
    now: int | None

    @property
    def share(self) -> float:
        """How large a part of the hours went, 0 to 1."""
        return (self.before - self.after) / self.before


@dataclass(frozen=True, slots=True)
class NoCut:
    """All hours from ``since`` to the proposal are known, and no fall was the rule's or larger."""

    since: date
    largest_share: float


def hours_history(
    timetable: Timetable,
    first: date,
    last: date,
    *,
    known_since: date | None = None,
    mode: str | None = None,
) -> tuple[HoursSpan, ...]:
    """The point's regular hours from ``first`` to ``last``, in spans of one level each.

    ``known_since``: before that day the register says nothing, so the hours are unknown; it must
    be given where old rows may be lacking. ``mode``: hours of that mode alone, so that a point
    which goes over to appointments only shows a cut of its hours without one. Exceptions and
    holidays change no level: they are not regular hours.
    """
    starts = [day for day in _changes(timetable, known_since) if first < day <= last]
    spans: list[HoursSpan] = []
    for day, until in zip([first, *starts], [*(d - _DAY for d in starts), last], strict=True):
        unknown = known_since is not None and day < known_since
        minutes = None if unknown else _yearly_mean(timetable, day, mode)
        if spans and spans[-1].weekly_minutes == minutes:
            spans[-1] = replace(spans[-1], last=until)
        else:
            spans.append(HoursSpan(day, until, minutes))
    return tuple(spans)


def hours_cut(
    history: Sequence[HoursSpan], proposed: date, rule: LadderRule
) -> HoursCut | NoCut | Unknown:
    """The largest cut of hours in the months before ``proposed``, if it is the rule's or larger.

    A fall counts if the lower hours began after the day ``rule.months`` before ``proposed`` and
    not after ``proposed``. Days without a span and spans without minutes are unknown: a cut among
    the known days is still a cut, but without one the answer is ``Unknown``, never ``NoCut``.

    Raises ``ValueError`` where two spans overlap.
    """
    since = months_before(proposed, rule.months)
    spans = _within(history, since, proposed)
    cut = _largest_fall(spans, proposed)
    if cut is not None and cut.share >= rule.share - _EQUAL:
        return cut
    unknown = _unknown_days(spans, since, proposed)
    if unknown:
        return Unknown("ladder.hours_not_known", {"days": unknown, "since": since.isoformat()})
    return NoCut(since, cut.share if cut is not None else 0.0)


def months_before(day: date, months: int) -> date:
    """The same day ``months`` earlier; the last of the month where that month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def _changes(timetable: Timetable, known_since: date | None) -> list[date]:
    """Days on which other rows come into force."""
    validities = [timetable.valid, *(row.valid for row in timetable.weekly)]
    days = {v.start for v in validities if v.start is not None}
    days |= {v.end + _DAY for v in validities if v.end is not None and v.end < date.max}
    if known_since is not None:
        days.add(known_since)
    return sorted(days)


def _yearly_mean(timetable: Timetable, day: date, mode: str | None) -> int:
    """Minutes a week over 52 weeks of the rows in force on ``day``, whole minutes."""
    if not timetable.valid.holds_on(day):
        return 0
    rows = tuple(_for_ever(row) for row in timetable.weekly if row.valid.holds_on(day))
    weeks = _YEAR_OF_WEEKS if any(row.season is not None for row in rows) else 1
    lasting = replace(timetable, weekly=rows, exceptions=(), valid=ALWAYS, timezone="UTC")
    days = (day + timedelta(days=i) for i in range(7 * weeks))
    total = sum(minutes_of(regular_intervals(lasting, d, mode=mode)) for d in days)
    return round(total / weeks)


def _for_ever(row: WeeklyHours) -> WeeklyHours:
    return replace(row, valid=ALWAYS)


def _within(history: Sequence[HoursSpan], since: date, until: date) -> list[HoursSpan]:
    """The known parts of the spans that lie in the window, by day."""
    ordered = sorted(history, key=lambda span: span.first)
    for earlier, later in pairwise(ordered):
        if later.first <= earlier.last:
            raise ValueError(f"Two spans of hours overlap on {later.first}")
    return [
        replace(span, first=max(span.first, since), last=min(span.last, until))
        for span in ordered
        if span.weekly_minutes is not None and span.last >= since and span.first <= until
    ]


def _largest_fall(spans: Sequence[HoursSpan], proposed: date) -> HoursCut | None:
    """Largest relative fall from a level to a later one; the earliest of equals."""
    now = next((s.weekly_minutes for s in spans if s.last == proposed), None)
    largest: HoursCut | None = None
    peak: HoursSpan | None = None
    for span in spans:
        minutes = span.weekly_minutes or 0
        if peak is None or minutes >= (peak.weekly_minutes or 0):
            peak = span
            continue
        fall = HoursCut(span.first, peak.last, peak.weekly_minutes or 0, minutes, now)
        if largest is None or fall.share > largest.share:
            largest = fall
    return largest


def _unknown_days(spans: Sequence[HoursSpan], since: date, until: date) -> int:
    known = sum((span.last - span.first).days + 1 for span in spans)
    return (until - since).days + 1 - known
