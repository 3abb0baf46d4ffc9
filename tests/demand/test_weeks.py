"""Weeks made of days: what is missing stays missing, what is counted counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palveluverkko.demand import services
from palveluverkko.demand.models import DailyVisits, DayReport, PointWeek
from palveluverkko.demand.queries import demand_weeks, weekly_series
from palveluverkko.demand.weeks import rebuild_weeks
from palveluverkko.network import revision
from palveluverkko.network.models import OpeningException, ServicePoint
from palveluverkko.snapshot.model import WeekStatus
from tests.demand.conftest import MONDAY

WEDNESDAY = MONDAY + timedelta(days=2)
pytestmark = pytest.mark.django_db


def count(point: ServicePoint, day: date, visits: int, service: str = "general") -> None:
    services.record_visits(point.id, service, "walk_in", day, visits)


def week(point: ServicePoint, monday: date = MONDAY) -> PointWeek:
    return PointWeek.objects.get(point=point, monday=monday)


def test_a_week_is_complete_when_every_open_day_is_reported(point: ServicePoint) -> None:
    count(point, MONDAY, 7)
    assert week(point).status == WeekStatus.MISSING
    count(point, WEDNESDAY, 5)
    count(point, WEDNESDAY, 2, "family")
    row = week(point)
    assert (row.status, row.visits) == (WeekStatus.COMPLETE, 14)
    assert row.by_service == {"general": 12, "family": 2}
    assert (row.days_open, row.days_reported, row.open_minutes) == (2, 2, 720)
    assert row.slots is None


def test_a_reported_day_without_visitors_is_a_zero_not_a_gap(point: ServicePoint) -> None:
    count(point, MONDAY, 7)
    services.report_day(point.id, WEDNESDAY, open_minutes=300, slots=10)
    row = week(point)
    assert (row.status, row.visits, row.open_minutes) == (WeekStatus.COMPLETE, 7, 660)
    assert row.slots is None  # Monday's slots are unknown, so the week's are
    services.report_day(point.id, MONDAY, slots=8)
    assert week(point).slots == 18


def test_visits_of_a_missing_week_are_not_shown_as_its_demand(point: ServicePoint) -> None:
    count(point, MONDAY, 7)
    weeks = demand_weeks([point.id], MONDAY, 1, ["general"])
    assert weeks.status[0, 0] == WeekStatus.MISSING
    assert weeks.visits[0, 0] == 0
    assert weeks.service_visits[0, 0] == 0
    assert weekly_series(point.id, MONDAY, 1)[0].visits is None


def test_weeks_without_a_row_are_missing_inside_validity_and_closed_outside(
    make_point: Callable[..., ServicePoint],
) -> None:
    make_point("b", opened=MONDAY + timedelta(weeks=1), ended=MONDAY + timedelta(weeks=2, days=1))
    weeks = demand_weeks(["b"], MONDAY + timedelta(weeks=3), 4, [])
    assert [WeekStatus(int(s)).name for s in weeks.status[0]] == [
        "CLOSED",
        "MISSING",
        "MISSING",
        "CLOSED",
    ]


def test_a_closed_regular_day_makes_a_holiday_week_and_two_a_closed_one(
    point: ServicePoint,
) -> None:
    OpeningException.objects.create(point=point, first=MONDAY, last=MONDAY, closed=True)
    count(point, WEDNESDAY, 5)
    assert week(point).status == WeekStatus.HOLIDAY
    OpeningException.objects.create(point=point, first=WEDNESDAY, last=WEDNESDAY, closed=True)
    rebuild_weeks([point.id])
    assert week(point).status == WeekStatus.CLOSED


def test_public_holidays_shorten_weeks(make_point: Callable[..., ServicePoint]) -> None:
    make_point("c", weekdays=(0, 4))
    good_friday = date(2018, 3, 30)
    services.record_visits("c", "general", "walk_in", good_friday - timedelta(days=4), 9)
    assert PointWeek.objects.get(point_id="c").status == WeekStatus.HOLIDAY


def test_a_shortened_day_counts_its_minutes(point: ServicePoint) -> None:
    OpeningException.objects.create(
        point=point, first=MONDAY, last=MONDAY, closed=False, opens=time(9), closes=time(11)
    )
    count(point, MONDAY, 1)
    count(point, WEDNESDAY, 1)
    row = week(point)
    assert (row.status, row.open_minutes) == (WeekStatus.HOLIDAY, 480)


def test_the_current_week_has_no_row_until_it_is_over(
    point: ServicePoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("weeks", "validation", "services"):
        monkeypatch.setattr(
            f"palveluverkko.demand.{module}.today", lambda: MONDAY + timedelta(days=6)
        )
    count(point, MONDAY, 3)
    assert not PointWeek.objects.exists()
    for module in ("weeks", "validation", "services"):
        monkeypatch.setattr(
            f"palveluverkko.demand.{module}.today", lambda: MONDAY + timedelta(days=7)
        )
    count(point, MONDAY + timedelta(days=7), 1)  # the next week's first count closes the last
    assert [w.monday for w in PointWeek.objects.all()] == [MONDAY]


def test_a_silent_point_gets_missing_weeks_when_others_have_reported(
    make_point: Callable[..., ServicePoint],
) -> None:
    first, second = make_point("a"), make_point("b")
    count(first, MONDAY, 1)
    count(second, MONDAY, 1)
    count(second, MONDAY + timedelta(weeks=3), 1)
    services.finish_weeks()
    rows = PointWeek.objects.filter(point=first).order_by("monday")
    assert [r.status for r in rows] == [WeekStatus.MISSING] * 4


def test_finishing_weeks_again_changes_nothing(make_point: Callable[..., ServicePoint]) -> None:
    first, second = make_point("a"), make_point("b")
    count(first, MONDAY, 1)
    count(second, MONDAY + timedelta(weeks=3), 1)
    assert services.finish_weeks() > 0
    before = revision.current()
    assert services.finish_weeks() == 0
    assert revision.current() == before  # a report that was computed stays good


@settings(max_examples=12)
@given(
    counts=st.dictionaries(
        st.tuples(st.integers(0, 13), st.sampled_from(["general", "family"])),
        st.integers(0, 9),
        min_size=1,
        max_size=8,
    ),
    extra=st.integers(0, 13),
)
def test_adding_a_visit_never_lowers_a_week(
    point: ServicePoint, counts: dict[tuple[int, str], int], extra: int
) -> None:
    for model in (PointWeek, DailyVisits, DayReport):
        model.objects.all().delete()
    services.record_counts(
        [
            {
                "point": point.id,
                "date": MONDAY + timedelta(days=day),
                "service": service,
                "mode": "walk_in",
                "visits": visits,
            }
            for (day, service), visits in counts.items()
        ]
    )
    before = {w.monday: (w.visits, w.status) for w in PointWeek.objects.all()}
    services.add_visit(point.id, "general", "walk_in", MONDAY + timedelta(days=extra))
    after = {w.monday: (w.visits, w.status) for w in PointWeek.objects.all()}
    changed = MONDAY + timedelta(weeks=extra // 7)
    for monday, (visits, status) in before.items():
        assert after[monday][0] == visits + (monday == changed)
        if status == WeekStatus.COMPLETE:
            assert after[monday][1] == WeekStatus.COMPLETE
    assert after[changed][0] >= 1
    rebuild_weeks()
    assert {w.monday: (w.visits, w.status) for w in PointWeek.objects.all()} == after
