"""The monitor: an update of one point touches that point and says what a recomputation would."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from palveluverkko.demand import services
from palveluverkko.demand.models import PointFinding, PointWeek
from palveluverkko.demand.monitor import update_findings
from palveluverkko.demand.plain import from_plain, to_plain
from palveluverkko.demand.queries import daily_profile, demand_weeks, findings, newest_week
from palveluverkko.measuring.model import Change, PointDemand, WeekTally
from palveluverkko.network.models import ServicePoint
from palveluverkko.snapshot.values import Estimate, Unknown
from tests.demand.conftest import MONDAY

pytestmark = pytest.mark.django_db
MakePoint = Callable[..., ServicePoint]


def history(point: str, weeks: int, visits: int) -> list[dict[str, object]]:
    return [
        {
            "point": point,
            "date": MONDAY + timedelta(weeks=w, days=d),
            "service": "general",
            "mode": "walk_in",
            "visits": visits + w % 3,
        }
        for w in range(weeks)
        for d in (0, 2)
    ]


def contents() -> dict[str, tuple[object, ...]]:
    fields = ("point_id", "up_to", "demand", "direction", "since", "updated_at")
    return {row[0]: row[1:] for row in PointFinding.objects.values_list(*fields)}


def test_an_update_of_one_point_touches_no_other(make_point: MakePoint) -> None:
    for code in ("a", "b", "c"):
        make_point(code)
        services.record_counts(history(code, 12, 9))
    before = contents()
    weeks = dict(PointWeek.objects.exclude(point="a").values_list("pk", "visits"))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        services.record_visits("a", "family", "walk_in", MONDAY, 40)
    after = contents()
    assert {p for p in after if after[p] != before[p]} == {"a"}
    assert dict(PointWeek.objects.exclude(point="a").values_list("pk", "visits")) == weeks
    written = [q["sql"] for q in queries if q["sql"].lstrip("'\"").startswith(("INSERT", "UPDATE"))]
    assert not [sql for sql in written if "'b'" in sql or "'c'" in sql]
    assert len(queries) < 45


def test_the_number_of_queries_does_not_grow_with_the_network(make_point: MakePoint) -> None:
    make_point("a")
    services.record_counts(history("a", 3, 9))

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            services.record_visits("a", "family", "walk_in", MONDAY, 40)
        return len(queries)

    alone = cost()
    for i in range(8):
        make_point(f"other-{i}")
        services.record_counts(history(f"other-{i}", 3, 9))
    assert cost() == alone


def test_an_update_gives_what_a_recomputation_gives(make_point: MakePoint) -> None:
    for code, weeks in (("a", 20), ("b", 12)):
        make_point(code)
        services.record_counts(history(code, weeks, 5))
    services.record_visits("a", "general", "walk_in", MONDAY + timedelta(weeks=19), 60)
    one_by_one = {p: row[:-1] for p, row in contents().items()}
    PointFinding.objects.all().delete()
    assert update_findings() == 2
    assert {p: row[:-1] for p, row in contents().items()} == one_by_one


def test_a_visit_today_leaves_the_findings_alone(make_point: MakePoint) -> None:
    make_point("a")
    services.record_counts(history("a", 9, 5))
    before = contents()
    services.add_visit("a", "general", "walk_in")
    services.add_visit("a", "general", "walk_in")
    weeks_until_now = contents()["a"][0]
    assert before["a"][0] == MONDAY + timedelta(weeks=8)
    assert weeks_until_now == newest_week("a")
    again = contents()
    services.add_visit("a", "general", "walk_in")
    assert contents() == again


def test_findings_come_back_as_they_were_measured(make_point: MakePoint) -> None:
    make_point("a")
    services.record_counts(history("a", 30, 5))
    found = findings(["a"])["a"]
    assert found.demand.weeks.complete > 0
    assert to_plain(found.demand) == PointFinding.objects.get().demand


@pytest.mark.parametrize("change", [None, Change("falling", date(2018, 1, 1), 6.5, 5.0)])
def test_plain_values_lose_nothing(change: Change | None) -> None:
    demand = PointDemand(
        observed=Estimate(12.5, 10.0, 15.0, 40, "nb"),
        effective=Estimate(40.0, 20.0, math.inf, 40, "tobit", 0.9),
        weeks=WeekTally(40, 5, 4, 3),
        capped_weeks=7,
        utilisation=0.9,
        capacity_per_week=None,
        trend_per_year=Unknown("demand.too_few_weeks", {"weeks": 4}),
        change=change,
    )
    assert from_plain(to_plain(demand)) == demand


def test_the_profile_of_a_week_is_a_mean_over_reported_days(make_point: MakePoint) -> None:
    make_point("a")
    services.record_counts(history("a", 3, 4))  # 4, 5, 6 on each day
    assert daily_profile("a") == (5.0, None, 5.0, None, None, None, None)
    assert daily_profile("b") == (None,) * 7


def test_demand_weeks_keeps_the_order_of_points_and_services(make_point: MakePoint) -> None:
    for code in ("a", "b"):
        make_point(code)
    services.record_counts([*history("b", 2, 4), *history("a", 2, 6)])
    weeks = demand_weeks(["b", "x", "a"], MONDAY + timedelta(weeks=1), 2, ["family", "general"])
    assert weeks.visits.tolist() == [[8, 10], [0, 0], [12, 14]]
    assert weeks.service_visits.tolist() == [[0, 18], [0, 0], [0, 26]]
    assert weeks.status.tolist() == [[0, 0], [3, 3], [0, 0]]
    assert weeks.open_minutes.tolist() == [[720, 720], [-1, -1], [720, 720]]
    assert weeks.slots.tolist() == [[-1, -1]] * 3
