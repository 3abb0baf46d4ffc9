"""The verbs of the register: what they change, what they refuse, what they leave as it was."""

from datetime import date, time, timedelta

import pytest
from auditlog.models import LogEntry

from palveluverkko.calendar import Validity, WeeklyHours, open_minutes, open_weekdays
from palveluverkko.network import errors, models, revision, services
from palveluverkko.network.queries import point_detail, points_in_force, timetables
from palveluverkko.network.services import OpenTime
from tests.factories import (
    AgencyFactory,
    JointAgreementFactory,
    MunicipalityFactory,
    OpeningHoursFactory,
    ServiceFactory,
    ServicePointFactory,
)

pytestmark = pytest.mark.django_db
MONDAY = date(2018, 6, 4)
NEW_YEARS_EVE = date(2018, 12, 31)  # a Monday


def add_kangasniemi(**changes):
    MunicipalityFactory()
    fields = {
        "kind": "service_point",
        "municipality": "213",
        "name_fi": "Kangasniemi",
        "lat": 61.99,
        "lon": 26.64,
        "valid_from": date(2018, 1, 1),
    }
    return services.add_point("kangasniemi", **(fields | changes))


def test_an_added_point_is_in_force_from_its_first_day():
    add_kangasniemi()
    assert not points_in_force(date(2017, 12, 31)).exists()
    assert points_in_force(date(2018, 1, 1)).get().id == "kangasniemi"


def test_an_id_is_never_used_twice_even_after_the_point_has_ended():
    add_kangasniemi()
    services.end_point("kangasniemi", date(2018, 2, 1))
    with pytest.raises(errors.PointExists):
        add_kangasniemi(valid_from=date(2020, 1, 1))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"lat": 91.0}, ""),
        ({"kind": "kiosk"}, "kind"),
        ({"municipality": "999"}, "municipality"),
        ({"name_fi": ""}, "name_fi"),
        ({"valid_until": date(2017, 1, 1)}, ""),
    ],
)
def test_an_invalid_point_is_refused_and_its_field_named(change, field):
    with pytest.raises(errors.EntryInvalid) as refused:
        add_kangasniemi(**change)
    assert field in refused.value.messages
    assert not models.ServicePoint.objects.exists()


def test_a_point_serves_on_its_last_day_and_not_after():
    row = OpeningHoursFactory(weekday=0)
    services.end_point(row.point_id, MONDAY)
    timetable = timetables()[row.point_id]
    assert open_minutes(timetable, MONDAY) == 7 * 60
    assert open_minutes(timetable, MONDAY + timedelta(weeks=1)) == 0
    assert points_in_force(MONDAY).exists()
    assert not points_in_force(MONDAY + timedelta(days=1)).exists()


def test_a_point_cannot_end_before_it_begins_or_come_back_to_life():
    point = add_kangasniemi()
    with pytest.raises(errors.EndsBeforeItBegins):
        services.end_point(point.id, date(2017, 12, 31))
    services.end_point(point.id, date(2018, 3, 1))
    with pytest.raises(errors.AlreadyEnded):
        services.end_point(point.id, date(2018, 4, 1))
    with pytest.raises(errors.PointUnknown):
        services.end_point("nowhere", MONDAY)


def test_new_hours_leave_the_past_as_it_was():
    row = OpeningHoursFactory(weekday=0)
    OpeningHoursFactory(point=row.point, weekday=3, valid_from=MONDAY + timedelta(weeks=9))
    tuesdays = WeeklyHours(1, time(10), time(12), valid=Validity(end=MONDAY + timedelta(days=30)))
    change = services.set_hours(row.point_id, [tuesdays], MONDAY)
    assert (change.ended, change.dropped, len(change.added)) == (1, 1, 1)
    timetable = timetables()[row.point_id]
    assert open_weekdays(timetable, MONDAY - timedelta(days=1)) == (0,)
    assert open_weekdays(timetable, MONDAY) == (1,)
    assert open_weekdays(timetable, MONDAY + timedelta(weeks=10)) == ()


def test_hours_that_end_before_they_begin_change_nothing():
    row = OpeningHoursFactory(weekday=0)
    good, bad = WeeklyHours(1, time(9), time(12)), WeeklyHours(2, time(12), time(9))
    with pytest.raises(errors.EntryInvalid):
        services.set_hours(row.point_id, [good, bad], MONDAY)
    assert [r.valid_until for r in row.point.hours.all()] == [None]


def test_on_new_years_eve_urgent_service_goes_on_after_general_service_has_ended():
    AgencyFactory()
    row = OpeningHoursFactory(weekday=0)
    ServiceFactory(code="social_assistance_urgent")
    services.add_exception(
        row.point_id, first=NEW_YEARS_EVE, open_times=[OpenTime(time(9), time(13))]
    )
    services.add_exception(
        row.point_id,
        first=NEW_YEARS_EVE,
        open_times=[OpenTime(time(9), time(16))],
        service="social_assistance_urgent",
    )
    timetable = timetables()[row.point_id]
    assert open_minutes(timetable, NEW_YEARS_EVE, "general") == 4 * 60
    assert open_minutes(timetable, NEW_YEARS_EVE, "social_assistance_urgent") == 7 * 60


def test_an_exception_over_another_for_the_same_service_is_refused():
    point = OpeningHoursFactory().point
    services.add_exception(point.id, first=MONDAY, last=MONDAY + timedelta(days=4))
    with pytest.raises(errors.ExceptionOverlaps) as refused:
        services.add_exception(point.id, first=MONDAY + timedelta(days=4))
    assert refused.value.first == MONDAY
    with pytest.raises(errors.EndsBeforeItBegins):
        services.add_exception(point.id, first=MONDAY, last=MONDAY - timedelta(days=1))


def test_a_removed_exception_takes_all_its_intervals_with_it():
    point = OpeningHoursFactory().point
    halves = [OpenTime(time(9), time(11)), OpenTime(time(12), time(14))]
    rows = services.add_exception(point.id, first=MONDAY, open_times=halves)
    services.add_exception(point.id, first=MONDAY + timedelta(days=1))
    assert open_minutes(timetables()[point.id], MONDAY) == 4 * 60
    assert services.remove_exception(rows[1].pk) == 2
    assert open_minutes(timetables()[point.id], MONDAY) == 7 * 60
    assert point.exceptions.count() == 1
    with pytest.raises(errors.ExceptionUnknown):
        services.remove_exception(rows[1].pk)


def test_only_joint_points_have_agreements_and_one_with_a_host_at_a_time():
    agreement = JointAgreementFactory()
    with pytest.raises(errors.NotAJointPoint):
        services.add_agreement(ServicePointFactory().id, host="X", valid_from=MONDAY)
    with pytest.raises(errors.AgreementOverlaps):
        services.add_agreement(agreement.point_id, host=agreement.host, valid_from=MONDAY)
    services.end_agreement(agreement.pk, MONDAY - timedelta(days=1))
    services.add_agreement(agreement.point_id, host=agreement.host, valid_from=MONDAY)
    hosts = [
        point_detail(agreement.point_id, MONDAY + timedelta(days=d)).agreements for d in (-1, 0)
    ]
    assert [len(in_force) for in_force in hosts] == [1, 1]
    assert hosts[0] != hosts[1]


def test_ending_an_unknown_agreement_is_named():
    with pytest.raises(errors.AgreementUnknown):
        services.end_agreement(1, MONDAY)


def test_every_verb_counts_as_a_change_and_is_audited():
    joint = JointAgreementFactory()
    point = joint.point_id
    verbs = [
        lambda: services.set_hours(point, [WeeklyHours(0, time(9), time(12))], MONDAY),
        lambda: services.add_exception(point, first=MONDAY),
        lambda: services.remove_exception(models.OpeningException.objects.get().pk),
        lambda: services.end_agreement(joint.pk, MONDAY),
        lambda: services.add_agreement(point, host="Host", valid_from=MONDAY),
        lambda: services.end_point(point, MONDAY),
    ]
    for verb in verbs:
        before, logged = revision.current(), LogEntry.objects.count()
        verb()
        assert revision.current() > before
        assert LogEntry.objects.count() > logged
