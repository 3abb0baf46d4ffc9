"""Working days against NumPy's business days over holidays written out by hand."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from palveluverkko.calendar import HolidayCalendar, Season
from palveluverkko.caseflow.deadlines import (
    PeriodWarning,
    deadline,
    is_late,
    is_working_day,
    months_after,
    period_warnings,
    working_days,
)
from tests.caseflow.cases import ALAND, FINLAND, RULES, opinion, request

# Days of 2018 and 2019 on which Finnish offices are shut beside weekends, from the almanac.
SHUT = [
    *("2018-01-01", "2018-03-30", "2018-04-02", "2018-05-01", "2018-05-10", "2018-06-22"),
    *("2018-12-06", "2018-12-24", "2018-12-25", "2018-12-26"),
    *("2019-01-01", "2019-04-19", "2019-04-22", "2019-05-01", "2019-05-30", "2019-06-21"),
    *("2019-12-06", "2019-12-24", "2019-12-25", "2019-12-26"),
]
DAYS = st.dates(date(2018, 1, 1), date(2019, 9, 30))


@given(DAYS, st.integers(1, 40))
def test_a_deadline_is_numpys_business_day(sent, days):
    # NumPy counts from a business day; "preceding" makes the next one number 1 from any day.
    expected = np.busday_offset(sent, days, roll="preceding", holidays=SHUT).astype(date)
    assert deadline(sent, days, FINLAND) == expected


@given(DAYS, st.integers(0, 60))
def test_working_days_between_are_numpys_count(first, length):
    last = first + timedelta(days=length)
    expected = np.busday_count(first, last + timedelta(days=1), holidays=SHUT)
    assert len(list(working_days(first, last, FINLAND))) == expected


def test_the_day_of_sending_does_not_count():
    assert deadline(date(2018, 6, 4), 1, FINLAND) == date(2018, 6, 5)


def test_eves_on_which_offices_are_shut_are_no_working_days():
    assert not is_working_day(date(2018, 6, 22), FINLAND)  # Midsummer Eve, a Friday
    assert not is_working_day(date(2018, 12, 24), FINLAND)  # Christmas Eve, a Monday
    assert deadline(date(2018, 6, 21), 1, FINLAND) == date(2018, 6, 25)
    assert deadline(date(2018, 12, 21), 1, FINLAND) == date(2018, 12, 27)


def test_the_agencys_own_closed_days_are_no_working_days():
    assert is_working_day(date(2018, 8, 15), FINLAND)
    own = HolidayCalendar("FI", closed_days=("08-15",))
    assert not is_working_day(date(2018, 8, 15), own)
    assert deadline(date(2018, 8, 14), 1, own) == date(2018, 8, 16)


def test_each_place_has_its_own_calendar():
    # Åland's own day, 9 June, was a Tuesday in 2020.
    assert deadline(date(2020, 6, 8), 1, FINLAND) == date(2020, 6, 9)
    assert deadline(date(2020, 6, 8), 1, ALAND) == date(2020, 6, 10)


def test_no_time_to_answer_is_an_error():
    with pytest.raises(ValueError, match="at least one"):
        deadline(date(2018, 6, 4), 0, FINLAND)


def test_july_and_christmas_warn_and_june_does_not():
    def warned(sent, due):
        return period_warnings(sent, due, FINLAND, RULES.warning_periods)

    assert warned(date(2018, 5, 2), date(2018, 6, 29)) == ()
    assert warned(date(2018, 6, 25), date(2018, 7, 4)) == (PeriodWarning("july", 3, True),)
    # All of July lies between; the deadline does not.
    assert warned(date(2018, 6, 25), date(2018, 8, 10)) == (PeriodWarning("july", 22, False),)
    # 20, 21, 27, 28, 31 December and 2, 3, 4 January.
    assert warned(date(2018, 12, 10), date(2019, 1, 10)) == (PeriodWarning("christmas", 8, False),)


def test_the_day_of_sending_takes_nothing_from_the_time_to_answer():
    sent, due = date(2018, 7, 31), date(2018, 8, 10)
    assert period_warnings(sent, due, FINLAND, RULES.warning_periods) == ()


def test_a_period_without_a_working_day_does_not_warn():
    weekend = (("weekend", Season("06-02", "06-03")),)
    assert period_warnings(date(2018, 5, 28), date(2018, 6, 8), FINLAND, weekend) == ()


def test_the_last_day_is_in_time_and_an_extension_moves_it():
    asked = request("palkane")
    assert not is_late(opinion("palkane", date(2018, 5, 31)), asked)
    assert is_late(opinion("palkane", date(2018, 6, 1)), asked)
    longer = request("palkane", extended_to=date(2018, 6, 15))
    assert not is_late(opinion("palkane", date(2018, 6, 15)), longer)
    assert is_late(opinion("palkane", date(2018, 6, 16)), longer)
    assert not is_late(opinion("palkane", date(2018, 6, 16), request=""), None)


def test_months_end_where_the_month_ends():
    assert months_after(date(2018, 9, 1), 12) == date(2019, 9, 1)
    assert months_after(date(2018, 11, 30), 3) == date(2019, 2, 28)
    assert months_after(date(2019, 11, 30), 3) == date(2020, 2, 29)
    assert months_after(date(2018, 12, 31), 1) == date(2019, 1, 31)
    assert months_after(date(2018, 12, 1), 0) == date(2018, 12, 1)
