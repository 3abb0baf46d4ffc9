"""Generated demand: the same from the same seed, calibrated, and as reported where reported."""

from __future__ import annotations

import hashlib
from datetime import date

import numpy as np
import pytest

from palveluverkko.example.build import build_network, demand_history
from palveluverkko.example.facts import read_facts
from palveluverkko.example.history import BARELY_REPORTED_SINCE
from palveluverkko.example.records import Network, PointHistory
from palveluverkko.example.rhythm import weekday_of
from palveluverkko.snapshot.model import Mode, PointKind

LAST_MONDAY = np.datetime64("2018-05-21")
WINDOW_WEEKS = 52

Histories = dict[str, PointHistory]


@pytest.fixture(scope="module")
def network() -> Network:
    return build_network()


@pytest.fixture(scope="module")
def histories(network: Network) -> Histories:
    return {h.point: h for h in demand_history(network)}


def own_points(network: Network) -> list[str]:
    return [p.id for p in network.points if p.kind is PointKind.SERVICE_POINT]


def with_role(network: Network, role: str) -> list[str]:
    return [i for i, profile in network.profiles.items() if profile.role == role]


def weekly(history: PointHistory, values: np.ndarray) -> np.ndarray:
    """Sums of the 52 weeks up to LAST_MONDAY; -1 for a week without any reported day."""
    week = (history.days - LAST_MONDAY).astype(np.int64) // 7 + WINDOW_WEEKS - 1
    inside = (week >= 0) & (week < WINDOW_WEEKS)
    sums = np.bincount(week[inside], weights=values[inside], minlength=WINDOW_WEEKS)
    days = np.bincount(week[inside], minlength=WINDOW_WEEKS)
    return np.where(days > 0, sums, -1)


def weekly_visits(history: PointHistory) -> np.ndarray:
    sums = weekly(history, history.visits.sum(axis=1))
    return sums[sums >= 0]


def utilisation(history: PointHistory) -> float:
    visits, slots = weekly(history, history.visits.sum(axis=1)), weekly(history, history.slots)
    return float(visits[visits >= 0].sum() / slots[slots >= 0].sum())


def digest(network: Network) -> str:
    sha = hashlib.sha256(repr(network.points).encode() + repr(network.profiles).encode())
    for h in demand_history(network):
        for array in (h.days, h.open_minutes, h.slots, h.booked, h.visits):
            sha.update(array.tobytes())
    return sha.hexdigest()


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    first = digest(build_network(7))
    build_network.cache_clear()
    assert digest(build_network(7)) == first
    assert digest(build_network(8)) != first


def test_fewer_years_are_the_tail_of_the_same_days(network: Network, histories: Histories) -> None:
    for short in demand_history(network, years=1):
        whole = histories[short.point]
        n = len(short.days)
        assert short.days.min() > np.datetime64("2017-05-30")
        assert np.array_equal(short.visits, whole.visits[-n:])


def test_about_two_million_visits_a_year_in_all(network: Network, histories: Histories) -> None:
    total = sum(weekly_visits(histories[i]).sum() for i in own_points(network))
    assert 1_950_000 < total < 2_100_000


def test_visits_decline_slowly(network: Network, histories: Histories) -> None:
    def year(number: int) -> int:
        first, last = np.datetime64(f"{number}-01-01"), np.datetime64(f"{number}-12-31")
        rows = (histories[i] for i in own_points(network))
        return sum(int(h.visits[(h.days >= first) & (h.days <= last)].sum()) for h in rows)

    assert 2_000_000 < year(2015) < 2_200_000
    assert year(2014) > year(2015) > year(2017)


def test_the_capital_has_more_than_200_000_visits_a_year(
    network: Network, histories: Histories
) -> None:
    capital = [p.id for p in network.points if p.municipality == "091"]
    assert sum(weekly_visits(histories[i]).sum() for i in capital) > 200_000


def test_visits_are_very_skewed(network: Network, histories: Histories) -> None:
    yearly = sorted(weekly_visits(histories[i]).sum() for i in own_points(network))
    assert sum(yearly[-18:]) > 0.35 * sum(yearly)
    means = [weekly_visits(histories[i]).mean() for i in own_points(network)]
    assert sum(m < 20 for m in means) >= 8
    assert sum(2 < m < 4 for m in means) >= 1
    assert sum(m < 100 for m in means) > 13
    assert sum(m >= 100 for m in means) > 56


def test_monday_is_the_busiest_day_and_january_the_busiest_month(
    network: Network, histories: Histories
) -> None:
    points = {p.id: p for p in network.points}
    five_day = [i for i in own_points(network) if len(points[i].eras[-1].weekdays) == 5]
    days = np.concatenate([histories[i].days for i in five_day])
    visits = np.concatenate([histories[i].visits.sum(axis=1) for i in five_day])
    by_weekday = [visits[weekday_of(days) == d].mean() for d in range(5)]
    assert by_weekday[0] == max(by_weekday) > 1.2 * np.mean(by_weekday)
    month = days.astype("datetime64[M]").astype(np.int64) % 12
    by_month = [visits[month == m].mean() for m in range(12)]
    assert int(np.argmax(by_month)) == 0
    assert int(np.argmin(by_month)) == 6


def test_counts_vary_more_than_poisson(histories: Histories) -> None:
    history = histories["helsinki"]
    tuesdays = (weekday_of(history.days) == 1) & (history.days >= np.datetime64("2017-09-01"))
    counts = history.visits[tuesdays].sum(axis=1)
    assert counts.var() > 2 * counts.mean()


def test_nobody_is_served_on_holidays_and_eves(histories: Histories) -> None:
    days = {d for h in histories.values() for d in h.days.tolist()}
    shut = {date(2017, 6, 23), date(2015, 12, 24), date(2018, 3, 30), date(2018, 5, 10)}
    assert not days & shut
    assert date(2017, 12, 27) in days


def test_reported_points_have_few_visits_and_plenty_of_slots(
    network: Network, histories: Histories
) -> None:
    named = {k.name for k in read_facts().known}
    known = [p.id for p in network.points if p.name_fi in named]
    means = {i: weekly_visits(histories[i]).mean() for i in known}
    assert max(weekly_visits(histories[i]).max() for i in known) < 100
    assert sum(m < 20 for m in means.values()) >= 7
    assert sum(2 < m < 4 for m in means.values()) >= 2
    assert all(utilisation(histories[i]) < 0.6 for i in known)
    one_day_booked = [
        p
        for p in network.points
        if p.id in known and len(p.eras[-1].weekdays) == 1 and p.eras[-1].by_appointment_only
    ]
    assert len(one_day_booked) >= 7


def test_the_reported_opening_days_are_kept(network: Network) -> None:
    facts = read_facts()
    points = {(p.municipality, p.name_fi): p for p in network.points}
    for known in facts.known:
        if known.weekdays is not None:
            now = points[known.municipality, known.name].eras[-1]
            assert now.weekdays == known.weekdays
            assert now.by_appointment_only == known.by_appointment_only
            assert now.first == known.since
    for report in facts.reports:
        if report.weekdays is not None:
            name = facts.town[report.municipality].name_fi
            assert points[report.municipality, name].eras[-1].weekdays == report.weekdays


def test_a_reported_week_has_about_the_reported_visits(
    network: Network, histories: Histories
) -> None:
    facts = read_facts()
    told = [r for r in facts.reports if r.visits_per_week is not None]
    assert told
    for report in told:
        point = next(
            p
            for p in network.points
            if p.municipality == report.municipality and p.kind is PointKind.SERVICE_POINT
        )
        assert weekly_visits(histories[point.id]).mean() == pytest.approx(
            report.visits_per_week, abs=1.5
        )


def test_capacity_limited_points_fill_nearly_all_their_slots(
    network: Network, histories: Histories
) -> None:
    capped = with_role(network, "capped")
    assert len(capped) == 10
    assert all(utilisation(histories[i]) >= 0.9 for i in capped)
    assert all((histories[i].visits.sum(axis=1) <= histories[i].slots).all() for i in capped)


def test_five_day_points_have_room_but_for_a_few(network: Network, histories: Histories) -> None:
    full = set(with_role(network, "nearly_full")) | set(with_role(network, "overloaded"))
    five_day = {
        p.id
        for p in network.points
        if p.kind is PointKind.SERVICE_POINT and len(p.eras[-1].weekdays) == 5
    }
    assert all(utilisation(histories[i]) < 0.9 for i in five_day - full)
    assert sum(utilisation(histories[i]) > 0.97 for i in full) >= 3


def test_unreported_weeks_are_absent_and_not_zero(network: Network, histories: Histories) -> None:
    for i in with_role(network, "gap"):
        sums = weekly(histories[i], histories[i].visits.sum(axis=1))
        assert (sums < 0).sum() >= 7
    (late,) = with_role(network, "barely_reported")
    assert histories[late].days.min() >= np.datetime64(BARELY_REPORTED_SINCE)
    assert len(weekly_visits(histories[late])) < 8


@pytest.mark.parametrize(("role", "least", "most"), [("falling", 0.3, 0.7), ("rising", 1.4, 2.1)])
def test_one_point_falls_and_one_rises(
    network: Network, histories: Histories, role: str, least: float, most: float
) -> None:
    (point,) = with_role(network, role)
    history = histories[point]

    def mean(first: str, last: str) -> float:
        days = (history.days >= np.datetime64(first)) & (history.days <= np.datetime64(last))
        return float(history.visits[days].sum(axis=1).mean())

    change = mean("2018-03-01", "2018-05-31") / mean("2017-03-01", "2017-05-31")
    assert least < change < most


def test_visits_use_only_offered_services_and_modes(network: Network, histories: Histories) -> None:
    for point in network.points:
        history = histories.get(point.id)
        if history is not None:
            assert set(history.columns) <= {(o.service, o.mode) for o in point.offers}


def test_joint_points_are_counted_by_their_video_room_only(
    network: Network, histories: Histories
) -> None:
    joint = [p for p in network.points if p.kind is PointKind.JOINT_SERVICE_POINT]
    with_counts = [p for p in joint if p.id in histories]
    assert len(with_counts) == 60
    for point in with_counts:
        history = histories[point.id]
        assert {mode for _, mode in history.columns} == {Mode.VIDEO_ROOM}
        assert "identification" not in {service for service, _ in history.columns}
        assert (history.slots > 0).all()


def test_nobody_books_more_than_there_are_slots_where_all_is_booked(
    network: Network, histories: Histories
) -> None:
    for point in network.points:
        if point.id in histories and all(e.by_appointment_only for e in point.eras):
            history = histories[point.id]
            assert (history.booked <= history.slots).all()
            assert (history.booked >= history.visits.sum(axis=1)).all()
