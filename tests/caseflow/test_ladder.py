"""Hours cut before a proposal: seen, dated, and never denied where the hours are not known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palveluverkko.calendar import ALWAYS, Season, Timetable, Validity, WeeklyHours
from palveluverkko.caseflow.ladder import (
    HoursCut,
    HoursSpan,
    LadderRule,
    NoCut,
    hours_cut,
    hours_history,
    months_before,
)
from palveluverkko.snapshot.values import Unknown

RULE = LadderRule(share=0.3, months=18)
PROPOSED = date(2018, 6, 12)
ONE_DAY = timedelta(days=1)


def row(weekday, first, last, validity=ALWAYS, season=None, mode=None):
    return WeeklyHours(weekday, time(first), time(last), valid=validity, season=season, mode=mode)


def weekdays(count, validity=ALWAYS, season=None, mode=None):
    return tuple(row(day, 9, 15, validity, season, mode) for day in range(count))


def palkane():
    """Open five days until October 2017, then Mondays alone."""
    return Timetable(
        weekly=weekdays(5, Validity(None, date(2017, 9, 30)))
        + weekdays(1, Validity(date(2017, 10, 1), None))
    )


def test_palkane_is_an_alarm_with_its_day_and_its_hours():
    history = hours_history(palkane(), date(2015, 1, 1), PROPOSED)
    found = hours_cut(history, PROPOSED, RULE)
    assert found == HoursCut(date(2017, 10, 1), date(2017, 9, 30), 1800, 360, 360)
    assert found.share == pytest.approx(0.8)


def test_an_old_cut_is_no_alarm():
    history = hours_history(palkane(), date(2015, 1, 1), date(2019, 6, 1))
    assert hours_cut(history, date(2019, 6, 1), RULE) == NoCut(date(2017, 12, 1), 0.0)


@pytest.mark.parametrize(
    ("proposed", "alarm"), [(date(2019, 3, 31), True), (date(2019, 4, 1), False)]
)
def test_the_window_ends_to_the_day(proposed, alarm):
    history = hours_history(palkane(), date(2015, 1, 1), proposed)
    since = months_before(proposed, 18)
    assert (since < date(2017, 10, 1)) is alarm
    assert isinstance(hours_cut(history, proposed, RULE), HoursCut) is alarm


def test_small_steps_count_together():
    """1,000 to 850 to 700 is thirty per cent, though neither step is."""
    spans = steps(1000, 850, 700)
    found = hours_cut(spans, PROPOSED, RULE)
    assert isinstance(found, HoursCut)
    assert (found.before, found.after) == (1000, 700)
    assert hours_cut(steps(1000, 850, 701), PROPOSED, RULE) == NoCut(
        months_before(PROPOSED, 18), pytest.approx(0.299)
    )


def test_hours_given_back_before_the_proposal_are_told():
    found = hours_cut(steps(1000, 400, 900), PROPOSED, RULE)
    assert isinstance(found, HoursCut)
    assert (found.after, found.now) == (400, 900)


def test_hours_that_grow_are_no_cut():
    assert hours_cut(steps(300, 600, 900), PROPOSED, RULE) == NoCut(date(2016, 12, 12), 0.0)


def test_summer_hours_of_every_year_are_no_cut_when_summer_comes():
    summer = Season("06-01", "08-31")
    yearly = Timetable(weekly=weekdays(5) + weekdays(1, season=summer))
    history = hours_history(yearly, date(2015, 1, 1), PROPOSED)
    assert len(history) == 1
    assert isinstance(hours_cut(history, PROPOSED, RULE), NoCut)


def test_new_summer_hours_cut_by_the_share_of_the_year_they_take():
    long = Season("02-01", "11-30")
    timetable = Timetable(
        weekly=weekdays(5) + weekdays(1, Validity(date(2018, 1, 1), None), season=long)
    )
    found = hours_cut(hours_history(timetable, date(2015, 1, 1), PROPOSED), PROPOSED, RULE)
    assert isinstance(found, HoursCut)
    assert found.share == pytest.approx(0.8 * 303 / 364, abs=0.01)


def test_a_turn_to_appointments_alone_shows_in_the_hours_without_one():
    change = date(2018, 2, 1)
    timetable = Timetable(
        weekly=weekdays(3, Validity(None, change - ONE_DAY), mode="walk_in")
        + weekdays(3, mode="appointment")
    )
    whole = hours_history(timetable, date(2015, 1, 1), PROPOSED)
    without = hours_history(timetable, date(2015, 1, 1), PROPOSED, mode="walk_in")
    assert isinstance(hours_cut(whole, PROPOSED, RULE), NoCut)
    found = hours_cut(without, PROPOSED, RULE)
    assert isinstance(found, HoursCut)
    assert (found.on, found.after) == (change, 0)


def test_history_from_before_the_register_is_unknown():
    history = hours_history(
        Timetable(weekly=weekdays(1)), date(2015, 1, 1), PROPOSED, known_since=date(2018, 1, 1)
    )
    found = hours_cut(history, PROPOSED, RULE)
    assert isinstance(found, Unknown)
    assert found.code == "ladder.hours_not_known"
    assert found.detail["days"] == (date(2018, 1, 1) - date(2016, 12, 12)).days


def test_no_history_at_all_is_unknown():
    assert isinstance(hours_cut((), PROPOSED, RULE), Unknown)


def test_spans_that_overlap_are_refused():
    span = HoursSpan(date(2018, 1, 1), date(2018, 2, 1), 60)
    with pytest.raises(ValueError, match="overlap"):
        hours_cut([span, replace(span, first=date(2018, 2, 1))], PROPOSED, RULE)


@pytest.mark.parametrize(("share", "months"), [(0, 18), (1.1, 18), (0.3, 0)])
def test_a_rule_that_means_nothing_is_refused(share, months):
    with pytest.raises(ValueError, match=r"share|month"):
        LadderRule(share, months)


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2018, 3, 31), 1, date(2018, 2, 28)),
        (date(2020, 3, 31), 1, date(2020, 2, 29)),
        (date(2018, 1, 15), 1, date(2017, 12, 15)),
        (date(2018, 6, 12), 18, date(2016, 12, 12)),
    ],
)
def test_months_before_a_day(day, months, before):
    assert months_before(day, months) == before


def steps(*levels):
    """One span of ninety days a level, the last one until the proposal, the first since 2010."""
    spans = []
    last = PROPOSED
    for place, minutes in reversed(list(enumerate(levels))):
        first = date(2010, 1, 1) if place == 0 else last - timedelta(days=89)
        spans.append(HoursSpan(first, last, minutes))
        last = first - ONE_DAY
    return tuple(reversed(spans))


levels = st.lists(st.one_of(st.none(), st.integers(0, 12)), min_size=1, max_size=6)


def by_days(spans, proposed, rule):
    """The same answer, day against day."""
    since = months_before(proposed, rule.months)
    days = [since + i * ONE_DAY for i in range((proposed - since).days + 1)]
    known = {}
    for span in spans:
        for day in days:
            if span.first <= day <= span.last and span.weekly_minutes is not None:
                known[day] = span.weekly_minutes
    order = [known[day] for day in days if day in known]
    largest, peak = 0.0, 0
    for minutes in order:
        peak = max(peak, minutes)
        if peak:
            largest = max(largest, (peak - minutes) / peak)
    if largest >= rule.share - 1e-9:
        return ("cut", largest)
    return ("unknown", None) if len(known) < len(days) else ("none", largest)


@given(levels, st.sampled_from([0.1, 0.3, 0.5, 1.0]), st.integers(1, 14))
def test_the_answer_is_that_of_a_walk_from_day_to_day(minutes, share, months):
    spans, rule = steps(*minutes), LadderRule(share, months)
    found = hours_cut(spans, PROPOSED, rule)
    kind, largest = by_days(spans, PROPOSED, rule)
    if kind == "cut":
        assert isinstance(found, HoursCut)
        assert found.share == pytest.approx(largest)
    elif kind == "none":
        assert isinstance(found, NoCut)
        assert found.largest_share == pytest.approx(largest)
    else:
        assert isinstance(found, Unknown)


@given(levels, st.integers(0, 5))
def test_hiding_a_part_of_the_history_never_leads_to_no_alarm(minutes, hidden):
    spans = steps(*minutes)
    hidden %= len(spans)
    less = [replace(s, weekly_minutes=None) if i == hidden else s for i, s in enumerate(spans)]
    in_window = spans[hidden].last >= months_before(PROPOSED, RULE.months)
    after = hours_cut(less, PROPOSED, RULE)
    if in_window:
        assert not isinstance(after, NoCut)
    if isinstance(after, HoursCut):
        assert isinstance(hours_cut(spans, PROPOSED, RULE), HoursCut)
