"""The example network in the database: whole, marked as synthetic, and the same when reloaded."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db.models import Sum

from palveluverkko.calendar import open_minutes, open_weekdays
from palveluverkko.demand.models import DailyVisits, DayReport, PointFinding, PointWeek
from palveluverkko.example.build import build_network, demand_history
from palveluverkko.example.load import load_example
from palveluverkko.network import revision
from palveluverkko.network.models import (
    Agency,
    Area,
    JointAgreement,
    Municipality,
    OpeningHours,
    RemoteChannel,
    Service,
    ServiceOffer,
    ServicePoint,
)
from palveluverkko.network.queries import points_in_force, timetables
from palveluverkko.snapshot.model import WeekStatus
from tests.example.conftest import Stages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]

AS_OF = date(2018, 6, 1)


def counts() -> dict[str, int]:
    tables = (
        Agency,
        Area,
        DailyVisits,
        DayReport,
        JointAgreement,
        Municipality,
        OpeningHours,
        PointWeek,
        RemoteChannel,
        Service,
        ServiceOffer,
        ServicePoint,
    )
    return {t.__name__: t.objects.count() for t in tables}


def test_loading_stores_the_whole_network_and_marks_what_is_generated() -> None:
    stored = counts()
    assert stored["ServicePoint"] == 318
    assert stored["Municipality"] == 311
    assert stored["Area"] == 3_024
    assert stored["Service"] == 5
    generated = sum(int(h.visits.sum()) for h in demand_history(build_network(), years=1))
    assert DailyVisits.objects.aggregate(n=Sum("visits"))["n"] == generated
    assert not DayReport.objects.filter(synthetic=False).exists()
    assert not ServicePoint.objects.filter(synthetic=[]).exists()
    assert not ServicePoint.objects.exclude(street_address_fi="").exists()


def test_progress_is_told_stage_by_stage(loaded: Stages) -> None:
    assert list(dict.fromkeys(name for name, _, _ in loaded)) == ["register", "visits", "weeks"]
    assert all(0 <= done <= total for _, done, total in loaded)


def test_the_network_of_the_day_has_the_reported_opening_days() -> None:
    timetable = timetables(points_in_force(AS_OF).values_list("id", flat=True))
    own = points_in_force(AS_OF).filter(kind="service_point")
    days = [len(open_weekdays(timetable[p.id], AS_OF)) for p in own]
    assert len(days) == 180
    assert days.count(5) == 56
    assert sum(1 <= n <= 4 for n in days) == 124


def test_urgent_service_goes_on_after_the_others_on_new_years_eve() -> None:
    eve = date(2018, 12, 31)
    helsinki = timetables(["helsinki"])["helsinki"]
    assert open_minutes(helsinki, eve, service="general") == 4 * 60
    assert open_minutes(helsinki, eve, service="social_assistance_urgent") == 7 * 60


def test_loading_again_restores_the_example_and_leaves_other_points_alone() -> None:
    kept = counts().keys() - {"DailyVisits", "DayReport", "PointWeek"}
    before, number = counts(), revision.current()
    other = ServicePoint.objects.create(
        id="own-point", kind="service_point", municipality_id="091", name_fi="Oma", lat=60, lon=25
    )
    ServicePoint.objects.filter(id="helsinki").update(name_fi="Muutettu")
    load_example(years=0.1)
    assert revision.current() > number
    assert ServicePoint.objects.get(id="helsinki").name_fi == "Helsinki"
    assert ServicePoint.objects.filter(pk=other.pk).exists()
    other.delete()
    assert {name: counts()[name] for name in kept} == {name: before[name] for name in kept}
    generated = sum(int(h.visits.sum()) for h in demand_history(build_network(), years=0.1))
    assert DailyVisits.objects.aggregate(n=Sum("visits"))["n"] == generated


def test_generated_days_are_those_of_the_registers_own_timetables() -> None:
    """The calendar is the oracle: every open day was reported, with its minutes, and no other."""
    moved = [p.id for p in build_network().points if len(p.eras) > 1]
    assert moved
    chosen = ["helsinki", "joutsa", "maarianhamina", *moved]
    chosen += with_role("summer_break")[:3] + with_role("video_room")[:2]
    days = [date(2017, 6, 1) + timedelta(days=i) for i in range(364)]
    for point, timetable in timetables(chosen).items():
        minutes = {d: open_minutes(timetable, d) for d in days}
        reported = dict(
            DayReport.objects.filter(
                point_id=point, date__lte=days[-1], date__gte=days[0]
            ).values_list("date", "open_minutes")
        )
        assert reported == {d: m for d, m in minutes.items() if m}, point


def test_weeks_are_missing_only_where_the_story_says_so() -> None:
    last_whole_week = date(2018, 5, 21)
    gaps = (
        PointWeek.objects.filter(status=WeekStatus.MISSING, monday__lte=last_whole_week)
        .exclude(monday__lt=date(2017, 6, 5))
        .values_list("point_id", flat=True)
    )
    assert set(gaps) == set(with_role("gap"))
    assert PointFinding.objects.count() == 240


def with_role(role: str) -> list[str]:
    return sorted(i for i, p in build_network().profiles.items() if p.role == role)


def test_a_failed_load_changes_nothing() -> None:
    before, number = counts(), revision.current()

    def stop(stage: str, done: int, total: int) -> None:
        if stage == "visits" and done > 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_example(years=1, progress=stop)
    assert counts() == before
    assert revision.current() == number
