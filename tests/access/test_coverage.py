"""Coverage by stratum and municipality, and five-day access."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from palveluverkko.access import coverage, five_day_access
from palveluverkko.access.model import TravelModel
from palveluverkko.snapshot.model import PointKind
from palveluverkko.snapshot.values import Unknown
from tests.access import oracle
from tests.access.build import areas, joint, networks, point, snapshot

ANY = frozenset(PointKind)
TRAVEL = TravelModel()


def cover(network, minutes=None, km=None, stratum="all", kinds=ANY):
    return coverage(network, minutes=minutes, km=km, stratum=stratum, kinds=kinds, travel=TRAVEL)


def counting(network, kinds):
    day = network.as_of
    return [
        i
        for i, p in enumerate(network.points)
        if p.kind in kinds
        and p.regular_weekdays
        and (p.agreement is None or p.agreement.until is None or p.agreement.until >= day)
    ]


@given(networks(), st.floats(5, 120), st.booleans(), st.sampled_from(["all", "rural", "urban"]))
def test_coverage_agrees_with_the_full_matrix(network, limit, by_road, stratum):
    minutes, km = oracle.matrices(network, TRAVEL)
    kinds = frozenset({PointKind.SERVICE_POINT, PointKind.JOINT_SERVICE_POINT})
    measured = (km if by_road else minutes)[:, counting(network, kinds)]
    within = measured.min(axis=1, initial=np.inf) <= limit
    code = {"rural": "002", "urban": "001"}.get(stratum)
    member = np.array([code in (None, m) for m in network.areas.municipalities])
    people = np.where(member, network.areas.residents, 0)
    found = cover(network, **{"km" if by_road else "minutes": limit}, stratum=stratum, kinds=kinds)
    if people.sum() == 0:
        assert found.share == Unknown("access.stratum_empty", {"stratum": stratum})
        return
    assert found.share == pytest.approx(people[within].sum() / people.sum())
    assert found.residents == people.sum()
    wanted = sorted(
        (-people[i], network.areas.ids[i]) for i in np.nonzero(~within & (people > 0))[0]
    )
    assert [(-a.residents, a.id) for a in found.uncovered] == wanted
    for code, share in found.by_municipality.items():
        here = np.array([m == code for m in network.areas.municipalities])
        assert share == pytest.approx(people[within & here].sum() / people[here].sum())


@given(networks(), st.floats(0, 100), st.floats(0, 100))
def test_more_minutes_never_lower_coverage(network, one, other):
    if network.areas.residents.sum() == 0:
        return
    less, more = sorted((one, other))
    assert cover(network, minutes=less).share <= cover(network, minutes=more).share
    assert (
        five_day_access(network, less, TRAVEL).share <= five_day_access(network, more, TRAVEL).share
    )


def test_exactly_one_limit_is_asked_for():
    network = snapshot([point("a", 61, 25)], areas([(61, 25, 10)]))
    for limits in ({}, {"minutes": 10, "km": 10}):
        with pytest.raises(ValueError, match="exactly one"):
            cover(network, **limits)


def test_an_unrecorded_stratum_is_unknown_not_zero():
    places = areas([(61, 25, 10)], strata={"75+": np.array([4.0])})
    network = snapshot([point("a", 61, 25)], places)
    assert cover(network, minutes=10, stratum="75+").residents == 4
    unknown = Unknown("access.stratum_unknown", {"stratum": "no_car"})
    assert cover(network, minutes=10, stratum="no_car").share == unknown


def test_a_half_counted_stratum_is_unknown():
    places = areas([(61, 25, 10), (61, 25, 10)], strata={"75+": np.array([4.0, np.nan])})
    network = snapshot([point("a", 61, 25)], places)
    assert isinstance(cover(network, minutes=10, stratum="75+").share, Unknown)


def test_kilometres_are_road_kilometres():
    # One degree of latitude: 111.2 km straight, 144.6 by road.
    network = snapshot([point("a", 61, 25)], areas([(62, 25, 10)]))
    assert cover(network, km=144).share == 0.0
    assert cover(network, km=145).share == 1.0
    assert cover(network, km=144).uncovered[0].km == pytest.approx(144.55, abs=0.01)


def test_an_ended_agreement_gives_no_access():
    ended = joint("a", 61, 25, until=date(2018, 5, 31))
    last_day = joint("a", 61, 25, until=date(2018, 6, 1))
    places = areas([(61, 25, 10)])
    assert cover(snapshot([ended], places), minutes=10).share == 0.0
    assert cover(snapshot([last_day], places), minutes=10).share == 1.0
    assert five_day_access(snapshot([ended], places), 10, TRAVEL).share == 0.0
    assert five_day_access(snapshot([last_day], places), 10, TRAVEL).share == 1.0


@given(networks(), st.floats(5, 120), st.sets(st.integers(0, 7)))
def test_five_day_access_agrees_with_the_full_matrix(network, limit, without):
    minutes, _ = oracle.matrices(network, TRAVEL)
    people = network.areas.residents
    days = [len(oracle.days_reached(network, m, limit, without)) for m in minutes]
    served = np.array(days) == 5
    found = five_day_access(network, limit, TRAVEL, without)
    if people.sum():
        assert found.share == pytest.approx(people[served].sum() / people.sum())
    shares = {a.id: a.share for a in found.uncovered}
    for i, id in enumerate(network.areas.ids):
        if people[i] and not served[i]:
            assert shares.pop(id) == pytest.approx(days[i] / 5)
    assert not shares


def test_two_points_add_up_to_five_days():
    places = areas([(61, 25, 10)])
    part = point("a", 61, 25, weekdays=(0, 1, 2))
    rest = point("b", 61, 25, weekdays=(3, 4))
    room = joint("c", 61, 25, weekdays=(3, 4))
    assert five_day_access(snapshot([part], places), 30, TRAVEL).share == 0.0
    assert five_day_access(snapshot([part, rest], places), 30, TRAVEL).share == 1.0
    assert five_day_access(snapshot([part, room], places), 30, TRAVEL).share == 1.0
    assert five_day_access(snapshot([part, rest], places), 30, TRAVEL, {1}).share == 0.0
    no_room = replace(room, agreement=replace(room.agreement, video_room=False))
    assert five_day_access(snapshot([part, no_room], places), 30, TRAVEL).share == 0.0


def test_a_country_without_points_has_no_access_and_one_without_people_is_unknown():
    nobody_serves = snapshot([], areas([(61, 25, 10)]))
    found = cover(nobody_serves, minutes=10)
    assert (found.share, found.by_municipality, found.uncovered[0].minutes) == (
        0.0,
        {"001": 0.0},
        np.inf,
    )
    assert five_day_access(nobody_serves, 10, TRAVEL).share == 0.0
    nobody_lives = snapshot([point("a", 61, 25)], areas([(61, 25, 0)]))
    assert five_day_access(nobody_lives, 10, TRAVEL).share == Unknown(
        "access.stratum_empty", {"stratum": "all"}
    )
