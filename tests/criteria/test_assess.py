"""The whole road with real measurements, on small networks."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from palveluverkko.criteria import Outcome, assess
from palveluverkko.criteria.assess import week_facts
from palveluverkko.criteria.subjects import WeekFacts
from palveluverkko.measuring.model import Window
from palveluverkko.snapshot.model import DemandWeeks, Mode, Snapshot, WeekStatus
from tests.criteria import world

KELA = world.policy()
FACTOR = KELA.criterion("low_demand").period.unseen_week_factor or 0.0
NEAR = (62.1, 25.0)  # about 14 road kilometres away


def network(weeks: DemandWeeks, phone: float | None = 100_000.0) -> Snapshot:
    """The point in question and a neighbour with plenty of room, open on every weekday."""
    points = [world.point("here"), world.point("near", *NEAR)]
    places = world.areas([(62.0, 25.0, 1000.0), (*NEAR, 1000.0)])
    return world.snapshot(points, weeks, places, phone)


def two(visits: list[int], slots: int | list[int] = -1, status: list[int] | None = None):
    """Weeks of the point in question; the neighbour has 150 of 400 bookable times."""
    own_slots = [slots] * len(visits) if isinstance(slots, int) else slots
    own_status = status or [0] * len(visits)
    return world.demand_weeks(
        [visits, [150] * len(visits)],
        [own_slots, [400] * len(visits)],
        [own_status, [0] * len(visits)],
    )


def outcome(weeks: DemandWeeks, **details: float | None) -> Outcome:
    return assess(KELA, network(weeks, **details)).points[0].outcome


def test_a_quiet_point_with_a_roomy_neighbour_and_phone_may_be_replaced():
    assert outcome(two([40] * 52)) is Outcome.MAY_BE_REPLACED


def test_18_visits_at_20_slots_are_capacity_limited_by_the_real_measurement():
    weeks = two([18] * 52, 20)
    snapshot = network(weeks)
    quiet = replace(snapshot.points[0], regular_weekdays=(0,), open_weekdays=(0,))
    found = assess(KELA, replace(snapshot, points=(quiet, snapshot.points[1])))
    assert found.points[0].outcome is Outcome.CAPACITY_LIMITED


def test_exactly_100_visits_every_week_stay():
    assert outcome(two([100] * 52)) is Outcome.KEEP
    assert outcome(two([99] * 26 + [101] * 26)) is Outcome.KEEP


def test_identification_without_a_neighbour_is_what_fails():
    alone = world.snapshot([world.point("here")], world.demand_weeks([[40] * 52]))
    result = assess(KELA, alone).points[0]
    assert result.outcome is Outcome.NOT_PERMITTED
    assert result.failing == ("needs_met", "need:identification")


def test_a_phone_service_without_room_blocks_and_an_unknown_one_leaves_it_open():
    result = assess(KELA, network(two([40] * 52), phone=1.0)).points[0]
    assert result.outcome is Outcome.NOT_PERMITTED
    assert result.failing == ("needs_met", "receiver:phone")
    assert outcome(two([40] * 52), phone=None) is Outcome.UNKNOWN


def test_the_same_snapshot_gives_the_identical_assessment():
    snapshot = network(two([40] * 52))
    assert assess(KELA, snapshot) == assess(KELA, snapshot)


COUNTS = st.lists(st.integers(0, 220), min_size=52, max_size=52)


@given(visits=COUNTS, slots=st.one_of(st.just(-1), st.integers(1, 250)), week=st.integers(0, 51),
       more=st.integers(1, 60))  # fmt: skip
# A quiet week filled up: the weeks become more alike and the interval's upper end falls below 100.
@example(visits=[76] * 18 + [85] * 33 + [10], slots=85, week=51, more=40)
@settings(max_examples=60)
def test_adding_a_visit_never_makes_a_point_more_replaceable(visits, slots, week, more):
    added = [v + more * (i == week) for i, v in enumerate(visits)]
    if outcome(two(visits, slots)) is not Outcome.MAY_BE_REPLACED:
        assert outcome(two(added, slots)) is not Outcome.MAY_BE_REPLACED


@given(visits=COUNTS, gone=st.sets(st.integers(0, 51), max_size=50))
@example(visits=[90] * 40 + [170] * 12, gone=set(range(40, 52)))
@settings(max_examples=60)
def test_missing_weeks_never_make_a_point_replaceable(visits, gone):
    """For every week that could plausibly have been: up to FACTOR × the busiest one reported."""
    kept = [v for i, v in enumerate(visits) if i not in gone]
    assume(all(visits[i] <= FACTOR * max(kept) for i in gone))
    status = [int(WeekStatus.MISSING) if i in gone else 0 for i in range(52)]
    if outcome(two(visits)) is not Outcome.MAY_BE_REPLACED:
        assert outcome(two(visits, status=status)) is not Outcome.MAY_BE_REPLACED


def test_a_year_without_reports_is_unknown():
    assert outcome(two([0] * 52, status=[3] * 52)) is Outcome.UNKNOWN


@given(visits=st.integers(0, 99), neighbour=st.integers(150, 400), phone=st.floats(0, 60),
       more=st.floats(0, 60))  # fmt: skip
@settings(max_examples=40)
def test_more_room_at_a_receiver_never_takes_a_permission_away(visits, neighbour, phone, more):
    def with_room(slots: int, calls: float) -> Outcome:
        weeks = world.demand_weeks([[visits] * 52, [150] * 52], [[-1] * 52, [slots] * 52])
        return outcome(weeks, phone=calls)

    if with_room(neighbour, phone) is Outcome.MAY_BE_REPLACED:
        assert with_room(neighbour, phone + more) is Outcome.MAY_BE_REPLACED
        assert with_room(neighbour + int(more), phone) is Outcome.MAY_BE_REPLACED


def test_appointment_only_points_of_unknown_capacity_are_unknown_by_the_real_measurement():
    snapshot = network(two([18] * 52))
    booked = world.point("here", mode=Mode.APPOINTMENT, weekdays=(0,))
    found = assess(KELA, replace(snapshot, points=(booked, snapshot.points[1])))
    assert found.points[0].outcome is Outcome.UNKNOWN


def test_the_busiest_week_and_the_visits_of_weeks_below_capacity_come_from_the_window():
    weeks = world.demand_weeks(
        [[900, 10, 29, 500], [1, 2, 3, 4]], [[-1, 30, 30, -1], [-1] * 4], [[0, 0, 0, 3], [0] * 4]
    )
    assert week_facts(weeks, Window(weeks=3)) == (WeekFacts(30.0, 10.0), WeekFacts(4.0, 9.0))
