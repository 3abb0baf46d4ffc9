"""A timetable changed in the past changes the weeks that were made from it."""

from datetime import date, time, timedelta

import pytest

from palveluverkko.calendar import WeeklyHours
from palveluverkko.demand.models import PointFinding, PointWeek
from palveluverkko.demand.services import record_visits
from palveluverkko.network import services as register
from palveluverkko.network import timetable_changes
from palveluverkko.network.exchange import export_register, import_register
from palveluverkko.network.models import Agency, OpeningException
from palveluverkko.network.timetable_changes import timetables_changed
from palveluverkko.snapshot.model import WeekStatus
from tests.demand.conftest import MONDAY

WEDNESDAY = MONDAY + timedelta(days=2)


@pytest.fixture
def counted(point):
    """Monday and Wednesday are the open days; only Monday was reported."""
    record_visits(point.id, "general", "walk_in", MONDAY, 5)
    assert status(point) == WeekStatus.MISSING
    # A test's transaction is never committed: what made the point must not wait for the test.
    timetable_changes._send()
    return point


def status(point):
    return WeekStatus(PointWeek.objects.get(point=point, monday=MONDAY).status)


def test_closing_the_unreported_day_afterwards_completes_its_week(
    counted, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        row = register.add_exception(counted.id, first=WEDNESDAY)[0]
    assert PointWeek.objects.get().days_open == 1
    with django_capture_on_commit_callbacks(execute=True):
        register.remove_exception(row.pk)
    assert PointWeek.objects.get().days_open == 2
    assert status(counted) == WeekStatus.MISSING


def test_hours_set_in_the_past_remake_the_weeks(counted, django_capture_on_commit_callbacks):
    mondays = WeeklyHours(0, time(9), time(15))
    with django_capture_on_commit_callbacks(execute=True):
        register.set_hours(counted.id, [mondays], MONDAY)
    assert status(counted) == WeekStatus.COMPLETE


def test_imported_hours_remake_the_weeks(counted, tmp_path, django_capture_on_commit_callbacks):
    folder = tmp_path / "register"
    export_register(folder)
    hours = folder / "hours.csv"
    lines = hours.read_text(encoding="utf-8").splitlines()
    weekday = lines[0].split(",").index("weekday")
    mondays = [line for line in lines[1:] if line.split(",")[weekday] in {"0", "monday"}]
    assert len(mondays) == 1
    hours.write_text("\n".join([lines[0], *mondays]) + "\n", encoding="utf-8")
    with django_capture_on_commit_callbacks(execute=True):
        import_register(folder, replace=True)
    assert status(counted) == WeekStatus.COMPLETE


def test_a_closed_day_of_the_agency_remakes_the_weeks_of_its_points(
    counted, django_capture_on_commit_callbacks
):
    agency = Agency.objects.get()
    agency.closed_days = [f"{WEDNESDAY:%m-%d}"]
    with django_capture_on_commit_callbacks(execute=True):
        agency.save()
    assert PointWeek.objects.get().days_open == 1


def test_a_point_that_ended_before_its_weeks_keeps_none_and_no_finding(
    counted, django_capture_on_commit_callbacks
):
    assert PointFinding.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        register.end_point(counted.id, MONDAY - timedelta(days=7))
    assert not PointWeek.objects.exists()
    assert not PointFinding.objects.exists()


def test_a_change_in_the_future_leaves_the_weeks_alone(
    counted, django_capture_on_commit_callbacks, monkeypatch
):
    def never(*_args, **_kwargs):
        raise AssertionError("weeks were made again")

    monkeypatch.setattr("palveluverkko.demand.follow.rebuild_weeks", never)
    with django_capture_on_commit_callbacks(execute=True):
        register.add_exception(counted.id, first=date.today() + timedelta(days=30))


def test_one_transaction_is_told_of_once_with_the_earliest_day_of_old_and_new(
    counted, django_capture_on_commit_callbacks
):
    row = OpeningException.objects.create(point=counted, first=MONDAY, last=WEDNESDAY)
    timetable_changes._send()
    told = []

    def hear(since, **_signal):
        told.append(since)

    timetables_changed.connect(hear)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            row.first = WEDNESDAY
            row.save()
            row.save()
    finally:
        timetables_changed.disconnect(hear)
    assert told == [{counted.id: MONDAY}]
