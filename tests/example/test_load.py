"""The example network in the database: whole, marked as synthetic, and the same when reloaded."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db.models import Sum

from palveluverkko.calendar import open_minutes
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
from palveluverkko.network.queries import timetables
from palveluverkko.snapshot.model import WeekStatus

pytestmark = pytest.mark.django_db


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


def test_loading_stores_the_network_and_loading_again_changes_nothing_else() -> None:
    stages: list[tuple[str, int, int]] = []
    load_example(years=1, progress=lambda *stage: stages.append(stage))
    first = counts()
    assert first["ServicePoint"] == 318
    assert first["Municipality"] == 311
    assert first["Area"] == 3_024
    assert first["Service"] == 5
    assert first["PointWeek"] > 0
    generated = sum(int(h.visits.sum()) for h in demand_history(build_network(), years=1))
    assert DailyVisits.objects.aggregate(n=Sum("visits"))["n"] == generated
    assert not DayReport.objects.filter(synthetic=False).exists()
    assert not ServicePoint.objects.filter(synthetic=[]).exists()
    assert not ServicePoint.objects.exclude(street_address_fi="").exists()
    assert {name for name, _, _ in stages} == {"register", "visits", "weeks"}
    assert all(0 <= done <= total for _, done, total in stages)

    before = revision.current()
    other = ServicePoint.objects.create(
        id="own-point", kind="service_point", municipality_id="091", name_fi="Oma", lat=60, lon=25
    )
    ServicePoint.objects.filter(id="helsinki").update(name_fi="Muutettu")
    load_example(years=1)
    assert revision.current() > before
    assert ServicePoint.objects.get(id="helsinki").name_fi == "Helsinki"
    assert ServicePoint.objects.filter(pk=other.pk).exists()
    other.delete()
    assert counts() == first


def test_generated_days_are_those_of_the_registers_own_timetables() -> None:
    """The calendar is the oracle: every open day was reported, with its minutes, and no other."""
    load_example(years=1)
    chosen = ["helsinki", "palkane", "joutsa", "maarianhamina"]
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
    load_example(years=1)
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


def test_a_failed_load_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(stage: str, done: int, total: int) -> None:
        if stage == "visits" and done > 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_example(years=1, progress=stop)
    assert not ServicePoint.objects.exists()
    assert not DailyVisits.objects.exists()
