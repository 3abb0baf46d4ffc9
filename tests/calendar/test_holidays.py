"""Days on which offices are shut, checked against the years' almanac."""

from datetime import date

import pytest

from palveluverkko.calendar import HolidayCalendar

# Finnish almanac: public holidays of 2018, with Midsummer Eve and Christmas Eve.
OF_2018 = {
    date(2018, 1, 1),
    date(2018, 1, 6),
    date(2018, 3, 30),
    date(2018, 4, 1),
    date(2018, 4, 2),
    date(2018, 5, 1),
    date(2018, 5, 10),
    date(2018, 5, 20),
    date(2018, 6, 22),
    date(2018, 6, 23),
    date(2018, 11, 3),
    date(2018, 12, 6),
    date(2018, 12, 24),
    date(2018, 12, 25),
    date(2018, 12, 26),
}
FINLAND = HolidayCalendar("FI", closed_days=("12-24",))


def test_the_closed_days_of_2018_are_those_of_the_almanac():
    days = (date.fromordinal(n) for n in range(*(date(y, 1, 1).toordinal() for y in (2018, 2019))))
    assert {day for day in days if FINLAND.name_on(day)} == OF_2018


@pytest.mark.parametrize(
    "eve",
    [date(2017, 6, 23), date(2018, 6, 22), date(2019, 6, 21), date(2020, 6, 19), date(2026, 6, 19)],
)
def test_midsummer_eve_is_the_friday_of_its_own_year(eve):
    assert FINLAND.name_on(eve)


def test_a_closed_day_of_the_agencys_own_is_named_by_its_date():
    calendar = HolidayCalendar("FI", closed_days=("08-15",))
    assert calendar.name_on(date(2018, 8, 15)) == "08-15"
    assert calendar.name_on(date(2018, 8, 16)) is None


def test_names_come_in_the_readers_language():
    day = date(2018, 12, 6)
    names = [FINLAND.name_on(day, language) for language in ("fi", "sv", "en")]
    assert names == ["Itsenäisyyspäivä", "Självständighetsdagen", "Independence Day"]


def test_a_subdivision_and_a_category_add_their_own_days():
    assert HolidayCalendar("FI", "01").name_on(date(2018, 6, 9)) is not None  # Åland's own day
    assert FINLAND.name_on(date(2018, 6, 9)) is None
    maundy_thursday = date(2018, 3, 29)
    assert FINLAND.name_on(maundy_thursday) is None


def test_a_country_without_names_in_a_language_uses_its_own():
    assert HolidayCalendar("GB").name_on(date(2018, 12, 25), "fi")


def test_a_country_that_the_library_does_not_know_is_an_error():
    with pytest.raises(NotImplementedError):
        HolidayCalendar("XX").name_on(date(2018, 1, 1))
