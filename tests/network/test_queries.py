"""The register's answers about any past or future day."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palveluverkko.calendar import open_minutes, open_weekdays
from palveluverkko.network.errors import PointUnknown
from palveluverkko.network.models import OpeningException, valid_on
from palveluverkko.network.queries import (
    holiday_calendar,
    point_detail,
    points_in_force,
    timetables,
)
from tests.factories import (
    AgencyFactory,
    JointAgreementFactory,
    OpeningHoursFactory,
    ServiceOfferFactory,
    ServicePointFactory,
)

pytestmark = pytest.mark.django_db
MONDAY = date(2018, 6, 4)

days = st.dates(date(2015, 1, 1), date(2022, 12, 31))


@given(st.one_of(st.none(), days), st.one_of(st.none(), days), days)
def test_a_point_is_in_force_exactly_between_its_dates(since, until, day):
    if since and until and until < since:
        since, until = until, since
    ServicePointFactory._meta.model.objects.all().delete()
    ServicePointFactory(valid_from=since, valid_until=until)
    expected = (since or date.min) <= day <= (until or date.max)
    assert points_in_force(day).exists() == expected


def test_timetables_take_a_constant_number_of_queries(django_assert_num_queries):
    AgencyFactory()
    for weekday in range(5):
        OpeningHoursFactory(weekday=weekday)
    with django_assert_num_queries(4):
        assert len(timetables()) == 5
    with django_assert_num_queries(4):
        assert set(timetables(["point-none"])) == set()


def test_a_point_without_hours_has_a_timetable_that_is_never_open():
    point = ServicePointFactory()
    assert open_weekdays(timetables([point.id])[point.id], MONDAY) == ()


def test_a_timetable_follows_the_rows_in_force_on_the_day_asked():
    point = ServicePointFactory()
    OpeningHoursFactory(point=point, weekday=0, valid_until=date(2017, 12, 31))
    OpeningHoursFactory(point=point, weekday=2, valid_from=date(2018, 1, 1))
    timetable = timetables()[point.id]
    assert open_weekdays(timetable, date(2017, 6, 5)) == (0,)
    assert open_weekdays(timetable, MONDAY) == (2,)


def test_a_point_keeps_its_own_time_zone_before_the_agencys():
    AgencyFactory(timezone="Europe/Stockholm")
    own, other = ServicePointFactory(timezone="Europe/Helsinki"), ServicePointFactory()
    found = timetables()
    assert found[own.id].timezone == "Europe/Helsinki"
    assert found[other.id].timezone == "Europe/Stockholm"


def test_the_agencys_holidays_and_own_closed_days_shut_its_points():
    agency = AgencyFactory(closed_days=["06-04"])
    row = OpeningHoursFactory(weekday=0)
    timetable = timetables()[row.point_id]
    assert open_minutes(timetable, MONDAY) == 0
    assert open_minutes(timetable, date(2018, 6, 11)) == 420
    calendar = holiday_calendar(agency)
    assert calendar is not None
    assert calendar.name_on(date(2018, 12, 6))
    assert holiday_calendar(None) is None


def test_an_exception_of_the_register_reaches_the_timetable():
    row = OpeningHoursFactory(weekday=0)
    OpeningException.objects.create(
        point=row.point, first=MONDAY, last=MONDAY, closed=False, opens=time(9), closes=time(13)
    )
    assert open_minutes(timetables()[row.point_id], MONDAY) == 240


def test_a_points_detail_holds_what_is_in_force_that_day():
    agreement = JointAgreementFactory(valid_from=date(2017, 1, 1), valid_until=date(2018, 12, 31))
    point = agreement.point
    offer = ServiceOfferFactory(point=point, valid_from=date(2018, 1, 1))
    for day in (date(2018, 1, 1), date(2018, 8, 1)):
        OpeningException.objects.create(point=point, first=day, last=day)
    before, now, after = (
        point_detail(point.id, d) for d in (date(2017, 6, 1), MONDAY, date(2019, 1, 1))
    )
    assert (before.offers, before.agreements) == ((), (agreement,))
    assert (now.offers, now.agreements) == ((offer,), (agreement,))
    assert after.agreements == ()
    assert [e.first for e in now.coming_exceptions] == [date(2018, 8, 1)]


def test_a_point_that_has_ended_offers_nothing_though_its_rows_go_on():
    offer = ServiceOfferFactory(point__valid_until=date(2018, 8, 31))
    assert point_detail(offer.point_id, date(2018, 8, 31)).offers == (offer,)
    ended = point_detail(offer.point_id, date(2018, 9, 1))
    assert (ended.in_force, ended.offers) == (False, ())


def test_a_point_that_never_was_is_an_error_of_its_own():
    with pytest.raises(PointUnknown):
        point_detail("nowhere", MONDAY)


def test_validity_can_be_asked_through_a_relation():
    offer = ServiceOfferFactory(point__valid_until=date(2018, 8, 31))
    related = type(offer).objects.filter(valid_on(date(2018, 9, 1), "point__"))
    assert not related.exists()
